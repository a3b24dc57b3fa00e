// For tests: somebody who is a member, by a name from which all the rest follows.
import type { Row } from "./query";

const at = new Date(1_700_000_000_000);

export function exampleMember(userId: string, more: Partial<Row<"members">> = {}) {
  return {
    userId,
    logtoId: `logto-${userId}`,
    name: userId,
    email: `${userId}@example.com`,
    joinedAt: at,
    lastActiveAt: at,
    updatedAt: at,
    ...more,
  };
}
