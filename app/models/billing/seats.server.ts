// Seats: members and open invitations take one each. How many members there are, Logto knows; whether one more fits is decided in the write that takes it.
import {
  and,
  count,
  eq,
  gt,
  gte,
  inArray,
  ne,
  type OrganizationScope,
  type Reads,
  type TenantTables,
} from "../../../db";
import type { Management } from "../../logto/management.server";
import { dayOf, type Day, planOn, type PlanChoice } from "./periods";
import { type PlanName, plans } from "./plans";

/** How many members Logto had, and when it was asked. */
export interface MemberCount {
  members: number;
  askedAt: Date;
}

export interface Seats {
  members: number;
  invited: number;
  used: number;
  /** Null: as many as are wanted. */
  most: number | null;
  /** Never below 0, though somebody at Logto may have made more members than there are seats. */
  free: number;
}

/** Throws as the Management API does. */
export async function countMembers(
  management: Management,
  { organizationId }: OrganizationScope,
  now: () => number,
): Promise<MemberCount> {
  const askedAt = new Date(now());
  const { total } = await management.membersPage(organizationId, { number: 1, size: 1 });
  return { members: total, askedAt };
}

/** What is taken at this moment. */
export async function seatsAt(db: Reads, tables: TenantTables, counted: MemberCount, at: Date): Promise<Seats> {
  const invited = await openInvitations(db, tables, at);
  const joining = await joinedSince(db, tables, counted.askedAt);
  return seatsOf(await seatLimit(db, tables, at), counted.members + joining, invited);
}

/**
 * The seats that somebody who accepts finds: invitations that only wait leave theirs to whoever comes first, those that are being accepted do not.
 * @param joining the id of the invitation that is about to be accepted
 */
export async function seatsForJoining(
  db: Reads,
  tables: TenantTables,
  counted: MemberCount,
  { joining, at }: { joining: string; at: Date },
): Promise<Seats> {
  const { invitations } = tables;
  const [others] = await db
    .select({ count: count() })
    .from(invitations)
    .where(and(eq(invitations.status, "accepting"), ne(invitations.id, joining)));
  const joined = await joinedSince(db, tables, counted.askedAt);
  return seatsOf(await seatLimit(db, tables, at), counted.members + joined, others?.count ?? 0);
}

function seatsOf(most: number | null, members: number, invited: number): Seats {
  const used = members + invited;
  return { members, invited, used, most, free: most === null ? Number.MAX_SAFE_INTEGER : Math.max(0, most - used) };
}

/** Once a smaller plan is chosen, its seats count at once, so that what is used still fits when it begins. */
async function seatLimit(db: Reads, tables: TenantTables, at: Date): Promise<number | null> {
  return limitOf(await choicesIn(db, tables), dayOf(at));
}

export function limitOf(choices: readonly PlanChoice[], today: Day): number | null {
  const ahead = choices.filter(({ startsOn }) => startsOn > today).map(({ plan }) => plan);
  const limits = [planOn(choices, today), ...ahead].flatMap((name: PlanName) => plans[name].mostSeats ?? []);
  return limits.length === 0 ? null : Math.min(...limits);
}

export function choicesIn(db: Reads, { planChoices }: TenantTables): PromiseLike<PlanChoice[]> {
  return db
    .select({ plan: planChoices.plan, startsOn: planChoices.startsOn })
    .from(planChoices)
    .orderBy(planChoices.startsOn);
}

/** How many wait, or are being accepted. Those whose time is over do not. */
export async function openInvitations(db: Reads, { invitations }: TenantTables, at: Date): Promise<number> {
  const [open] = await db
    .select({ count: count() })
    .from(invitations)
    .where(and(inArray(invitations.status, ["pending", "accepting"]), gt(invitations.expiresAt, at)));
  return open?.count ?? 0;
}

/** Whoever joined since Logto was asked may not be among those that it counted: counted twice for a moment, never not at all. */
async function joinedSince(db: Reads, { invitations }: TenantTables, askedAt: Date): Promise<number> {
  const [joined] = await db
    .select({ count: count() })
    .from(invitations)
    .where(and(eq(invitations.status, "accepted"), gte(invitations.decidedAt, askedAt)));
  return joined?.count ?? 0;
}
