// Markdown as people write it in posts and comments, made into HTML that can do nothing but be read.
import MarkdownIt from "markdown-it";
import sanitizeHtml from "sanitize-html";

/** `under` is the level of the heading that the text stands under: 1 below a page's title. */
export function renderMarkdown(source: string, { under = 1 }: { under?: number } = {}): string {
  const environment: Environment = { under };
  return sanitizeHtml(markdown.render(source, environment), allowed);
}

interface Environment {
  under: number;
}

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

/** Headings go below the page's own and never skip a level, whatever was written. */
markdown.core.ruler.push("headings", (state) => {
  const { under }: Environment = state.env;
  let above = under;
  for (const token of state.tokens) {
    if (token.type !== "heading_open" && token.type !== "heading_close") continue;
    if (token.type === "heading_open") above = Math.min(Number(token.tag.slice(1)) + under, above + 1, 6);
    token.tag = `h${above}`;
  }
});

/** The second line: what markdown-it should never let through does not pass here either. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li"],
    ...["strong", "em", "s", "a", "img", "table", "thead", "tbody", "tr", "th", "td"],
  ],
  allowedAttributes: {
    a: ["href", "title", "rel"],
    img: ["src", "alt", "title", "loading", "referrerpolicy"],
    ol: ["start"],
    pre: ["tabindex"],
    table: ["tabindex"],
  },
  allowedSchemes: ["https", "http", "mailto"],
  allowedSchemesByTag: { img: ["https"] },
  allowProtocolRelative: false,
  disallowedTagsMode: "discard",
  transformTags: {
    a: sanitizeHtml.simpleTransform("a", { rel: "noopener noreferrer nofollow ugc" }),
    // What may be wider than the page is scrolled in its own box, by the keyboard too.
    pre: sanitizeHtml.simpleTransform("pre", { tabindex: "0" }),
    table: sanitizeHtml.simpleTransform("table", { tabindex: "0" }),
    img: sanitizeHtml.simpleTransform("img", { loading: "lazy", referrerpolicy: "no-referrer" }),
  },
  // An image without an address that may be shown leaves nothing but a broken frame.
  exclusiveFilter: ({ tag, attribs }) => tag === "img" && !attribs.src?.startsWith("https:"),
};
