// The organization's invitations, with the status that people see, and what is asked for at them.
import {
  and,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lte,
  or,
  type Reads,
  type SQL,
  type TenantTables,
} from "../../../db";
import { openInvitations } from "../billing/seats.server";
import type { InvitationLinks } from "../invitation-link.server";
import { type Invitation, statusOf } from "./invitation.server";
import {
  type InvitationRequest,
  type Invitations,
  invitationsPerPage,
  type InvitationStatus,
  type ListedInvitation,
} from "./invitations.server";

export interface ListOptions {
  links: InvitationLinks;
  now: () => number;
}

export function createList({ links, now }: ListOptions): Pick<Invitations, "list" | "find" | "progress"> {
  /** With the names of those who invited, and what is asked for at each. */
  async function listed(db: Reads, tables: TenantTables, rows: Invitation[]): Promise<ListedInvitation[]> {
    const names = await namesOf(db, tables, rows);
    const requests = await openRequests(db, tables, rows);
    return rows.map((row) => {
      const { id, address, roleId, roleName, note, createdAt, expiresAt, sentCount, lastSentAt, delivery } = row;
      const status = statusOf(row, now());
      return {
        ...{ id, address, roleId, roleName, note, status, createdAt, expiresAt, sentCount, lastSentAt, delivery },
        inviterName: names.get(row.invitedBy) ?? "",
        decidedAt: row.decidedAt,
        requests: requests.get(id) ?? [],
        ...(status === "pending" && { link: links.linkOf(row) }),
      };
    });
  }

  return {
    list: (scope, { status, page }) =>
      scope.read(async (db, tables) => {
        const { invitations } = tables;
        const at = new Date(now());
        const wanted = status && isNow(tables, status, at);
        const [found] = await db.select({ count: count() }).from(invitations).where(wanted);
        const rows = await db
          .select()
          .from(invitations)
          .where(wanted)
          .orderBy(desc(invitations.createdAt), desc(invitations.id))
          .limit(invitationsPerPage)
          .offset((page - 1) * invitationsPerPage);
        return {
          invitations: await listed(db, tables, rows),
          total: found?.count ?? 0,
          pageSize: invitationsPerPage,
          pending: await openInvitations(db, tables, at),
        };
      }),

    find: (scope, id) =>
      scope.read(async (db, tables) => {
        const rows = await db.select().from(tables.invitations).where(eq(tables.invitations.id, id));
        return (await listed(db, tables, rows))[0];
      }),

    progress: (scope, batch) =>
      scope.read(async (db, { invitations }) => {
        const rows = await db
          .select({ made: invitations.made, wanted: invitations.wanted })
          .from(invitations)
          .where(eq(invitations.batch, batch));
        return { of: rows.length, done: rows.filter(({ made, wanted }) => made === wanted).length };
      }),
  };
}

/** The same as `statusOf`, asked of the database. */
function isNow({ invitations }: TenantTables, status: InvitationStatus, at: Date): SQL {
  const { status: stored, expiresAt } = invitations;
  const waits = eq(stored, "pending");
  if (status === "pending") return or(eq(stored, "accepting"), and(waits, gt(expiresAt, at)));
  if (status === "expired") return or(eq(stored, "expired"), and(waits, lte(expiresAt, at)));
  return eq(stored, status);
}

async function namesOf(db: Reads, { members }: TenantTables, rows: Invitation[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.map(({ invitedBy }) => invitedBy))];
  const found = await db
    .select({ userId: members.userId, name: members.name })
    .from(members)
    .where(inArray(members.userId, ids));
  return new Map(found.map(({ userId, name }) => [userId, name]));
}

async function openRequests(
  db: Reads,
  { invitationRequests: requests }: TenantTables,
  rows: Invitation[],
): Promise<Map<string, InvitationRequest[]>> {
  const open = new Map<string, InvitationRequest[]>(rows.map(({ id }) => [id, []]));
  const found = await db
    .select()
    .from(requests)
    .where(and(inArray(requests.invitationId, [...open.keys()]), isNull(requests.handledAt)))
    .orderBy(desc(requests.createdAt));
  for (const { invitationId, kind, address, createdAt } of found)
    open.get(invitationId)?.push({ kind, address, createdAt });
  return open;
}
