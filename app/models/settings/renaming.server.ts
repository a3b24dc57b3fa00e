// Renames an organization: written down as asked for, made at Logto, written down as done. Whoever comes after a crash finds out what Logto has.
import { isNotNull, type OrganizationScope, type System } from "../../../db";
import type { Management } from "../../logto/management.server";
import { LogtoRefused, orUnavailable } from "../../logto/outcome.server";
import type { Locks } from "../organization-lock.server";
import type { Organization, Organizations } from "../organizations.server";
import { keepSettings } from "./settings.server";

export interface RenamingOptions {
  system: System;
  management: Management;
  organizations: Organizations;
  locks: Locks;
  /** A scope that outlives the actor's own access: what was made at Logto is written down whatever happens to them meanwhile. */
  scopeOf: (organizationId: string) => OrganizationScope;
  now: () => number;
}

/** `refused`: Logto does not take the name. `unavailable`: it gave no answer, and the name may have been changed or not. */
export type Renamed = { ok: true } | { ok: false; reason: "refused" | "busy" | "unavailable" };

export type Renaming = ReturnType<typeof createRenaming>;

export function createRenaming({ system, management, organizations, locks, scopeOf, now }: RenamingOptions) {
  async function rename(
    scope: OrganizationScope,
    { id, name: former }: Pick<Organization, "id" | "name">,
    name: string,
  ): Promise<Renamed> {
    const outcome = await locks.whileLocked(id, () =>
      orUnavailable(async () => {
        await settle(id);
        if (name === former) return "done" as const;
        await write(scope, name);
        const made = await management.renameOrganization(id, name).then(() => true, ifRefused);
        if (made) await organizations.keepName(id, name);
        await write(scopeOf(id), null);
        return made ? ("done" as const) : ("refused" as const);
      }),
    );
    return outcome === "done" ? { ok: true } : { ok: false, reason: outcome };
  }

  /** Ends what a crash, or Logto's silence, has left open. */
  async function settle(organizationId: string): Promise<void> {
    const scope = scopeOf(organizationId);
    const [row] = await scope.read((db, { organizationSettings }) => db.select().from(organizationSettings));
    if (!row?.wantedName) return;
    const theirs = await management.organization(organizationId);
    if (theirs?.name === row.wantedName) await organizations.keepName(organizationId, theirs.name);
    await write(scope, null);
  }

  async function write(scope: OrganizationScope, wantedName: string | null): Promise<void> {
    await scope.write((tx, tables) => keepSettings(tx, tables, { wantedName }, new Date(now())));
  }

  return {
    rename,

    /** For all organizations. Those for which Logto gives no answer wait for the next time. */
    async settleAll(): Promise<void> {
      const open = await system.read((db, { organizationSettings: settings }) =>
        db.select({ id: settings.organizationId }).from(settings).where(isNotNull(settings.wantedName)).limit(100),
      );
      for (const { id } of open) await locks.whileLocked(id, () => orUnavailable(() => settle(id)));
    },
  };
}

function ifRefused(error: unknown): false {
  if (error instanceof LogtoRefused) return false;
  throw error;
}
