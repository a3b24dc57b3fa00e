// Deletes an organization: asked for, undone within seven days, or carried out by steps that can each be repeated.
import { and, count, eq, gt, inArray, isNull, lte, type OrganizationScope, type System } from "../../../db";
import type { Management } from "../../logto/management.server";
import { orUnavailable } from "../../logto/outcome.server";
import { writeAudit } from "../audit.server";
import type { Changes } from "../changes.server";
import type { Actor } from "../member-roles.server";
import { findDeleter } from "../whose-doing.server";
import { eraseSome, ownTables } from "../organization-tables.server";
import type { Organization } from "../organizations.server";
import { auditedOrganization, keepSettings } from "./settings.server";

export interface DeletionOptions {
  system: System;
  management: Management;
  /** A scope for what nobody is left to ask for. */
  scopeOf: (organizationId: string) => OrganizationScope;
  changes: Changes;
  /** Nobody's session is in it any more, and each is told why. */
  forgetOrganization: (organizationId: string, notice: string) => Promise<void>;
  removeFiles: (organizationId: string) => Promise<void>;
  now: () => number;
}

/** What goes, in numbers. */
export interface WhatIsErased {
  posts: number;
  drafts: number;
  comments: number;
  members: number;
  invitations: number;
  /** Invoices that are still to be paid. */
  unpaid: number;
}

export type Deletion = ReturnType<typeof createDeletion>;

const day = 24 * 60 * 60_000;
/** Days in which a deletion can be undone. */
export const daysToUndo = 7;
/** Milliseconds after which nothing is under way any more that was allowed before Logto had forgotten the organization. */
export const settling = 2 * 60_000;
/** Rows that are erased in one transaction, so that nobody else's write waits for long. */
const rowsAtOnce = 200;

export function createDeletion(options: DeletionOptions) {
  const { system, management, scopeOf, changes, forgetOrganization, removeFiles, now } = options;

  /** Asked for twice, the first time counts. @returns until when it can be undone */
  async function ask(scope: OrganizationScope, { person }: Actor, organization: Organization): Promise<Date> {
    const asked = await scope.write(async (tx, tables) => {
      const [row] = await tx.select().from(tables.organizationSettings);
      if (row?.deletesAt) return row.deletesAt;
      const deletesAt = new Date(now() + daysToUndo * day);
      await keepSettings(tx, { deletesAt, deletionAskedAt: new Date(now()), deletionAskedBy: person.id });
      const target = auditedOrganization(organization);
      await writeAudit(tx, { action: "settings.delete", target, to: deletesAt.toISOString() });
      return deletesAt;
    });
    tellOf(scope);
    return asked;
  }

  /** False: nobody has asked for it, or it is being carried out. */
  async function undo(scope: OrganizationScope, organization: Organization): Promise<boolean> {
    const at = new Date(now());
    const isUndone = await scope.write(async (tx, { organizationSettings: settings }) => {
      const [undone] = await tx.update(
        settings,
        { deletesAt: null, deletionAskedAt: null, deletionAskedBy: null, updatedAt: at },
        and(gt(settings.deletesAt, at), isNull(settings.erasingAt)),
      );
      const target = auditedOrganization(organization);
      if (undone) await writeAudit(tx, { action: "settings.delete.undo", target });
      return undone !== undefined;
    });
    tellOf(scope);
    return isUndone;
  }

  /** Open pages bear a bar until then. */
  function tellOf({ organizationId: organization }: OrganizationScope): void {
    changes.tell({ to: { organization }, about: ["organization"] });
  }

  function whatGoes(scope: OrganizationScope): Promise<WhatIsErased> {
    return scope.read(async (db, tables) => {
      const { posts, comments, members, invitations, invoices } = tables;
      const one = async (query: PromiseLike<{ count: number }[]>) => (await query)[0]?.count ?? 0;
      return {
        posts: await one(db.select({ count: count() }).from(posts)),
        drafts: await one(db.select({ count: count() }).from(posts).where(eq(posts.status, "draft"))),
        comments: await one(db.select({ count: count() }).from(comments)),
        members: await one(db.select({ count: count() }).from(members).where(isNull(members.leftAt))),
        invitations: await one(
          db
            .select({ count: count() })
            .from(invitations)
            .where(inArray(invitations.status, ["pending", "accepting"])),
        ),
        unpaid: await one(db.select({ count: count() }).from(invoices).where(eq(invoices.status, "open"))),
      };
    });
  }

  /** Carries out what is due. What Logto gives no answer to waits for the next time. @returns the organizations of which nothing is left */
  async function eraseDue(): Promise<string[]> {
    const at = new Date(now());
    const due = await system.read((db, { organizationSettings: settings }) =>
      db.select({ id: settings.organizationId }).from(settings).where(lte(settings.deletesAt, at)).limit(20),
    );
    const erased: string[] = [];
    for (const { id } of due) if ((await orUnavailable(() => erase(id))) === true) erased.push(id);
    return erased;
  }

  /** For whoever leaves nobody behind: no days to undo it. What one run does not finish, later ones do. Repeatable; throws as the Management API does. */
  async function eraseNow(organizationId: string): Promise<void> {
    const at = new Date(now());
    await scopeOf(organizationId).write((tx) => keepSettings(tx, { deletesAt: at, deletionAskedAt: at }));
    await erase(organizationId);
  }

  /** From the first step on there is no way back. Whatever it was that broke a run off, the next one begins again and finds less to do. */
  async function erase(organizationId: string): Promise<boolean> {
    const scope = scopeOf(organizationId);
    const began = await begin(scope);
    if (!began) return false;
    const name = await nameOf(organizationId);
    const everybody = { organization: organizationId };
    await changes.around(
      everybody,
      () => management.deleteOrganization(organizationId),
      () => [],
    );
    const deleter = await findDeleter(scope);
    await forgetOrganization(organizationId, `${name} was deleted${deleter ? `, as ${deleter} had asked` : ""}.`);
    changes.tell({ to: everybody, about: ["membership", "organizations"], because: "deleted" });
    await forgetElsewhere(organizationId);
    await removeFiles(organizationId);
    for (const table of ownTables)
      if (table !== "organizationSettings") while ((await eraseSome(scope, table, rowsAtOnce)) > 0);
    // What was allowed just before may have been written since: the run that finds nothing under way any more is the last.
    if (now() - began.getTime() < settling) return false;
    await forgetItself(organizationId);
    await eraseSome(scope, "organizationSettings", 1);
    return true;
  }

  /** @returns since when it is being carried out; undefined when it was undone meanwhile. */
  async function begin(scope: OrganizationScope): Promise<Date | undefined> {
    const at = new Date(now());
    return scope.write(async (tx, { organizationSettings: settings }) => {
      const [row] = await tx.select().from(settings).where(lte(settings.deletesAt, at));
      if (!row || row.erasingAt) return row?.erasingAt ?? undefined;
      await keepSettings(tx, { erasingAt: at });
      return at;
    });
  }

  async function nameOf(organizationId: string): Promise<string> {
    const [known] = await system.read((db, { organizations }) =>
      db.select({ name: organizations.name }).from(organizations).where(eq(organizations.id, organizationId)),
    );
    return known?.name ?? "The organization";
  }

  /** Where people's own rows name it. The order that made it stays, so that its form makes no second one. */
  async function forgetElsewhere(organizationId: string): Promise<void> {
    await system.write(async (tx, { users, newOrganizations }) => {
      await tx.update(users, { lastOrganizationId: null }, eq(users.lastOrganizationId, organizationId));
      const made = eq(newOrganizations.organizationId, organizationId);
      await tx.update(newOrganizations, { organizationId: null, name: "" }, made);
    });
  }

  async function forgetItself(organizationId: string): Promise<void> {
    await system.write(async (tx, { organizations, organizationLocks }) => {
      await tx.remove(organizations, eq(organizations.id, organizationId));
      await tx.remove(organizationLocks, eq(organizationLocks.organizationId, organizationId));
    });
  }

  return { ask, undo, whatGoes, eraseDue, eraseNow };
}
