// An operator at Logto: makes people and organizations and changes what they may do, through the Management API alone.
import { createHmac, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Permission } from "../app/permissions";
import { demoPassword } from "../scripts/cast";
import { createManagementApi } from "../scripts/management-api";
import type { WorldDescription } from "./world";

export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
}

export interface Organization {
  id: string;
  name: string;
}

export type Role = "Admin" | "Collaborator";

const Made = z.object({ id: z.string() });
const Named = z.object({ id: z.string(), name: z.string() });
const Role = Named.extend({ scopes: z.array(Named) });

export type Operator = ReturnType<typeof createOperator>;

export function createOperator({ logtoEndpoint, management, webhook }: WorldDescription) {
  const { resource, ...machine } = management;
  const api = createManagementApi({ endpoint: logtoEndpoint, machine, resource });

  async function makeOrganization(name: string): Promise<Organization> {
    const { id } = Made.parse(await api.write("POST", "/organizations", { name }));
    return { id, name };
  }

  async function addMember(organization: Organization, person: Person, role: Role): Promise<void> {
    const members = `/organizations/${organization.id}/users`;
    await api.write("POST", members, { userIds: [person.id] });
    await api.write("POST", `${members}/${person.id}/roles`, { organizationRoleNames: [role] });
  }

  async function makePerson(name: string, ...memberships: [Organization, Role][]): Promise<Person> {
    const email = `${name.toLowerCase()}.${randomUUID()}@example.com`;
    const { id } = Made.parse(await api.write("POST", "/users", { name, primaryEmail: email, password: demoPassword }));
    const person = { id, name, email, password: demoPassword };
    for (const [organization, role] of memberships) await addMember(organization, person, role);
    return person;
  }

  /** A webhook as Logto sends it. Once this returns, Atrium knows that something has changed. */
  async function tellAtrium(event: string): Promise<void> {
    const body = JSON.stringify({ event, createdAt: new Date().toISOString() });
    const signature = createHmac("sha256", webhook.signingKey).update(body).digest("hex");
    const headers = { "Content-Type": "application/json", "logto-signature-sha-256": signature };
    const { status } = await fetch(webhook.url, { method: "POST", headers, body });
    if (status !== 204) throw new Error(`Atrium answered the webhook with ${status}`);
  }

  return {
    makeOrganization,
    makePerson,
    addMember,

    async removeMember(organization: Organization, person: Person): Promise<void> {
      await api.write("DELETE", `/organizations/${organization.id}/users/${person.id}`);
      await tellAtrium("Organization.Membership.Updated");
    },

    /** In place of all that they have there. */
    async setRole(organization: Organization, person: Person, role: Role): Promise<void> {
      const roles = `/organizations/${organization.id}/users/${person.id}/roles`;
      await api.write("PUT", roles, { organizationRoleNames: [role] });
      await tellAtrium("Organization.Membership.Updated");
    },

    /** As if Logto's template had never had it. @returns what brings it into being, for every role that had it */
    async takePermission(name: Permission): Promise<() => Promise<void>> {
      const scopes = await api.list("/organization-scopes", Named);
      const roles = await api.list("/organization-roles", Role);
      await api.write("DELETE", `/organization-scopes/${scopes.find((scope) => scope.name === name)?.id}`);
      await tellAtrium("OrganizationScope.Deleted");
      return async () => {
        const { id } = Made.parse(await api.write("POST", "/organization-scopes", { name }));
        for (const role of roles.filter((each) => each.scopes.some((scope) => scope.name === name)))
          await api.write("POST", `/organization-roles/${role.id}/scopes`, { organizationScopeIds: [id] });
        await tellAtrium("OrganizationScope.Created");
      };
    },

    async renameOrganization(organization: Organization, name: string): Promise<void> {
      await api.write("PATCH", `/organizations/${organization.id}`, { name });
      await tellAtrium("Organization.Data.Updated");
    },

    async deleteOrganization(organization: Organization): Promise<void> {
      await api.write("DELETE", `/organizations/${organization.id}`);
      await tellAtrium("Organization.Deleted");
    },
  };
}
