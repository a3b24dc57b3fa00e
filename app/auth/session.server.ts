// The session: a row that a random cookie points to. It holds Logto's tokens, sealed, and the organization the person works in.
import { hash, randomBytes } from "node:crypto";
import { createCookie, createSessionStorage } from "@remix-run/node";
import {
  and,
  eq,
  gt,
  inArray,
  lt,
  preparedForSystem,
  sql,
  type Given,
  type GlobalTables,
  type SQL,
  type Store,
} from "../../db";
import { allPermissions } from "../permissions";
import type { Items, OrganizationRoles } from "./logto-session.server";
import type { Seal } from "./seal.server";

/** What Logto last said about one organization. `askedAt` (ms) and `epoch` are of the moment of asking. */
export interface Answer {
  organizationId: string;
  permissions: string[];
  askedAt: number;
  epoch: number;
}

export interface SessionRow {
  idHash: string;
  userId: string;
  logtoId: string;
  name: string;
  email: string;
  /** The active organization; null until the person has chosen one. */
  organizationId: string | null;
  /** What it is called, and its colour; null too while this is not known here. */
  organizationName: string | null;
  organizationColour: number | null;
  organizationDeletesAt: Date | null;
  items: string;
  /** As of the last renewal. */
  organizations: OrganizationRoles[];
  answer: Answer | null;
  /** Counts writes of tokens: a writer must name the version it started from. */
  version: number;
  /** Counts known changes of what the person may do: an answer asked for in an earlier epoch is stale. */
  epoch: number;
  /** What the person must read before they go on, such as why their organization is gone. */
  notice: string | null;
  /** The scopes that Logto granted: at the sign-in, or since. */
  granted: string[];
  /** Permissions that it was asked for and did not grant. */
  tried: string[];
  /** The state of the request for consent that is under way. */
  consentState: string | null;
  expiresAt: Date;
}

/** Whose answers have become stale. */
export type Whose =
  { session: string } | { user: string; organization?: string } | { organization: string } | "everybody";

/** A refresh token of Logto that does not rotate ends after 14 days, so a session does too (customClientMetadata.rotateRefreshToken). */
const lifetime = 14 * 24 * 60 * 60;

const sessionRow = preparedForSystem((db, tables, given: Given<{ idHash: string }>) => {
  const { sessions, users, organizations, organizationSettings: settings } = tables;
  return db
    .select({
      idHash: sessions.idHash,
      userId: sessions.userId,
      logtoId: users.logtoId,
      name: users.name,
      email: users.email,
      organizationId: sessions.organizationId,
      organizationName: organizations.name,
      organizationColour: sql<number | null>`coalesce(${settings.colour}, ${organizations.colour})`,
      organizationDeletesAt: settings.deletesAt,
      items: sessions.items,
      organizations: sessions.organizations,
      answer: sessions.answer,
      version: sessions.version,
      epoch: sessions.epoch,
      notice: sessions.notice,
      granted: sessions.grantedPermissions,
      tried: sessions.triedPermissions,
      consentState: sessions.reconsentState,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(organizations, eq(organizations.id, sessions.organizationId))
    .leftJoin(settings, eq(settings.organizationId, sessions.organizationId))
    .where(eq(sessions.idHash, given.idHash));
});

export interface SessionsOptions {
  system: Store["system"];
  seal: Seal;
  /** `SESSION_SECRET`: they sign the cookie as well. */
  secrets: readonly string[];
  /** Whether the app is served over https. */
  secure: boolean;
  now: () => number;
}

export type Sessions = ReturnType<typeof createSessions>;

export function createSessions({ system, seal, secrets, secure, now }: SessionsOptions) {
  const cookie = createCookie(secure ? "__Host-session" : "__session", {
    secrets: [...secrets],
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    maxAge: lifetime,
    secure,
  });

  const storage = createSessionStorage<{ row: SessionRow; begins: NewSession }>({
    cookie,
    async createData({ begins }) {
      if (!begins) throw new Error("A session begins with somebody signing in");
      const id = randomBytes(32).toString("base64url");
      await insert(hashOf(id), begins);
      return id;
    },
    async readData(id) {
      const row = await find(hashOf(id));
      return row ? { row } : null;
    },
    async updateData() {
      throw new Error("A session's row is changed by name, never as a whole");
    },
    async deleteData(id) {
      await drop(hashOf(id));
    },
  });

  /** The row, or undefined when it never was, is over, or was deleted. */
  async function find(idHash: string): Promise<SessionRow | undefined> {
    const [row] = await system.query(sessionRow, { idHash });
    return row && row.expiresAt.getTime() > now() ? row : undefined;
  }

  /** Where these sessions are, and the epoch of each, in one read. Those that are over are left out. */
  async function glance(idHashes: string[]): Promise<Map<string, { organization: string | null; epoch: number }>> {
    const rows = await system.read((db, { sessions }) =>
      db
        .select({ idHash: sessions.idHash, organization: sessions.organizationId, epoch: sessions.epoch })
        .from(sessions)
        .where(and(inArray(sessions.idHash, idHashes), gt(sessions.expiresAt, new Date(now())))),
    );
    return new Map(rows.map(({ idHash, ...where }) => [idHash, where]));
  }

  /** The session that a request's cookie names, if there is one. A cookie that was tampered with names none. */
  async function read(cookieHeader: string | null | undefined): Promise<SessionRow | undefined> {
    return (await storage.getSession(cookieHeader)).get("row");
  }

  /** A new row under a new id. @returns the Set-Cookie header that points to it. */
  async function start(session: NewSession): Promise<string> {
    const begun = await storage.getSession();
    begun.set("begins", session);
    return storage.commitSession(begun);
  }

  async function insert(
    idHash: string,
    { userId, items, organizations, organizationId, granted, userAgent }: NewSession,
  ) {
    const at = new Date(now());
    const sealed = await seal.close(idHash, JSON.stringify(items));
    await system.write(async (db, { sessions }) => {
      await db.remove(sessions, lt(sessions.expiresAt, at));
      await db.insert(sessions, {
        idHash,
        userId,
        organizationId,
        organizations,
        items: sealed,
        grantedPermissions: granted,
        triedPermissions: allPermissions.filter((permission) => !granted.includes(permission)),
        userAgent: userAgent?.slice(0, 400) ?? null,
        createdAt: at,
        lastSeenAt: at,
        expiresAt: new Date(now() + lifetime * 1_000),
      });
    });
  }

  /** Logto's tokens of a session; undefined when the secret they were sealed with is gone. */
  async function openItems({ idHash, items }: SessionRow): Promise<Items | undefined> {
    const text = await seal.open(idHash, items);
    return text === undefined ? undefined : (JSON.parse(text) as Items);
  }

  /** Compare and set: false when somebody else wrote first, or the row is gone. */
  async function save({ idHash, version }: SessionRow, { items, organizations, answer }: Renewal): Promise<boolean> {
    const sealed = await seal.close(idHash, JSON.stringify(items));
    const lastSeenAt = new Date(now());
    const written = await system.write((db, { sessions }) =>
      db.update(
        sessions,
        { items: sealed, organizations, answer, lastSeenAt, version: sql`${sessions.version} + 1` },
        and(eq(sessions.idHash, idHash), eq(sessions.version, version)),
      ),
    );
    return written.length === 1;
  }

  /** With a version: only if nobody has written since. @returns whether the row was deleted by this call. */
  async function drop(idHash: string, version?: number): Promise<boolean> {
    const dropped = await system.write((db, { sessions }) =>
      db.remove(
        sessions,
        and(eq(sessions.idHash, idHash), version === undefined ? undefined : eq(sessions.version, version)),
      ),
    );
    return dropped.length === 1;
  }

  /**
   * Raises the epoch and leaves the version alone: a renewal that is under way may still save its refresh token, but its answer no longer counts.
   */
  async function markStale(whose: Whose): Promise<void> {
    await system.write((db, { sessions }) =>
      db.update(sessions, { epoch: sql`${sessions.epoch} + 1` }, isOf(sessions, whose)),
    );
  }

  /** Moves the session to another organization, or to none. What was asked for the former one no longer counts. */
  async function activate(idHash: string, organizationId: string | null, notice: string | null = null): Promise<void> {
    await system.write((db, { sessions }) =>
      db.update(sessions, { organizationId, notice, epoch: sql`${sessions.epoch} + 1` }, eq(sessions.idHash, idHash)),
    );
  }

  /** The same, but only if the session is still in that organization: another tab may have moved it meanwhile. */
  async function leave(idHash: string, organizationId: string, notice: string): Promise<void> {
    await system.write((db, { sessions }) =>
      db.update(
        sessions,
        { organizationId: null, notice, epoch: sql`${sessions.epoch} + 1` },
        and(eq(sessions.idHash, idHash), eq(sessions.organizationId, organizationId)),
      ),
    );
  }

  /** The organization is gone: nobody is in it any more, and whoever was is told why. Can be repeated. */
  async function forgetOrganization(organizationId: string, notice: string): Promise<void> {
    await system.write(async (db, { sessions }) => {
      const inside = eq(sessions.organizationId, organizationId);
      const moved = { organizationId: null, notice, epoch: sql`${sessions.epoch} + 1` };
      await db.update(sessions, moved, inside);
      await db.update(sessions, { answer: null }, sql`instr(${sessions.answer}, ${organizationId}) > 0`);
      const naming = await db
        .select({ idHash: sessions.idHash, organizations: sessions.organizations })
        .from(sessions)
        .where(sql`instr(${sessions.organizations}, ${organizationId}) > 0`);
      for (const { idHash, organizations } of naming) {
        const others = organizations.filter(({ id }) => id !== organizationId);
        await db.update(sessions, { organizations: others }, eq(sessions.idHash, idHash));
      }
    });
  }

  /** First written down, then asked for: whatever becomes of it, it is asked for once. */
  async function tryConsent({ idHash, tried }: SessionRow, missing: string[], state: string): Promise<void> {
    const triedPermissions = [...new Set([...tried, ...missing])];
    await system.write((db, { sessions }) =>
      db.update(sessions, { triedPermissions, reconsentState: state }, eq(sessions.idHash, idHash)),
    );
  }

  /** A second authorization has ended. With tokens: they take the place of the session's own, whoever renews those meanwhile. */
  async function endConsent(idHash: string, adopted?: Adopted): Promise<void> {
    const ended = { reconsentState: null };
    const sealed = adopted && (await seal.close(idHash, JSON.stringify(adopted.items)));
    const changes = adopted && {
      items: sealed,
      organizations: adopted.organizations,
      grantedPermissions: adopted.granted,
      answer: null,
      version: sql`version + 1`,
      epoch: sql`epoch + 1`,
    };
    await system.write((db, { sessions }) =>
      db.update(sessions, { ...ended, ...changes }, eq(sessions.idHash, idHash)),
    );
  }

  /** These have come into being at Logto: worth asking for again. */
  async function retry(permissions: string[]): Promise<void> {
    await system.write(async (db, { sessions }) => {
      const rows = await db.select({ idHash: sessions.idHash, tried: sessions.triedPermissions }).from(sessions);
      for (const { idHash, tried } of rows) {
        const triedPermissions = tried.filter((permission) => !permissions.includes(permission));
        await db.update(sessions, { triedPermissions }, eq(sessions.idHash, idHash));
      }
    });
  }

  return {
    read,
    find,
    glance,
    forgetOrganization,
    tryConsent,
    endConsent,
    retry,
    start,
    openItems,
    save,
    drop,
    markStale,
    activate,
    leave,
    /** The Set-Cookie header that makes the browser forget. */
    forget: () => cookie.serialize("", { maxAge: 0 }),
  };
}

export interface NewSession {
  userId: string;
  items: Items;
  organizations: OrganizationRoles[];
  organizationId: string | null;
  /** The scopes that Logto granted at sign-in. */
  granted: string[];
  userAgent: string | undefined;
}

/** What a second authorization of the same person brought. */
export interface Adopted {
  items: Items;
  organizations: OrganizationRoles[];
  granted: string[];
}

export interface Renewal {
  items: Items;
  organizations: OrganizationRoles[];
  answer: Answer | null;
}

function isOf(sessions: GlobalTables["sessions"], whose: Whose): SQL {
  if (whose === "everybody") return sql`true`;
  if ("session" in whose) return eq(sessions.idHash, whose.session);
  const organization = whose.organization === undefined ? undefined : eq(sessions.organizationId, whose.organization);
  if ("user" in whose) return and(eq(sessions.userId, whose.user), organization);
  return eq(sessions.organizationId, whose.organization);
}

/** Who reads the database must not find an id that opens a session. */
function hashOf(id: string): string {
  return hash("sha256", id, "base64url");
}
