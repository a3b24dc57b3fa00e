// Organizations: which ones a person has, and making a new one in Logto so that it ends in exactly one, whatever happens on the way.
import { createHash } from "node:crypto";
import { z } from "zod";
import {
  type Acting,
  and,
  eq,
  type Given,
  isNull,
  lt,
  newId,
  or,
  preparedForSystem,
  type Row,
  type ScopeOf,
  sql,
  type Store,
} from "../../db";
import type { LogtoRole, Management } from "../logto/management.server";
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import type { Permission } from "../permissions";
import { actingOf, type AuditEntry, writeAudit } from "./audit.server";
import { fitted } from "./fitted.server";

/** The minimum that is kept here of an organization; Logto has the rest. */
export interface Organization {
  id: string;
  name: string;
  /** One of the interface's twelve colour classes, 0 to 11. */
  colour: number;
  /** Until when its deletion can be undone; null: nobody has asked for it. */
  deletesAt: Date | null;
}

export const organizationNameLimit = 128;

/** What a form may say of it, as Logto takes it. */
export const OrganizationName = z
  .string("Give the organization a name")
  .trim()
  .min(1, "Give the organization a name")
  .max(organizationNameLimit, `A name has at most ${organizationNameLimit} characters`)
  .refine(
    (name) => name.length <= organizationNameLimit, // an emoji is one character to zod
    "This name is too long: an emoji counts as two characters or more",
  );

/** The key of the organization that a person is given at the first sign-in; every other key is a form's. */
const firstKey = "first";

export type Founding =
  | { ok: true; organization: Organization }
  /** Somebody else is at it this very moment. */
  | { ok: false; reason: "under-way" }
  /** It was made, and is gone since, or the person has left it: nobody is given a second one unasked. */
  | { ok: false; reason: "gone" }
  /** Logto gave no answer. Asked again, it goes on where it stopped. */
  | { ok: false; reason: "unavailable" }
  /** The template has no role that may look after an organization: Logto was not set up. */
  | { ok: false; reason: "no-role" };

export interface Founder {
  id: string;
  logtoId: string;
  name: string;
  email?: string;
  /** With where their request came from. */
  acting?: Acting;
}

export interface OrganizationsOptions {
  system: Store["system"];
  management: Management;
  scopeOf: ScopeOf;
  now: () => number;
}

export type Organizations = ReturnType<typeof createOrganizations>;

const oneOrganization = preparedForSystem(
  (db, { organizations, organizationSettings: settings }, given: Given<{ id: string }>) =>
    db
      .select({
        id: organizations.id,
        name: organizations.name,
        colour: sql<number>`coalesce(${settings.colour}, ${organizations.colour})`,
        deletesAt: settings.deletesAt,
      })
      .from(organizations)
      .leftJoin(settings, eq(settings.organizationId, organizations.id))
      .where(eq(organizations.id, given.id)),
);

/** Milliseconds for which one process may be at it before another takes over. */
const lease = 30_000;

export function createOrganizations({ system, management, scopeOf, now }: OrganizationsOptions) {
  const underWay = new Map<string, Promise<Founding>>();

  /**
   * Those of `ids` that are known here, by name. Asked one by one: the query is a prepared one, and people have few. One that the caller has read already
   * is not asked for.
   */
  async function listOrganizations(ids: string[], read?: Organization): Promise<Organization[]> {
    const find = (id: string) => (id === read?.id ? read : system.query(oneOrganization, { id }));
    const known = (await Promise.all(ids.map(find))).flat();
    return known.sort((one, other) => one.name.localeCompare(other.name, "en") || one.id.localeCompare(other.id));
  }

  /** One of a person's organizations; asked for at Logto when it is not known here yet. Undefined: Logto gave no answer. */
  async function findOrganization(id: string, logtoUserId: string): Promise<Organization | undefined> {
    const [known] = await listOrganizations([id]);
    if (known) return known;
    await learnNames(logtoUserId).catch(unlessLogto);
    const [learnt] = await listOrganizations([id]);
    return learnt;
  }

  /** Asks Logto for the names of a person's organizations. Throws LogtoRefused or LogtoUnavailable. */
  async function learnNames(logtoUserId: string): Promise<void> {
    const named = await management.organizationsOf(logtoUserId);
    for (const { id, name } of named) await keep(id, name);
  }

  /** Asks Logto for one that may have another name. One that is not known here is learnt when somebody is in it. */
  async function readAgain(id: string): Promise<"same" | "renamed" | "gone"> {
    const [known] = await listOrganizations([id]);
    const named = await management.organization(id);
    if (!named) return "gone";
    if (!known || known.name === named.name) return "same";
    await keep(id, named.name);
    return "renamed";
  }

  async function keep(id: string, name: string): Promise<Organization> {
    const { colour } = await system.write((db, { organizations }) =>
      db.upsert(organizations, { id, name, colour: colourOf(id), createdAt: new Date(now()) }, { name }),
    );
    const [kept] = await system.query(oneOrganization, { id });
    return kept ?? { id, name, colour, deletesAt: null };
  }

  /** "<name>'s organization", for somebody who has none: exactly once, however often and however many at a time ask for it. */
  function foundFirst(founder: Founder): Promise<Founding> {
    return found(founder, firstKey, firstName(founder.name));
  }

  /** Another one, asked for by a form whose `key` was drawn when the form was shown: sending it twice makes one. */
  function foundAnother(founder: Founder, key: string, name: string): Promise<Founding> {
    return found(founder, `form ${key}`, name);
  }

  /** Joins the attempt that is under way in this process; the lease in the row keeps another process out. */
  function found(founder: Founder, key: string, name: string): Promise<Founding> {
    const id = `${founder.id} ${key}`;
    const attempt =
      underWay.get(id) ??
      attemptToFound(founder, key, name)
        .catch(unlessLogto)
        .then((founding): Founding => founding ?? { ok: false, reason: "unavailable" })
        .finally(() => underWay.delete(id));
    underWay.set(id, attempt);
    return attempt;
  }

  async function attemptToFound(founder: Founder, key: string, name: string): Promise<Founding> {
    const order = await writeOrder(founder.id, key, name);
    if (order.finishedAt) return founded(order, founder);
    const leasedUntil = await takeLease(order.id);
    if (!leasedUntil) return { ok: false, reason: "under-way" };
    try {
      return await finish(order, founder).catch((error: unknown) => finishAnew(order, founder, error));
    } finally {
      await giveBack(order.id, leasedUntil);
    }
  }

  /** The row comes before Logto is asked for anything. */
  function writeOrder(userId: string, key: string, name: string): Promise<Row<"newOrganizations">> {
    return system.write(async (db, { newOrganizations }) => {
      const values = { id: newId(), userId, key, name, createdAt: new Date(now()) };
      return db.upsert(newOrganizations, values, { name }, ["userId", "key"]);
    });
  }

  /** @returns when it ends; undefined while somebody else has it. */
  async function takeLease(orderId: string): Promise<Date | undefined> {
    const at = new Date(now());
    const leasedUntil = new Date(now() + lease);
    const taken = await system.write((db, { newOrganizations }) =>
      db.update(
        newOrganizations,
        { leasedUntil },
        and(
          eq(newOrganizations.id, orderId),
          or(isNull(newOrganizations.leasedUntil), lt(newOrganizations.leasedUntil, at)),
        ),
      ),
    );
    return taken.length === 1 ? leasedUntil : undefined;
  }

  /** Only one's own: if it has ended, somebody else may have the next one. */
  async function giveBack(orderId: string, leasedUntil: Date): Promise<void> {
    await system.write((db, { newOrganizations }) =>
      db.update(
        newOrganizations,
        { leasedUntil: null },
        and(eq(newOrganizations.id, orderId), eq(newOrganizations.leasedUntil, leasedUntil)),
      ),
    );
  }

  /** Every step can be repeated. The order's id is the organization's name until the very end: by it a retry finds what a crash left behind. */
  async function finish(order: Row<"newOrganizations">, founder: Founder): Promise<Founding> {
    const role = foundersRole(await management.organizationRoles());
    if (!role) return { ok: false, reason: "no-role" };

    const organizationId = order.organizationId ?? (await makeUnnamed(order.id));
    await management.addMember(organizationId, founder.logtoId);
    await management.giveRoles(organizationId, founder.logtoId, [role.id]);
    await management.renameOrganization(organizationId, order.name);
    await removeStrays(order.id, organizationId);

    const organization = await keep(organizationId, order.name);
    await scopeOf(organizationId, actingOf(founder)).write((tx) => writeAudit(tx, foundingOf(order, organization)));
    await system.write((db, { newOrganizations }) =>
      db.update(newOrganizations, { finishedAt: new Date(now()) }, eq(newOrganizations.id, order.id)),
    );
    return { ok: true, organization };
  }

  /** What an earlier attempt had made was deleted at Logto meanwhile: begin again. */
  async function finishAnew(order: Row<"newOrganizations">, founder: Founder, error: unknown): Promise<Founding> {
    if (!order.organizationId || !isGone(error)) throw error;
    return finish({ ...order, organizationId: null }, founder);
  }

  async function makeUnnamed(orderId: string): Promise<string> {
    const [made] = await management.organizationsNamed(orderId);
    const { id } = made ?? (await management.createOrganization(orderId));
    await system.write((db, { newOrganizations }) =>
      db.update(newOrganizations, { organizationId: id }, eq(newOrganizations.id, orderId)),
    );
    return id;
  }

  /** A create whose answer came too late can have made a second one. It bears the order's id, which nobody else could have given it. */
  async function removeStrays(orderId: string, keptId: string): Promise<void> {
    for (const { id } of await management.organizationsNamed(orderId))
      if (id !== keptId) await management.deleteOrganization(id);
  }

  async function founded({ organizationId }: Row<"newOrganizations">, { logtoId }: Founder): Promise<Founding> {
    const theirs = await management.organizationsOf(logtoId);
    const still = theirs.find(({ id }) => id === organizationId);
    if (still) return { ok: true, organization: await keep(still.id, still.name) };
    return { ok: false, reason: "gone" };
  }

  return { listOrganizations, findOrganization, learnNames, readAgain, keepName: keep, foundFirst, foundAnother };
}

/** Whoever founds an organization looks after it. Roles can have any name, so the permissions tell. */
function foundersRole(roles: LogtoRole[]): LogtoRole | undefined {
  const needed: Permission[] = ["manage:organization", "manage:members"];
  return roles
    .filter(
      ({ type, scopes }) => type === "User" && needed.every((name) => scopes.some((scope) => scope.name === name)),
    )
    .sort((one, other) => other.scopes.length - one.scopes.length)[0];
}

function firstName(name: string): string {
  const ending = "'s organization";
  return fitted(name, organizationNameLimit - ending.length) + ending;
}

/** Made anew by a retry, it is written down once. */
function foundingOf({ id, key }: Row<"newOrganizations">, organization: Organization): AuditEntry {
  const action = key === firstKey ? "organizations.first" : "organizations.create";
  return { id, action, target: { type: "organization", id: organization.id, name: organization.name } };
}

/** The same on every machine, without being stored anywhere but here. */
function colourOf(organizationId: string): number {
  return (createHash("sha256").update(organizationId).digest()[0] ?? 0) % 12;
}

/** Whether Logto is away or says no to what it was set up for: asked again, it goes on. A bug is not answered here. */
function unlessLogto(error: unknown): undefined {
  if (!(error instanceof LogtoUnavailable || error instanceof LogtoRefused)) throw error;
}

/** A 404 or a foreign key that is gone: what the order named was deleted at Logto. */
function isGone(error: unknown): boolean {
  return (
    error instanceof LogtoRefused && (error.status === 404 || error.code === "entity.relation_foreign_key_not_found")
  );
}
