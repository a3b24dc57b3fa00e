// The two pages that oidc-provider shows at the end of a session. The first submits itself, as Logto's does.
import { createHash } from "node:crypto";
import type { Middleware } from "koa";
import type { KoaContextWithOIDC } from "oidc-provider";
import { html, raw, renderPage } from "../pages/html";

// Not in a template: a formatter would put spaces into it, and then it has another hash.
const script = "document.forms[0].submit()";
const scriptHash = `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

export function endSessionPage(ctx: KoaContextWithOIDC, form: string): void {
  const target = ctx.oidc.params?.post_logout_redirect_uri;
  const field = '<input type="hidden" name="logout" value="yes"><noscript><button>Sign out</button></noscript></form>';
  const body = html`<h1>Signing out</h1>
    ${raw(form.replace("</form>", field))} ${raw(`<script>${script}</script>`)}`;
  ctx.body = renderPage({ title: "Signing out", body });
  const origin = typeof target === "string" ? ` ${new URL(target).origin}` : "";
  ctx.set(
    "content-security-policy",
    `default-src 'none'; style-src 'self'; img-src 'self'; script-src ${scriptHash}; form-action 'self'${origin}`,
  );
}

/** oidc-provider's own page that posts itself, in the frame that says whose page it is. */
export const framed: Middleware = async (ctx, next) => {
  await next();
  if (typeof ctx.body !== "string" || !ctx.body.includes("<title>Submitting Callback</title>")) return;
  const [form = ""] = /<form[\s\S]*<\/form>/.exec(ctx.body) ?? [];
  const body = html`<h1>One moment</h1>
    ${raw(form)}
    <script>
      ${raw(script)};
    </script>`;
  ctx.body = renderPage({ title: "One moment", body });
};

export function signedOutPage(ctx: KoaContextWithOIDC): void {
  ctx.body = renderPage({
    title: "Signed out",
    body: html`<h1>Signed out</h1>
      <p>You are signed out of the emulator. You can close this page.</p>`,
  });
  ctx.set("content-security-policy", "default-src 'none'; style-src 'self'; img-src 'self'");
}
