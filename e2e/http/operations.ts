// The operations of the policy as requests: their addresses, and a form that each accepts.
import { randomUUID } from "node:crypto";
import { policy, type Operation, type OperationName } from "../../app/auth/policy";

export interface Ids {
  postId?: string;
  commentId?: string;
  /** Logto's id of the person. */
  memberId?: string;
  invitationId?: string;
  /** Of an invitation's link. */
  token?: string;
  requestId?: string;
  invoiceId?: string;
  /** What a form chooses, and what its page was made on. */
  plan?: string;
  basis?: string;
  /** Whom the invoices are for. */
  company?: string;
  version?: string;
  /** What a form gives. */
  roleId?: string;
  exportId?: string;
  /** What a form types to delete it. */
  organizationName?: string;
}

export const operations = Object.entries(policy).map(([name, row]: [string, Operation]) => ({
  name: name as OperationName, // the keys of the policy are its names
  ...row,
}));

/** Those that name a record in their address. */
export const withRecord = operations.filter(({ path }) => path.includes(":"));

export function pathOf(operation: OperationName, ids: Ids = {}): string {
  const named: Record<string, string | undefined> = { ...ids };
  return policy[operation].path.replaceAll(/:(\w+)/g, (_, name: string) => named[name] ?? "");
}

/** What Remix calls the route, to ask for its data alone. */
export const routeOf = (operation: OperationName) => `routes/${policy[operation].route}`;

/** Fields that are right, for a record that was not changed since it was written. */
export const rightForm: Partial<Record<OperationName, Record<string, string>>> = {
  "posts.create": { title: "A post", body: "Its text", status: "draft" },
  "posts.update": { title: "Another title", body: "Another text", version: "1" },
  "comments.create": { body: "A comment" },
  "comments.update": { body: "Another comment", version: "1" },
  "settings.colour": { colour: "7" },
  "settings.domains": { domains: "" },
};

/** The same for those whose form names something, or may be sent only once. */
export function formFor(operation: OperationName, ids: Ids = {}): Record<string, string> {
  const { roleId = "", invitationId = "", requestId = "", plan = "business", basis = "none" } = ids;
  const { company = billedTo.company, version = "1", organizationName = "" } = ids;
  const forms: Partial<Record<OperationName, Record<string, string>>> = {
    "account.theme": { theme: "dark" },
    "account.sessions.end": { session: "none" },
    "account.delete": { confirmation: "somebody@example.com" },
    "events.confirm": { change: "none", tab: "one" },
    "members.role": { role: roleId },
    "invitations.send": { batch: randomUUID(), addresses: newAddress(), role: roleId, note: "A note", days: "7" },
    "invitations.resend": { invitation: invitationId },
    "invitations.revoke": { invitation: invitationId },
    "invitations.role": { role: roleId },
    "requests.dismiss": { request: requestId },
    "billing.plan": { plan, basis },
    "billing.details": { ...billedTo, company, version },
    "settings.name": { name: `Renamed ${randomUUID()}` },
    "settings.invitations": { role: roleId, days: "7" },
    "settings.delete": { name: organizationName },
    "waiting.accept": { invitation: invitationId },
    "waiting.decline": { invitation: invitationId },
  };
  return rightForm[operation] ?? forms[operation] ?? {};
}

/** Whom the invoices of the organizations over HTTP are for, as long as no test changes it. */
export const billedTo = {
  company: "The Company Ltd",
  line1: "12 Mill Lane",
  line2: "",
  postalCode: "LS1 4AB",
  city: "Leeds",
  country: "GB",
  taxId: "",
  email: "billing@example.com",
  purchaseOrder: "",
};

/** Somebody's who has no account. */
export const newAddress = () => `somebody.${randomUUID()}@example.com`;
