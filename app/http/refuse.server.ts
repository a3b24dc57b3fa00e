// Answers a refusal before Remix: a small page of its own for people, JSON for programs.
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Logger } from "pino";
import { localsOf } from "./log.server";
import type { Refusal } from "./refusal";
import { headersOf } from "./responses.server";
import { badRequest, notSaved, tooLarge, unexpected, unsupportedType } from "./sentences";
import { colourScheme, themeOf, type Theme } from "./theme";

export function refuse(request: Request, response: Response, refusal: Refusal): void {
  if (response.headersSent) return void response.destroy();
  response.status(refusal.status).set(headersOf(refusal)).set("Cache-Control", "private, no-store").vary("Accept");
  if (wantsPage(request.headers.accept))
    response.type("html").send(refusalPage(refusal, request.method, themeOf(request.headers.cookie)));
  else response.type("json").send(JSON.stringify(refusal));
}

/** The last Express handler: what the libraries refuse gets its sentence; a bug is logged once and shows only the request's id. */
export function answerErrors(log: Logger, { bodyLimit }: { bodyLimit: number }): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { requestId } = localsOf(response);
    const refusal = refusalFor(error, { requestId, bodyLimit });
    if (refusal.kind === "unexpected") log.error({ requestId, err: error }, "unexpected error");
    refuse(request, response, refusal);
  };
}

function refusalFor(error: unknown, { requestId, bodyLimit }: { requestId: string; bodyLimit: number }): Refusal {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  if (status === 503) return notSaved();
  if (status === 413) return tooLarge(bodyLimit);
  if (status === 415)
    return unsupportedType("The request's body is compressed or encoded in a way that is not accepted.");
  if (status === 400) return badRequest("The request ended early, or is not what it says it is. Nothing was changed.");
  return unexpected(requestId);
}

export function wantsPage(accept: string | null | undefined): boolean {
  return /text\/html|application\/xhtml\+xml/i.test(accept ?? "");
}

/** The whole document: it needs nothing but its stylesheet. */
export function refusalPage({ kind, title, sentence, next }: Refusal, method: string, theme: Theme): string {
  const resend =
    kind === "too-many" && method === "POST"
      ? " If you then reload this page, your browser sends again what you typed."
      : "";
  return `<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${colourScheme(theme)}">
<title>${escape(title)} · Atrium</title>
<link rel="stylesheet" href="/refusal.css">
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(sentence)}</p>
<p>${escape(next + resend)}</p>
<p><a href="/">Go to the start page</a></p>
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
