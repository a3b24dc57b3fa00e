// How each operation of the policy is asked for in a trace: what it is about, and what its form says.
import { policy, type Operation, type OperationName } from "../../../app/auth/policy";
import { formFor, pathOf, type Ids } from "../../http/operations";
import type { Whose } from "./trace";

/** What there is to choose from, of one organization. */
export interface Pool {
  posts: string[];
  comments: { postId: string; commentId: string }[];
  /** Logto's ids. */
  members: string[];
  invitations: { id: string; token: string; address: string }[];
  requests: string[];
  organization: string;
}

export interface Choosing {
  /** Of whom the record is. */
  about: Pool;
  own: Pool;
  whose: Whose;
  pick: number;
  variant: number;
  /** One of a few, which are the same in both organizations. */
  key: string;
  roleId(name: "Admin" | "Collaborator" | "Guest"): string;
  /** The address of the one whom only this side invites. */
  newcomer: string;
}

export interface Recipe {
  operation: OperationName;
  /** How often it is drawn, beside the others. */
  weight?: number;
  /** Not in bursts: it sends mail, of which Logto sends everybody ten in ten minutes, whoever asks. */
  once?: boolean;
  form?: (choosing: Choosing) => Record<string, string>;
  query?: (choosing: Choosing) => string;
}

/** The same in both organizations, so that what is not kept apart meets. */
const words = ["Plan", "Secret", "Budget 2027", "100 % _sure_"];
const addresses = ["mia@example.org", "Noa@example.org", "otto@example.org", "pia@example.org"];
const of = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(list.length, 1)];
const word = ({ variant }: Choosing) => of(words, variant) ?? "";
const role = ({ variant, roleId }: Choosing) => roleId(variant % 3 === 0 ? "Admin" : "Collaborator");

export const never = "never-existed-22-chars";

/** A new post's id is its form's key: now and then that of a post of the other organization. */
const keyOf = ({ about, key, variant, pick }: Choosing) => (variant % 3 === 0 ? (of(about.posts, pick) ?? key) : key);

const text = (choosing: Choosing) => ({ title: word(choosing), body: `${word(choosing)} of ${choosing.key}` });

const writesByHand: Recipe[] = [
  {
    operation: "posts.create",
    weight: 4,
    form: (c) => ({ ...text(c), status: c.variant % 4 === 0 ? "draft" : "published", key: keyOf(c) }),
  },
  { operation: "posts.update", weight: 2, form: (c) => ({ ...text(c), version: String(1 + (c.variant % 2)) }) },
  { operation: "posts.publish" },
  { operation: "posts.archive" },
  { operation: "posts.delete" },
  {
    operation: "comments.create",
    weight: 3,
    form: (c) => ({
      body: word(c),
      key: c.variant % 3 === 0 ? (of(c.about.comments, c.pick)?.commentId ?? c.key) : c.key,
    }),
  },
  { operation: "comments.update", form: (c) => ({ body: word(c), version: String(1 + (c.variant % 2)) }) },
  { operation: "comments.delete" },
  { operation: "members.role", form: (c) => ({ role: role(c) }) },
  { operation: "members.remove" },
  { operation: "members.leave" },
  {
    operation: "invitations.send",
    weight: 3,
    once: true,
    form: (c) => ({
      batch: `batch-${c.variant % 3}-of-both`,
      addresses: [c.variant % 2 ? c.newcomer : of(addresses, c.pick), of(addresses, c.variant)].join("\n"),
      role: role(c),
      note: word(c),
      days: "7",
    }),
  },
  {
    operation: "invitations.resend",
    once: true,
    form: (c) => ({ invitation: of(c.about.invitations, c.pick)?.id ?? never }),
  },
  { operation: "invitations.revoke", form: (c) => ({ invitation: of(c.about.invitations, c.pick)?.id ?? never }) },
  { operation: "invitations.renew", once: true },
  { operation: "invitations.role", form: (c) => ({ role: role(c) }) },
  { operation: "requests.dismiss", form: (c) => ({ request: of(c.about.requests, c.pick) ?? never }) },
  { operation: "join.accept", weight: 2 },
  { operation: "join.decline" },
  { operation: "join.ask", weight: 2 },
  { operation: "waiting.accept", form: (c) => ({ invitation: of(c.about.invitations, c.pick)?.id ?? never }) },
  { operation: "waiting.decline", form: (c) => ({ invitation: of(c.about.invitations, c.pick)?.id ?? never }) },
  { operation: "organizations.switch", form: (c) => ({ organization: c.about.organization }) },
  { operation: "auth.sign-out" },
];

const readsByHand: Recipe[] = [
  { operation: "home" },
  { operation: "not-found" },
  { operation: "organizations.list" },
  { operation: "organizations.new" },
  { operation: "organizations.switched" },
  {
    operation: "posts.list",
    weight: 5,
    query: (c) =>
      of(
        ["", `?text=${encodeURIComponent(word(c))}`, "?status=draft", "?status=archived", "?status=published"],
        c.variant,
      ) ?? "",
  },
  { operation: "posts.new" },
  { operation: "posts.show", weight: 5 },
  { operation: "posts.edit" },
  { operation: "posts.delete.confirm" },
  { operation: "comments.edit" },
  { operation: "members.list", weight: 2 },
  { operation: "members.role.confirm" },
  { operation: "members.remove.confirm" },
  { operation: "members.leave.confirm" },
  { operation: "invitations.list", weight: 3 },
  { operation: "invitations.new" },
  { operation: "invitations.progress", query: (c) => `?batch=batch-${c.variant % 3}-of-both` },
  { operation: "invitations.role.edit" },
  { operation: "requests.list", weight: 2 },
  { operation: "join.show" },
];

/** What no trace asks for, and why. */
export const leftOut: Record<string, string> = {
  root: "it is part of every page",
  "auth.sign-in": "its answer is a random state, for nobody yet",
  "auth.callback": "it ends what only Logto can begin; the traces begin with people who are signed in",
  "organizations.create": "it makes a third organization, whose id Logto draws",
  "organizations.first": "it makes a third organization, whose id Logto draws",
  health: "it is of no organization",
  ready: "it is of no organization",
  "webhooks.logto": "Logto sends it, about everybody",
  "auth.consent": "its answer is a random state, for nobody yet",
  "settings.export.ask": "its file is made beside the requests, at its own time",
};

/** What has no recipe of its own is asked for with the form that is right for it. */
function others(method: Operation["method"], byHand: Recipe[]): Recipe[] {
  const rest = (Object.entries(policy) as [OperationName, Operation][]).filter(
    ([operation, row]) =>
      row.method === method &&
      row.route !== "server" &&
      !(operation in leftOut) &&
      !byHand.some((recipe) => recipe.operation === operation),
  );
  return rest.map(([operation]) => ({
    operation,
    form: (choosing) => formFor(operation, { ...idsFor(choosing), roleId: role(choosing) }),
  }));
}

export const writes: Recipe[] = [...writesByHand, ...others("POST", writesByHand)];
export const reads: Recipe[] = [...readsByHand, ...others("GET", readsByHand)];

const recipes = new Map([...writes, ...reads].map((recipe) => [recipe.operation, recipe]));

/** The address and the form of a step; the form is undefined for what is only read. */
export function request(operation: OperationName, choosing: Choosing) {
  const { form, query } = recipes.get(operation) ?? {};
  const ids = idsFor(choosing);
  const path = operation === "not-found" ? `/no/such/${word(choosing).length}` : pathOf(operation, ids);
  const fields = policy[operation].method === "POST" ? (form?.(choosing) ?? {}) : undefined;
  return { path: path + (query?.(choosing) ?? ""), fields };
}

function idsFor({ about, own, whose, pick }: Choosing): Ids {
  if (whose === "never")
    return { postId: never, commentId: never, memberId: never, invitationId: never, token: `${never}.${never}` };
  const comment = pick % 3 === 0 ? undefined : of(about.comments, pick);
  return {
    // Half of the comments are looked for below a post of one's own.
    postId: comment && pick % 2 ? comment.postId : (of(comment ? own.posts : about.posts, pick) ?? never),
    commentId: comment?.commentId ?? never,
    memberId: of(about.members, pick) ?? never,
    invitationId: of(about.invitations, pick)?.id ?? never,
    // Whoever holds a link may use it, so nobody is given the other side's.
    token:
      of(
        own.invitations.filter(({ token }) => token),
        pick,
      )?.token ?? `${never}.${never}`,
  };
}
