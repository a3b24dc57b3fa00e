// The one connection that writes. better-sqlite3's own transactions cannot await, so these are queued here.
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { Connection } from "./connection";
import type { Context } from "./context";
import type { Writes } from "./query";
import { writesOf } from "./scoped";

export type Writer = ReturnType<typeof createWriter>;

export function createWriter(connection: Connection, db: BetterSQLite3Database, context: Context) {
  let last: Promise<unknown> = Promise.resolve();

  /** Runs alone, after every write that was asked for before it, when its `tx` is given `more`. A throw rolls back. */
  async function write<T, More extends object>(
    organizationId: string | null,
    run: (tx: Writes & More) => PromiseLike<T>,
    more: () => More,
  ): Promise<T> {
    if (context.isWriting()) throw new Error("A write cannot be opened inside another write: pass its tx on instead.");
    const mine = last.then(() => transact(organizationId, run, more));
    last = mine.catch(() => undefined);
    return mine;
  }

  async function transact<T, More extends object>(
    organizationId: string | null,
    run: (tx: Writes & More) => PromiseLike<T>,
    more: () => More,
  ): Promise<T> {
    const transaction = { open: true };
    const tx = whileOpen(transaction, { ...writesOf(db, organizationId), ...more() });
    connection.exec("begin immediate");
    try {
      const answer = await context.inside(organizationId, async () => await run(tx), transaction);
      connection.exec("commit");
      return answer;
    } finally {
      transaction.open = false;
      if (connection.inTransaction) connection.exec("rollback");
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
