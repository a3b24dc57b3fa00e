// The part of Logto's Management API that the app uses, as a machine-to-machine application.
import { z } from "zod";
import { createMachine, read, type MachineOptions } from "./machine.server";
import { LogtoRefused } from "./outcome.server";

const Organization = z.object({ id: z.string(), name: z.string() });
const RoleReference = z.object({ id: z.string(), name: z.string() });
const Role = RoleReference.extend({
  type: z.string(),
  description: z.string().nullish(),
  scopes: z.array(RoleReference),
});
const Person = z.object({
  id: z.string(),
  name: z.string().nullable(),
  username: z.string().nullable(),
  primaryEmail: z.string().nullable(),
  isSuspended: z.boolean(),
});
const Member = Person.extend({ organizationRoles: z.array(RoleReference) });
const Invitation = z.object({
  id: z.string(),
  invitee: z.string(),
  status: z.string(),
  acceptedUserId: z.string().nullable(),
  expiresAt: z.number(),
  organizationRoles: z.array(RoleReference),
});

export type LogtoOrganization = z.infer<typeof Organization>;
export type LogtoRole = z.infer<typeof Role>;
export type LogtoPerson = z.infer<typeof Person>;
export type LogtoMember = z.infer<typeof Member>;
/** `status`: Pending, Accepted, Expired or Revoked. `expiresAt` in milliseconds. */
export type LogtoInvitation = z.infer<typeof Invitation>;

export interface LogtoInvitationWish {
  organizationId: string;
  /** In lower case: Logto tells addresses apart by letter case here. */
  invitee: string;
  inviterId: string;
  roleId: string;
  expiresAt: number;
  /** What the text of the mail may use; false sends none. */
  mail: Record<string, string> | false;
}

const longestPage = 100;

/**
 * Every function throws LogtoRefused (a status and a code) or LogtoUnavailable. Reads are tried twice, writes once: a write that got no answer may
 * have happened, and only its caller knows how to find out.
 * @see https://openapi.logto.io
 */
export type Management = ReturnType<typeof createManagement>;

export function createManagement(options: MachineOptions) {
  const { call, page } = createMachine(options);

  return {
    /** Organizations whose name is exactly `name`. Names need not be unique, and `q` alone is a pattern over parts of names. */
    async organizationsNamed(name: string): Promise<LogtoOrganization[]> {
      const found = read(
        z.array(Organization),
        await call("GET", `/organizations?${new URLSearchParams({ q: name })}`),
      );
      return found.filter((organization) => organization.name === name);
    },

    async createOrganization(name: string): Promise<LogtoOrganization> {
      return read(Organization, await call("POST", "/organizations", { body: { name } }));
    },

    async renameOrganization(organizationId: string, name: string): Promise<LogtoOrganization> {
      return read(Organization, await call("PATCH", `/organizations/${segment(organizationId)}`, { body: { name } }));
    },

    /** Undefined: there is none. */
    async organization(organizationId: string): Promise<LogtoOrganization | undefined> {
      const answer = await call("GET", `/organizations/${segment(organizationId)}`).catch(unlessMissing);
      return answer === undefined ? undefined : read(Organization, answer);
    },

    /** Its members, roles and invitations go with it. True also when it was gone already. */
    async deleteOrganization(organizationId: string): Promise<void> {
      await call("DELETE", `/organizations/${segment(organizationId)}`).catch(unlessMissing);
    },

    /** Can be repeated: a member stays one. */
    async addMember(organizationId: string, logtoUserId: string): Promise<void> {
      await call("POST", `/organizations/${segment(organizationId)}/users`, { body: { userIds: [logtoUserId] } });
    },

    /** Can be repeated: roles are added to those that are held. */
    async giveRoles(organizationId: string, logtoUserId: string, organizationRoleIds: string[]): Promise<void> {
      await call("POST", rolesPath(organizationId, logtoUserId), { body: { organizationRoleIds } });
    },

    /** The person's organizations, in no order. Throws LogtoRefused 404 for an unknown person. */
    async organizationsOf(logtoUserId: string): Promise<LogtoOrganization[]> {
      return read(z.array(Organization), await call("GET", `/users/${segment(logtoUserId)}/organizations`));
    },

    /** The roles of the organization template, with the permissions (Logto calls them scopes) of each. */
    async organizationRoles(): Promise<LogtoRole[]> {
      const query = (number: number) => ({ page: String(number), page_size: String(longestPage) });
      const { rows, total } = await page("/organization-roles", query(1), Role);
      for (let number = 2; rows.length < total && number <= Math.ceil(total / longestPage); number += 1)
        rows.push(...(await page("/organization-roles", query(number), Role)).rows);
      return rows;
    },

    /** Members by their id, from page 1. `text` is looked for in names and addresses, in any case; a role filters, and all roles are listed. */
    async membersPage(
      organizationId: string,
      { number, size, text, roleId }: { number: number; size: number; text?: string; roleId?: string },
    ): Promise<{ members: LogtoMember[]; total: number }> {
      const query = {
        page: String(number),
        page_size: String(size),
        ...(text && { q: text }),
        ...(roleId && { organizationRoleId: roleId }),
      };
      const { rows, total } = await page(`/organizations/${segment(organizationId)}/users`, query, Member);
      return { members: rows, total };
    },

    /** Throws LogtoRefused 404 for somebody who is not there. */
    async person(logtoUserId: string): Promise<LogtoPerson> {
      return read(Person, await call("GET", `/users/${segment(logtoUserId)}`));
    },

    /** Their sessions, tokens, memberships and invitations go with them. Also when they were gone already. */
    async deletePerson(logtoUserId: string): Promise<void> {
      await call("DELETE", `/users/${segment(logtoUserId)}`).catch(unlessMissing);
    },

    /** Undefined: not a member. */
    async rolesOf(organizationId: string, logtoUserId: string): Promise<{ id: string; name: string }[] | undefined> {
      const answer = await call("GET", rolesPath(organizationId, logtoUserId)).catch(ifNoMember);
      return answer === noMember ? undefined : read(z.array(RoleReference), answer);
    },

    /** Sets exactly these. Can be repeated. Refusals: 422 `organization.require_membership`, `entity.relation_foreign_key_not_found` (no such role). */
    async replaceRoles(organizationId: string, logtoUserId: string, organizationRoleIds: string[]): Promise<void> {
      await call("PUT", rolesPath(organizationId, logtoUserId), { body: { organizationRoleIds } });
    },

    /** Also when they were gone already. */
    async removeMember(organizationId: string, logtoUserId: string): Promise<void> {
      const path = `/organizations/${segment(organizationId)}/users/${segment(logtoUserId)}`;
      await call("DELETE", path).catch(unlessMissing);
    },

    /** Of every status, newest first, and whatever the letter case of the address. */
    async invitationsTo(organizationId: string, invitee: string): Promise<LogtoInvitation[]> {
      const query = new URLSearchParams({ organizationId, invitee });
      return read(z.array(Invitation), await call("GET", `/organization-invitations?${query}`));
    },

    /**
     * Makes an invitation; with a mail it is made only if the mail was sent. Refusals: 400 `connector.*` (the mail server), 501 `connector.not_found` (there is
     * none), 429 `request.message_rate_limited`; 422 `entity.unique_integrity_violation` (a pending one for this address), `request.invalid_input` (a member),
     * `entity.relation_foreign_key_not_found` (the role, the inviter or the organization is gone).
     */
    async invite({ roleId, mail, ...wish }: LogtoInvitationWish): Promise<LogtoInvitation> {
      const body = { ...wish, organizationRoleIds: [roleId], messagePayload: mail };
      return read(Invitation, await call("POST", "/organization-invitations", { body, mails: mail !== false }));
    },

    /** Undefined: there is none. */
    async invitation(id: string): Promise<LogtoInvitation | undefined> {
      const answer = await call("GET", `/organization-invitations/${segment(id)}`).catch(unlessMissing);
      return answer === undefined ? undefined : read(Invitation, answer);
    },

    /**
     * The person becomes a member, with the invitation's role beside any they hold. Refusals: 404 (no such invitation or person); 422
     * `request.invalid_input` (it is not pending any more, or their address at this moment is another one).
     */
    async acceptInvitation(id: string, logtoUserId: string): Promise<void> {
      const body = { status: "Accepted", acceptedUserId: logtoUserId };
      await call("PUT", `/organization-invitations/${segment(id)}/status`, { body });
    },

    /** Also when it was decided otherwise, or deleted. */
    async revokeInvitation(id: string): Promise<void> {
      const path = `/organization-invitations/${segment(id)}/status`;
      await call("PUT", path, { body: { status: "Revoked" } }).catch(unlessDecided);
    },

    /** Also when it was gone already. */
    async deleteInvitation(id: string): Promise<void> {
      await call("DELETE", `/organization-invitations/${segment(id)}`).catch(unlessMissing);
    },
  };
}

const rolesPath = (organizationId: string, logtoUserId: string) =>
  `/organizations/${segment(organizationId)}/users/${segment(logtoUserId)}/roles`;

const segment = encodeURIComponent;

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof LogtoRefused && error.status === 404)) throw error;
}

function unlessDecided(error: unknown): undefined {
  if (!(error instanceof LogtoRefused && (error.status === 404 || error.code === "request.invalid_input"))) throw error;
}

const noMember = Symbol("not a member");

function ifNoMember(error: unknown): typeof noMember {
  if (error instanceof LogtoRefused && error.code === "organization.require_membership") return noMember;
  throw error;
}
