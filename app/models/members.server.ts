// Who is or was in the organization, under the name they had. Logto decides who is; this remembers what to call them.
import { asc, eq, type Given, isNull, type OrganizationScope, prepared, type Row } from "../../db";

export type Member = Row<"members">;

/** Notes who was just seen to be a member. Writes only when something about them has changed. */
export async function rememberMember(
  scope: OrganizationScope,
  { userId, name, email }: { userId: string; name: string; email: string },
): Promise<void> {
  const known = await findMember(scope, userId);
  if (known && known.name === name && known.email === email && !known.leftAt) return;
  const now = new Date();
  await scope.write((tx, { members }) =>
    tx.upsert(
      members,
      { userId, name, email, joinedAt: now, updatedAt: now },
      // Whoever comes back has joined anew.
      { name, email, updatedAt: now, leftAt: null, ...(known?.leftAt && { joinedAt: now }) },
    ),
  );
}

/** Also one who has left. */
export async function findMember(scope: OrganizationScope, userId: string): Promise<Member | undefined> {
  const [member] = await scope.query(oneMember, { userId });
  return member;
}

const oneMember = prepared((db, { members }, given: Given<{ userId: string }>) =>
  db.select().from(members).where(eq(members.userId, given.userId)),
);

/** Those who are here now, by name. */
export function listMembers(scope: OrganizationScope): Promise<Member[]> {
  return scope.read((db, { members }) =>
    db.select().from(members).where(isNull(members.leftAt)).orderBy(asc(members.name), asc(members.userId)),
  );
}
