// What the pages share: who may post, which security headers they have, fields, and sentences for refusals.
import express, { type Request, type RequestHandler, type Response } from "express";
import { LogtoError } from "../errors";
import { type Html, html, renderPage } from "./html";

/** A form posted by another site's page is refused; tools that send no Origin may post. */
export const sameOrigin: RequestHandler = (request, response, next) => {
  const { origin, host, "sec-fetch-site": site } = request.headers;
  const foreign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== "same-origin" && site !== "none");
  if (request.method === "GET" || request.method === "HEAD" || !foreign) return next();
  response.status(403).type("text").send("This form was sent from another site. Open the page again and retry.");
};

export const formBody = express.urlencoded({ extended: false, limit: "100kb" });

/** A field of the posted form, "" when it is not there. */
export function field(request: Request, name: string): string {
  const value = (request.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" ? value : "";
}

/** All values of a field: checkboxes of one name. */
export function fields(request: Request, name: string): string[] {
  const value = (request.body as Record<string, unknown> | undefined)?.[name];
  return [value].flat().filter((entry): entry is string => typeof entry === "string");
}

interface Shown {
  title: string;
  body: Html;
  wide?: boolean;
  status?: number;
  /** Where a form of the page may end, besides here: browsers check redirects, too. */
  formTargets?: readonly string[];
}

export function show(response: Response, { title, body, wide = false, status = 200, formTargets = [] }: Shown): void {
  const forms = ["'self'", ...formTargets].join(" ");
  response
    .status(status)
    .set({
      "content-security-policy": `default-src 'none'; style-src 'self'; img-src 'self'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`,
      "cache-control": "no-store",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    })
    .type("html")
    .send(renderPage({ title, body, wide }));
}

export const alert = (fault: string | undefined) =>
  fault ? html`<p class="alert" role="alert" id="fault">${fault}</p>` : html``;

export interface Fault {
  status: number;
  text: string;
}

/** A refusal in words for the person; other errors are not theirs and are thrown on. */
export function sentence(error: unknown): Fault {
  if (!(error instanceof LogtoError)) throw error;
  const words: Record<string, string> = {
    "auth.forbidden": "Registration is closed here. Ask the operator to open it.",
    "session.invalid_credentials": "The e-mail address or the password is not right. Try again.",
    "verification_code.code_mismatch": "This code is not right. Look at the newest mail in the outbox and try again.",
    "verification_code.expired": "This code is too old. Send a new one.",
    "verification_code.exceed_max_try": "That were too many tries. Send a new code.",
    "user.user_not_exist": "There is no account with this address. Create one.",
    "guard.invalid_input": "This is not an e-mail address. Type it as name@example.com.",
    "user.suspended": "This account is suspended. Ask the operator.",
    "user.email_already_in_use": "This address has an account already. Sign in with it.",
    "request.message_rate_limited": "This address got ten mails in ten minutes. Wait a little, then try again.",
    "connector.not_found": "No e-mail connector is set up, so that no code can be sent. Ask the operator.",
    "connector.general": "The mail with the code could not be sent. Try again.",
  };
  return { status: error.status, text: words[error.code] ?? error.message };
}
