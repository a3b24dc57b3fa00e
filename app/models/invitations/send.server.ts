// Invites many addresses at once: each is answered for itself, and a batch that is sent again invites nobody twice.
import {
  and,
  eq,
  inArray,
  isNull,
  newId,
  or,
  type OrganizationScope,
  type Reads,
  type ScopeOf,
  type TenantTables,
} from "../../../db";
import type { Management } from "../../logto/management.server";
import { orUnavailable } from "../../logto/outcome.server";
import { countMembers, type MemberCount, seatsAt } from "../billing/seats.server";
import type { InvitationLinks } from "../invitation-link.server";
import { writeAudit } from "../audit.server";
import { type Actor, givableRole, standingOf } from "../member-roles.server";
import { atMost } from "../queue.server";
import { isAddress } from "./addresses.server";
import { admissionOf } from "./admission.server";
import {
  addressKey,
  auditedInvitation,
  day,
  ifMember,
  isOfMember,
  type Invitation,
  mailResult,
  mayInvite,
  statusOf,
} from "./invitation.server";
import {
  addressesPerBatch,
  type Batch,
  mostDays,
  mostPending,
  noteLimit,
  type SendResult,
  type Sent,
} from "./invitations.server";
import { atATime, type Mirror } from "./mirror.server";

export interface SendOptions {
  management: Management;
  mirror: Mirror;
  links: InvitationLinks;
  /** A scope that outlives the actor's own access: what was begun is brought to its end. */
  scopeOf: ScopeOf;
  now: () => number;
}

/** One address on its way. It goes on as long as it has no result, and at the end that means that Logto gave no answer. */
interface Entry {
  address: string;
  key: string;
  roleId: string;
  roleName: string;
  result?: SendResult;
  invitation?: Pick<Invitation, "id" | "generation">;
}

export function createSend({ management, mirror, links, scopeOf, now }: SendOptions) {
  async function send(scope: OrganizationScope, actor: Actor, batch: Batch): Promise<Sent[]> {
    const entries = sort(batch.entries);
    const going = () => entries.filter(({ result }) => result === undefined);

    const allowed = await orUnavailable(() => refuseRoles(scope, actor, going()));
    if (allowed === "unavailable") for (const entry of going()) entry.result = "unavailable";
    const written = await writtenBefore(scope, batch);
    await atMost(
      atATime,
      going().filter(({ key }) => !written.has(key)),
      (entry) => refuseMember(scope, entry),
    );
    await takeSeats(scope, actor, batch, going());
    await writeRefusals(scopeOf(scope.organizationId, scope.by), entries);

    const lasting = scopeOf(scope.organizationId, scope.by);
    await atMost(atATime, going(), (entry) => deliver(lasting, entry));
    await mirror.withdraw(lasting); // those that had expired and were invited anew
    return entries.map(answer);
  }

  /** By what Logto says now, not by what the session knew a minute ago. */
  async function refuseRoles({ organizationId }: OrganizationScope, { person }: Actor, entries: Entry[]) {
    const template = await management.organizationRoles();
    const mine = await standingOf(management, template, organizationId, person.logtoId);
    for (const entry of entries) {
      const role = givableRole(template, entry.roleId);
      if (!role) entry.result = "unknown-role";
      else if (!mayInvite(mine, role)) entry.result = "beyond-you";
      else entry.roleName = role.name;
    }
  }

  async function writeRefusals(scope: OrganizationScope, entries: Entry[]): Promise<void> {
    const refused = entries.flatMap(({ address, result: reason }) =>
      reason === "beyond-you" || reason === "no-seat" ? { address, reason } : [],
    );
    await scope.write(async (tx) => {
      for (const { address, reason } of refused) {
        const target = { type: "invitation" as const, name: address };
        await writeAudit(tx, { action: "invitations.send", target, result: "refused", reason });
      }
    });
  }

  async function writtenBefore(scope: OrganizationScope, { batch }: Batch): Promise<Set<string>> {
    const rows = await scope.read((db, { invitations }) =>
      db.select({ key: invitations.addressKey }).from(invitations).where(eq(invitations.batch, batch)),
    );
    return new Set(rows.map(({ key }) => key));
  }

  async function refuseMember({ organizationId }: OrganizationScope, entry: Entry): Promise<void> {
    const found = await orUnavailable(() => isOfMember(management, organizationId, entry.key));
    if (found) entry.result = found === true ? "already-member" : found;
  }

  /** A second look at those for whom there was no seat: somebody who joined a moment ago may have been counted twice. */
  async function takeSeats(scope: OrganizationScope, actor: Actor, batch: Batch, entries: Entry[]): Promise<void> {
    for (let look = 1, rest = entries; rest.length > 0 && look <= 2; look += 1) {
      const counted = await orUnavailable(() => countMembers(management, scope, now));
      for (const entry of rest) entry.result = undefined;
      if (counted === "unavailable") return;
      await write(scope, actor, batch, { entries: rest, counted });
      rest = rest.filter(({ result }) => result === "no-seat");
    }
  }

  /** All rows at once, before Logto is asked for any. */
  async function write(
    scope: OrganizationScope,
    { person }: Actor,
    batch: Batch,
    { entries, counted }: { entries: Entry[]; counted: MemberCount },
  ): Promise<void> {
    const at = new Date(now());
    const days = Math.min(Math.max(Math.trunc(batch.days), 1), mostDays);
    const shared = {
      note: batch.note.slice(0, noteLimit),
      batch: batch.batch,
      days,
      expiresAt: new Date(at.getTime() + days * day),
      invitedBy: person.id,
      status: "pending",
      delivery: "waiting",
      createdAt: at,
      updatedAt: at,
    } as const;
    await scope.write(async (tx, tables) => {
      const { invitations, invitationLinks, invitationRequests } = tables;
      const keys = entries.map(({ key }) => key);
      const known = await rowsFor(tx, tables, batch.batch, keys);
      const seats = await seatsAt(tx, tables, counted, at);
      let room = mostPending - seats.invited;
      let free = seats.free;
      const notAdmitted = await admissionOf(tx, tables);
      for (const entry of entries) {
        const mine = known.find((row) => row.batch === batch.batch && row.addressKey === entry.key);
        const open = known.find((row) => row.addressKey === entry.key);
        const refusal = notAdmitted(entry.key);
        if (mine) entry.invitation = mine;
        else if (refusal) entry.result = refusal;
        else if (open && statusOf(open, at.getTime()) === "pending") Object.assign(entry, waitsAlready(open));
        else if (room <= 0) entry.result = "too-many";
        else if (free <= 0) entry.result = "no-seat";
        else {
          if (open) await tx.update(invitations, { status: "expired", updatedAt: at }, eq(invitations.id, open.id));
          const { address, key, roleId, roleName } = entry;
          const id = newId();
          entry.invitation = await tx.insert(invitations, {
            ...shared,
            ...{ id, address: address.trim(), addressKey: key, roleId, roleName },
          });
          await tx.insert(invitationLinks, { id, addressKey: key });
          await writeAudit(tx, {
            action: "invitations.send",
            target: auditedInvitation({ id, address }),
            to: roleName,
          });
          room -= 1;
          free -= 1;
        }
      }
      const answered = entries.filter(({ invitation }) => invitation).map(({ key }) => key);
      const asked = and(inArray(invitationRequests.address, answered), isNull(invitationRequests.handledAt));
      await tx.update(invitationRequests, { handledAt: at }, asked);
    });
  }

  async function deliver(scope: OrganizationScope, entry: Entry): Promise<void> {
    const { invitation } = entry;
    if (!invitation) return;
    const made = await orUnavailable(() => mirror.make(scope, invitation.id).catch(ifMember));
    if (made === "already-member") await forget(scope, invitation.id);
    if (made === "already-member") entry.invitation = undefined;
    entry.result = typeof made === "object" ? mailResult(made.delivery) : made;
  }

  /** They became a member at this very moment. Nothing of it was ever sent. */
  async function forget(scope: OrganizationScope, id: string): Promise<void> {
    await scope.write(async (tx, { invitations, invitationLinks }) => {
      await tx.remove(invitationLinks, eq(invitationLinks.id, id));
      const [gone] = await tx.remove(invitations, eq(invitations.id, id));
      if (!gone) return;
      const target = auditedInvitation(gone);
      await writeAudit(tx, { action: "invitations.send", target, result: "failed", reason: "already-member" });
    });
  }

  function answer({ address, result = "unavailable", invitation }: Entry): Sent {
    if (!invitation) return { address, result };
    const shown = result === "already-invited" ? {} : { link: links.linkOf(invitation) };
    return { address, result, invitationId: invitation.id, ...shown };
  }

  return send;
}

/** What can be said of a list without asking anybody. */
function sort(entries: Batch["entries"]): Entry[] {
  const seen = new Set<string>();
  return entries.map(({ address, roleId }, index) => {
    const entry: Entry = { address, key: addressKey(address), roleId, roleName: "" };
    if (index >= addressesPerBatch) entry.result = "too-many";
    else if (!isAddress(entry.key)) entry.result = "not-an-address";
    else if (seen.has(entry.key)) entry.result = "twice";
    seen.add(entry.key);
    return entry;
  });
}

const waitsAlready = (invitation: Invitation): Partial<Entry> => ({ result: "already-invited", invitation });

/** Those of this batch, and those that wait for one of these addresses. */
function rowsFor(db: Reads, { invitations }: TenantTables, batch: string, keys: string[]) {
  const open = and(inArray(invitations.addressKey, keys), inArray(invitations.status, ["pending", "accepting"]));
  return db
    .select()
    .from(invitations)
    .where(or(eq(invitations.batch, batch), open));
}
