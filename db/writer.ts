// The one connection that writes. better-sqlite3's own transactions cannot await, so these are queued here.
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { Connection } from "./connection";
import type { Context } from "./context";
import type { Writes } from "./query";
import { writesOf } from "./scoped";
import { asHeard, isBusy } from "./unavailable";

export type Writer = ReturnType<typeof createWriter>;

export interface WriterOptions {
  /** Milliseconds that a write waits for its turn while another process is writing. */
  patience?: number;
}

/** Milliseconds between two tries. */
const pause = 20;

export function createWriter(
  connection: Connection,
  db: BetterSQLite3Database,
  context: Context,
  { patience = 5_000 }: WriterOptions = {},
) {
  connection.pragma("busy_timeout = 0"); // SQLite's own waiting would stop everything else in this process
  let last: Promise<unknown> = Promise.resolve();

  /**
   * Runs alone, after every write that was asked for before it, when its `tx` is given `more`. A throw rolls back. Throws StoreUnavailable when the file
   * cannot be written, or when another process has not let go of it in time.
   */
  async function write<T, More extends object>(
    organizationId: string | null,
    run: (tx: Writes & More) => PromiseLike<T>,
    more: () => More,
  ): Promise<T> {
    if (context.isWriting()) throw new Error("A write cannot be opened inside another write: pass its tx on instead.");
    const deadline = performance.now() + patience;
    const mine = last.then(() => transact(organizationId, run, more, deadline));
    last = mine.catch(() => undefined);
    return mine;
  }

  async function transact<T, More extends object>(
    organizationId: string | null,
    run: (tx: Writes & More) => PromiseLike<T>,
    more: () => More,
    deadline: number,
  ): Promise<T> {
    const transaction = { open: true };
    const tx = whileOpen(transaction, { ...writesOf(db, organizationId), ...more() });
    await begin(deadline);
    try {
      const answer = await context.inside(organizationId, async () => await run(tx), transaction);
      connection.exec("commit");
      return answer;
    } catch (error) {
      throw asHeard(error);
    } finally {
      transaction.open = false;
      if (connection.inTransaction) connection.exec("rollback");
    }
  }

  /** At least one try, however long those before it have waited. */
  async function begin(deadline: number): Promise<void> {
    for (;;) {
      try {
        return void connection.exec("begin immediate");
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asHeard(error);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  return { write, /** When every write that was asked for so far is done. */ settled: () => last };
}

/** A query that outlived its transaction would run inside somebody else's. */
function whileOpen<W extends object>(transaction: { open: boolean }, writes: W): W {
  return new Proxy(writes, {
    get(target, verb) {
      if (!transaction.open) throw new Error("This write is over.");
      return Reflect.get(target, verb);
    },
  });
}
