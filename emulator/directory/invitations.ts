// Invitations to organizations, with Logto's rules and its gaps.
import type { Store, Table, Value } from "../database/store";
import { invalidInput, notFound } from "../errors";
import { longId } from "../ids";
import { type RoleReference, addMembers, addRoles, findOrganization } from "./organizations";
import { findUser } from "./users";

interface StoredInvitation {
  tenantId: "default";
  id: string;
  inviterId: string | null;
  invitee: string;
  acceptedUserId: string | null;
  organizationId: string;
  status: "Pending" | "Accepted" | "Expired" | "Revoked";
  createdAt: number;
  updatedAt: number;
  expiresAt: number;
}

export type Invitation = StoredInvitation & { organizationRoles: RoleReference[] };

export interface InvitationInput {
  organizationId: string;
  invitee: string;
  inviterId?: string | null | undefined;
  expiresAt: number;
  organizationRoleIds?: string[] | undefined;
}

const table: Table = { name: "organization_invitations", tenant: true };
const referenceTable: Table = { name: "organization_roles" };

/** The row says Pending until somebody writes; whether it has expired is told when it is read. */
function show(store: Store, invitation: StoredInvitation): Invitation {
  const expired = invitation.status === "Pending" && invitation.expiresAt <= Date.now();
  const organizationRoles = store.list<RoleReference>(
    referenceTable,
    `select r.id, r.name from organization_invitation_roles i join organization_roles r on r.id = i.role_id
     where i.invitation_id = ? order by r.name`,
    invitation.id,
  );
  return { ...invitation, status: expired ? "Expired" : invitation.status, organizationRoles };
}

/** @throws LogtoError 404 */
export function requireInvitation(store: Store, id: string): Invitation {
  const found = store.find<StoredInvitation>(table, "select * from organization_invitations where id = ?", id);
  if (!found) throw notFound();
  return show(store, found);
}

/** Newest first, of every status; the filters are `organizationId`, `inviterId` and `invitee` (any letter case). */
export function listInvitations(store: Store, query: URLSearchParams): Invitation[] {
  const filters: [string, string | null][] = [
    ["organization_id = ?", query.get("organizationId")],
    ["inviter_id = ?", query.get("inviterId")],
    ["lower(invitee) = lower(?)", query.get("invitee")],
  ];
  const used = filters.filter((filter): filter is [string, string] => filter[1] !== null);
  const where = used.length === 0 ? "" : `where ${used.map(([sql]) => sql).join(" and ")}`;
  const values: Value[] = used.map(([, value]) => value);
  const sql = `select * from organization_invitations ${where} order by created_at desc, rowid desc`;
  return store.list<StoredInvitation>(table, sql, ...values).map((invitation) => show(store, invitation));
}

/**
 * A pending invitation. Addresses are compared letter by letter here, as at Logto.
 * @throws LogtoError 400 for an expiry in the past; 422 for a member, a second pending one, unknown ids
 */
export function createInvitation(store: Store, input: InvitationInput): Invitation {
  const { organizationId, invitee, inviterId = null, expiresAt, organizationRoleIds = [] } = input;
  const now = Date.now();
  if (expiresAt <= now) throw invalidInput("The value of `expiresAt` must be in the future.", 400);
  const member = store.value(
    `select 1 from organization_users m join users u on u.id = m.user_id
     where m.organization_id = ? and u.primary_email = ?`,
    organizationId,
    invitee,
  );
  if (member) throw invalidInput("The invitee is already a member of the organization.");

  return store.atomic(() => {
    store.run(
      `update organization_invitations set status = 'Expired', updated_at = ?
       where organization_id = ? and invitee = ? and status = 'Pending' and expires_at <= ?`,
      ...[now, organizationId, invitee, now],
    );
    const made = store.insert<StoredInvitation>(table, {
      ...{ id: longId(), organizationId, invitee, inviterId, status: "Pending" },
      ...{ createdAt: now, updatedAt: now, expiresAt },
    });
    for (const roleId of new Set(organizationRoleIds)) {
      store.run("insert into organization_invitation_roles values (?, ?)", made.id, roleId);
    }
    return show(store, made);
  });
}

const refuseFinal = (invitation: Invitation) => {
  if (invitation.status !== "Pending") throw invalidInput("The status of the invitation cannot be changed anymore.");
};

/** `read`: an invitation read earlier whose status is believed; else it is read now. @throws LogtoError 404, 422 */
export function revokeInvitation(store: Store, id: string, read?: Invitation): Invitation {
  refuseFinal(read ?? requireInvitation(store, id));
  const changed = store.update<StoredInvitation>(table, id, { status: "Revoked", updatedAt: Date.now() });
  if (!changed) throw notFound();
  return show(store, changed);
}

/** The person joins with the invitation's roles, besides those held. @throws LogtoError 404, 422 */
export function acceptInvitation(store: Store, id: string, userId: string | undefined, read?: Invitation) {
  const invitation = read ?? requireInvitation(store, id);
  refuseFinal(invitation);
  if (!userId) throw invalidInput("The `acceptedUserId` is required when accepting an invitation.");
  const user = findUser(store, userId);
  if (!user) throw notFound();
  if (user.primaryEmail?.toLowerCase() !== invitation.invitee.toLowerCase()) {
    throw invalidInput("The accepted user must have the same email as the invitee.");
  }
  return store.atomic(() => {
    const { organizationId } = invitation;
    const joined = addMembers(store, organizationId, [userId]).length === 1;
    addRoles(
      store,
      organizationId,
      userId,
      invitation.organizationRoles.map((role) => role.id),
    );
    const changes = { status: "Accepted", acceptedUserId: userId, updatedAt: Date.now() };
    const changed = store.update<StoredInvitation>(table, id, changes);
    if (!changed) throw notFound();
    return { invitation: show(store, changed), joined };
  });
}

export const deleteInvitation = (store: Store, id: string) =>
  store.run("delete from organization_invitations where id = ?", id) === 1;

/** What the mail of an invitation carries; keys of `payload` win over the real ones. */
export function invitationMail(store: Store, invitation: Invitation, payload: Record<string, unknown>) {
  const organization = findOrganization(store, invitation.organizationId);
  const inviter = invitation.inviterId ? findUser(store, invitation.inviterId) : undefined;
  return {
    to: invitation.invitee,
    type: "OrganizationInvitation",
    payload: {
      ...(organization ? { organization: pick(organization, ["id", "name", "branding"]) } : {}),
      ...(inviter
        ? { inviter: pick(inviter, ["id", "avatar", "name", "primaryEmail", "primaryPhone", "username", "profile"]) }
        : {}),
      ...payload,
    },
  };
}

const pick = <Source extends object>(source: Source, keys: readonly (keyof Source)[]) =>
  Object.fromEntries(keys.map((key) => [key, source[key]]));
