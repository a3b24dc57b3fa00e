// The operations of the policy as requests: their addresses, and a form that each accepts.
import { policy, type Operation, type OperationName } from "../../app/auth/policy";

export interface Ids {
  postId?: string;
  commentId?: string;
}

export const operations = Object.entries(policy).map(([name, row]: [string, Operation]) => ({
  name: name as OperationName, // the keys of the policy are its names
  ...row,
}));

/** Those that name a record in their address. */
export const withRecord = operations.filter(({ path }) => path.includes(":"));

export function pathOf(operation: OperationName, { postId = "", commentId = "" }: Ids = {}): string {
  return policy[operation].path.replace(":postId", postId).replace(":commentId", commentId);
}

/** What Remix calls the route, to ask for its data alone. */
export const routeOf = (operation: OperationName) => `routes/${policy[operation].route}`;

/** Fields that are right, for a record that was not changed since it was written. */
export const rightForm: Partial<Record<OperationName, Record<string, string>>> = {
  "posts.create": { title: "A post", body: "Its text", status: "draft" },
  "posts.update": { title: "Another title", body: "Another text", version: "1" },
  "comments.create": { body: "A comment" },
  "comments.update": { body: "Another comment", version: "1" },
};
