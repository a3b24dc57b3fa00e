// The cells of the matrix in plain words.
import { introductions, type ActorKey } from "../cast";
import type { Row } from "../expected";
import { isRead, type Outcome } from "../requests";

const things: Record<string, string> = {
  "Ada's": "a post of Ada's in Acme",
  "Bob's": "a post of Bob's in Acme",
  "Ada's draft": "a draft of Ada's in Acme",
  "Bob's draft": "a draft of Bob's in Acme",
  "a colleague": "a member of Acme",
  Ada: "Ada in Acme",
  Bob: "Bob in Acme",
  "an invitation": "an invitation of Acme's",
  "an invoice": "an invoice of Acme's",
  "an export": "an export of Ada's",
  "a request": "a request for an invitation to Acme",
};

const ends: Record<Outcome, string> = {
  page: "is shown it",
  done: "may do it",
  "leads on": "is led to a page that fits better",
  answered: "may do it",
  "told so": "is told that nothing was done",
  mistaken: "is told what is wrong with the request",
  refused: "is told which rule is against it",
  forbidden: "is told that a permission is missing",
  nothing: "is told that there is nothing, as of what never was",
  "no longer": "is told that the link cannot be used",
  "sign in": "has to sign in first",
};

export function sentenceOf({ operation, about, outcomes }: Row, actor: ActorKey): string {
  const verb = isRead(operation) ? "asks for" : "sends";
  const thing = about ? `, of ${things[about] ?? about},` : "";
  const who = introductions[actor];
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${verb} ${operation}${thing} and ${ends[outcomes[actor]]}.`
    .replace(",  and", " and")
    .replace(", and", " and");
}
