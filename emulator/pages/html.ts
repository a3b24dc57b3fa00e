// HTML as template strings that escape what is put into them, and the frame that every page has.

export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** Markup that is known to be safe. */
export const raw = (text: string) => new Html(text);

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escape(String(part));
}

export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((text, index) => text + render(parts[index])).join(""));
}

/** A whole page. `wide`: for tables; the others are one narrow column. */
export function renderPage({ title, body, wide = false }: { title: string; body: Html; wide?: boolean }): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Logto emulator</title>
        <link rel="icon" href="/emulator/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/emulator/style.css" />
      </head>
      <body>
        <header class="strip">
          <p>This is a local emulator of Logto, for development and tests.</p>
          <nav aria-label="Emulator"><a href="/emulator">Console</a> <a href="/emulator/outbox">Outbox</a></nav>
        </header>
        <main class="${wide ? "wide" : "narrow"}">${body}</main>
      </body>
    </html>`.text;
}
