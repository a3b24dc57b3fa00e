// What each refusal says: why, and what to do next. Plain words, one place.
import type { Kept, Refusal } from "./refusal";

type Of<Kind extends Refusal["kind"]> = Extract<Refusal, { kind: Kind }>;
type Keeping = { kept?: Kept };

/** Takes nothing, so that somebody else's thing and a thing that never was get the same bytes. */
export function notFound(): Of<"not-found"> {
  return {
    kind: "not-found",
    status: 404,
    title: "Not found",
    sentence: "There is nothing here that you can see.",
    next: "Check the address, or go back to the start page.",
  };
}

/** `permissionWords` come from permissions.ts ("invite people"); `askWhom` are names of people who can give the permission. */
export function forbidden(why: { permissionWords: string; askWhom?: string[] } & Keeping): Of<"forbidden"> {
  const whom = why.askWhom?.length ? inWords(why.askWhom) : "somebody who manages the members";
  return {
    kind: "forbidden",
    status: 403,
    title: "You may not do this",
    sentence: `In this organization you do not have the permission to ${why.permissionWords}. Nothing was changed.`,
    next: `Ask ${whom} to do it, or to give you a role that may.`,
    kept: why.kept,
  };
}

/** `page.name` only if the person may know it: they are a member there. */
export function staleOrganization(
  where: { page: { id: string; name?: string }; session: { id: string; name: string } } & Keeping,
): Of<"stale-organization"> {
  const { page, session, kept } = where;
  return {
    kind: "stale-organization",
    status: 409,
    title: "This page belongs to another organization",
    sentence: `This page belongs to ${page.name ?? "another organization"}. You are now in ${session.name}. Nothing was changed.`,
    next: page.name
      ? `Switch back to ${page.name} and send it again, or go on in ${session.name}.`
      : `Go on in ${session.name}.`,
    page,
    session,
    kept,
  };
}

export function signedOut({ kept }: Keeping = {}): Of<"signed-out"> {
  return {
    kind: "signed-out",
    status: 401,
    title: "You are signed out",
    sentence: "You are not signed in, or your session has ended.",
    next: "Sign in and go on where you were.",
    kept,
  };
}

export function accessChanged({ kept }: Keeping = {}): Of<"access-changed"> {
  return {
    kind: "access-changed",
    status: 409,
    title: "Your access has just changed",
    sentence: "Somebody changed your access while your request was on its way. Nothing was changed by it.",
    next: "Look at what you may do now, then send it again.",
    kept,
  };
}

/** `by` is who has done it, when that was here. */
export function removed(from: { organizationName: string; by?: string } & Keeping): Of<"removed"> {
  return {
    kind: "removed",
    status: 403,
    title: `You no longer have access to ${from.organizationName}`,
    sentence: `You are not a member of ${from.organizationName} any more${from.by ? `: ${from.by} has removed you` : ""}.`,
    next: `Choose another of your organizations, or ask somebody in ${from.organizationName} to invite you again.`,
    organizationName: from.organizationName,
    kept: from.kept,
  };
}

/** Still a member, but the organization asks for more than the person has set up. Today that is a second factor. */
export function policyRefused(by: { organizationName: string } & Keeping): Of<"policy-refused"> {
  return {
    kind: "policy-refused",
    status: 403,
    title: `${by.organizationName} asks for more proof that it is you`,
    sentence: `You are a member of ${by.organizationName}, but it asks for two-step sign-in, and you have not set that up.`,
    next: "Set up two-step sign-in, then sign in again. Or choose another of your organizations.",
    organizationName: by.organizationName,
    kept: by.kept,
  };
}

/** `retryAfter` in seconds. */
export function unavailable({ retryAfter = 10, kept }: { retryAfter?: number } & Keeping = {}): Of<"unavailable"> {
  return {
    kind: "unavailable",
    status: 503,
    title: "We cannot check your access right now",
    sentence: "The sign-in service does not answer, so your access cannot be checked. Nothing was changed.",
    next: `Try again in ${seconds(retryAfter)}.`,
    retryAfter,
    kept,
  };
}

/** Reads go on: it is about what would be written. */
export function notSaved({ kept }: Keeping = {}): Of<"unavailable"> {
  const retryAfter = 10;
  return {
    kind: "unavailable",
    status: 503,
    title: "Nothing can be saved right now",
    sentence: "The place where Atrium keeps everything takes no changes at the moment. Nothing was changed.",
    next: `Try again in ${seconds(retryAfter)}. If it stays, tell whoever runs Atrium.`,
    retryAfter,
    kept,
  };
}

/** `retryAfter` in seconds. */
export function tooMany({ retryAfter, kept }: { retryAfter: number } & Keeping): Of<"too-many"> {
  return {
    kind: "too-many",
    status: 429,
    title: "Too many requests",
    sentence: "More requests came than one person makes, so this one was not looked at. Nothing was changed.",
    next: `Wait ${seconds(retryAfter)}, then try it again.`,
    retryAfter,
    kept,
  };
}

export function badRequest(sentence: string): Of<"bad-request"> {
  return {
    kind: "bad-request",
    status: 400,
    title: "This request cannot be read",
    sentence,
    next: "Go back, reload the page and try again.",
  };
}

/** A form that does not say which organization its page belongs to (RFC 6585, section 3). */
export function preconditionMissing({ kept }: Keeping = {}): Of<"precondition-missing"> {
  return {
    kind: "precondition-missing",
    status: 428,
    title: "This form is incomplete",
    sentence: "It does not say which organization its page belongs to, so it was not accepted. Nothing was changed.",
    next: "Reload the page you came from and send it again.",
    kept,
  };
}

export function foreignOrigin(appOrigin: string): Of<"foreign-origin"> {
  return {
    kind: "foreign-origin",
    status: 403,
    title: "This request did not come from our pages",
    sentence: `Changes are accepted only from pages of ${appOrigin}. This request came from somewhere else, or did not say where it came from. Nothing was changed.`,
    next: `Open ${appOrigin} and do it there. If you did, your browser or a proxy removes the Origin header: allow it for this address.`,
  };
}

export function tooLarge(limitBytes: number): Of<"too-large"> {
  return {
    kind: "too-large",
    status: 413,
    title: "This is too large",
    sentence: `At most ${inBytes(limitBytes)} can be sent at once. Nothing was changed.`,
    next: "Go back, make it shorter and send it again.",
  };
}

export function unsupportedType(sentence: string): Of<"unsupported-type"> {
  return {
    kind: "unsupported-type",
    status: 415,
    title: "This kind of content is not accepted",
    sentence,
    next: "Send it as a form of our pages does.",
  };
}

export function unsupportedMethod(): Of<"unsupported-method"> {
  return {
    kind: "unsupported-method",
    status: 405,
    title: "This method is not accepted",
    sentence: "Nothing here answers to this method.",
    next: "Use the pages' own links and forms.",
  };
}

export function unexpected(requestId: string): Of<"unexpected"> {
  return {
    kind: "unexpected",
    status: 500,
    title: "Something went wrong on our side",
    sentence: "It is our fault, not yours, and it has been written down.",
    next: `Try again. If it stays, tell us this number: ${requestId}.`,
    requestId,
  };
}

function seconds(count: number): string {
  return count === 1 ? "1 second" : `${count} seconds`;
}

function inWords(names: string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(names);
}

function inBytes(count: number): string {
  const mebibytes = count / 1024 / 1024;
  return mebibytes >= 1 ? `${Number(mebibytes.toFixed(1))} MB` : `${Math.round(count / 1024)} kB`;
}
