// Whoever accepts claims the invitation first, so that it is revoked or accepted and never both; a claim that nobody ended is settled by what Logto says.
import { and, eq, gt, lte, or, type OrganizationScope, type Store } from "../../../db";
import type { Management } from "../../logto/management.server";
import { type AuditEntry, writeAudit, writeRefusal } from "../audit.server";
import { countMembers, type MemberCount, seatsForJoining } from "../billing/seats.server";
import type { Changes } from "../changes.server";
import { auditedInvitation, claimAge, findInvitation, type Invitation } from "./invitation.server";

export interface ClaimsOptions {
  system: Store["system"];
  management: Management;
  changes: Changes;
  now: () => number;
}

export type Claims = ReturnType<typeof createClaims>;

interface Joining {
  id: string;
  logtoId: string;
  name: string;
  email: string;
}

/** Functions that ask Logto throw as the Management API does. */
export function createClaims({ system, management, changes, now }: ClaimsOptions) {
  /**
   * Theirs from now on, or still: somebody may go on with a claim of their own. A claim takes a seat, unless they are in already. Undefined: it cannot be
   * accepted any more.
   */
  async function take(
    scope: OrganizationScope,
    invitation: Invitation,
    person: Pick<Joining, "id" | "logtoId">,
  ): Promise<Invitation | "no-seat" | undefined> {
    const taken = await takeSeat(scope, invitation, person.id);
    if (taken !== "no-seat") return taken;
    const isIn = (await management.rolesOf(scope.organizationId, person.logtoId)) !== undefined;
    if (isIn) return write(scope, invitation, person.id);
    const again = await takeSeat(scope, invitation, person.id); // somebody who joined a moment ago may have been counted twice
    if (again === "no-seat") await writeRefusal(scope, { ...joining(invitation), reason: again });
    return again;
  }

  async function takeSeat(scope: OrganizationScope, invitation: Invitation, personId: string) {
    const counted = await countMembers(management, scope, now);
    return write(scope, invitation, personId, counted);
  }

  /** @param counted the members there are; without it nobody asks for a seat */
  function write(
    scope: OrganizationScope,
    { id, generation }: Invitation,
    personId: string,
    counted?: MemberCount,
  ): Promise<Invitation | "no-seat" | undefined> {
    const at = new Date(now());
    return scope.write(async (tx, tables) => {
      const { invitations } = tables;
      const waits = and(eq(invitations.status, "pending"), gt(invitations.expiresAt, at));
      const mine = and(eq(invitations.status, "accepting"), eq(invitations.acceptedBy, personId));
      const ours = and(eq(invitations.id, id), eq(invitations.generation, generation));
      const [open] = await tx.select().from(invitations).where(and(ours, waits));
      if (open && counted && (await seatsForJoining(tx, tables, counted, { joining: id, at })).free === 0)
        return "no-seat";
      const [claimed] = await tx.update(
        invitations,
        { status: "accepting", acceptedBy: personId, claimedAt: at, updatedAt: at },
        and(ours, or(waits, mine)),
      );
      if (claimed) await writeAudit(tx, { ...joining(claimed), result: "asked" });
      return claimed;
    });
  }

  /** Logto has made them a member: written down here, and nothing that was known of them before counts. */
  async function fulfil(scope: OrganizationScope, invitation: Invitation, person: Joining): Promise<void> {
    const at = new Date(now());
    const { id: userId, logtoId, name, email } = person;
    const seen = { name, email, lastActiveAt: at, updatedAt: at };
    await scope.write(async (tx, { invitations, members }) => {
      const [accepted] = await tx.update(
        invitations,
        { status: "accepted", decidedAt: at, updatedAt: at },
        and(eq(invitations.id, invitation.id), eq(invitations.status, "accepting"), eq(invitations.acceptedBy, userId)),
      );
      if (!accepted) return;
      await writeAudit(tx, joining(accepted));
      const [known] = await tx.select().from(members).where(eq(members.userId, userId));
      const joined = known && !known.leftAt ? {} : { joinedAt: at };
      await tx.upsert(members, { userId, logtoId, joinedAt: at, ...seen }, { ...seen, leftAt: null, ...joined });
    });
    const theirs = { user: userId };
    await changes.known(
      theirs,
      { to: theirs, about: ["membership", "organizations", "invitations"] },
      { to: { organization: scope.organizationId }, about: ["members"] },
    );
  }

  /** Ends a claim without a member, unless they have come back to it meanwhile. `closed`: nobody can accept it any more. */
  async function release(
    scope: OrganizationScope,
    claim: Invitation,
    why: "other-address" | "closed" | "given up",
  ): Promise<void> {
    const { id, acceptedBy, claimedAt } = claim;
    const at = new Date(now());
    const free = { acceptedBy: null, claimedAt: null, updatedAt: at };
    await scope.write(async (tx, { invitations }) => {
      const [released] = await tx.update(
        invitations,
        why === "closed" ? { status: "revoked", ...free, decidedAt: at } : { status: "pending", ...free },
        and(
          eq(invitations.id, id),
          eq(invitations.status, "accepting"),
          eq(invitations.acceptedBy, acceptedBy ?? ""),
          lte(invitations.claimedAt, claimedAt ?? at),
        ),
      );
      const reason = why === "other-address" ? why : why === "closed" ? "unusable" : "no-answer";
      if (released) await writeAudit(tx, { ...joining(claim), result: "failed", reason });
    });
  }

  /** Ends a claim that is older than anything still under way. @returns the invitation as it is then. */
  async function settle(scope: OrganizationScope, invitation: Invitation): Promise<Invitation> {
    const { status, acceptedBy, claimedAt } = invitation;
    if (status !== "accepting" || !acceptedBy || !claimedAt || now() - claimedAt.getTime() < claimAge)
      return invitation;
    const [person] = await system.read((db, { users }) => db.select().from(users).where(eq(users.id, acceptedBy)));
    const outcome = person && (await outcomeAtLogto(scope, invitation, person.logtoId));
    if (person && outcome === "joined") await fulfil(scope, invitation, person);
    else await release(scope, invitation, outcome === "taken out" ? "closed" : "given up");
    return (await findInvitation(scope, invitation.id)) ?? invitation;
  }

  /**
   * What Logto has made of an attempt to accept. `taken out`: they had joined, and were removed before it was written down here. `lost`: Logto's invitation
   * was closed or deleted there without them.
   */
  async function outcomeAtLogto(
    { organizationId }: OrganizationScope,
    { logtoId, roleId }: Invitation,
    personLogtoId: string,
  ): Promise<"joined" | "taken out" | "pending" | "lost"> {
    if (!logtoId) return "lost"; // none was made, so none was accepted
    const theirs = await management.invitation(logtoId);
    if (theirs?.status === "Pending") return "pending";
    // Also one that somebody revoked at the same moment: Logto does not accept atomically.
    const accepted = theirs?.acceptedUserId === personLogtoId;
    if (theirs && !accepted) return "lost";
    const roles = await management.rolesOf(organizationId, personLogtoId);
    if (accepted) return roles ? "joined" : "taken out";
    return roles?.some(({ id }) => id === roleId) ? "joined" : "lost";
  }

  return { take, fulfil, release, settle, outcomeAtLogto };
}

/** As the audit log tells of a claim, from its beginning to its end. */
export function joining({ id, address, roleName, claimedAt }: Invitation): AuditEntry {
  const correlationId = `${id} ${claimedAt?.getTime() ?? ""}`;
  return { action: "join.accept", target: auditedInvitation({ id, address }), to: roleName, correlationId };
}
