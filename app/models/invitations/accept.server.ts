// Accepts an invitation: claimed here, accepted at Logto, written down here. Every step can be repeated, and ends in one membership.
import type { OrganizationScope, ScopeOf, System } from "../../../db";
import type { Management } from "../../logto/management.server";
import { LogtoRefused, orUnavailable } from "../../logto/outcome.server";
import { writeRefusal } from "../audit.server";
import { givableRole, standingOf } from "../member-roles.server";
import { findMember } from "../members.server";
import type { Organizations } from "../organizations.server";
import { createQueues } from "../queue.server";
import { findPerson, type Person } from "../users.server";
import { admissionOf } from "./admission.server";
import { type Claims, joining } from "./claim.server";
import { addressKey, findInvitation, ifMember, type Invitation, mayInvite } from "./invitation.server";
import type { Acceptance, Reader } from "./invitations.server";
import type { Mirror } from "./mirror.server";

export interface AcceptOptions {
  system: System;
  management: Management;
  organizations: Organizations;
  mirror: Mirror;
  claims: Claims;
  scopeOf: ScopeOf;
}

type Refusal = Extract<Acceptance, { ok: false }>["reason"];
type Outcome = "joined" | "other-address" | "closed";

export function createAccept({ system, management, organizations, mirror, claims, scopeOf }: AcceptOptions) {
  const queues = createQueues();

  /** @param invitation the one that the person holds the link of, or whose address is theirs: the caller has seen to that. */
  function accept(scope: OrganizationScope, invitation: Invitation, reader: Reader): Promise<Acceptance> {
    return queues.inTurn(`${scope.organizationId} ${invitation.id}`, async () => {
      const person = await findPerson(system, reader.id);
      if (!person) return refused("unusable");
      const refusal = refusalOf(invitation, person) ?? (await notAdmitted(scope, invitation));
      if (refusal) return refused(refusal);
      const outcome = await orUnavailable(() => join(scope, invitation, person));
      if (outcome !== "joined") return refused(outcome === "closed" ? "unusable" : outcome);
      const { organizationId } = scope;
      const [organization] = await organizations.listOrganizations([organizationId]);
      const { roleName } = (await findInvitation(scope, invitation.id)) ?? invitation;
      return { ok: true, organizationId, organizationName: organization?.name ?? "", roleName };
    });
  }

  /** Whoever is in already stays. */
  async function notAdmitted(scope: OrganizationScope, { id, addressKey: key }: Invitation) {
    const invitation = await findInvitation(scope, id);
    if (invitation?.status === "accepted") return undefined;
    const reason = await scope.read(async (...of) => (await admissionOf(...of))(key));
    if (reason && invitation) await writeRefusal(scope, { ...joining(invitation), reason });
    return reason;
  }

  async function join(scope: OrganizationScope, invitation: Invitation, person: Person): Promise<Outcome | "no-seat"> {
    await claims.settle(scopeOf(scope.organizationId), invitation); // of whoever gave up, or their own from so long ago that it may have expired since
    const claimed = await claims.take(scope, invitation, person);
    if (claimed === "no-seat") return claimed;
    const outcome = claimed ? await ask(scope, claimed, person) : await answerAgain(scope, invitation, person);
    if (outcome === "joined") await claims.fulfil(scope, invitation, person);
    else if (claimed) await claims.release(scope, claimed, outcome);
    if (outcome === "closed") await mirror.withdraw(scope);
    return outcome;
  }

  /** Whoever is in already, by an attempt that was broken off, stays: what became of the inviter since is of no account. */
  async function ask(scope: OrganizationScope, claimed: Invitation, person: Person): Promise<Outcome> {
    if (await inviterStillMay(scope, claimed)) return acceptAtLogto(scope, claimed, person);
    return (await claims.outcomeAtLogto(scope, claimed, person.logtoId)) === "joined" ? "joined" : "closed";
  }

  /** Theirs, and not to be claimed: accepted. The answer was lost, or the page was sent twice: it is still a yes, as long as they are in. */
  async function answerAgain(scope: OrganizationScope, { id }: Invitation, person: Person): Promise<Outcome> {
    const invitation = await findInvitation(scope, id);
    if (invitation?.acceptedBy !== person.id) return "closed";
    return (await management.rolesOf(scope.organizationId, person.logtoId)) ? "joined" : "closed";
  }

  /** Nobody gives by an invitation what they could not give today. */
  async function inviterStillMay(scope: OrganizationScope, { invitedBy, roleId }: Invitation): Promise<boolean> {
    const template = await management.organizationRoles();
    const role = givableRole(template, roleId);
    const inviter = await findMember(scope, invitedBy);
    if (!role || !inviter) return false;
    return mayInvite(await standingOf(management, template, scope.organizationId, inviter.logtoId), role);
  }

  async function acceptAtLogto(scope: OrganizationScope, claimed: Invitation, person: Person): Promise<Outcome> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const ours = await mirror.make(scope, claimed.id, { mails: false }).catch(ifMember);
      if (ours === "already-member") return giveRole(scope, claimed, person);
      if (!ours?.logtoId) return "closed";
      const refusal = await management.acceptInvitation(ours.logtoId, person.logtoId).then(() => undefined, ifRefused);
      if (!refusal) return "joined";
      const outcome = await claims.outcomeAtLogto(scope, ours, person.logtoId);
      if (outcome === "joined") return "joined"; // at an earlier attempt, whose answer was lost
      if (outcome === "taken out") return "closed";
      if (outcome === "pending") return "other-address"; // it could be accepted, only not by them
      await mirror.lose(scope, ours);
    }
    return "closed";
  }

  /** Logto makes no invitation for the address of a member. Whether it is this person's at this moment, it would have looked at, too. */
  async function giveRole(scope: OrganizationScope, claimed: Invitation, person: Person): Promise<Outcome> {
    const { primaryEmail } = await management.person(person.logtoId);
    if (addressKey(primaryEmail ?? "") !== claimed.addressKey) return "other-address";
    await management.giveRoles(scope.organizationId, person.logtoId, [claimed.roleId]);
    return "joined";
  }

  return accept;
}

/** Whether the person may see that there is something to accept at all, the caller knows. */
function refusalOf({ addressKey: key }: Invitation, { email, emailVerified }: Person): Refusal | undefined {
  if (addressKey(email) !== key) return "other-address";
  return emailVerified ? undefined : "unverified";
}

function ifRefused(error: unknown): "refused" {
  if (error instanceof LogtoRefused && (error.status === 404 || error.status === 422)) return "refused";
  throw error;
}

const refused = (reason: Refusal) => ({ ok: false as const, reason });
