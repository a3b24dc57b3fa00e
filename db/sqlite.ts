// The store on SQLite: one connection that writes, one that reads, and the walls before both.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { connect } from "./connection";
import { createContext } from "./context";
import { migrate } from "./migrate";
import type { GlobalTables, TenantTables } from "./query";
import { doorTables, globalTables } from "./schema";
import { ownTables, readsOf } from "./scoped";
import { createStatements, scopeOrganization } from "./statements";
import type { OrganizationScope, ScopeOptions, Store, System } from "./store";
import { raiseWall } from "./walls";
import { createWriter } from "./writer";

export type StoreOptions = {
  /** The folder of drizzle-kit's migrations; from the working directory when relative. */
  migrations?: string;
  /** False leaves the database's own wall out, so that a test can try the other one alone. */
  walls?: boolean;
  /** Hears every statement as it runs, with its values: for tests, never for a log. */
  onStatement?: (statement: string) => void;
};

/** Migrates the file, raises the walls and opens it. Throws if SQLite, the file or its rows are not as they must be. */
export function openStore(file: string, options: StoreOptions = {}): Store {
  const { migrations = "db/migrations", walls = true, onStatement } = options;
  migrate(file, migrations, walls);
  const writing = connect(file, { onStatement });
  const reading = connect(file, { readonly: true, onStatement });
  const context = createContext();
  if (walls) for (const connection of [writing, reading]) raiseWall(connection, context.organizationId);

  const writingDb = drizzle(writing);
  const reads = readsOf(drizzle(reading));
  const readsInWrite = readsOf(writingDb);
  const writer = createWriter(writing, writingDb, context);
  const statements = createStatements(reads);
  const tables = { ...globalTables, ...doorTables } as unknown as GlobalTables; // the same columns, under the same names
  const preparedTables = ownTables(sql.placeholder(scopeOrganization));

  function scope(organizationId: string, { beforeWrite }: ScopeOptions = {}): OrganizationScope {
    if (typeof organizationId !== "string" || !organizationId) throw new Error("A scope needs an organization.");
    let made: TenantTables | undefined;
    const own = () => (made ??= ownTables(organizationId));
    return Object.freeze<OrganizationScope>({
      organizationId,
      read: async (run) => context.inside(organizationId, async () => await run(reads, own())),
      write: (run) =>
        writer.write(organizationId, async (tx) => {
          if (beforeWrite) await context.inside(null, async () => await beforeWrite(readsInWrite, tables));
          return await run(tx, own());
        }),
      query: async (query, values) =>
        context.inside(organizationId, () => statements.run(query, preparedTables, values, organizationId)),
    });
  }

  const system: System = {
    read: async (run) => context.inside(null, async () => await run(reads, tables)),
    write: (run) => writer.write(null, async (tx) => await run(tx, tables)),
    query: async (query, values) => context.inside(null, () => statements.run(query, tables, values)),
  };

  async function close() {
    await writer.settled();
    reading.close();
    writing.close();
  }

  return { scope, system, close };
}
