// Ends an invitation that waits: its organization revokes it, or whoever holds it declines.
import { and, eq, gt, type OrganizationScope, type ScopeOf } from "../../../db";
import { orUnavailable } from "../../logto/outcome.server";
import { writeAudit } from "../audit.server";
import type { Claims } from "./claim.server";
import { auditedInvitation, findInvitation, type Invitation } from "./invitation.server";
import type { Declining, Revoked } from "./invitations.server";
import type { Mirror } from "./mirror.server";

export interface CloseOptions {
  mirror: Mirror;
  claims: Claims;
  scopeOf: ScopeOf;
  now: () => number;
}

export function createClose({ mirror, claims, scopeOf, now }: CloseOptions) {
  /** Also those that have expired. Revoking again is no mistake. */
  async function revoke(scope: OrganizationScope, ids: string[]): Promise<Revoked[]> {
    const revoked: Revoked[] = [];
    for (const id of new Set(ids)) revoked.push(await revokeOne(scope, id));
    await mirror.withdraw(scopeOf(scope.organizationId));
    return revoked;
  }

  async function revokeOne(scope: OrganizationScope, id: string): Promise<Revoked> {
    const at = new Date(now());
    const found = await settled(scope, id);
    if (!found) return { id, ok: false, reason: "missing" };
    const { address } = found;
    await scope.write(async (tx, { invitations }) => {
      const waits = and(eq(invitations.id, id), eq(invitations.status, "pending"));
      const [closed] = await tx.update(invitations, { status: "revoked", decidedAt: at, updatedAt: at }, waits);
      if (closed) await writeAudit(tx, { action: "invitations.revoke", target: auditedInvitation(closed) });
    });
    const status = (await findInvitation(scope, id))?.status;
    if (status === "revoked") return { id, ok: true, address };
    return { id, ok: false, address, reason: status === "accepting" ? "busy" : "closed" };
  }

  /** @param scope reaches the invitation's organization; who declines needs to be no member of it. */
  async function decline(scope: OrganizationScope, invitation: Invitation): Promise<Declining> {
    const at = new Date(now());
    await settled(scope, invitation.id);
    const declined = await scope.write(async (tx, { invitations }) => {
      const waits = and(
        eq(invitations.id, invitation.id),
        eq(invitations.generation, invitation.generation),
        eq(invitations.status, "pending"),
        gt(invitations.expiresAt, at),
      );
      const [closed] = await tx.update(invitations, { status: "declined", decidedAt: at, updatedAt: at }, waits);
      if (closed) await writeAudit(tx, { action: "join.decline", target: auditedInvitation(closed) });
      return closed;
    });
    await mirror.withdraw(scope);
    const repeated = !declined && (await findInvitation(scope, invitation.id))?.status === "declined";
    return declined || repeated ? { ok: true } : { ok: false, reason: "unusable" };
  }

  /** Without an answer of Logto a claim stays, and whoever made it may still end it. */
  async function settled(scope: OrganizationScope, id: string): Promise<Invitation | undefined> {
    const found = await findInvitation(scope, id);
    if (found) await orUnavailable(() => claims.settle(scopeOf(scope.organizationId), found));
    return found;
  }

  return { revoke, decline };
}
