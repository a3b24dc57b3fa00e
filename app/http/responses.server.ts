// The refusals as Responses, for guards and actions to throw: `throw notFound()`. The root's error boundary shows them.
import type { Refusal } from "./refusal";
import * as say from "./sentences";

/** A refusal on the wire: its status, its headers, and itself as JSON. */
export function refusalResponse(refusal: Refusal): Response {
  return new Response(JSON.stringify(refusal), {
    status: refusal.status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headersOf(refusal) },
  });
}

/** The headers that belong to a refusal however it is shown. */
export function headersOf(refusal: Refusal): Record<string, string> {
  if (refusal.kind === "stale-organization") return { "X-Atrium-Stale": "organization" };
  if (refusal.kind === "unsupported-method") return { Allow: "GET, HEAD, POST, PUT, PATCH, DELETE" };
  return "retryAfter" in refusal ? { "Retry-After": String(refusal.retryAfter) } : {};
}

/** At an address that takes other methods: 405 has to say which (RFC 9110, section 15.5.6). */
export function unsupportedMethod(taken: readonly string[]): Response {
  const response = refusalResponse(say.unsupportedMethod());
  response.headers.set("Allow", taken.join(", "));
  return response;
}

export const notFound = asResponse(say.notFound);
export const forbidden = asResponse(say.forbidden);
export const staleOrganization = asResponse(say.staleOrganization);
export const signedOut = asResponse(say.signedOut);
export const accessChanged = asResponse(say.accessChanged);
export const removed = asResponse(say.removed);
export const policyRefused = asResponse(say.policyRefused);
export const unavailable = asResponse(say.unavailable);
export const notSaved = asResponse(say.notSaved);
export const tooMany = asResponse(say.tooMany);
export const preconditionMissing = asResponse(say.preconditionMissing);
export const badRequest = asResponse(say.badRequest);
export const unsupportedType = asResponse(say.unsupportedType);

function asResponse<Arguments extends unknown[]>(refuse: (...given: Arguments) => Refusal) {
  return (...given: Arguments) => refusalResponse(refuse(...given));
}
