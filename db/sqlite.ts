// The store on SQLite: one writer behind a queue, one reader, and the walls on both.
import { AsyncLocalStorage } from "node:async_hooks";
import { type Placeholder, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { connect } from "./connection";
import { migrate } from "./migrate";
import type { GlobalTables, Ordered, Prepared, TenantTables, Writes } from "./query";
import { globalTables } from "./schema";
import { ownTables, readsOf, writesOf } from "./scoped";
import type { OrganizationScope, ScopeOptions, Store, System } from "./store";
import { raiseWall } from "./walls";

export type StoreOptions = {
  /** The folder of drizzle-kit's migrations; from the working directory when relative. */
  migrations?: string;
  /** False leaves the database's own wall out, so that a test can try the other one alone. */
  walls?: boolean;
  /** Hears every statement as it runs, with its values: for tests, never for a log. */
  onStatement?: (statement: string) => void;
};

/** What the running code is in: the walls ask for the organization, a nested write for the transaction. */
type Context = { organizationId: string | null; transaction?: { open: boolean } | undefined };

/** Migrates the file, raises the walls and opens it. */
export function openStore(file: string, options: StoreOptions = {}): Store {
  const { migrations = "db/migrations", walls = true, onStatement } = options;
  migrate(file, migrations, walls);
  const writer = connect(file, { onStatement });
  const reader = connect(file, { readonly: true, onStatement });
  const context = new AsyncLocalStorage<Context>();
  if (walls) {
    for (const connection of [writer, reader]) {
      raiseWall(connection, () => context.getStore()?.organizationId ?? null);
    }
  }
  const writerDb = drizzle(writer);
  const readerDb = drizzle(reader);
  const reads = readsOf(readerDb);
  const tables = globalTables as unknown as GlobalTables; // the same columns, under the same names
  let lastWrite: Promise<unknown> = Promise.resolve();

  const inside = <T>(organizationId: string | null, run: () => PromiseLike<T> | T): Promise<T> => {
    const transaction = context.getStore()?.transaction;
    // The query must start in here: a query of Drizzle's starts when it is first awaited.
    return context.run({ organizationId, transaction }, async () => await run());
  };

  const transact = async <T>(organizationId: string | null, run: (tx: Writes) => Promise<T>): Promise<T> => {
    const transaction = { open: true };
    writer.exec("begin immediate");
    try {
      const tx = whileOpen(transaction, writesOf(writerDb, organizationId));
      const answer = await context.run({ organizationId, transaction }, () => run(tx));
      writer.exec("commit");
      return answer;
    } finally {
      transaction.open = false;
      if (writer.inTransaction) writer.exec("rollback");
    }
  };

  const queued = async <T>(organizationId: string | null, run: (tx: Writes) => Promise<T>): Promise<T> => {
    if (context.getStore()?.transaction?.open) {
      throw new Error("A write cannot be opened inside another write: pass its tx on instead.");
    }
    const mine = lastWrite.then(() => transact(organizationId, run));
    lastWrite = mine.catch(() => undefined);
    return mine;
  };

  const statements = new WeakMap<object, Statement>();
  const statementOf = <Tables, Values, Answer>(query: Prepared<Tables, Values, Answer>, handed: Tables) => {
    let statement = statements.get(query);
    if (!statement) statements.set(query, (statement = prepare(query.build(reads, handed, givenByName()))));
    return statement as Statement<Answer>;
  };
  const preparedTables = ownTables(sql.placeholder(scopeOrganization));

  const scope = (organizationId: string, { beforeWrite }: ScopeOptions = {}): OrganizationScope => {
    if (typeof organizationId !== "string" || organizationId === "") throw new Error("A scope needs an organization.");
    let own: TenantTables | undefined;
    const ownOnce = () => (own ??= ownTables(organizationId));
    return Object.freeze<OrganizationScope>({
      organizationId,
      read: (run) => inside(organizationId, () => run(reads, ownOnce())),
      write: (run) =>
        queued(organizationId, async (tx) => {
          if (beforeWrite) await inside(null, () => beforeWrite(readsOf(writerDb), tables));
          return await run(tx, ownOnce());
        }),
      query: async (query, values) => {
        const statement = statementOf(query, preparedTables);
        return context.run({ organizationId }, () =>
          statement.all({ ...storable(values), [scopeOrganization]: organizationId }),
        );
      },
    });
  };

  const system: System = {
    read: (run) => inside(null, () => run(reads, tables)),
    write: (run) => queued(null, async (tx) => await run(tx, tables)),
    query: async (query, values) =>
      context.run({ organizationId: null }, () => statementOf(query, tables).all(storable(values))),
  };

  const close = async () => {
    await lastWrite;
    reader.close();
    writer.close();
  };
  return { scope, system, close };
}

const scopeOrganization = "the scope's organization";

type Statement<Answer = unknown> = { all(values: Record<string, unknown>): Answer[] };

function prepare<Answer>(built: Ordered<Answer>): Statement<Answer> {
  return (built as unknown as { prepare(): Statement<Answer> }).prepare(); // Drizzle's builder, whose type query.ts hides
}

/** A placeholder for each name that a query asks for. */
function givenByName<Given>(): Given {
  const named: ProxyHandler<object> = { get: (_, name): Placeholder => sql.placeholder(String(name)) };
  return new Proxy({}, named) as Given; // typed by the query's own annotation
}

/** Drizzle does not convert what fills a placeholder. */
function storable(values: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]),
  );
}

/** A query that outlives its transaction would run inside another person's. */
function whileOpen(transaction: { open: boolean }, writes: Writes): Writes {
  return new Proxy(writes, {
    get(target, verb: keyof Writes) {
      if (!transaction.open) throw new Error("This write is over.");
      return target[verb];
    },
  });
}
