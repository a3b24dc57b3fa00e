// The cells of the matrix in plain words.
import type { OperationName } from "../../../app/auth/policy";
import { introductions, type ActorKey } from "../cast";
import type { About, Row } from "../expected";
import { isRead, type Outcome } from "../requests";

const things: Record<About, string> = {
  "Ada's": "Ada's post in Acme",
  "Bob's": "Bob's post in Acme",
  "Ada's draft": "Ada's draft in Acme",
  "Bob's draft": "Bob's draft in Acme",
  "a colleague": "a member of Acme",
  Ada: "Ada in Acme",
  Bob: "Bob in Acme",
  "an invitation": "an invitation of Acme's",
  "an invoice": "an invoice of Acme's",
  "an export": "an export of Ada's",
  "a request": "a request to be invited to Acme",
};

/** What somebody wants who asks for an operation; the rest is called by its name. */
const acts: Partial<Record<OperationName, string>> = {
  "posts.show": "open",
  "posts.edit": "open the form to edit",
  "posts.update": "edit",
  "posts.publish": "publish",
  "posts.archive": "archive",
  "posts.delete.confirm": "open the page to delete",
  "posts.delete": "delete",
  "comments.create": "comment on",
  "comments.edit": "open the form to edit a comment on",
  "comments.update": "edit a comment on",
  "comments.delete": "delete a comment on",
  "members.role.confirm": "open the page for the role of",
  "members.role": "change the role of",
  "members.remove.confirm": "open the page to take out",
  "members.remove": "take out",
  "invitations.resend": "send again",
  "invitations.revoke": "revoke",
  "invitations.renew": "make a new link for",
  "invitations.role.edit": "open the form for the role of",
  "invitations.role": "change the role of",
  "requests.dismiss": "dismiss",
  "join.show": "open the link of",
  "join.accept": "accept",
  "join.decline": "decline",
  "join.ask": "ask at the link of",
  "billing.invoice": "open",
  "settings.export.download": "download",
  "waiting.accept": "accept from the list",
  "waiting.decline": "decline from the list",
};

const ends: Record<Outcome, string> = {
  page: "is shown it",
  done: "it is done",
  "leads on": "is led to a page that fits",
  answered: "it is done",
  "told so": "is told that nothing was done",
  mistaken: "is told what is wrong with the request",
  refused: "is told which rule is against it",
  forbidden: "a permission is missing",
  nothing: "for them there is no such thing",
  "no longer": "the link cannot be used",
  "sign in": "they have to sign in first",
};

const kept = new Set<Outcome>(["forbidden", "nothing", "no longer", "sign in"]);

export function sentenceOf({ operation, about, outcomes }: Row, actor: ActorKey): string {
  const outcome = outcomes[actor];
  const act = about && acts[operation] ? `${acts[operation]} ${things[about]}` : unnamed(operation, about);
  const who = introductions[actor];
  const name = `${who.charAt(0).toUpperCase()}${who.slice(1)}`;
  return kept.has(outcome) ? `${name} cannot ${act}: ${ends[outcome]}.` : `${name} asks to ${act}: ${ends[outcome]}.`;
}

function unnamed(operation: OperationName, about: About | undefined): string {
  return `${isRead(operation) ? "see" : "do"} "${operation}"${about ? ` with ${things[about]}` : ""}`;
}
