// Who takes part: Acme and Globex in full, somebody from elsewhere, and everybody whose session is not what it was. All through the real door.
import { createHash, createHmac, randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { z } from "zod";
import { paths } from "../../app/paths";
import { openStore } from "../../db";
import { demoPassword } from "../../scripts/cast";
import { seedBilling } from "../../scripts/cast-billing";
import { createManagementApi } from "../../scripts/management-api";
import { openPlain, type PlainDatabase } from "../http/database";
import { openLogto, type Logto } from "../http/logto";
import { createVisitor, enter, type Visitor } from "../http/visitor";
import { createOperator, type Operator, type Organization, type Person } from "../operator";
import type { WorldDescription } from "../world";
import { createCanaries, type Canaries, type Reader } from "./canary";
import { chanceOf } from "./chance";

/** In the order of the matrix. The first four are in Acme with a session that counts; from Gita on nobody is. */
export const actorKeys = [
  "ada",
  "bobInAcme",
  "vera",
  "dan",
  "gita",
  "bobInGlobex",
  "cleo",
  "eve",
  "ivan",
  "fay",
  "sue",
  "expired",
  "forged",
  "machine",
  "anonymous",
] as const;
export type ActorKey = (typeof actorKeys)[number];

/** How the report names them. */
export const introductions: Record<ActorKey, string> = {
  ada: "Ada (Admin of Acme)",
  bobInAcme: "Bob (Collaborator of Acme and Admin of Globex, now in Acme)",
  vera: "Vera (of Acme, in a role of the customer's own that may only read posts)",
  dan: "Dan (made a Collaborator of Acme, having signed in as Admin)",
  gita: "Gita (Admin of Globex)",
  bobInGlobex: "Bob (Collaborator of Acme and Admin of Globex, now in Globex)",
  cleo: "Cleo (Collaborator of Globex)",
  eve: "Eve (Admin of an organization of her own)",
  ivan: "Ivan (invited to Acme, has not accepted)",
  fay: "Fay (taken out of Acme while signed in)",
  sue: "Sue (of Acme, suspended while signed in)",
  expired: "whoever has Ada's session after its time",
  forged: "whoever makes up a session",
  machine: "Logto's machine application",
  anonymous: "somebody who is signed out",
};

export interface Actor {
  key: ActorKey;
  visitor: Visitor;
  reader: Reader;
  /** Another session of the same person in the same organization, for what ends or moves one. Those without a session that counts stay as they are. */
  again(): Promise<Visitor>;
  /** A Collaborator in the same place, for what ends a membership or an account. */
  another(): Promise<Visitor>;
}

export type Place = "acme" | "globex" | "elsewhere";

export interface Cast {
  world: WorldDescription;
  canaries: Canaries;
  operator: Operator;
  logto: Logto;
  database: PlainDatabase;
  organizations: Record<Place, Organization>;
  people: Record<"ada" | "bob" | "vera" | "dan" | "gita" | "cleo" | "eve" | "ivan" | "fay" | "sue", Person>;
  actors: Record<ActorKey, Actor>;
  /** The id of an invoice of each. */
  invoices: Record<Place, string>;
  /** A member of one organization whom nobody has seen yet. */
  hire(name: string, role: string, ...places: Place[]): Promise<Person>;
  /** A text with a word in it that only this organization may read. */
  textOf(place: Place, what: string): string;
}

const Made = z.object({ id: z.string() });
const Named = Made.extend({ name: z.string() });

/** Makes all of them. The seed decides which words they can be told by. */
export async function gather(world: WorldDescription, seed: number): Promise<Cast> {
  const canaries = createCanaries(chanceOf(seed));
  const operator = createOperator(world);
  const logto = openLogto(world);
  const database = openPlain(world.databaseFile);
  const { resource, ...machine } = world.management;
  const api = createManagementApi({ endpoint: world.logtoEndpoint, machine, resource });
  const organizations = await makeOrganizations();
  const idsOf = (places: Place[]) => new Set(places.map((place) => organizations[place].id));

  async function makeOrganizations(): Promise<Record<Place, Organization>> {
    const make = async (name: string): Promise<Organization> => {
      const owners = new Set<string>();
      const organization = await operator.makeOrganization(
        `${name} ${canaries.make({ class: "name", organizations: owners, what: `the name of ${name}` })}`,
      );
      owners.add(organization.id);
      return organization;
    };
    return { acme: await make("Acme"), globex: await make("Globex"), elsewhere: await make("Elsewhere") };
  }

  /** All are on Business, which has seats for everybody. */
  async function bill(): Promise<Record<Place, string>> {
    const store = openStore(world.databaseFile);
    const invoiceOf = async (place: Place) => {
      const word = (what: string) =>
        canaries.make({ class: "text", organizations: idsOf([place]), what: `${what} of ${place}` });
      const details = {
        line1: word("the address"),
        postalCode: "LS1 4AB",
        city: "Leeds",
        country: "GB",
        email: `${word("the billing address")}@example.com`,
      };
      const scope = store.scope(organizations[place].id);
      const invoice = await seedBilling(scope, { name: word("the company"), plan: "business", seats: 2, details });
      if (!invoice) throw new Error(`No invoice was made for ${place}`);
      return invoice;
    };
    const invoices = {
      acme: await invoiceOf("acme"),
      globex: await invoiceOf("globex"),
      elsewhere: await invoiceOf("elsewhere"),
    };
    await store.close();
    return invoices;
  }

  async function hire(name: string, role: string, ...places: Place[]): Promise<Person> {
    const owner = { class: "person", organizations: idsOf(places), person: name } as const;
    const word = canaries.make({ ...owner, what: `the name and the address of ${name}` });
    const person = {
      name: `${name} ${word}`,
      email: `${name}.${word}@example.com`.toLowerCase(),
      password: demoPassword,
    };
    const account = { name: person.name, primaryEmail: person.email, password: demoPassword };
    const { id } = Made.parse(await api.write("POST", "/users", account));
    for (const place of places) await join(id, place, role);
    return { id, ...person };
  }

  async function join(userId: string, place: Place, role: string): Promise<void> {
    const members = `/organizations/${organizations[place].id}/users`;
    await api.write("POST", members, { userIds: [userId] });
    await setRole(userId, place, role);
  }

  async function setRole(userId: string, place: Place, role: string): Promise<void> {
    const roles = `/organizations/${organizations[place].id}/users/${userId}/roles`;
    await api.write("PUT", roles, { organizationRoleNames: [role] });
  }

  async function makeViewer(): Promise<void> {
    const scopes = await api.list("/organization-scopes", Named);
    const organizationScopeIds = scopes.filter(({ name }) => name === "read:posts").map(({ id }) => id);
    await api.write("POST", "/organization-roles", { name: "Viewer", organizationScopeIds });
  }

  await makeViewer();
  const invoices = await bill();
  const people = {
    ada: await hire("Ada", "Admin", "acme"),
    bob: await hire("Bob", "Collaborator", "acme", "globex"),
    vera: await hire("Vera", "Viewer", "acme"),
    dan: await hire("Dan", "Admin", "acme"),
    gita: await hire("Gita", "Admin", "globex"),
    cleo: await hire("Cleo", "Collaborator", "globex"),
    eve: await hire("Eve", "Admin", "elsewhere"),
    ivan: await hire("Ivan", "Collaborator", "elsewhere", "acme"),
    fay: await hire("Fay", "Collaborator", "acme"),
    sue: await hire("Sue", "Collaborator", "acme"),
  };
  await setRole(people.bob.id, "globex", "Admin");
  await logto.removeMember(organizations.acme, people.ivan.id); // known to Acme by his address alone

  const { baseUrl } = world;
  const nobody = (name: string, cookie = "") => createVisitor(baseUrl, { name, cookie });
  async function signedIn(key: ActorKey, person: Person, place: Place, ...others: Place[]): Promise<Actor> {
    const again = () => enter(baseUrl, person, organizations[place]);
    const reader = {
      organization: organizations[place].id,
      organizations: idsOf([place, ...others]),
      person: person.name.split(" ")[0] ?? "",
    };
    const another = async () => enter(baseUrl, await hire("Leaver", "Collaborator", place), organizations[place]);
    return { key, visitor: await again(), reader, again, another };
  }
  const without = (key: ActorKey, visitor: Visitor, organization?: Organization): Actor => {
    const seen = { ...visitor, organization };
    const same = async () => seen;
    return { key, visitor: seen, reader: { organizations: new Set() }, again: same, another: same };
  };

  /** Taken out while signed in: their pages are still Acme's, their session is nowhere, and they knew its name. */
  async function formerMember(person: Person): Promise<Actor> {
    const again = async () => {
      await join(person.id, "acme", "Collaborator");
      const visitor = await enter(baseUrl, person, organizations.acme);
      await operator.removeMember(organizations.acme, person);
      await visitor.read(paths.posts);
      return visitor;
    };
    const reader = { organizations: idsOf(["acme"]), person: "Fay" };
    const another = async () => (await formerMember(await hire("Fay", "Collaborator", "acme"))).visitor;
    return { key: "fay", visitor: await again(), reader, again, another };
  }

  const adasSession = await enter(baseUrl, people.ada, organizations.acme);
  outlive(world, adasSession.cookie);
  const actors: Record<ActorKey, Actor> = {
    ada: await signedIn("ada", people.ada, "acme"),
    bobInAcme: await signedIn("bobInAcme", people.bob, "acme", "globex"),
    vera: await signedIn("vera", people.vera, "acme"),
    dan: await signedIn("dan", people.dan, "acme"),
    gita: await signedIn("gita", people.gita, "globex"),
    bobInGlobex: await signedIn("bobInGlobex", people.bob, "globex", "acme"),
    cleo: await signedIn("cleo", people.cleo, "globex"),
    eve: await signedIn("eve", people.eve, "elsewhere"),
    ivan: await signedIn("ivan", people.ivan, "elsewhere"),
    fay: await formerMember(people.fay),
    sue: await signedIn("sue", people.sue, "acme"),
    expired: without("expired", adasSession, organizations.acme),
    forged: without("forged", nobody("Nobody", forgedLike(adasSession.cookie)), organizations.acme),
    machine: without("machine", asMachine(world, nobody("Nobody"), await machineToken(world))),
    anonymous: without("anonymous", nobody("Nobody")),
  };
  await setRole(people.dan.id, "acme", "Collaborator");
  await api.write("PATCH", `/users/${people.sue.id}/is-suspended`, { isSuspended: true });
  const { dan, sue } = actors;
  for (const { visitor } of [dan, sue]) await visitor.read(paths.posts); // from here on they know
  const same = async () => sue.visitor;
  actors.sue = { ...sue, reader: { organizations: idsOf(["acme"]), person: "Sue" }, again: same, another: same };

  return {
    world,
    canaries,
    operator,
    logto,
    database,
    organizations,
    people,
    actors,
    invoices,
    hire,
    textOf: (place, what) =>
      `A text ${canaries.make({ class: "text", organizations: idsOf([place]), what: `${what} of ${organizations[place].name.split(" ")[0]}` })}`,
  };
}

/** Ends a session by its time, in the app's own file. */
function outlive({ databaseFile }: WorldDescription, cookie: string): void {
  const [packed = ""] = decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)).split(".");
  const id = z.string().parse(JSON.parse(Buffer.from(packed, "base64").toString()));
  const database = new Database(databaseFile);
  const key = createHash("sha256").update(id).digest("base64url");
  const { changes } = database.prepare("update sessions set expires_at = 1000 where id_hash = ?").run(key);
  database.close();
  if (changes !== 1) throw new Error("The session to be outlived was not found");
}

/** Of the same shape, and never made by the app. */
function forgedLike(cookie: string): string {
  const [name = ""] = cookie.split("=", 1);
  const packed = Buffer.from(JSON.stringify(randomBytes(32).toString("base64url"))).toString("base64");
  return `${name}=${encodeURIComponent(`${packed}.${randomBytes(32).toString("base64").replace(/=+$/, "")}`)}`;
}

async function machineToken({ logtoEndpoint, management: { resource, appId, appSecret } }: WorldDescription) {
  const answer = await fetch(`${logtoEndpoint}/oidc/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource, scope: "all" }),
  });
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}

/** Has every right at Logto, and signs what it sends as a webhook is signed. */
function asMachine({ webhook }: WorldDescription, visitor: Visitor, token: string): Visitor {
  return {
    ...visitor,
    send: (target, asking = {}) => {
      const signature = createHmac("sha256", webhook.signingKey)
        .update(asking.body ?? "")
        .digest("hex");
      const headers = { ...asking.headers, Authorization: `Bearer ${token}`, "logto-signature-sha-256": signature };
      return visitor.send(target, { ...asking, headers });
    },
  };
}
