// Who is or was in the organization, under the name they had. Logto decides who is; this remembers what to call them.
import { eq, type Given, type OrganizationScope, prepared, type Row } from "../../db";

export type Member = Row<"members">;

/** What is known of a member from Logto. */
export interface KnownMember {
  userId: string;
  logtoId: string;
  name: string;
  email: string;
}

/** Being seen again within this many milliseconds is not written down. */
const activityStep = 5 * 60_000;

/** Notes who was just seen to be a member. Writes only when something about them has changed, or they were not seen for a while. */
export async function rememberMember(
  scope: OrganizationScope,
  { userId, logtoId, name, email }: KnownMember,
  at = new Date(),
): Promise<void> {
  const known = await findMember(scope, userId);
  const unchanged = known && known.name === name && known.email === email && !known.leftAt;
  if (unchanged && at.getTime() - known.lastActiveAt.getTime() < activityStep) return;
  const joined = { userId, logtoId, joinedAt: at };
  const seen = { name, email, lastActiveAt: at, updatedAt: at };
  await scope.write((tx, { members }) =>
    tx.upsert(
      members,
      { ...joined, ...seen },
      // Whoever comes back has joined anew.
      { ...seen, leftAt: null, ...(known?.leftAt && { joinedAt: at }) },
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

export interface GivenRole {
  /** The name of the role. */
  role: string;
  /** Who gave it. */
  by: string;
  at: Date;
}

/** A role that takes the place of all that the member had: by whom it was given, so that their pages can say so. */
export async function noteGivenRole(
  scope: OrganizationScope,
  { logtoId, role, by }: { logtoId: string; role: string; by: string },
  at: Date,
): Promise<void> {
  const given = { roleGiven: role, roleGivenBy: by, roleGivenAt: at };
  await scope.write((tx, { members }) => tx.update(members, given, eq(members.logtoId, logtoId)));
}

/** Undefined when the roles that somebody has now were not given here: it is then not known who gave them. */
export async function findGivenRole(
  scope: OrganizationScope,
  userId: string,
  roles: string[],
): Promise<GivenRole | undefined> {
  const member = await findMember(scope, userId);
  if (!member?.roleGivenBy || !member.roleGivenAt) return undefined;
  if (roles.length !== 1 || roles[0] !== member.roleGiven) return undefined;
  const giver = await findMember(scope, member.roleGivenBy);
  return giver && { role: member.roleGiven, by: giver.name, at: member.roleGivenAt };
}
