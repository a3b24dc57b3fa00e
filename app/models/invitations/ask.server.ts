// Somebody asks to be invited: their link cannot be used any more, or is for another address of theirs. Those who may invite see it.
import { and, count, eq, isNull, newId, type OrganizationScope, type ScopeOf, type System } from "../../../db";
import { somebody, writeAudit } from "../audit.server";
import { findPerson } from "../users.server";
import { addressKey, statusOf } from "./invitation.server";
import type { Invitations } from "./invitations.server";
import type { Lookup } from "./lookup.server";

export interface RequestOptions {
  system: System;
  lookup: Lookup;
  scopeOf: ScopeOf;
  now: () => number;
}

/** How many may be open at one invitation: whoever has its link could ask for as many addresses as they have. */
const mostRequests = 5;

export function createAsk({ system, lookup, scopeOf, now }: RequestOptions): Invitations["ask"] {
  return async (token, request, acting = somebody) => {
    const found = await lookup.byToken(token, "any generation");
    if (!found) return;
    const { invitation } = found;
    const scope = scopeOf(found.scope.organizationId, acting);
    const isUsable = statusOf(invitation, now()) === "pending";
    if (request.kind === "unusable-link") {
      const current = await lookup.byToken(token);
      if (isUsable && current) return; // it can be used: there is nothing to ask for
      return write(scope, invitation.id, request.kind, invitation.addressKey);
    }
    const person = await findPerson(system, request.person.id);
    if (!isUsable || !person?.emailVerified || addressKey(person.email) === invitation.addressKey) return;
    return write(scope, invitation.id, request.kind, addressKey(person.email));
  };

  async function write(
    scope: OrganizationScope,
    invitationId: string,
    kind: "unusable-link" | "other-address",
    address: string,
  ): Promise<void> {
    const createdAt = new Date(now());
    await scope.write(async (tx, { invitationRequests }) => {
      const of = eq(invitationRequests.invitationId, invitationId);
      const [open] = await tx
        .select({ count: count() })
        .from(invitationRequests)
        .where(and(of, isNull(invitationRequests.handledAt)));
      if ((open?.count ?? 0) >= mostRequests) return;
      const same = and(of, eq(invitationRequests.kind, kind), eq(invitationRequests.address, address));
      const [known] = await tx.select().from(invitationRequests).where(same);
      const values = { id: newId(), invitationId, kind, address, createdAt };
      await tx.upsert(invitationRequests, values, { createdAt, handledAt: null }, ["invitationId", "kind", "address"]);
      if (known && !known.handledAt) return; // whoever asks again and again is written down once
      await writeAudit(tx, { action: "join.ask", target: { type: "invitation", id: invitationId, name: address } });
    });
  }
}
