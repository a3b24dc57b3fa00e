// How long the audit log is kept: what has expired goes, in small pieces, so that nobody waits for it.
import { setImmediate } from "node:timers/promises";
import { gt, type ScopeOf, type Store } from "../../db";
import { writeHeldRefusals } from "./audit.server";

export interface AuditRetentionOptions {
  system: Store["system"];
  scopeOf: ScopeOf;
  /** For how many days a line is kept. */
  days: number;
  now: () => number;
}

export type AuditRetention = ReturnType<typeof createAuditRetention>;

const day = 24 * 60 * 60_000;
/** How many lines go in one write, and how many organizations are looked up at a time. */
const atOnce = 500;

export function createAuditRetention({ system, scopeOf, days, now }: AuditRetentionOptions) {
  /** To be run now and then. Removes what has expired in every organization, and writes down the refusals that were only counted so far. @returns how many lines went. */
  async function keepHouse(stopped: () => boolean = () => false): Promise<number> {
    let gone = 0;
    for await (const organizationId of everyOrganization()) {
      if (stopped()) break;
      gone += await keepHouseIn(organizationId);
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

  async function* everyOrganization(): AsyncGenerator<string> {
    for (let last = ""; ;) {
      const ids = await system.read((db, { organizations }) =>
        db
          .select({ id: organizations.id })
          .from(organizations)
          .where(gt(organizations.id, last))
          .orderBy(organizations.id)
          .limit(atOnce),
      );
      for (const { id } of ids) yield id;
      const end = ids.at(-1);
      if (!end || ids.length < atOnce) return;
      last = end.id;
    }
  }

  return { keepHouse };
}
