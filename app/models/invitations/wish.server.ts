// Another wish for an invitation that waits: sent again, under a new link, or into another role. Ours changes first, then Logto's is made anew.
import { and, eq, isNull, type OrganizationScope, type ScopeOf } from "../../../db";
import type { LogtoRole, Management } from "../../logto/management.server";
import { orUnavailable } from "../../logto/outcome.server";
import { countMembers, seatsAt } from "../billing/seats.server";
import type { InvitationLinks } from "../invitation-link.server";
import { type AuditEntry, writeAudit, writeRefusal } from "../audit.server";
import { type Actor, givableRole, type Standing, standingOf } from "../member-roles.server";
import { atMost, createQueues } from "../queue.server";
import { admissionOf, type NotAdmitted } from "./admission.server";
import type { Claims } from "./claim.server";
import {
  auditedInvitation,
  day,
  findInvitation,
  type Invitation,
  isOfMember,
  mailResult,
  mayInvite,
  statusOf,
} from "./invitation.server";
import { type InvitationRefusal, type InvitationRoleChange, mostPending, type Resent } from "./invitations.server";
import { atATime, type Mirror } from "./mirror.server";

export interface WishesOptions {
  management: Management;
  mirror: Mirror;
  links: InvitationLinks;
  claims: Claims;
  /** A scope that outlives the actor's own access: what was begun is brought to its end. */
  scopeOf: ScopeOf;
  now: () => number;
}

/** What is asked for, by whom, and what they are by what Logto says now. */
interface Asking {
  scope: OrganizationScope;
  actor: Actor;
  template: LogtoRole[];
  mine: Standing | undefined;
}

type Refused = Extract<Resent, { ok: false }>;
type Mailing = "again" | "under a new link";

export function createWishes({ management, mirror, links, claims, scopeOf, now }: WishesOptions) {
  const queues = createQueues();

  async function resend(scope: OrganizationScope, actor: Actor, ids: string[]): Promise<Resent[]> {
    const wanted = [...new Set(ids)];
    const asking = await ask(scope, actor);
    if (asking === "unavailable") return wanted.map((id) => ({ id, ok: false, reason: "unavailable" }));
    return atMost(atATime, wanted, (id) => mail(asking, id, "again"));
  }

  async function renewLink(scope: OrganizationScope, actor: Actor, id: string): Promise<Resent> {
    const asking = await ask(scope, actor);
    return asking === "unavailable" ? { id, ok: false, reason: asking } : mail(asking, id, "under a new link");
  }

  async function changeRole(
    scope: OrganizationScope,
    actor: Actor,
    id: string,
    roleId: string,
  ): Promise<InvitationRoleChange> {
    const asking = await ask(scope, actor);
    if (asking === "unavailable") return refused(asking);
    const opened = await open(scope, id);
    if (typeof opened === "string") return refused(opened);
    if (statusOf(opened, now()) === "expired") return refused("expired");
    const role = givableRole(asking.template, roleId);
    if (!role) return refused("unknown-role");
    if (!mayInvite(asking.mine, role) || !mayGiveAgain(asking, opened)) {
      await refuse(scope, "invitations.role", opened);
      return refused("beyond-you");
    }
    if (opened.roleId !== roleId) {
      const what = { action: "invitations.role", from: opened.roleName, to: role.name } as const;
      const changed = await wish(asking, opened, { roleId, roleName: role.name }, what);
      if (changed !== true) return refused(changed);
    }
    await orUnavailable(() => mirror.make(scopeOf(scope.organizationId, scope.by), id)); // if not now, then when it is accepted
    return { ok: true, address: opened.address, roleName: role.name };
  }

  /** One after the other for each, so that a double click finds what the first has done. */
  function mail(asking: Asking, id: string, how: Mailing): Promise<Resent> {
    const { scope } = asking;
    return queues.inTurn(`${scope.organizationId} ${id}`, async (): Promise<Resent> => {
      const opened = await open(scope, id);
      if (typeof opened === "string") return { id, ...refused(opened) };
      const { address } = opened;
      const isMember = await orUnavailable(() => isOfMember(management, scope.organizationId, opened.addressKey));
      if (isMember) return { id, address, ...refused(isMember === true ? "already-member" : isMember) };
      const wished = await wishForMail(asking, opened, how);
      if (wished !== true) return { id, address, ...refused(wished) };
      const made = await orUnavailable(() => mirror.make(scopeOf(scope.organizationId, scope.by), id));
      const result = typeof made === "object" ? mailResult(made.delivery) : "unavailable";
      const after = (await findInvitation(scope, id)) ?? opened;
      return { id, ok: true, address, result, expiresAt: after.expiresAt, link: links.linkOf(after) };
    });
  }

  async function wishForMail(asking: Asking, invitation: Invitation, how: Mailing): Promise<true | Refused["reason"]> {
    const role = givableRole(asking.template, invitation.roleId);
    if (!role) return "unknown-role";
    const action = how === "again" ? "invitations.resend" : "invitations.renew";
    if (!mayGiveAgain(asking, invitation)) {
      await refuse(asking.scope, action, invitation);
      return "beyond-you";
    }
    if (how === "again" && isUnfinished(invitation) && statusOf(invitation, now()) === "pending") return true;
    const { days, generation, expiresAt } = invitation;
    const changes = {
      roleName: role.name,
      delivery: "waiting" as const,
      generation: how === "again" ? generation : generation + 1,
      // Never the same moment twice: by it Logto's invitation for this wish is told from the one before.
      expiresAt: new Date(Math.max(now() + days * day, expiresAt.getTime() + 1)),
    };
    return wish(asking, invitation, changes, { action });
  }

  /** Whoever wishes answers for the invitation from then on: at its acceptance it is they who must still be allowed to give the role. */
  async function wish(
    asking: Asking,
    before: Invitation,
    changes: Partial<Invitation>,
    what: AuditEntry,
  ): Promise<true | "busy" | "too-many" | "no-seat" | "unavailable" | NotAdmitted> {
    const at = new Date(now());
    const comesBack = statusOf(before, at.getTime()) === "expired";
    const counted = comesBack ? await orUnavailable(() => countMembers(management, asking.scope, now)) : undefined;
    if (counted === "unavailable") return counted;
    const wanted = { ...changes, wanted: before.wanted + 1, invitedBy: asking.actor.person.id, updatedAt: at };
    return asking.scope.write(async (tx, tables) => {
      const { invitations, invitationRequests } = tables;
      const notAdmitted = (await admissionOf(tx, tables))(before.addressKey);
      if (notAdmitted) return notAdmitted;
      const seats = counted && (await seatsAt(tx, tables, counted, at));
      if (seats && seats.invited >= mostPending) return "too-many";
      if (seats?.free === 0) return "no-seat";
      const still = and(eq(invitations.status, "pending"), eq(invitations.wanted, before.wanted));
      const [changed] = await tx.update(invitations, wanted, and(eq(invitations.id, before.id), still));
      if (!changed) return "busy";
      await writeAudit(tx, { ...what, target: auditedInvitation(changed) });
      const asked = and(eq(invitationRequests.invitationId, before.id), isNull(invitationRequests.handledAt));
      if (changes.delivery)
        await tx.update(
          invitationRequests,
          { handledAt: at },
          and(asked, eq(invitationRequests.kind, "unusable-link")),
        );
      return true;
    });
  }

  function refuse({ organizationId, by }: OrganizationScope, action: AuditEntry["action"], invitation: Invitation) {
    const target = auditedInvitation(invitation);
    return writeRefusal(scopeOf(organizationId, by), { action, target, reason: "beyond-you" });
  }

  function ask(scope: OrganizationScope, actor: Actor): Promise<Asking | "unavailable"> {
    return orUnavailable(async () => {
      const template = await management.organizationRoles();
      const mine = await standingOf(management, template, scope.organizationId, actor.person.logtoId);
      return { scope, actor, template, mine };
    });
  }

  /** Pending, or expired and not yet replaced. */
  async function open(scope: OrganizationScope, id: string): Promise<Invitation | InvitationRefusal | "unavailable"> {
    const found = await findInvitation(scope, id);
    if (!found) return "missing";
    const invitation = await orUnavailable(() => claims.settle(scopeOf(scope.organizationId), found));
    if (invitation === "unavailable") return invitation;
    if (invitation.status === "accepting") return "busy";
    return invitation.status === "pending" ? invitation : "closed";
  }

  return { resend, renewLink, changeRole };
}

/** An invitation into a role that the template has no more can be given by nobody, and be changed by whoever may invite. */
function mayGiveAgain({ template, mine }: Asking, { roleId }: Invitation): boolean {
  return mayInvite(mine, givableRole(template, roleId) ?? { permissions: [] });
}

/** A mail was asked for, and nobody heard that it went out: it is finished, not begun again, so that it does not go out twice. */
const isUnfinished = ({ delivery, made, wanted }: Invitation) => delivery === "waiting" && made < wanted;

const refused = <Reason extends string>(reason: Reason) => ({ ok: false as const, reason });
