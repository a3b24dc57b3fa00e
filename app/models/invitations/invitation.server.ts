// One invitation as its organization keeps it.
import { eq, type Given, type OrganizationScope, prepared, type Row } from "../../../db";
import type { Management } from "../../logto/management.server";
import { LogtoRefused } from "../../logto/outcome.server";
import type { AuditTarget } from "../audit.server";
import type { Standing } from "../member-roles.server";
import type { Delivery, InvitationStatus, MailResult } from "./invitations.server";

export type Invitation = Row<"invitations">;

/** Milliseconds after which somebody who began to accept has given up: no call to Logto that they began is under way any more. */
export const claimAge = 2 * 60_000;

export const day = 24 * 60 * 60_000;

/** As people see it: one whose time is over has expired, and one that is being accepted still waits. */
export function statusOf(
  { status, expiresAt }: Pick<Invitation, "status" | "expiresAt">,
  at: number,
): InvitationStatus {
  if (status === "accepting") return "pending";
  return status === "pending" && expiresAt.getTime() <= at ? "expired" : status;
}

export async function findInvitation(scope: OrganizationScope, id: string): Promise<Invitation | undefined> {
  const [invitation] = await scope.query(oneInvitation, { id });
  return invitation;
}

const oneInvitation = prepared((db, { invitations }, given: Given<{ id: string }>) =>
  db.select().from(invitations).where(eq(invitations.id, given.id)),
);

/** Logto tells addresses apart by letter case; people do not. */
export function addressKey(address: string): string {
  return address.trim().toLowerCase();
}

/** Enough to recognize one's own address by, and no more: `a***@example.com`. */
export function masked(address: string): string {
  const [name = "", ...host] = address.split("@");
  return `${[...name][0] ?? ""}***@${host.join("@")}`;
}

/** An invitation as the audit log names it. */
export function auditedInvitation({ id, address }: Pick<Invitation, "id" | "address">): AuditTarget {
  return { type: "invitation", id, name: address.trim() };
}

/** What to tell of a mail that was asked for. */
export function mailResult(delivery: Delivery): MailResult {
  const results = {
    waiting: "unavailable",
    sent: "sent",
    none: "made-no-mail",
    refused: "mail-refused",
    limited: "mail-limited",
  } as const;
  return results[delivery];
}

/** Whether somebody may invite into a role now. */
export function mayInvite(giver: Standing | undefined, role: { permissions: Iterable<string> }): giver is Standing {
  if (!giver?.permissions.has("invite:members")) return false;
  return [...role.permissions].every((permission) => giver.permissions.has(permission));
}

/** Asked for before Logto is asked to invite, because it would take Ada@example.com for somebody else than ada@example.com. */
export async function isOfMember(management: Management, organizationId: string, key: string): Promise<boolean> {
  const { members } = await management.membersPage(organizationId, { number: 1, size: 100, text: key });
  return members.some(({ primaryEmail }) => primaryEmail && addressKey(primaryEmail) === key);
}

/** Logto's 422 for an address that belongs to a member, letter by letter. */
export function ifMember(error: unknown): "already-member" {
  if (error instanceof LogtoRefused && error.status === 422 && error.code === "request.invalid_input")
    return "already-member";
  throw error;
}
