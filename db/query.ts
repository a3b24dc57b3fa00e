// How queries are written: Drizzle's own calls, typed without a database's name, so that another can come behind them.
import { type Column, type ColumnBaseConfig, type ColumnDataType, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { doorTables, globalTables, scopedTables } from "./schema";

type Everywhere = typeof globalTables & typeof doorTables;

export { asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, max, ne, not, sql } from "drizzle-orm";
export type { Placeholder, SQL } from "drizzle-orm";

declare const shape: unique symbol;

/** A table as the app holds it: its columns, and in its type the rows it gives and takes. */
export type Table<Name extends string, Out, In> = { readonly [Key in keyof Out & string]: Field<Name, Out[Key]> } & {
  readonly [shape]: { name: Name; row: Out; new: In };
};
export type AnyTable = { readonly [shape]: { name: string; row: object; new: object } };
type NameOf<T extends AnyTable> = T[typeof shape]["name"];
type RowOf<T extends AnyTable> = T[typeof shape]["row"];
type NewOf<T extends AnyTable> = T[typeof shape]["new"];

type Field<Name extends string, Value> = Column<
  ColumnBaseConfig<ColumnDataType, string> & {
    tableName: Name;
    data: NonNullable<Value>;
    notNull: null extends Value ? false : true;
  }
>;

/** An organization's own tables. They have no organization column: nobody needs one. */
export type TenantTables = {
  readonly [K in keyof typeof scopedTables]: Table<
    K,
    Omit<(typeof scopedTables)[K]["$inferSelect"], "organizationId">,
    Omit<(typeof scopedTables)[K]["$inferInsert"], "organizationId"> & { organizationId?: never }
  >;
};
/** The tables outside any organization. */
export type GlobalTables = {
  readonly [K in keyof Everywhere]: Table<
    Everywhere[K]["_"]["name"],
    Everywhere[K]["$inferSelect"],
    Everywhere[K]["$inferInsert"]
  >;
};
/** A row of a table, by the table's name: `Row<"posts">`. A tenant table's row has no organization column. */
export type Row<K extends keyof TenantTables | keyof GlobalTables> = K extends keyof TenantTables
  ? RowOf<TenantTables[K]>
  : K extends keyof GlobalTables
    ? RowOf<GlobalTables[K]>
    : never;

type Selection = { readonly [key: string]: Column | SQL | SQL.Aliased | Selection };
/** What a selection answers; `Missing` names the tables that a left join may not have found. */
type Selected<S, Missing extends string> = {
  -readonly [K in keyof S]: S[K] extends Column<infer C>
    ? C["data"] | (C["notNull"] extends true ? never : null) | (C["tableName"] extends Missing ? null : never)
    : S[K] extends SQL<infer T> | SQL.Aliased<infer T>
      ? T
      : Selected<S[K], Missing>;
};

type Order = Column | SQL | SQL.Aliased;
/** A query that may still be ordered and cut. Awaiting it runs it. */
export interface Ordered<Answer> extends PromiseLike<Answer[]> {
  groupBy(...by: Order[]): Ordered<Answer>;
  orderBy(...by: Order[]): Ordered<Answer>;
  limit(limit: number | Placeholder): Ordered<Answer>;
  offset(offset: number | Placeholder): Ordered<Answer>;
}
export interface Filterable<Answer> extends Ordered<Answer> {
  /** Once. Without a condition: all rows that the table holds for its holder. */
  where(condition: SQL | undefined): Ordered<Answer>;
}
export interface Joinable<S, Missing extends string> extends Filterable<Selected<S, Missing>> {
  innerJoin(table: AnyTable, on: SQL): Joinable<S, Missing>;
  leftJoin<T extends AnyTable>(table: T, on: SQL): Joinable<S, Missing | NameOf<T>>;
}

export interface Select {
  (): { from<T extends AnyTable>(table: T): Filterable<RowOf<T>> };
  <S extends Selection>(fields: S): { from(table: AnyTable): Joinable<S, never> };
}
export interface Reads {
  readonly select: Select;
}

type Changes<New> = { [K in keyof New]?: New[K] | SQL };
/** Reads and writes inside one transaction. Every write answers the rows it touched. */
export interface Writes extends Reads {
  insert<T extends AnyTable>(table: T, values: NewOf<T>): Promise<RowOf<T>>;
  /** Inserts, or changes the row that has the same key: the primary key, or the unique `key` that is named. */
  upsert<T extends AnyTable>(
    table: T,
    values: NewOf<T>,
    changes: Changes<NewOf<T>>,
    key?: (keyof RowOf<T> & string)[],
  ): Promise<RowOf<T>>;
  update<T extends AnyTable>(table: T, changes: Changes<NewOf<T>>, where: SQL): Promise<RowOf<T>[]>;
  remove<T extends AnyTable>(table: T, where: SQL): Promise<RowOf<T>[]>;
}

/** The values a prepared query is given when it runs, by name. */
export type Given<Values> = { readonly [K in keyof Values]: Placeholder<string, Values[K]> };
/** A query built and compiled once for each connection. Make it at the top of a module. */
export type Prepared<Tables, Values, Answer> = {
  readonly build: (db: Reads, tables: Tables, given: Given<Values>) => Ordered<Answer>;
};

/**
 * A hot query over an organization's tables, run by `scope.query`:
 * `prepared((db, { posts }, given: Given<{ id: string }>) => db.select().from(posts).where(eq(posts.id, given.id)))`.
 */
export const prepared = <Values, Answer>(
  build: Prepared<TenantTables, Values, Answer>["build"],
): Prepared<TenantTables, Values, Answer> => ({ build });

/** The same over the global tables, run by `system.query`. */
export const preparedForSystem = <Values, Answer>(
  build: Prepared<GlobalTables, Values, Answer>["build"],
): Prepared<GlobalTables, Values, Answer> => ({ build });

/** Drizzle's `and` and `or` answer "all rows" when left empty and do not bracket a raw fragment. These do neither. */
export const and = (first: SQL, ...others: (SQL | undefined)[]) => joined(" and ", [first, ...others]);
export const or = (first: SQL, ...others: (SQL | undefined)[]) => joined(" or ", [first, ...others]);

function joined(word: string, conditions: (SQL | undefined)[]): SQL {
  if (!conditions[0]) throw new Error("A condition is missing.");
  const bracketed = conditions.filter((condition) => condition !== undefined).map((condition) => sql`(${condition})`);
  return sql`(${sql.join(bracketed, sql.raw(word))})`;
}

/** Whether a column holds this text, whatever the case. The signs % and _ are ordinary letters here. */
export function contains(column: Column, text: string): SQL {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return sql`lower(${column}) like ${pattern} escape '\\'`;
}
