// One SQLite file: prepared statements, and rows as the records that Logto's API shows.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { schema } from "./schema";

export type Value = string | number | bigint | null;

/** How rows of a table become records: which columns hold JSON or booleans, and whether `tenantId` is shown. */
export interface Table {
  name: string;
  json?: readonly string[];
  flags?: readonly string[];
  tenant?: boolean;
}

const keys = new Map<string, string>();
/** Cached: it is asked for every column of every row. */
function camel(column: string): string {
  let key = keys.get(column);
  if (!key) keys.set(column, (key = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())));
  return key;
}
const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `file` is a path or ":memory:". Everything is synchronous, so a handler without `await` cannot be interrupted. */
export function openStore(file: string) {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new Sqlite(file);
  for (const setting of ["journal_mode = wal", "synchronous = normal", "foreign_keys = on", "busy_timeout = 2000"]) {
    database.pragma(setting);
  }
  database.exec(schema);

  const statements = new Map<string, Sqlite.Statement<unknown[]>>();
  function prepare(sql: string) {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = database.prepare<unknown[]>(sql)));
    return statement;
  }

  function decode<Record>(table: Table, row: object): Record {
    const record: { [key: string]: unknown } = table.tenant ? { tenantId: "default" } : {};
    for (const [column, value] of Object.entries(row)) {
      const key = camel(column);
      if (table.json?.includes(key)) record[key] = value === null ? null : JSON.parse(value as string);
      else record[key] = table.flags?.includes(key) ? value === 1 : value;
    }
    return record as Record; // The table's descriptor and the caller's type describe the same columns.
  }

  const encode = (value: unknown): Value => {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (value !== null && typeof value === "object") return JSON.stringify(value);
    return value as Value;
  };
  const given = (record: object) => Object.entries(record).filter(([, value]) => value !== undefined);

  const store = {
    database,
    /** Records of a query, decoded as the table says. */
    list: <Record>(table: Table, sql: string, ...values: Value[]): Record[] =>
      prepare(sql)
        .all(...values)
        .map((row) => decode<Record>(table, row as object)),
    /** The first record of a query. */
    find<Record>(table: Table, sql: string, ...values: Value[]): Record | undefined {
      const row = prepare(sql).get(...values);
      return row === undefined ? undefined : decode<Record>(table, row as object);
    },
    /** The first column of each row. */
    column: <Item extends Value>(sql: string, ...values: Value[]): Item[] =>
      prepare(sql)
        .all(...values)
        .map((row) => Object.values(row as object)[0] as Item),
    /** The first column of the first row; of `count(*)` above all. */
    value<Item extends Value>(sql: string, ...values: Value[]): Item | undefined {
      const row = prepare(sql).get(...values);
      return row === undefined ? undefined : (Object.values(row as object)[0] as Item);
    },
    /** Runs a statement; answers how many rows it changed. */
    run: (sql: string, ...values: Value[]): number => prepare(sql).run(...values).changes,
    insert<Record>(table: Table, record: object): Record {
      const entries = given(record);
      const columns = entries.map(([key]) => snake(key)).join(", ");
      const marks = entries.map(() => "?").join(", ");
      const row = prepare(`insert into ${table.name} (${columns}) values (${marks}) returning *`).get(
        ...entries.map(([, value]) => encode(value)),
      );
      return decode<Record>(table, row as object);
    },
    /** Changes the given keys of the record with that id; undefined when there is none. */
    update<Record>(table: Table, id: string, changes: object): Record | undefined {
      const entries = given(changes);
      if (entries.length === 0) return store.find<Record>(table, `select * from ${table.name} where id = ?`, id);
      const sets = entries.map(([key]) => `${snake(key)} = ?`).join(", ");
      const row = prepare(`update ${table.name} set ${sets} where id = ? returning *`).get(
        ...entries.map(([, value]) => encode(value)),
        id,
      );
      return row === undefined ? undefined : decode<Record>(table, row as object);
    },
    /** All or nothing. `work` must not await. */
    atomic: <Result>(work: () => Result): Result => database.transaction(work).immediate(),
    close: () => void database.close(),
  };
  return store;
}

export type Store = ReturnType<typeof openStore>;
