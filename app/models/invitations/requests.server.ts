// Requests of people who would like to be invited: their link could not be used any more, or it was for another address.
import { and, count, desc, eq, gt, isNull, type OrganizationScope } from "../../../db";
import { writeAudit } from "../audit.server";

const mostListed = 100;

/** Those that nobody has answered yet, newest first, with the invitation whose link they came from. */
export function listRequests(scope: OrganizationScope) {
  return scope.read((db, { invitationRequests, invitations }) =>
    db
      .select({
        id: invitationRequests.id,
        kind: invitationRequests.kind,
        address: invitationRequests.address,
        createdAt: invitationRequests.createdAt,
        invitedAddress: invitations.address,
        roleId: invitations.roleId,
      })
      .from(invitationRequests)
      .innerJoin(invitations, eq(invitations.id, invitationRequests.invitationId))
      .where(isNull(invitationRequests.handledAt))
      .orderBy(desc(invitationRequests.createdAt), desc(invitationRequests.id))
      .limit(mostListed),
  );
}

/** How many invitations and how many requests wait for an answer. */
export async function countWaiting(scope: OrganizationScope, now = new Date()) {
  const [[invitations], [requests]] = await Promise.all([
    scope.read((db, { invitations: table }) =>
      db
        .select({ count: count() })
        .from(table)
        .where(and(eq(table.status, "pending"), gt(table.expiresAt, now))),
    ),
    scope.read((db, { invitationRequests }) =>
      db.select({ count: count() }).from(invitationRequests).where(isNull(invitationRequests.handledAt)),
    ),
  ]);
  return { invited: invitations?.count ?? 0, requests: requests?.count ?? 0 };
}

/** False for one that is not here, or was answered already. */
export async function dismissRequest(scope: OrganizationScope, id: string): Promise<boolean> {
  return scope.write(async (tx, { invitationRequests }) => {
    const open = and(eq(invitationRequests.id, id), isNull(invitationRequests.handledAt));
    const [dismissed] = await tx.update(invitationRequests, { handledAt: new Date() }, open);
    if (!dismissed) return false;
    await writeAudit(tx, { action: "requests.dismiss", target: { type: "request", id, name: dismissed.address } });
    return true;
  });
}
