// Compares what sessions believe with what Logto says now, for changes that nobody has told us of: whoever differs has to ask Logto again.
import {
  and,
  eq,
  type GlobalTables,
  gt,
  inArray,
  isNotNull,
  type Reads,
  type Row,
  sql,
  type SQL,
  type Store,
} from "../../db";
import type { LogtoMember, LogtoRole, Management } from "../logto/management.server";
import { LogtoRefused } from "../logto/outcome.server";
import { allPermissions } from "../permissions";
import type { Changes } from "./changes.server";
import type { Organizations } from "./organizations.server";

export interface ReconciliationOptions {
  system: Store["system"];
  management: Management;
  organizations: Organizations;
  changes: Changes;
  /** Permissions that can be asked for again: they have come into being since. */
  retryConsent: (permissions: string[]) => Promise<void>;
  now: () => number;
}

export type Reconciliation = ReturnType<typeof createReconciliation>;

/** Organizations that one pass over all of them looks at. The next pass goes on behind them. */
const mostPerPass = 200;
const perPage = 100;
/** Members whose sessions are read in one go. */
const atOnce = 1_000;

type Session = Pick<
  Row<"sessions">,
  "userId" | "organizationId" | "organizations" | "answer" | "epoch" | "grantedPermissions"
> & { logtoId: string };

/** Functions throw as the Management API does. */
export function createReconciliation(options: ReconciliationOptions) {
  const { system, management, organizations, changes, retryConsent, now } = options;
  let knownPermissions: Set<string> | undefined;
  let behind = "";

  /** Everybody who works in that organization now. One request for each hundred members. */
  async function organization(id: string, known?: LogtoRole[]): Promise<void> {
    const roles = known ?? (await readTemplate());
    const sessions = await sessionsIn(id);
    if (sessions.length === 0) return;
    const members = await membersOf(id);
    const isGone = members.size === 0 && (await management.organization(id)) === undefined;
    for (const session of sessions) {
      const member = members.get(session.logtoId);
      const whose = { user: session.userId, organization: id };
      const told = { to: whose, about: ["membership" as const] };
      if (!isCurrent(session)) continue;
      if (!member) await changes.known(whose, { ...told, ...(isGone && { because: "deleted" }) });
      else if (member.isSuspended) await changes.known({ user: session.userId }, { ...told, because: "suspended" });
      else if (
        differs(
          session,
          member.organizationRoles.map(({ name }) => name),
          roles,
        )
      )
        await changes.known(whose, told);
    }
    await tellNewcomers(id, [...members.keys()]);
  }

  /** Whoever was taken in, or back in, and is elsewhere: their list of organizations is another one. */
  async function tellNewcomers(id: string, members: string[]): Promise<void> {
    for (let from = 0; from < members.length; from += atOnce) {
      const unaware = await sessionsWhere(({ sessions, users }) =>
        and(
          inArray(users.logtoId, members.slice(from, from + atOnce)),
          sql`instr(${sessions.organizations}, ${id}) = 0`,
        ),
      );
      const theirs = new Set(unaware.filter(isCurrent).map(({ userId }) => userId));
      for (const user of theirs)
        await changes.known({ user }, { to: { user }, about: ["membership", "organizations"] });
    }
  }

  /** Roles were renamed, or allow something else: whoever has such a role. */
  async function template(): Promise<void> {
    const isFirst = knownPermissions === undefined;
    const roles = await readTemplate();
    if (isFirst) await retryConsent([...(knownPermissions ?? [])]);
    for (const session of await sessionsIn()) {
      const { userId: user, organizationId } = session;
      if (organizationId === null || !isCurrent(session)) continue;
      const named = session.organizations.find(({ id }) => id === organizationId)?.roles ?? [];
      const whose = { user, organization: organizationId };
      if (differs(session, named, roles) || lacks(session, named, roles))
        await changes.known(whose, { to: whose, about: ["membership"] });
    }
  }

  /** A bounded part of all that is known here, names and members; those in `except` are looked at more often. */
  async function pass(except: ReadonlySet<string> = new Set()): Promise<void> {
    const roles = await readTemplate();
    const all = await system.read((db, tables) => knownOrganizations(db, tables, behind));
    const part = all.slice(0, mostPerPass);
    behind = part.length < mostPerPass ? "" : (part.at(-1) ?? "");
    for (const id of part) {
      await organizationItself(id);
      if (!except.has(id)) await organization(id, roles);
    }
  }

  /** An organization has another name, other rules, or is gone. */
  async function organizationItself(id: string): Promise<"same" | "renamed" | "gone"> {
    const found = await organizations.readAgain(id);
    const to = { organization: id };
    if (found === "gone") await changes.known(to, { to, about: ["membership", "organizations"], because: "deleted" });
    if (found === "renamed") changes.tell({ to, about: ["organization", "organizations"] });
    return found;
  }

  async function readTemplate(): Promise<LogtoRole[]> {
    const roles = await management.organizationRoles();
    const permissions = new Set(roles.flatMap(({ scopes }) => scopes.map((scope) => scope.name)));
    const isNew = (permission: string) => knownPermissions !== undefined && !knownPermissions.has(permission);
    const fresh = [...permissions].filter(isNew);
    knownPermissions = permissions;
    if (fresh.length > 0) await retryConsent(fresh);
    return roles;
  }

  async function membersOf(id: string): Promise<Map<string, LogtoMember>> {
    const members = new Map<string, LogtoMember>();
    for (let number = 1, pages = 1; number <= pages; number += 1) {
      const page = await management.membersPage(id, { number, size: perPage }).catch(ifGone);
      for (const member of page.members) members.set(member.id, member);
      pages = Math.ceil(page.total / perPage);
    }
    return members;
  }

  const sessionsIn = (id?: string) =>
    sessionsWhere(({ sessions }) => (id === undefined ? undefined : eq(sessions.organizationId, id)));

  function sessionsWhere(those: (tables: GlobalTables) => SQL | undefined): Promise<Session[]> {
    const at = new Date(now());
    return system.read((db, tables) => {
      const { sessions, users } = tables;
      return db
        .select({
          userId: sessions.userId,
          logtoId: users.logtoId,
          organizationId: sessions.organizationId,
          organizations: sessions.organizations,
          answer: sessions.answer,
          epoch: sessions.epoch,
          grantedPermissions: sessions.grantedPermissions,
        })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(isNotNull(sessions.answer), gt(sessions.expiresAt, at), those(tables)));
    });
  }

  return { organization, organizationItself, template, pass };
}

/** What is stale already is asked for anyway. */
function isCurrent({ answer, epoch, organizationId }: Session): boolean {
  return answer !== null && answer.organizationId === organizationId && answer.epoch >= epoch;
}

function differs(session: Session, roleNames: string[], template: LogtoRole[]): boolean {
  const held = rolesNamed(roleNames, template);
  const known = session.organizations.find(({ id }) => id === session.organizationId)?.roles ?? [];
  if (held.length < roleNames.length || !isSame(known, roleNames)) return true;
  const granted = permissionsOf(held).filter((permission) => session.grantedPermissions.includes(permission));
  return !isSame(granted, (session.answer?.permissions ?? []).filter(isOurs));
}

/** Whether the role has a permission that the session was never granted: its pages may ask for consent. */
function lacks(session: Session, roleNames: string[], template: LogtoRole[]): boolean {
  const held = permissionsOf(rolesNamed(roleNames, template));
  return held.some((permission) => !session.grantedPermissions.includes(permission));
}

const rolesNamed = (names: string[], template: LogtoRole[]) => template.filter(({ name }) => names.includes(name));
const isOurs = (permission: string) => allPermissions.some((known) => known === permission);
const permissionsOf = (roles: LogtoRole[]) => [
  ...new Set(roles.flatMap(({ scopes }) => scopes.map(({ name }) => name)).filter(isOurs)),
];
const isSame = (one: string[], other: string[]) =>
  one.length === other.length && one.every((each) => other.includes(each));

async function knownOrganizations(db: Reads, { organizations }: GlobalTables, behind: string): Promise<string[]> {
  const rows = await db
    .select({ id: organizations.id })
    .from(organizations)
    .where(gt(organizations.id, behind))
    .orderBy(organizations.id)
    .limit(mostPerPass);
  return rows.map(({ id }) => id);
}

function ifGone(error: unknown): { members: LogtoMember[]; total: number } {
  if (error instanceof LogtoRefused && error.status === 404) return { members: [], total: 0 };
  throw error;
}
