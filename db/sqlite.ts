// The store on SQLite: one connection that writes, one that reads, and the walls before both.
import { inArray, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { connect } from "./connection";
import { createContext } from "./context";
import { migrate } from "./migrate";
import type { GlobalTables, TenantTables } from "./query";
import { doorTables, globalTables } from "./schema";
import { ownTables, readsOf } from "./scoped";
import { createStatements, scopeOrganization } from "./statements";
import type { Acting, OrganizationScope, OrganizationWrites, ScopeOptions, Store, System } from "./store";
import { raiseWall } from "./walls";
import { createWriter } from "./writer";

export type StoreOptions = {
  /** The folder of drizzle-kit's migrations; from the working directory when relative. */
  migrations?: string;
  /** False leaves the database's own wall out, so that a test can try the other one alone. */
  walls?: boolean;
  /** Milliseconds since the epoch: the moment that a write happens at. */
  now?: () => number;
  /** Hears every statement as it runs, with its values: for tests, never for a log. */
  onStatement?: (statement: string) => void;
};

/** What nobody did by a request of their own. */
const atrium: Acting = { id: null, name: "Atrium", email: null, address: null, userAgent: null };

/** Migrates the file, raises the walls and opens it. Throws if SQLite, the file or its rows are not as they must be. */
export function openStore(file: string, options: StoreOptions = {}): Store {
  const { migrations = "db/migrations", walls = true, now = Date.now, onStatement } = options;
  migrate(file, migrations, walls);
  const writing = connect(file, { onStatement });
  const reading = connect(file, { readonly: true, onStatement });
  const context = createContext();
  if (walls)
    for (const connection of [writing, reading]) raiseWall(connection, context.organizationId, context.isForgetting);

  const writingDb = drizzle(writing);
  const reads = readsOf(drizzle(reading));
  const readsInWrite = readsOf(writingDb);
  const writer = createWriter(writing, writingDb, context);
  const statements = createStatements(reads);
  const tables = { ...globalTables, ...doorTables } as unknown as GlobalTables; // the same columns, under the same names
  const preparedTables = ownTables(sql.placeholder(scopeOrganization));

  function scope(organizationId: string, { by = atrium, beforeWrite }: ScopeOptions = {}): OrganizationScope {
    if (typeof organizationId !== "string" || !organizationId) throw new Error("A scope needs an organization.");
    let made: TenantTables | undefined;
    const own = () => (made ??= ownTables(organizationId));
    const write = <T>(run: (tx: OrganizationWrites) => PromiseLike<T>) =>
      writer.write(organizationId, run, () => ({ by, at: new Date(now()), tables: own() }));
    return Object.freeze<OrganizationScope>({
      organizationId,
      by,
      read: async (run) => context.inside(organizationId, async () => await run(reads, own())),
      write: (run) =>
        write(async (tx) => {
          if (beforeWrite) await context.inside(null, async () => await beforeWrite(readsInWrite, tables));
          return await run(tx, own());
        }),
      forgetAudit: async ({ before, limit }) =>
        write(async (tx) => {
          const { auditEvents } = tx.tables;
          const old = before === "all" ? sql`true` : lt(auditEvents.at, before);
          const oldest = await tx
            .select()
            .from(auditEvents)
            .where(old)
            .orderBy(auditEvents.at, auditEvents.id)
            .limit(limit);
          const ids = oldest.map(({ id }) => id);
          const gone = await context.forgetting(() => tx.remove(auditEvents, inArray(auditEvents.id, ids)));
          return gone.length;
        }),
      query: async (query, values) =>
        context.inside(organizationId, () => statements.run(query, preparedTables, values, organizationId)),
    });
  }

  const system: System = {
    read: async (run) => context.inside(null, async () => await run(reads, tables)),
    write: (run) =>
      writer.write(
        null,
        async (tx) => await run(tx, tables),
        () => ({}),
      ),
    query: async (query, values) => context.inside(null, () => statements.run(query, tables, values)),
  };

  async function close() {
    await writer.settled();
    reading.close();
    writing.close();
    context.close();
  }

  return { scope, system, close };
}
