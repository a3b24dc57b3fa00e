// A person's own sessions, on all of their devices: to look at, and to sign out.
import { hash } from "node:crypto";
import { and, desc, eq, gt, ne, type Store } from "../../db";
import { deviceOf } from "./device.server";
import type { Items } from "./logto-session.server";
import type { SessionRow, Sessions } from "./session.server";

export interface OwnSession {
  /** What a page's form names it by: tells nothing of the cookie, nor of what the row is found by. */
  id: string;
  /** "Firefox on Linux". */
  device: string;
  createdAt: Date;
  lastSeenAt: Date;
  isCurrent: boolean;
}

export interface OwnSessionsOptions {
  system: Store["system"];
  sessions: Sessions;
  /** Throws nothing: a Logto that is away does not keep anybody signed in here. */
  revoke: (items: Items) => Promise<unknown>;
  now: () => number;
}

type Current = { session: Pick<SessionRow, "idHash" | "userId"> };

export function createOwnSessions({ system, sessions, revoke, now }: OwnSessionsOptions) {
  const rowsOf = ({ session }: Current) =>
    system.read((db, { sessions: rows }) =>
      db
        .select({
          idHash: rows.idHash,
          userAgent: rows.userAgent,
          createdAt: rows.createdAt,
          lastSeenAt: rows.lastSeenAt,
        })
        .from(rows)
        .where(and(eq(rows.userId, session.userId), gt(rows.expiresAt, new Date(now()))))
        .orderBy(desc(rows.lastSeenAt), desc(rows.createdAt)),
    );

  /** The one in use first, then those that were in use last. */
  async function list(person: Current): Promise<OwnSession[]> {
    const rows = await rowsOf(person);
    const own = rows.map(({ idHash, userAgent, ...times }) => {
      const isCurrent = idHash === person.session.idHash;
      return { id: nameOf(idHash), device: deviceOf(userAgent), ...times, isCurrent };
    });
    return own.sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent));
  }

  /** @returns whether another session of theirs had that id and is ended now. */
  async function end(person: Current, id: string): Promise<boolean> {
    const rows = await rowsOf(person);
    const ended = rows.find(({ idHash }) => nameOf(idHash) === id && idHash !== person.session.idHash);
    return ended !== undefined && (await endRow(person, ended.idHash));
  }

  /** @returns how many there were. */
  async function endOthers(person: Current): Promise<number> {
    const { idHash: current, userId } = person.session;
    const others = await system.read((db, { sessions: rows }) =>
      db
        .select({ idHash: rows.idHash })
        .from(rows)
        .where(and(eq(rows.userId, userId), ne(rows.idHash, current))),
    );
    let ended = 0;
    for (const { idHash } of others) if (await endRow(person, idHash)) ended += 1;
    return ended;
  }

  /**
   * The row goes first: from then on the session opens nothing, and its refresh token is known to nobody. At Logto the token is revoked only if no session
   * is left on such a device: those of one browser may share a grant, which would end with it.
   */
  async function endRow(person: Current, idHash: string): Promise<boolean> {
    const row = await sessions.find(idHash);
    const before = await rowsOf(person);
    if (!(await sessions.drop(idHash))) return false;
    const device = deviceOf(before.find((known) => known.idHash === idHash)?.userAgent ?? null);
    const isShared = before.some((other) => other.idHash !== idHash && deviceOf(other.userAgent) === device);
    const items = row && !isShared ? await sessions.openItems(row) : undefined;
    if (items) await revoke(items);
    return true;
  }

  return { list, end, endOthers };
}

const nameOf = (idHash: string) => hash("sha256", `session ${idHash}`, "base64url").slice(0, 22);
