// Changes of who is a member and in which role: made at Logto, one at a time in an organization, so that somebody always looks after it.
import {
  and,
  count,
  eq,
  gt,
  isNotNull,
  isNull,
  ne,
  newId,
  type OrganizationScope,
  type ScopeOf,
  type Store,
} from "../../db";
import type { LogtoRole, Management } from "../logto/management.server";
import { LogtoRefused, orUnavailable } from "../logto/outcome.server";
import type { Permission } from "../permissions";
import {
  auditAtLogto,
  type AuditEntry,
  endAsked,
  findAsked,
  findUnended,
  isLogtos,
  writeAudit,
  writeRefusal,
} from "./audit.server";
import type { AuditAction } from "./audit-actions";
import { memberNow, type MemberRow } from "./member-directory.server";
import {
  type Actor,
  givableRole,
  holdsAll,
  known,
  membersHolding,
  type Standing,
  standingOf,
} from "./member-roles.server";
import { everyOrganization } from "./every-organization.server";
import type { Changes, Told } from "./changes.server";
import type { Landed, LandedChange } from "./landed.server";
import { noteGivenRole } from "./members.server";
import type { Locks } from "./organization-lock.server";

/**
 * `missing`: no such member. `yourself`: another member has to do it. `beyond-you`: the role, or the member, holds a permission that the actor lacks.
 * `last-manager`: nobody else holds `manage:members`. `no-longer-allowed`: the actor lost the permission a moment ago. `busy`: other changes are under
 * way for ten seconds already. `unavailable`: Logto gave no answer; the change may have been made or not, and can be asked for again.
 */
export type ChangeRefusal =
  | "missing"
  | "yourself"
  | "unknown-role"
  | "beyond-you"
  | "last-manager"
  | "no-longer-allowed"
  | "busy"
  | "unavailable";

export type RoleChange =
  { ok: true; member: MemberRow; gained: Permission[]; lost: Permission[] } | { ok: false; reason: ChangeRefusal };
export type Removal = { ok: true; name: string } | { ok: false; reason: Exclude<ChangeRefusal, "unknown-role"> };
export type Leaving = { ok: true } | { ok: false; reason: "last-manager" | "busy" | "unavailable" };

/** What an organization loses with a member: everybody it has, the only one who manages its members, or one of several. */
export type Loss = "everybody" | "last-manager" | "one-of-several";

export type LeavingAction = "members.leave" | "account.left";

export interface MemberChanges {
  /** The role takes the place of all that the member has. */
  change(scope: OrganizationScope, actor: Actor, logtoId: string, roleId: string): Promise<RoleChange>;
  remove(scope: OrganizationScope, actor: Actor, logtoId: string): Promise<Removal>;
  /** @param as what the log calls it */
  leave(scope: OrganizationScope, actor: Actor, as?: LeavingAction): Promise<Leaving>;
  /** Also of somebody who is no member any more. Throws as the Management API does. */
  lossOf(scope: OrganizationScope, logtoId: string): Promise<Loss>;
  /** To be run now and then: ends what a crash has left open in organizations in which nobody changes anything. */
  settleAll(stopped?: () => boolean): Promise<void>;
  /** The last role that the actor gave here, for a while after, and on how many of its person's pages it is in force. */
  landed(scope: OrganizationScope, actor: Actor): LandedChange | null;
  /** What goes with a member, and what stays. */
  whatGoes(
    scope: OrganizationScope,
    logtoId: string,
  ): Promise<{ drafts: number; invitations: number; publishedPosts: number }>;
}

export interface MemberChangesOptions {
  system: Store["system"];
  management: Management;
  locks: Locks;
  /** A scope that outlives the actor's own access: what was made at Logto is written down whatever happens to them meanwhile. */
  scopeOf: ScopeOf;
  changes: Changes;
  landed: Landed;
  /** Takes back at Logto the invitations that were closed here. */
  withdraw: (scope: OrganizationScope) => Promise<void>;
  now: () => number;
}

/** Milliseconds. What was asked longer ago than that, and never ended, stays as it is. */
const longestOpen = 7 * 24 * 60 * 60_000;

export function createMemberChanges(options: MemberChangesOptions): MemberChanges {
  const { system, management, locks, scopeOf, changes, landed, withdraw, now } = options;

  async function change(scope: OrganizationScope, actor: Actor, logtoId: string, roleId: string): Promise<RoleChange> {
    const action = "members.role";
    return inTurn(scope, async () => {
      const template = await management.organizationRoles();
      const asked = await decide(scope, actor, logtoId, template);
      if (!asked.ok) return refuse(scope, action, asked);
      const { theirs } = asked;
      const role = givableRole(template, roleId);
      if (!role) return refused("unknown-role");
      if (!holdsAll(asked.mine, role.permissions))
        return refuse(scope, action, { reason: "beyond-you", row: theirs.row });

      const already = theirs.standing.roles.length === 1 && theirs.standing.roles[0]?.id === roleId;
      const entry = { action, target: audited(theirs.row), from: roleNames(theirs.row), to: role.name } as const;
      const lasting = scopeOf(scope.organizationId, scope.by);
      await endAsked(lasting, { action, target: entry.target }, entry.from);
      if (!already) {
        const give = () => giveRole(scope, actor, theirs.row, role);
        const failed = await auditAtLogto(lasting, entry, give);
        if (failed) return refused(failed);
      }
      const member = {
        ...theirs.row,
        roles: [{ id: role.id, name: role.name }],
        holdsManage: role.permissions.has("manage:members"),
      };
      const gained = known(role.permissions).filter((permission) => !theirs.standing.permissions.has(permission));
      const lost = known(theirs.standing.permissions).filter((permission) => !role.permissions.has(permission));
      return { ok: true, member, gained, lost };
    });
  }

  /** Who gave it is written down before any page is told to look. */
  async function giveRole(
    scope: OrganizationScope,
    { person }: Actor,
    { logtoId, name }: MemberRow,
    role: { id: string; name: string },
  ) {
    const { organizationId } = scope;
    const user = await userOf(logtoId);
    let id: string | undefined;
    const put = async () => {
      const refusal = await management
        .replaceRoles(organizationId, logtoId, [role.id])
        .then(() => undefined, refusalOf);
      if (refusal) return refusal;
      await noteGivenRole(scopeOf(organizationId), { logtoId, role: role.name, by: person.id }, new Date(now()));
      id = landed.begin({ organizationId, giver: person.id, user, name, role: role.name });
    };
    return atLogto(scope, user, put, () => id);
  }

  async function remove(scope: OrganizationScope, actor: Actor, logtoId: string): Promise<Removal> {
    return inTurn(scope, async () => {
      const template = await management.organizationRoles();
      const asked = await decide(scope, actor, logtoId, template);
      const former = await findFormer(scope, logtoId);
      if (!asked.ok && asked.reason === "missing" && former) return { ok: true, name: former.name }; // asked for twice
      if (!asked.ok) return refuse(scope, "members.remove", asked);
      const { row } = asked.theirs;
      await takeOut(scope, logtoId, { action: "members.remove", target: audited(row), from: roleNames(row) });
      return { ok: true, name: asked.theirs.row.name };
    });
  }

  async function leave(scope: OrganizationScope, { person }: Actor, action: LeavingAction): Promise<Leaving> {
    return inTurn(scope, async () => {
      const template = await management.organizationRoles();
      const mine = await standingOf(management, template, scope.organizationId, person.logtoId);
      if (!mine) return { ok: true };
      if (await isOnlyManager(scope, person.logtoId, mine, template))
        return refuse(scope, action, { reason: "last-manager", row: person });
      await takeOut(scope, person.logtoId, { action, target: audited(person), from: roleNames(mine) });
      return { ok: true };
    });
  }

  async function lossOf(scope: OrganizationScope, logtoId: string): Promise<Loss> {
    const { organizationId } = scope;
    const template = await management.organizationRoles();
    const theirs = await standingOf(management, template, organizationId, logtoId);
    const { total } = await management.membersPage(organizationId, { number: 1, size: 1 });
    if (total === (theirs ? 1 : 0)) return "everybody";
    return theirs && (await isOnlyManager(scope, logtoId, theirs, template)) ? "last-manager" : "one-of-several";
  }

  /** Waits for its turn, finishes first what a crash left behind, and says so when Logto gives no answer. */
  async function inTurn<Answer extends { ok: boolean }>(
    { organizationId }: OrganizationScope,
    run: () => Promise<Answer>,
  ): Promise<Answer | { ok: false; reason: "busy" | "unavailable" }> {
    const answer = await locks.whileLocked(organizationId, () =>
      orUnavailable(async () => {
        await settle(organizationId);
        return run();
      }),
    );
    return answer === "busy" || answer === "unavailable" ? refused(answer) : answer;
  }

  /** What is so now, at Logto, counts: of two who demote each other, the second finds that they may not any more. */
  async function decide(scope: OrganizationScope, actor: Actor, logtoId: string, template: LogtoRole[]) {
    const { organizationId } = scope;
    const myself = actor.person.logtoId;
    const [mine, theirs] = await Promise.all([
      standingOf(management, template, organizationId, myself),
      memberNow(management, template, scope, logtoId),
    ]);
    if (!mine?.permissions.has("manage:members")) return refused("no-longer-allowed");
    if (!theirs) return refused("missing");
    const { row } = theirs;
    if (logtoId === myself)
      return { ...refused((await isOnlyManager(scope, myself, mine, template)) ? "last-manager" : "yourself"), row };
    if (!holdsAll(mine, theirs.standing.permissions)) return { ...refused("beyond-you"), row };
    return { ok: true as const, mine, theirs };
  }

  /** The roles that hold the permission tell, whatever they are called. Somebody who is suspended looks after nothing. */
  async function isOnlyManager(
    { organizationId }: OrganizationScope,
    logtoId: string,
    { permissions }: Standing,
    template: LogtoRole[],
  ): Promise<boolean> {
    if (!permissions.has("manage:members")) return false;
    for await (const member of membersHolding(management, template, organizationId, "manage:members"))
      if (member.id !== logtoId && !member.isSuspended) return false;
    return true;
  }

  /** Written down as asked for, made at Logto, written down as done: whoever comes after a crash finds the first and does the last. */
  async function takeOut(scope: OrganizationScope, logtoId: string, what: AuditEntry): Promise<void> {
    const { organizationId, by } = scope;
    const lasting = scopeOf(organizationId, by);
    const leavingAt = new Date(now());
    const entry = { ...what, correlationId: newId() };
    await scope.write(async (tx, { members }) => {
      await tx.update(members, { leavingAt }, eq(members.logtoId, logtoId));
      await writeAudit(tx, { ...entry, result: "asked" });
    });
    try {
      await atLogto(scope, await userOf(logtoId), () => management.removeMember(organizationId, logtoId));
    } catch (error) {
      if (isLogtos(error)) await lasting.write((tx) => writeAudit(tx, { ...entry, ...noAnswer }));
      throw error;
    }
    await writeOff(lasting, logtoId, entry);
  }

  /** Their own rules are not the end of the log: whoever was refused may have lost their own access, and it is written down all the same. */
  async function refuse<Reason extends ChangeRefusal>(
    { organizationId, by }: OrganizationScope,
    action: AuditAction,
    { reason, row }: { reason: Reason; row?: AuditedMember },
  ) {
    if (isAudited(reason))
      await writeRefusal(scopeOf(organizationId, by), { action, reason, ...(row && { target: audited(row) }) });
    return refused(reason);
  }

  /** Whoever was never here has no page open, and nothing is known of them. */
  async function atLogto<T>(
    { organizationId: organization }: OrganizationScope,
    user: string | undefined,
    make: () => Promise<T>,
    changeId: () => string | undefined = () => undefined,
  ): Promise<T> {
    const toOthers: Told = { to: { organization }, about: ["members"] };
    if (user === undefined) return make().finally(() => changes.tell(toOthers));
    const theirs = { user, organization };
    return changes.around(theirs, make, () => [
      { to: theirs, id: changeId(), about: ["membership"] },
      { to: { user }, about: ["organizations"] },
      toOthers,
    ]);
  }

  async function userOf(logtoId: string): Promise<string | undefined> {
    const [user] = await system.read((db, { users }) =>
      db.select({ id: users.id }).from(users).where(eq(users.logtoId, logtoId)),
    );
    return user?.id;
  }

  /** Their drafts, which nobody else could see, go with them, and so do the invitations that they answer for. */
  async function writeOff(scope: OrganizationScope, logtoId: string, entry: AuditEntry): Promise<void> {
    const at = new Date(now());
    await scope.write(async (tx, { members, posts, invitations }) => {
      await writeAudit(tx, entry);
      const [member] = await tx.update(
        members,
        { leftAt: at, leavingAt: null, updatedAt: at },
        eq(members.logtoId, logtoId),
      );
      if (!member) return;
      await tx.remove(posts, and(eq(posts.authorId, member.userId), eq(posts.status, "draft")));
      const theirs = and(eq(invitations.invitedBy, member.userId), eq(invitations.status, "pending"));
      await tx.update(invitations, { status: "revoked", decidedAt: at, updatedAt: at }, theirs);
    });
  }

  /** A crash between Logto and here: whether somebody was taken out, and which roles they were given, Logto knows. */
  async function settle(organizationId: string): Promise<void> {
    const scope = scopeOf(organizationId);
    for (const member of await findGiven(scope)) {
      const roles = (await management.rolesOf(organizationId, member.id)) ?? [];
      const target = { type: "member" as const, ...member };
      await endAsked(scope, { action: "members.role", target }, roleNames({ roles }));
    }
    for (const member of await findLeaving(scope)) {
      const { logtoId } = member;
      const isGone = (await management.rolesOf(organizationId, logtoId)) === undefined;
      const target = audited(member);
      const { entry, hasFailed } = await findAsked(scope, { action: "members.remove", target });
      if (isGone) await writeOff(scope, logtoId, entry);
      else
        await scope.write(async (tx, { members }) => {
          await tx.update(members, { leavingAt: null }, eq(members.logtoId, logtoId));
          if (!hasFailed) await writeAudit(tx, { ...entry, ...noAnswer });
        });
    }
  }

  async function settleAll(stopped: () => boolean = () => false): Promise<void> {
    for await (const { id } of everyOrganization(system)) {
      if (stopped()) return;
      const scope = scopeOf(id);
      const open = [...(await findGiven(scope)), ...(await findLeaving(scope))];
      if (open.length > 0) await inTurn(scope, async () => ({ ok: true })); // when Logto gives no answer, the next run does
    }
  }

  const findGiven = (scope: OrganizationScope) => findUnended(scope, "members.role", new Date(now() - longestOpen));

  const findLeaving = (scope: OrganizationScope) =>
    scope.read((db, { members }) =>
      db
        .select({ logtoId: members.logtoId, name: members.name })
        .from(members)
        .where(and(isNotNull(members.leavingAt), isNull(members.leftAt))),
    );

  return {
    change,
    settleAll,
    lossOf,
    async remove(scope, actor, logtoId) {
      const removal = await remove(scope, actor, logtoId);
      if (removal.ok) await withdraw(scopeOf(scope.organizationId));
      return removal;
    },
    async leave(scope, actor, as = "members.leave") {
      const leaving = await leave(scope, actor, as);
      if (leaving.ok) await withdraw(scopeOf(scope.organizationId));
      return leaving;
    },
    landed: ({ organizationId }, { person }) => landed.latestOf(person.id, organizationId),
    whatGoes: (scope, logtoId) => whatGoes(scope, logtoId, new Date(now())),
  };
}

async function findFormer(scope: OrganizationScope, logtoId: string) {
  const [former] = await scope.read((db, { members }) =>
    db
      .select({ name: members.name })
      .from(members)
      .where(and(eq(members.logtoId, logtoId), isNotNull(members.leftAt))),
  );
  return former;
}

async function whatGoes(scope: OrganizationScope, logtoId: string, at: Date) {
  return scope.read(async (db, { members, posts, invitations }) => {
    const [member] = await db.select({ userId: members.userId }).from(members).where(eq(members.logtoId, logtoId));
    if (!member) return { drafts: 0, invitations: 0, publishedPosts: 0 };
    const theirs = eq(posts.authorId, member.userId);
    const [kept] = await db
      .select({ count: count() })
      .from(posts)
      .where(and(theirs, ne(posts.status, "draft")));
    const [drafts] = await db
      .select({ count: count() })
      .from(posts)
      .where(and(theirs, eq(posts.status, "draft")));
    const [open] = await db
      .select({ count: count() })
      .from(invitations)
      .where(
        and(eq(invitations.invitedBy, member.userId), eq(invitations.status, "pending"), gt(invitations.expiresAt, at)),
      );
    return { drafts: drafts?.count ?? 0, invitations: open?.count ?? 0, publishedPosts: kept?.count ?? 0 };
  });
}

type AuditedMember = { logtoId: string; name: string };

const audited = ({ logtoId, name }: AuditedMember) => ({ type: "member" as const, id: logtoId, name });
const roleNames = ({ roles }: Pick<Standing, "roles">) => roles.map(({ name }) => name).join(", ");
const noAnswer = { result: "failed", reason: "no-answer" } as const;

/** What somebody was not allowed to do; the others are mistakes, or Logto's. */
const rules = ["yourself", "beyond-you", "last-manager", "no-longer-allowed"] as const;
const isAudited = (reason: ChangeRefusal): reason is (typeof rules)[number] => rules.some((rule) => rule === reason);

const refused = <Reason extends string>(reason: Reason) => ({ ok: false as const, reason });

/** The member, or the role, went away at this very moment. */
function refusalOf(error: unknown): "missing" | "unknown-role" {
  if (error instanceof LogtoRefused && error.code === "organization.require_membership") return "missing";
  if (error instanceof LogtoRefused && error.code === "entity.relation_foreign_key_not_found") return "unknown-role";
  throw error;
}
