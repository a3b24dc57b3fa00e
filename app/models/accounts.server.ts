// The end of an account: every organization is left or goes with it, then the person at Logto, then what is kept of them here.
import { type Acting, and, eq, gt, type OrganizationScope, type ScopeOf, type Store } from "../../db";
import type { Management } from "../logto/management.server";
import { LogtoRefused, orUnavailable } from "../logto/outcome.server";
import { actingOf, writeAudit } from "./audit.server";
import { auditedInvitation, claimAge } from "./invitations/invitation.server";
import type { MemberChanges } from "./member-changes.server";
import type { Locks } from "./organization-lock.server";
import type { Organization, Organizations } from "./organizations.server";
import { createQueues } from "./queue.server";
import { findPerson, type Person } from "./users.server";

/** `goes`: nobody else is in it. `held`: others are, and nobody else manages them. `left`: it goes on without the person. */
export type Fate = "goes" | "held" | "left";

export interface AccountEnd {
  organizations: (Organization & {
    fate: Fate;
    goes: { drafts: number; invitations: number; publishedPosts: number };
  })[];
  /** It was confirmed already, and is not at its end yet. */
  isUnderWay: boolean;
}

/**
 * `held`: somebody else must manage an organization first. `changed`: one would go that was not confirmed. `busy`: somebody is joining or changing members
 * at this moment. `unavailable`: Logto gave no answer; what was begun goes on by itself.
 */
export type Deletion = { ok: true } | { ok: false; reason: Refusal };
type Refusal = "held" | "changed" | "busy" | "unavailable";

/** A person as the guards hand them out fits. */
type Owner = Pick<Person, "id" | "logtoId"> & {
  /** With where their request came from. */
  acting?: Acting;
};

export interface Accounts {
  /** What would become of the person's organizations. */
  end(person: Owner): Promise<AccountEnd | "unavailable">;
  /** @param goes ids of the organizations that the person was told would go. */
  remove(person: Owner, goes: string[]): Promise<Deletion>;
  /** Goes on with every deletion that was broken off. Repeatable; for the start, and every now and then. */
  finishOpen(): Promise<void>;
}

export interface AccountsOptions {
  system: Store["system"];
  management: Management;
  organizations: Organizations;
  members: Pick<MemberChanges, "leave" | "lossOf" | "whatGoes">;
  locks: Locks;
  scopeOf: ScopeOf;
  /** Deletes an organization whole, here and at Logto. Repeatable. */
  offBoard: (organizationId: string) => Promise<void>;
  now: () => number;
}

const fates: Record<Awaited<ReturnType<MemberChanges["lossOf"]>>, Fate> = {
  everybody: "goes",
  "last-manager": "held",
  "one-of-several": "left",
};

/** Ids of organizations. */
type Plan = { goes: string[]; leaves: string[] };
type Parted = "parted" | Refusal;

export function createAccounts(options: AccountsOptions): Accounts {
  const { system, management, organizations, members, locks, scopeOf, offBoard, now } = options;
  const queues = createQueues();

  async function end({ id, logtoId }: Owner): Promise<AccountEnd> {
    const theirs = await fatesOf(logtoId);
    await organizations.learnNames(logtoId).catch(unlessGone);
    const known = await organizations.listOrganizations([...theirs.keys()]);
    const whole = known.map(async (organization) => ({
      ...organization,
      fate: theirs.get(organization.id) ?? "left",
      goes: await members.whatGoes(scopeOf(organization.id), logtoId),
    }));
    return { organizations: await Promise.all(whole), isUnderWay: (await findBegun(id)) !== undefined };
  }

  async function remove(person: Owner, goes: string[]): Promise<Deletion> {
    if (!(await findPerson(system, person.id))) return { ok: true }; // asked for twice
    const begun = await findBegun(person.id);
    const confirmed = [...goes, ...(begun?.goes ?? [])];
    const theirs = await fatesOf(person.logtoId);
    const refusal = refusalOf(theirs, confirmed);
    if (refusal) return { ok: false, reason: refusal };
    const those = (fate: Fate) => [...theirs].filter(([, known]) => known === fate).map(([id]) => id);
    const plan = {
      goes: [...new Set([...those("goes"), ...(begun?.goes ?? [])])],
      leaves: [...new Set([...those("left"), ...(begun?.leaves ?? [])])],
    };
    await system.write((tx, { accountDeletions }) =>
      tx.upsert(accountDeletions, { userId: person.id, ...plan, askedAt: new Date(now()) }, plan),
    );
    return carryOut(person, plan);
  }

  /** Each step can be repeated, and the account's own row is the last to go. What Logto does not name any more may have been broken off half-way. */
  async function carryOut(person: Owner, { goes, leaves }: Plan): Promise<Deletion> {
    for (const organizationId of leaves) {
      const left = await leave(organizationId, person);
      if (left !== "parted") return stop(person, left);
    }
    for (const organizationId of goes) {
      const gone = await takeAlong(organizationId, person);
      if (gone !== "parted") return stop(person, gone);
    }
    const joinedSince = await fatesOf(person.logtoId);
    if (joinedSince.size > 0) return stop(person, "changed");
    return forget(person);
  }

  /** Where the person has to decide anew, nothing more is given up until they have. */
  async function stop({ id }: Owner, reason: Refusal): Promise<Deletion> {
    if (reason === "held" || reason === "changed")
      await system.write((tx, { accountDeletions }) => tx.remove(accountDeletions, eq(accountDeletions.userId, id)));
    return { ok: false, reason };
  }

  /** Sessions, and all else that is the person's own here, go with their row. */
  async function forget({ id, logtoId }: Owner): Promise<Deletion> {
    await management.deletePerson(logtoId);
    await system.write((tx, { users }) => tx.remove(users, eq(users.id, id)));
    return { ok: true };
  }

  async function leave(organizationId: string, owner: Owner): Promise<Parted> {
    const person = await findPerson(system, owner.id);
    if (!person) return "parted";
    const scope = scopeOf(organizationId, actingOf({ ...person, ...owner }));
    const left = await members.leave(scope, { person, can: () => true }, "account.left");
    if (left.ok) return "parted";
    return left.reason === "last-manager" ? "held" : left.reason;
  }

  /** Its invitations are closed first, so that whoever is not in it by then cannot come in any more; who is in it is looked at again after that. */
  async function takeAlong(organizationId: string, { logtoId, acting }: Owner): Promise<Parted> {
    const scope = scopeOf(organizationId, acting);
    const alone = await locks.whileLocked(organizationId, async () => {
      if (await someoneIsJoining(scope)) return "busy";
      return (await members.lossOf(scope, logtoId)) === "everybody" ? "alone" : "changed";
    });
    if (alone !== "alone") return alone;
    await offBoard(organizationId);
    return "parted";
  }

  async function someoneIsJoining(scope: OrganizationScope): Promise<boolean> {
    const at = new Date(now());
    return scope.write(async (tx, { invitations }) => {
      const closed = { status: "revoked", decidedAt: at, updatedAt: at } as const;
      for (const invitation of await tx.update(invitations, closed, eq(invitations.status, "pending")))
        await writeAudit(tx, { action: "invitations.revoke", target: auditedInvitation(invitation) });
      const recent = gt(invitations.claimedAt, new Date(at.getTime() - claimAge));
      const joining = await tx
        .select({ id: invitations.id })
        .from(invitations)
        .where(and(eq(invitations.status, "accepting"), recent));
      return joining.length > 0;
    });
  }

  /** By the organization's id. Whoever is gone at Logto has none. */
  async function fatesOf(logtoId: string): Promise<Map<string, Fate>> {
    const theirs = (await management.organizationsOf(logtoId).catch(unlessGone)) ?? [];
    const fate = async (id: string) => fates[await members.lossOf(scopeOf(id), logtoId)];
    return new Map(await Promise.all(theirs.map(async ({ id }) => [id, await fate(id)] as const)));
  }

  async function findBegun(personId: string): Promise<Plan | undefined> {
    const [begun] = await system.read((db, { accountDeletions }) =>
      db.select().from(accountDeletions).where(eq(accountDeletions.userId, personId)),
    );
    return begun;
  }

  async function finishOpen(): Promise<void> {
    const open = await system.read((db, { accountDeletions, users }) =>
      db
        .select({
          id: users.id,
          logtoId: users.logtoId,
          goes: accountDeletions.goes,
          leaves: accountDeletions.leaves,
        })
        .from(accountDeletions)
        .innerJoin(users, eq(users.id, accountDeletions.userId)),
    );
    for (const begun of open) await queues.inTurn(begun.id, () => orUnavailable(() => carryOut(begun, begun)));
  }

  return {
    end: (person) => orUnavailable(() => end(person)),
    async remove(person, goes) {
      const deletion = await queues.inTurn(person.id, () => orUnavailable(() => remove(person, goes)));
      return deletion === "unavailable" ? { ok: false, reason: deletion } : deletion;
    },
    finishOpen,
  };
}

function refusalOf(theirs: Map<string, Fate>, confirmed: string[]): "held" | "changed" | undefined {
  const all = [...theirs];
  if (all.some(([, fate]) => fate === "held")) return "held";
  return all.some(([id, fate]) => fate === "goes" && !confirmed.includes(id)) ? "changed" : undefined;
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof LogtoRefused && error.status === 404)) throw error;
}
