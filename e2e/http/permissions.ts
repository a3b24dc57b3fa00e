// Who may do what, and what everybody else is told. Kept by hand and read by people: a wider permission is a visible change here.
import type { OperationName } from "../../app/auth/policy";

export type Actor = "ada" | "bobInAcme" | "bobInGlobex" | "cleo" | "eve" | "anonymous";
export const actors: Actor[] = ["ada", "bobInAcme", "bobInGlobex", "cleo", "eve", "anonymous"];

/** What the policy does not ask a permission for, or what is no page of its own: door.spec.ts and events.spec.ts have these. */
export const elsewhere: OperationName[] = [
  "root",
  "health",
  "ready",
  "webhooks.logto",
  "events.listen",
  "events.confirm",
];

/**
 * `page`: 200. `done`: a form was accepted, and leads on. `leads on`: to a page that fits better. `forbidden`: 403. `nothing`: 404. `sign in`: a page
 * leads to the sign-in, data and forms get 401. `mistaken`: 400 or 422, with the right to do it. `refused`: 409, a rule is against it. `answered`: a form was
 * accepted, and its page says what became of it. `told so`: the page says that nothing did.
 */
export type Outcome =
  "page" | "done" | "leads on" | "forbidden" | "nothing" | "sign in" | "mistaken" | "refused" | "answered" | "told so";

/** Whose record of Acme it is about: a post and, on it, a comment of the same author. */
export type PostAbout = "Ada's" | "Bob's" | "Ada's draft" | "Bob's draft";

/** Of Acme too. Nobody of the actors has the invited address: join.spec.ts has whoever does. */
export type About =
  PostAbout | "a colleague" | "Ada" | "Bob" | "an invitation" | "a request" | "an invoice" | "an export";

/** In the order of `actors`: Ada (Admin of Acme), Bob in Acme (Collaborator), Bob in Globex (Admin), Cleo, Eve, nobody. */
type Outcomes = [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome];

const everybodyWhoIsSignedIn = (outcome: Outcome): Outcomes => [outcome, outcome, outcome, outcome, outcome, "sign in"];
const everybody = (outcome: Outcome): Outcomes => [outcome, outcome, outcome, outcome, outcome, outcome];
const inAcme = (ada: Outcome, bob: Outcome): Outcomes => [ada, bob, "nothing", "nothing", "nothing", "sign in"];

/** Where each is, of whatever is there. */
const ofAdmins = (outcome: Outcome): Outcomes => [outcome, "forbidden", outcome, "forbidden", outcome, "sign in"];
/** Of something of Acme's that the Admins of Acme alone may touch. */
const ofAcmesAdmins = (ada: Outcome): Outcomes => [ada, "forbidden", "nothing", "forbidden", "nothing", "sign in"];

export type PermissionRow = { operation: OperationName; about?: About; outcomes: Outcomes };

export const permissionRows: PermissionRow[] = [
  { operation: "home", outcomes: ["leads on", "leads on", "leads on", "leads on", "leads on", "page"] },
  { operation: "not-found", outcomes: everybody("nothing") },
  { operation: "auth.sign-in", outcomes: everybody("leads on") },
  { operation: "auth.callback", outcomes: everybody("mistaken") },
  { operation: "auth.consent", outcomes: everybodyWhoIsSignedIn("leads on") },
  { operation: "auth.sign-out", outcomes: everybody("done") },

  { operation: "organizations.list", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "organizations.new", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "organizations.create", outcomes: everybodyWhoIsSignedIn("mistaken") },
  { operation: "organizations.switched", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "organizations.switch", outcomes: ["done", "done", "done", "nothing", "nothing", "sign in"] },
  { operation: "organizations.first", outcomes: everybodyWhoIsSignedIn("leads on") },

  { operation: "account.show", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "account.theme", outcomes: everybodyWhoIsSignedIn("done") },
  // account.spec.ts has sessions that there are.
  { operation: "account.sessions.end", outcomes: everybodyWhoIsSignedIn("leads on") },
  { operation: "account.sessions.end-others", outcomes: everybodyWhoIsSignedIn("done") },
  { operation: "account.delete.confirm", outcomes: everybodyWhoIsSignedIn("page") },
  // Who alone manages the members of others stays; and Eve was not told that her organization goes with her.
  { operation: "account.delete", outcomes: ["refused", "refused", "refused", "done", "refused", "sign in"] },

  { operation: "posts.list", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "posts.new", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "posts.create", outcomes: everybodyWhoIsSignedIn("done") },

  { operation: "posts.show", about: "Ada's", outcomes: inAcme("page", "page") },
  { operation: "posts.show", about: "Bob's", outcomes: inAcme("page", "page") },
  { operation: "posts.show", about: "Ada's draft", outcomes: inAcme("page", "nothing") },
  { operation: "posts.show", about: "Bob's draft", outcomes: inAcme("nothing", "page") },

  { operation: "posts.edit", about: "Ada's", outcomes: inAcme("page", "forbidden") },
  { operation: "posts.edit", about: "Bob's", outcomes: inAcme("forbidden", "page") },
  { operation: "posts.edit", about: "Ada's draft", outcomes: inAcme("page", "nothing") },
  { operation: "posts.edit", about: "Bob's draft", outcomes: inAcme("nothing", "page") },
  { operation: "posts.update", about: "Ada's", outcomes: inAcme("done", "forbidden") },
  { operation: "posts.update", about: "Bob's", outcomes: inAcme("forbidden", "done") },
  { operation: "posts.update", about: "Ada's draft", outcomes: inAcme("done", "nothing") },
  { operation: "posts.update", about: "Bob's draft", outcomes: inAcme("nothing", "done") },

  { operation: "posts.publish", about: "Ada's", outcomes: inAcme("done", "forbidden") },
  { operation: "posts.publish", about: "Ada's draft", outcomes: inAcme("done", "nothing") },
  { operation: "posts.publish", about: "Bob's draft", outcomes: inAcme("nothing", "done") },
  { operation: "posts.archive", about: "Ada's", outcomes: inAcme("done", "forbidden") },
  { operation: "posts.archive", about: "Bob's", outcomes: inAcme("forbidden", "done") },
  { operation: "posts.archive", about: "Bob's draft", outcomes: inAcme("nothing", "leads on") },

  { operation: "posts.delete.confirm", about: "Ada's", outcomes: inAcme("page", "forbidden") },
  { operation: "posts.delete.confirm", about: "Bob's", outcomes: inAcme("page", "page") },
  { operation: "posts.delete.confirm", about: "Bob's draft", outcomes: inAcme("nothing", "page") },
  { operation: "posts.delete", about: "Ada's", outcomes: inAcme("done", "forbidden") },
  { operation: "posts.delete", about: "Bob's", outcomes: inAcme("done", "done") },
  { operation: "posts.delete", about: "Ada's draft", outcomes: inAcme("done", "nothing") },
  { operation: "posts.delete", about: "Bob's draft", outcomes: inAcme("nothing", "done") },

  { operation: "comments.create", about: "Ada's", outcomes: inAcme("done", "done") },
  { operation: "comments.create", about: "Ada's draft", outcomes: inAcme("done", "nothing") },
  { operation: "comments.create", about: "Bob's draft", outcomes: inAcme("nothing", "done") },
  { operation: "comments.edit", about: "Ada's", outcomes: inAcme("page", "forbidden") },
  { operation: "comments.edit", about: "Bob's", outcomes: inAcme("forbidden", "page") },
  { operation: "comments.edit", about: "Bob's draft", outcomes: inAcme("nothing", "page") },
  { operation: "comments.update", about: "Ada's", outcomes: inAcme("done", "forbidden") },
  { operation: "comments.update", about: "Bob's", outcomes: inAcme("forbidden", "done") },
  { operation: "comments.update", about: "Bob's draft", outcomes: inAcme("nothing", "done") },
  { operation: "comments.delete", about: "Ada's", outcomes: inAcme("done", "forbidden") },
  { operation: "comments.delete", about: "Bob's", outcomes: inAcme("done", "done") },
  { operation: "comments.delete", about: "Bob's draft", outcomes: inAcme("nothing", "done") },

  { operation: "members.list", outcomes: everybodyWhoIsSignedIn("page") },
  { operation: "members.role.confirm", about: "a colleague", outcomes: ofAcmesAdmins("page") },
  { operation: "members.role.confirm", about: "Ada", outcomes: ofAcmesAdmins("page") },
  // Bob is in Globex too, and there he looks at himself.
  {
    operation: "members.role.confirm",
    about: "Bob",
    outcomes: ["page", "forbidden", "page", "forbidden", "nothing", "sign in"],
  },
  { operation: "members.role", about: "a colleague", outcomes: ofAcmesAdmins("done") },
  { operation: "members.role", about: "Ada", outcomes: ofAcmesAdmins("refused") },
  { operation: "members.remove.confirm", about: "a colleague", outcomes: ofAcmesAdmins("page") },
  { operation: "members.remove.confirm", about: "Ada", outcomes: ofAcmesAdmins("page") },
  { operation: "members.remove", about: "a colleague", outcomes: ofAcmesAdmins("done") },
  { operation: "members.remove", about: "Ada", outcomes: ofAcmesAdmins("refused") },
  { operation: "members.leave.confirm", outcomes: everybodyWhoIsSignedIn("page") },
  // Whoever alone manages the members stays.
  { operation: "members.leave", outcomes: ["refused", "done", "refused", "done", "refused", "sign in"] },

  { operation: "invitations.list", outcomes: ofAdmins("page") },
  { operation: "invitations.new", outcomes: ofAdmins("page") },
  { operation: "invitations.progress", outcomes: ofAdmins("page") },
  { operation: "invitations.send", outcomes: ofAdmins("answered") },
  {
    operation: "invitations.resend",
    about: "an invitation",
    outcomes: ["done", "forbidden", "told so", "forbidden", "told so", "sign in"],
  },
  {
    operation: "invitations.revoke",
    about: "an invitation",
    outcomes: ["done", "forbidden", "told so", "forbidden", "told so", "sign in"],
  },
  { operation: "invitations.renew", about: "an invitation", outcomes: ofAcmesAdmins("answered") },
  { operation: "invitations.role.edit", about: "an invitation", outcomes: ofAcmesAdmins("page") },
  { operation: "invitations.role", about: "an invitation", outcomes: ofAcmesAdmins("done") },
  { operation: "requests.list", outcomes: ofAdmins("page") },
  {
    operation: "requests.dismiss",
    about: "a request",
    outcomes: ["done", "forbidden", "leads on", "forbidden", "leads on", "sign in"],
  },

  { operation: "audit.list", outcomes: ofAdmins("page") },
  { operation: "audit.csv", outcomes: ofAdmins("page") },
  { operation: "audit.json", outcomes: ofAdmins("page") },
  { operation: "billing.show", outcomes: ofAdmins("page") },
  { operation: "billing.plan.choose", outcomes: ofAdmins("page") },
  { operation: "billing.plan", outcomes: ofAdmins("done") },
  { operation: "billing.details.edit", outcomes: ofAdmins("page") },
  { operation: "billing.details", outcomes: ofAdmins("done") },
  { operation: "billing.invoices", outcomes: ofAdmins("page") },
  { operation: "billing.invoices.csv", outcomes: ofAdmins("page") },
  { operation: "billing.invoice", about: "an invoice", outcomes: ofAcmesAdmins("page") },
  { operation: "settings.show", outcomes: ofAdmins("page") },
  { operation: "settings.name", outcomes: ofAdmins("done") },
  { operation: "settings.colour", outcomes: ofAdmins("done") },
  { operation: "settings.invitations", outcomes: ofAdmins("done") },
  { operation: "settings.domains", outcomes: ofAdmins("done") },
  { operation: "settings.delete.confirm", outcomes: ofAdmins("page") },
  { operation: "settings.delete", outcomes: ofAdmins("done") },
  { operation: "settings.delete.undo", outcomes: ofAdmins("done") },
  { operation: "settings.export", outcomes: ofAdmins("page") },
  { operation: "settings.export.ask", outcomes: ofAdmins("done") },
  { operation: "settings.export.download", about: "an export", outcomes: ofAcmesAdmins("page") },

  { operation: "join.show", about: "an invitation", outcomes: everybody("page") },
  { operation: "join.accept", about: "an invitation", outcomes: everybodyWhoIsSignedIn("leads on") },
  { operation: "join.decline", about: "an invitation", outcomes: everybody("done") },
  // Who is signed in asks for their own address; for whoever is not, the link can be used.
  { operation: "join.ask", about: "an invitation", outcomes: ["done", "done", "done", "done", "done", "leads on"] },
  { operation: "waiting.accept", about: "an invitation", outcomes: everybodyWhoIsSignedIn("leads on") },
  { operation: "waiting.decline", about: "an invitation", outcomes: everybodyWhoIsSignedIn("leads on") },
];
