// Renames an organization: written down as asked for, made at Logto, written down as done. Whoever comes after a crash finds out what Logto has.
import { isNotNull, newId, type OrganizationScope, type ScopeOf, type System } from "../../../db";
import type { Management } from "../../logto/management.server";
import { LogtoRefused, orUnavailable } from "../../logto/outcome.server";
import { type AuditEntry, findAsked, writeAudit } from "../audit.server";
import type { Changes } from "../changes.server";
import type { Locks } from "../organization-lock.server";
import type { Organization, Organizations } from "../organizations.server";
import { auditedOrganization, keepSettings } from "./settings.server";

export interface RenamingOptions {
  system: System;
  management: Management;
  organizations: Organizations;
  locks: Locks;
  changes: Pick<Changes, "tell">;
  /** A scope that outlives the actor's own access: what was made at Logto is written down whatever happens to them meanwhile. */
  scopeOf: ScopeOf;
}

/** `refused`: Logto does not take the name. `unavailable`: it gave no answer, and the name may have been changed or not. */
export type Renamed = { ok: true } | { ok: false; reason: "refused" | "busy" | "unavailable" };

type Named = Pick<Organization, "id" | "name">;

export type Renaming = ReturnType<typeof createRenaming>;

export function createRenaming({ system, management, organizations, locks, changes, scopeOf }: RenamingOptions) {
  async function rename(scope: OrganizationScope, organization: Named, name: string): Promise<Renamed> {
    const { id, name: former } = organization;
    const outcome = await locks.whileLocked(id, () =>
      orUnavailable(async () => {
        await settle(id);
        return name === former ? undefined : change(scope, organization, name);
      }),
    );
    return outcome === undefined ? { ok: true } : { ok: false, reason: outcome };
  }

  async function change(scope: OrganizationScope, organization: Named, name: string): Promise<"refused" | undefined> {
    const { id } = organization;
    const lasting = scopeOf(id, scope.by);
    const entry = { ...entryOf(organization, name), correlationId: newId() };
    await note(scope, name, { ...entry, result: "asked" });
    const made = await management.renameOrganization(id, name).then(() => true, ifRefused);
    if (made) await organizations.keepName(id, name);
    await note(lasting, null, made ? entry : { ...entry, result: "failed", reason: "name-refused" });
    if (made) changes.tell({ to: { organization: id }, about: ["organization"] });
    return made ? undefined : "refused";
  }

  /** Ends what a crash, or Logto's silence, has left open. */
  async function settle(organizationId: string): Promise<void> {
    const scope = scopeOf(organizationId);
    const [row] = await scope.read((db, { organizationSettings }) => db.select().from(organizationSettings));
    if (!row?.wantedName) return;
    const theirs = await management.organization(organizationId);
    const former = (await organizations.listOrganizations([organizationId]))[0]?.name ?? "";
    const isDone = theirs?.name === row.wantedName;
    if (theirs && isDone) await organizations.keepName(organizationId, theirs.name);
    const otherwise = entryOf({ id: organizationId, name: former }, row.wantedName);
    const { entry } = await findAsked(scope, otherwise);
    const { to } = otherwise;
    await note(scope, null, isDone ? { ...entry, to } : { ...entry, to, result: "failed", reason: "no-answer" });
  }

  /** The wish, or that there is none any more, and what the log says of it. */
  async function note(scope: OrganizationScope, wantedName: string | null, entry: AuditEntry): Promise<void> {
    await scope.write(async (tx) => {
      await keepSettings(tx, { wantedName });
      await writeAudit(tx, entry);
    });
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

const entryOf = (organization: Named, name: string) => ({
  action: "settings.name" as const,
  target: auditedOrganization(organization),
  from: organization.name,
  to: name,
});

function ifRefused(error: unknown): false {
  if (error instanceof LogtoRefused) return false;
  throw error;
}
