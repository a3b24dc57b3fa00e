// One change of an organization's members at a time: what a change is decided on must still be so when it is made.
import { and, eq, lt, newId, or, type Store } from "../../db";
import { createQueues } from "./queue.server";

export interface LocksOptions {
  system: Store["system"];
  now: () => number;
  /** Milliseconds that somebody waits for their turn. */
  patience?: number;
}

export type Locks = ReturnType<typeof createLocks>;

/** Milliseconds after which the lock of a process that died is free. No change takes as long: each call to Logto is bounded. */
const lease = 60_000;
/** Milliseconds between two looks at a lock that another process holds. */
const pause = 50;

export function createLocks({ system, now, patience = 10_000 }: LocksOptions) {
  const queues = createQueues();

  /** Runs when its turn has come: in this process a queue, between processes a lease in the table. `busy`: it did not come in ten seconds. */
  async function whileLocked<T>(organizationId: string, run: () => Promise<T>): Promise<T | "busy"> {
    const deadline = performance.now() + patience;
    const turn = queues.join(organizationId);
    try {
      if (!(await inTime(turn.came, deadline))) return "busy";
      const holder = newId();
      while (!(await take(organizationId, holder))) {
        if (performance.now() >= deadline) return "busy";
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      return await run().finally(() => giveBack(organizationId, holder));
    } finally {
      turn.end();
    }
  }

  async function take(organizationId: string, holder: string): Promise<boolean> {
    const until = new Date(now() + lease);
    return system.write(async (tx, { organizationLocks }) => {
      const [held] = await tx
        .select()
        .from(organizationLocks)
        .where(eq(organizationLocks.organizationId, organizationId));
      if (held && held.until.getTime() > now()) return false;
      await tx.upsert(organizationLocks, { organizationId, holder, until }, { holder, until });
      return true;
    });
  }

  /** Only one's own: after a lease has ended somebody else may hold it. Leases that ended elsewhere are swept away with it. */
  async function giveBack(organizationId: string, holder: string): Promise<void> {
    await system.write((tx, { organizationLocks }) =>
      tx.remove(
        organizationLocks,
        or(
          and(eq(organizationLocks.organizationId, organizationId), eq(organizationLocks.holder, holder)),
          lt(organizationLocks.until, new Date(now())),
        ),
      ),
    );
  }

  return { whileLocked };
}

async function inTime(came: Promise<void>, deadline: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - performance.now()));
  });
  return Promise.race([came.then(() => true), late]).finally(() => clearTimeout(timer));
}
