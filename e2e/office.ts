// An organization with colleagues, for tests of members and invitations: who they are at Logto, and what is remembered of them in the app.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { dayOf } from "../app/models/billing/periods";
import type { PlanName } from "../app/models/billing/plans";
import type { Actor } from "../app/models/member-roles.server";
import { rememberMember } from "../app/models/members.server";
import { rememberPerson } from "../app/models/users.server";
import { eq, newId, type OrganizationScope } from "../db";
import type { App, Ground } from "./ground";

export type Office = Awaited<ReturnType<typeof openOffice>>;
export type Colleague = Actor & Actor["person"];

const Invitation = z.object({
  id: z.string(),
  invitee: z.string(),
  status: z.string(),
  acceptedUserId: z.string().nullable(),
  expiresAt: z.number(),
  organizationRoles: z.array(z.object({ name: z.string() })),
});
const Member = z.object({
  id: z.string(),
  primaryEmail: z.string().nullable(),
  organizationRoles: z.array(z.object({ name: z.string() })),
});
const Mail = z.object({ to: z.string(), payload: z.looseObject({ link: z.string() }) });

interface Inviting {
  role?: string;
  by?: Actor;
  days?: number;
  note?: string;
}

let people = 0;

/** Somebody with an account at Logto, who has been seen by the app unless `unseen`. Their address is their own in every test. */
export async function newcomer(
  ground: Ground,
  app: App,
  name: string,
  { email = `${name}.${(people += 1)}@example.com`, emailVerified = true, unseen = false } = {},
): Promise<Colleague & { password: string }> {
  const password = "atrium-demo";
  const made = await ground.api.write("POST", "/users", { name, primaryEmail: email, password });
  const { id: logtoId } = z.object({ id: z.string() }).parse(made);
  const at = new Date(Date.now() + app.clock.ahead);
  const known = unseen
    ? { id: "" }
    : await rememberPerson(app.store.system, { logtoId, name, email, emailVerified }, at);
  const person = { id: known.id, logtoId, name, email };
  return { ...person, person, password, can: () => true };
}

interface Founding {
  scope?: OrganizationScope;
  /** As a rule one that has seats for everybody. */
  plan?: PlanName;
}

/** A new organization with Ada as its Admin. */
export async function openOffice(ground: Ground, app: App, { scope: given, plan = "business" }: Founding = {}) {
  const organizationId = await ground.makeOrganization("Acme");
  const scope = given ?? app.store.scope(organizationId);
  const choice = { id: newId(), plan, startsOn: dayOf(new Date()), createdAt: new Date() };
  if (plan !== "free") await scope.write((tx, { planChoices }) => tx.insert(planChoices, choice));
  await app.store.system.write((tx, { organizations }) =>
    tx.insert(organizations, { id: organizationId, name: "Acme", colour: 3, createdAt: new Date() }),
  );

  async function hire(name: string, ...roles: string[]): Promise<Colleague & { password: string }> {
    const colleague = await newcomer(ground, app, name);
    await ground.addMember(organizationId, { id: colleague.logtoId }, ...roles);
    const { id: userId, logtoId, email } = colleague;
    await rememberMember(scope, { userId, logtoId, name, email }, new Date(Date.now() + app.clock.ahead));
    return colleague;
  }

  const ada: Colleague = await hire("Ada", "Admin");
  const listed = await ground.api.list("/organization-roles", z.object({ id: z.string(), name: z.string() }));
  const roleId = (name: string) => listed.find((role) => role.name === name)?.id ?? name;

  /** Ada invites; every address into the same role. */
  async function invite(addresses: string[], { role = "Collaborator", by = ada, days = 7, note = "" }: Inviting = {}) {
    const entries = addresses.map((address) => ({ address, roleId: roleId(role) }));
    return app.invitations.send(scope, by, { batch: newBatch(), entries, note, days });
  }

  /** The same for one address, which must end in an invitation. */
  async function inviteOne(address: string, inviting?: Inviting) {
    const [sent] = await invite([address], inviting);
    if (!sent?.invitationId || !sent.link) throw new Error(`Not invited: ${sent?.result}`);
    return { id: sent.invitationId, link: sent.link, token: tokenOf(sent.link), result: sent.result };
  }

  return {
    organizationId,
    scope,
    ada,
    hire,
    roleId,

    /** As Logto has them: the names of the roles of each member, by Logto's id. */
    async membersAtLogto(): Promise<Record<string, string[]>> {
      const members = await ground.api.list(`/organizations/${organizationId}/users`, Member);
      return Object.fromEntries(
        members.map(({ id, organizationRoles }) => [id, organizationRoles.map(({ name }) => name)]),
      );
    },

    /** As Logto has them, newest first. */
    invitationsAtLogto: (address?: string) => {
      const query = new URLSearchParams({ organizationId, ...(address && { invitee: address }) });
      return ground.api.get(`/organization-invitations?${query}`, z.array(Invitation));
    },

    async mailsTo(address: string): Promise<string[]> {
      const response = await fetch(`${ground.endpoint}/emulator/outbox.json?${new URLSearchParams({ to: address })}`);
      return z
        .array(Mail)
        .parse(await response.json())
        .map(({ payload }) => payload.link);
    },

    row: async (id: string) => {
      const [row] = await app.store
        .scope(organizationId)
        .read((db, { invitations }) => db.select().from(invitations).where(eq(invitations.id, id)));
      return row;
    },

    /** How an invitation stands: here, in all that Logto has for its address (newest first), and the roles of its member at Logto. */
    async standing(id: string) {
      const [row] = await app.store
        .scope(organizationId)
        .read((db, { invitations }) => db.select().from(invitations).where(eq(invitations.id, id)));
      const key = row?.addressKey ?? "";
      const query = new URLSearchParams({ organizationId, invitee: key });
      const theirs = await ground.api.get(`/organization-invitations?${query}`, z.array(Invitation));
      const members = await ground.api.list(`/organizations/${organizationId}/users`, Member);
      const member = members.find(({ primaryEmail }) => primaryEmail?.toLowerCase() === key);
      return {
        here: row?.status,
        atLogto: theirs.map(({ status }) => status),
        roles: member?.organizationRoles.map(({ name }) => name),
      };
    },

    rows: () => app.store.scope(organizationId).read((db, { invitations }) => db.select().from(invitations)),

    member: async (logtoId: string) => {
      const [row] = await app.store
        .scope(organizationId)
        .read((db, { members }) => db.select().from(members).where(eq(members.logtoId, logtoId)));
      return row;
    },

    invite,
    inviteOne,
  };
}

export const tokenOf = (link: string) => link.slice(link.lastIndexOf("/") + 1);
export const newBatch = () => randomBytes(12).toString("base64url");
export const day = 24 * 60 * 60_000;
