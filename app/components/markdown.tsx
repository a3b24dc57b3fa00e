// Shows Markdown that app/models/markdown.server.ts has rendered and sanitized. The one place where HTML goes in as HTML.
import { classes } from "./classes";

export function Markdown({ html, small }: { html: string; small?: boolean }) {
  return <div className={classes("prose", small && "prose-comment")} dangerouslySetInnerHTML={{ __html: html }} />;
}
