// How long the audit log is kept: what has expired goes, in small pieces, so that nobody waits for it.
import { setImmediate } from "node:timers/promises";
import type { ScopeOf, Store } from "../../db";
import { writeHeldRefusals } from "./audit.server";
import { everyOrganization } from "./every-organization.server";

export interface AuditRetentionOptions {
  system: Store["system"];
  scopeOf: ScopeOf;
  /** For how many days a line is kept. */
  days: number;
  now: () => number;
}

export type AuditRetention = ReturnType<typeof createAuditRetention>;

const day = 24 * 60 * 60_000;
/** How many lines go in one write. */
const atOnce = 500;

export function createAuditRetention({ system, scopeOf, days, now }: AuditRetentionOptions) {
  /** To be run now and then. Removes what has expired in every organization, and writes down the refusals that were only counted so far. @returns how many lines went. */
  async function keepHouse(stopped: () => boolean = () => false): Promise<number> {
    let gone = 0;
    for await (const { id } of everyOrganization(system)) {
      if (stopped()) break;
      gone += await keepHouseIn(id);
    }
    return gone;
  }

  async function keepHouseIn(organizationId: string): Promise<number> {
    const scope = scopeOf(organizationId);
    await writeHeldRefusals(scope);
    const before = new Date(now() - days * day);
    for (let gone = 0; ;) {
      const removed = await scope.forgetAudit({ before, limit: atOnce });
      gone += removed;
      if (removed < atOnce) return gone;
      await setImmediate();
    }
  }

  return { keepHouse };
}
