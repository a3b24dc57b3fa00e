// The demo cast: four people and three organizations, made in Logto through its API and then given something to read in the app's database.
import { z } from "zod";
import { openStore, type Store } from "../db";
import { seedCast } from "../db/seed";
import { type BilledOrganization, seedBilling } from "./cast-billing";
import { createManagementApi, defaultResource, type Machine, type ManagementApi } from "./management-api";

type PersonKey = "ada" | "bob" | "cleo" | "eve";
type OrganizationKey = "acme" | "globex" | "eve";

export const castOrganizations: { key: OrganizationKey; name: string }[] = [
  { key: "acme", name: "Acme" },
  { key: "globex", name: "Globex" },
  { key: "eve", name: "Eve's organization" },
];

export const castPeople: {
  key: PersonKey;
  name: string;
  memberships: { organization: OrganizationKey; role: string }[];
}[] = [
  { key: "ada", name: "Ada", memberships: [{ organization: "acme", role: "Admin" }] },
  {
    key: "bob",
    name: "Bob",
    memberships: [
      { organization: "acme", role: "Collaborator" },
      { organization: "globex", role: "Admin" },
    ],
  },
  { key: "cleo", name: "Cleo", memberships: [{ organization: "globex", role: "Collaborator" }] },
  { key: "eve", name: "Eve", memberships: [{ organization: "eve", role: "Admin" }] },
];

export const demoPassword = "atrium-demo";

const emailOf = (key: PersonKey) => `${key}@example.com`;

/** A line about each person, for whoever wants to sign in. */
export function introduce(): string[] {
  const nameOf = (key: OrganizationKey) => castOrganizations.find((organization) => organization.key === key)?.name;
  return castPeople.map(({ key, memberships }) => {
    const places = memberships.map(({ organization, role }) => `${role} of ${nameOf(organization)}`);
    return `  ${emailOf(key).padEnd(18)} ${places.join(", ")}`;
  });
}

interface CastOrganization {
  key: OrganizationKey;
  id: string;
  name: string;
}

export interface CastMember {
  key: PersonKey;
  id: string;
  email: string;
  name: string;
  organizations: { id: string; role: string }[];
}

export interface CastOptions {
  endpoint: string;
  machine: Machine;
  /** The one password of all four. */
  password: string;
  /** The app's SQLite file; it is migrated first. */
  databaseFile: string;
  resource?: string;
}

/**
 * Can be repeated: who and what is there stays. The roles Admin and Collaborator must exist already (provision). `records` has the id of one row of
 * each tenant table, by organization.
 */
export async function makeCast({ endpoint, machine, password, databaseFile, resource = defaultResource }: CastOptions) {
  const api = createManagementApi({ endpoint, machine, resource });
  const organizations: CastOrganization[] = [];
  for (const { key, name } of castOrganizations)
    organizations.push({ key, name, id: await ensureOrganization(api, name) });

  const people: CastMember[] = [];
  for (const { key, name, memberships } of castPeople) {
    const email = emailOf(key);
    const id = await ensurePerson(api, { primaryEmail: email, name, password });
    const joined = memberships.map(({ organization, role }) => {
      const found = organizations.find((candidate) => candidate.key === organization);
      return { id: found?.id ?? "", role };
    });
    for (const { id: organizationId, role } of joined) await ensureMember(api, organizationId, id, role);
    people.push({ key, id, email, name, organizations: joined });
  }
  const store = openStore(databaseFile);
  const records = await seed(store, { people, organizations }).finally(() => store.close());
  return { people, organizations, records };
}

/** What the two organizations that pay have; Eve's own is on Free. */
const billed: Partial<Record<OrganizationKey, Pick<BilledOrganization, "plan" | "details">>> = {
  acme: {
    plan: "business",
    details: {
      line1: "12 Mill Lane",
      postalCode: "LS1 4AB",
      city: "Leeds",
      country: "GB",
      email: "billing@acme.example.com",
    },
  },
  globex: {
    plan: "team",
    details: {
      line1: "Hafenstraße 7",
      postalCode: "20459",
      city: "Hamburg",
      country: "DE",
      email: "billing@globex.example.com",
    },
  },
};

async function seed(store: Store, cast: { people: CastMember[]; organizations: CastOrganization[] }) {
  const records = await seedCast(store, cast);
  const withInvoices: Record<string, (typeof records)[string] & { invoices?: string }> = records;
  for (const { key, id, name } of cast.organizations) {
    const pays = billed[key];
    if (!pays) continue;
    const seats = cast.people.filter(({ organizations }) => organizations.some((one) => one.id === id)).length;
    const invoices = await seedBilling(store.scope(id), { ...pays, name, seats });
    const others = records[key];
    if (others) withInvoices[key] = { ...others, invoices };
  }
  return withInvoices;
}

/** Tells ours from a customer's, should somebody have one of the same name. */
const customData = { demo: true };
const Marked = z.object({ id: z.string(), customData: z.looseObject({ demo: z.boolean().optional() }) });

async function ensureOrganization(api: ManagementApi, name: string): Promise<string> {
  const Named = Marked.extend({ name: z.string() });
  const found = await api.list(`/organizations?${new URLSearchParams({ q: name })}`, Named);
  const ours = found.find((organization) => organization.name === name && organization.customData.demo === true);
  return ours?.id ?? idOf(await api.write("POST", "/organizations", { name, customData }));
}

async function ensurePerson(api: ManagementApi, person: { primaryEmail: string; name: string; password: string }) {
  const query = new URLSearchParams({ "search.primaryEmail": person.primaryEmail, "mode.primaryEmail": "exact" });
  const [found] = await api.get(`/users?${query}`, z.array(Marked));
  if (!found) return idOf(await api.write("POST", "/users", { ...person, customData }));
  if (found.customData.demo === true) return found.id;
  throw new Error(`${person.primaryEmail} exists at this Logto and is not of the demo cast.`);
}

async function ensureMember(api: ManagementApi, organizationId: string, userId: string, role: string) {
  await api.write("POST", `/organizations/${organizationId}/users`, { userIds: [userId] });
  const path = `/organizations/${organizationId}/users/${userId}/roles`;
  await api.write("POST", path, { organizationRoleNames: [role] });
}

function idOf(answer: unknown): string {
  return z.object({ id: z.string() }).parse(answer).id;
}
