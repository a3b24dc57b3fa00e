// What Logto has, asked directly: what the app says of members and invitations is held against it.
import { z } from "zod";
import { createManagementApi } from "../../scripts/management-api";
import type { Organization, Role } from "../operator";
import type { WorldDescription } from "../world";

const Named = z.object({ id: z.string(), name: z.string() });
const Member = z.object({ id: z.string(), organizationRoles: z.array(Named) });
const Invitation = z.object({ invitee: z.string(), status: z.string(), organizationRoles: z.array(Named) });

export type Logto = ReturnType<typeof openLogto>;

export function openLogto({ logtoEndpoint, management }: WorldDescription) {
  const { resource, ...machine } = management;
  const api = createManagementApi({ endpoint: logtoEndpoint, machine, resource });
  const namesOf = (roles: z.infer<typeof Named>[]) => roles.map(({ name }) => name).toSorted();

  /** The names of each member's roles, by the person's id. */
  async function membersOf({ id }: Organization): Promise<Record<string, string[]>> {
    const members = await api.list(`/organizations/${id}/users`, Member);
    return Object.fromEntries(members.map((member) => [member.id, namesOf(member.organizationRoles)]));
  }

  /** One line for each, in the order of their addresses. */
  async function invitationsOf({ id }: Organization): Promise<string[]> {
    const query = new URLSearchParams({ organizationId: id });
    const invitations = await api.get(`/organization-invitations?${query}`, z.array(Invitation));
    return invitations
      .map(({ invitee, status, organizationRoles }) => [invitee, status, ...namesOf(organizationRoles)].join(" "))
      .toSorted();
  }

  return {
    membersOf,
    invitationsOf,

    /** All of an organization, to see whether anything has changed. */
    async stateOf(organization: Organization): Promise<string> {
      return JSON.stringify([await membersOf(organization), await invitationsOf(organization)]);
    },

    async roleId(name: Role): Promise<string> {
      const roles = await api.list("/organization-roles", Named);
      const role = roles.find((one) => one.name === name);
      if (!role) throw new Error(`Logto has no role ${name}`);
      return role.id;
    },

    /** Without a word to the app. */
    async removeMember({ id }: Organization, personId: string): Promise<void> {
      await api.write("DELETE", `/organizations/${id}/users/${personId}`);
    },
  };
}
