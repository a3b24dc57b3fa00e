// The app's own wall: tables that are already filtered, and writes that add the organization and take it from nobody.
import { getTableColumns, getTableName, is, type Placeholder, type SQL, Subquery, sql } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import { getTableConfig, QueryBuilder, type SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { AnyTable, Reads, TenantTables, Writes } from "./query";
import { globalTables, scopedTables } from "./schema";

type TenantTable = (typeof scopedTables)[keyof typeof scopedTables];

/** The tenant tables as one organization sees them. Each is made when it is first asked for. */
export function ownTables(organizationId: string | Placeholder): TenantTables {
  const made = new Map<string, Subquery>();
  const own = {};
  for (const [name, table] of Object.entries(scopedTables)) {
    const get = () => made.get(name) ?? made.set(name, filtered(table, organizationId)).get(name);
    Object.defineProperty(own, name, { enumerable: true, get });
  }
  return own as TenantTables; // the same columns, under the same names
}

function filtered(table: TenantTable, organizationId: string | Placeholder): Subquery {
  const builder = new QueryBuilder();
  return builder
    .select(columnsOf(table))
    .from(table)
    .where(sql`${table.organizationId} = ${organizationId}`)
    .as(getTableName(table));
}

/** What `read` hands out: one verb, and nothing behind it that writes. */
export function readsOf(db: BetterSQLite3Database): Reads {
  const reads = {
    select: (fields?: Record<string, SQLiteColumn>) => (fields ? db.select(fields) : db.select()),
  };
  return reads as unknown as Reads; // Drizzle's builder, under the name that query.ts gives it
}

/** What `write` hands out. Without an organization: the global tables. */
export function writesOf(db: BetterSQLite3Database, organizationId: string | null): Writes {
  const target = (handed: AnyTable) =>
    organizationId === null ? globalTarget(handed) : tenantTarget(handed, organizationId);
  const writes: Record<keyof Omit<Writes, keyof Reads>, unknown> = {
    insert: async (handed: AnyTable, values: Values) => {
      const { table, columns, stamp } = target(handed);
      return db.insert(table).values(stamp(values)).returning(columns).get();
    },
    upsert: async (handed: AnyTable, values: Values, changes: Values, key?: string[]) => {
      const { table, columns, stamp, checked, conflict } = target(handed);
      const onto = { target: conflict(key), set: checked(changes) };
      return db.insert(table).values(stamp(values)).onConflictDoUpdate(onto).returning(columns).get();
    },
    update: async (handed: AnyTable, changes: Values, where: SQL) => {
      const { table, columns, checked, within } = target(handed);
      return db.update(table).set(checked(changes)).where(within(where)).returning(columns).all();
    },
    remove: async (handed: AnyTable, where: SQL) => {
      const { table, columns, within } = target(handed);
      return db.delete(table).where(within(where)).returning(columns).all();
    },
  };
  return { ...readsOf(db), ...writes } as Writes; // each answers rows of the table that it was handed
}

type Values = Record<string, unknown>;
type Target = {
  table: SQLiteTable;
  columns: Record<string, SQLiteColumn>;
  /** The values with the organization added. */
  stamp(values: Values): Values;
  /** The changes, if they leave the organization alone. */
  checked(changes: Values): Values;
  /** The condition, held inside the organization. */
  within(where: SQL): SQL;
  /** The columns of a unique key. */
  conflict(key?: string[]): SQLiteColumn[];
};

function tenantTarget(handed: AnyTable, organizationId: string): Target {
  const table = Object.values(scopedTables).find(
    (known) => is(handed, Subquery) && handed._.alias === getTableName(known),
  );
  if (!table) throw new Error("Only a table that this write handed out can be written.");
  const checked = (values: Values) => {
    if ("organizationId" in values) throw new Error("The scope names the organization; values cannot.");
    return values;
  };
  return {
    table: behindItsView(table),
    columns: columnsOf(table),
    checked,
    stamp: (values) => ({ ...checked(values), organizationId }),
    within: (where) => sql`${table.organizationId} = ${organizationId} and (${required(where)})`,
    conflict: (key) => [table.organizationId, ...keyOf(table, key).filter((column) => column !== table.organizationId)],
  };
}

function globalTarget(handed: AnyTable): Target {
  const table = Object.values(globalTables).find((known) => (known as unknown) === handed);
  if (!table) throw new Error("Only the global tables can be written outside an organization.");
  const asIs = (values: Values) => values;
  const conflict = (key?: string[]) => keyOf(table, key);
  return { table, columns: getTableColumns(table), checked: asIs, stamp: asIs, within: required, conflict };
}

function required(where: SQL | undefined): SQL {
  if (!where) throw new Error("A write needs a condition.");
  return where;
}

function columnsOf(table: TenantTable) {
  const { organizationId: _, ...columns } = getTableColumns<SQLiteTable>(table);
  return columns;
}

function keyOf(table: SQLiteTable, key: string[] | undefined): SQLiteColumn[] {
  const columns = getTableColumns(table);
  if (key) return key.flatMap((name) => columns[name] ?? []);
  const [composite] = getTableConfig(table).primaryKeys;
  return composite?.columns ?? Object.values(columns).filter((column) => column.primary);
}

/** `main.posts`: the plain name is the view's, which takes no writes. */
export function behindItsView<T extends SQLiteTable>(table: T): T {
  return Object.create(table, { [schemaSymbol]: { value: "main" } });
}
const schemaSymbol = Symbol.for("drizzle:Schema");
