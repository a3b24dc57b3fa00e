// Logto's invitation behind ours: it carries the mail and makes the member, but can move neither its expiry nor its role, so it is made anew.
import { and, eq, inArray, isNotNull, lt, or, type OrganizationScope, type TenantTables } from "../../../db";
import type { LogtoInvitation, Management } from "../../logto/management.server";
import { LogtoRefused, LogtoUnavailable, orUnavailable } from "../../logto/outcome.server";
import type { InvitationLinks } from "../invitation-link.server";
import { findMember } from "../members.server";
import { atMost, createQueues } from "../queue.server";
import { claimAge, findInvitation, type Invitation } from "./invitation.server";

export interface MirrorOptions {
  management: Management;
  links: InvitationLinks;
  now: () => number;
}

export type Mirror = ReturnType<typeof createMirror>;

/** How many calls to Logto one request may have under way. */
export const atATime = 5;
/** Milliseconds that Logto's invitation lives at least, so that one accepted at the last moment can still be made anew. */
const leastLife = 10 * 60_000;
/** How often it is made anew for a wish that changes meanwhile. */
const mostAttempts = 5;
/** Closed ones that are taken back in one go; the next go takes the others. */
const mostWithdrawn = 100;

export function createMirror({ management, links, now }: MirrorOptions) {
  const queues = createQueues();

  /**
   * Makes Logto's invitation as ours wishes it, and sends the mail that is waiting, unless nobody needs it any more. Finds what an earlier attempt made whose answer was lost.
   * @returns ours afterwards; undefined when there is none. Throws as the Management API does: asked again, it goes on.
   */
  function make(scope: OrganizationScope, id: string, { mails = true } = {}): Promise<Invitation | undefined> {
    return queues.inTurn(`${scope.organizationId} ${id}`, async () => {
      for (let attempt = 1; ; attempt += 1) {
        const ours = await findInvitation(scope, id);
        if (!ours || !isOpen(ours) || isMade(ours)) return ours;
        const made = await makeAsWished(scope, ours, mails);
        if (made !== "wished otherwise") return made;
        if (attempt === mostAttempts) throw new LogtoUnavailable("The invitation was changed again and again");
      }
    });
  }

  async function makeAsWished(scope: OrganizationScope, ours: Invitation, mails: boolean): Promise<Made> {
    const theirs = await management.invitationsTo(scope.organizationId, ours.addressKey);
    const pending = theirs.filter(({ status }) => status === "Pending");
    const made = pending.find((candidate) => fits(candidate, ours));
    for (const { id: former } of pending) if (former !== made?.id) await management.deleteInvitation(former);
    if (!made) return create(scope, ours, mails);
    // It is there, so the mail that was waiting has gone out with it.
    return record(scope, ours, made.id, ours.delivery === "waiting" ? "sent" : ours.delivery);
  }

  async function create(scope: OrganizationScope, ours: Invitation, mails: boolean): Promise<Made> {
    const inviter = await findMember(scope, ours.invitedBy);
    const wish = {
      organizationId: scope.organizationId,
      invitee: ours.addressKey,
      inviterId: inviter?.logtoId ?? "",
      roleId: ours.roleId,
      expiresAt: expiryAtLogto(ours),
    };
    if (mails && ours.delivery === "waiting") {
      const mail = { link: links.linkOf(ours), note: ours.note, role: ours.roleName, days: String(ours.days) };
      const sent = await management.invite({ ...wish, mail }).catch(mailRefusal);
      if (typeof sent === "object") return record(scope, ours, sent.id, "sent");
      // Before Logto's is made without a mail: a retry that finds it must not think that a mail went out.
      const [noted] = await scope.write((tx, { invitations }) =>
        tx.update(
          invitations,
          { delivery: sent },
          and(eq(invitations.id, ours.id), eq(invitations.wanted, ours.wanted)),
        ),
      );
      if (!noted) return "wished otherwise";
      ours = noted;
    }
    const made = await management.invite({ ...wish, mail: false });
    return record(scope, ours, made.id, ours.delivery);
  }

  /** Unless the wish has changed meanwhile: then what was made for the former one goes, and what another process made may be gone already. */
  async function record(
    scope: OrganizationScope,
    ours: Invitation,
    logtoId: string,
    delivery: Invitation["delivery"],
  ): Promise<Made> {
    const at = new Date(now());
    const mailed = ours.delivery === "waiting" && delivery === "sent";
    const [recorded] = await scope.write((tx, { invitations }) =>
      tx.update(
        invitations,
        {
          logtoId,
          made: ours.wanted,
          delivery,
          updatedAt: at,
          ...(mailed && { sentCount: ours.sentCount + 1, lastSentAt: at }),
        },
        and(eq(invitations.id, ours.id), eq(invitations.wanted, ours.wanted), stillOpen(invitations)),
      ),
    );
    if (recorded) return recorded;
    await management.deleteInvitation(logtoId);
    await scope.write((tx, { invitations }) =>
      tx.update(invitations, { made: 0 }, and(eq(invitations.id, ours.id), stillOpen(invitations))),
    );
    return "wished otherwise";
  }

  /** What Logto had is of no use any more: the next `make` makes another. */
  async function lose(scope: OrganizationScope, { id, logtoId }: Invitation): Promise<void> {
    await scope.write((tx, { invitations }) =>
      tx.update(
        invitations,
        { logtoId: null, made: 0 },
        and(eq(invitations.id, id), eq(invitations.logtoId, logtoId ?? "")),
      ),
    );
  }

  /** Takes back at Logto what was closed here, also what a crash left there. Without an answer of Logto the next one does it. */
  async function withdraw(scope: OrganizationScope): Promise<void> {
    const closed = await scope.read((db, { invitations }) =>
      db
        .select()
        .from(invitations)
        .where(
          and(
            inArray(invitations.status, ["declined", "revoked", "expired"]),
            or(isNotNull(invitations.logtoId), lt(invitations.made, invitations.wanted)),
          ),
        )
        .limit(mostWithdrawn),
    );
    await atMost(atATime, closed, (ours) => orUnavailable(() => withdrawOne(scope, ours)));
  }

  async function withdrawOne(scope: OrganizationScope, ours: Invitation): Promise<void> {
    if (ours.logtoId) await management.revokeInvitation(ours.logtoId);
    if (!isMade(ours)) {
      const theirs = await management.invitationsTo(scope.organizationId, ours.addressKey);
      for (const unrecorded of theirs) if (fits(unrecorded, ours)) await management.revokeInvitation(unrecorded.id);
    }
    // Another process may be making it at this moment: then it is looked for once more, as long as that can be.
    const looked = isMade(ours) || now() - ours.updatedAt.getTime() > claimAge;
    await scope.write((tx, { invitations }) =>
      tx.update(invitations, { logtoId: null, ...(looked && { made: ours.wanted }) }, eq(invitations.id, ours.id)),
    );
  }

  /** As a rule the very moment of ours, by which it is known again. */
  function expiryAtLogto({ expiresAt }: Invitation): number {
    return Math.max(expiresAt.getTime(), now() + leastLife);
  }

  return { make, lose, withdraw };
}

type Made = Invitation | "wished otherwise";

const stillOpen = ({ status }: TenantTables["invitations"]) => inArray(status, ["pending", "accepting"]);

const isOpen = ({ status }: Invitation) => status === "pending" || status === "accepting";

/** Nothing is wished that Logto does not have. */
const isMade = ({ made, wanted }: Invitation) => made === wanted;

function fits(theirs: LogtoInvitation, ours: Invitation): boolean {
  const [role, ...others] = theirs.organizationRoles;
  return theirs.expiresAt === ours.expiresAt.getTime() && role?.id === ours.roleId && others.length === 0;
}

/** What became of a mail that Logto did not send. Its message may hold the mail server's password; only the code is looked at. */
function mailRefusal(error: unknown): "none" | "refused" | "limited" {
  if (!(error instanceof LogtoRefused)) throw error;
  if (error.code === "connector.not_found") return "none";
  if (error.code === "request.message_rate_limited") return "limited";
  if (error.code.startsWith("connector.")) return "refused";
  throw error;
}
