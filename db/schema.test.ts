// What every table must have, asked of the schema and of a migrated file.
import Database from "better-sqlite3";
import { getTableName, is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, describe, expect, test } from "vitest";
import * as schema from "./schema";
import { openTemporaryStore } from "./temporary-store";
import { tenantNames } from "./two-organizations";
import { wallTriggers } from "./walls";

const { file, remove } = openTemporaryStore();
const live = new Database(file, { readonly: true });
afterAll(async () => {
  live.close();
  await remove();
});

const organization = "logto_organization_id";
const tenantTableNames = Object.values(schema.tenantTables).map((table) => getTableName(table));
const doorTableNames = Object.values(schema.doorTables).map((table) => getTableName(table));
const globalTableNames = Object.values(schema.globalTables).map((table) => getTableName(table));

test("every table is global, an organization's, or a door to one, in the schema and in the file", () => {
  const known = [...tenantTableNames, ...doorTableNames, ...globalTableNames].toSorted();
  const declared = Object.values(schema).filter((value) => is(value, SQLiteTable));
  expect(declared.map((table) => getTableName(table)).toSorted()).toEqual(known);
  const found = live.prepare("select name from sqlite_master where type = 'table'").pluck().all();
  expect(found.filter((name) => name !== "__drizzle_migrations").toSorted()).toEqual(known);
});

test("no global table has the organization's column, so none can be mistaken for an organization's", () => {
  for (const name of globalTableNames) expect(columnsOf(name).map((column) => column.name)).not.toContain(organization);
});

test.each(doorTableNames)(
  "%s has the column and its wall in the file, for it is read by anybody and written by its own",
  (name) => {
    expect(columnsOf(name).find((column) => column.name === organization)).toMatchObject({ type: "TEXT", notnull: 1 });
    expect(standingTriggers(name)).toEqual(wantedTriggers(name));
    expect(wantedTriggers(name)).toHaveLength(3);
  },
);

describe.each(tenantNames)("%s", (key) => {
  const table = schema.tenantTables[key];
  const name = getTableName(table);

  test("has the column, first in the primary key and in every index", () => {
    expect(columnsOf(name).find((column) => column.name === organization)).toMatchObject({
      type: "TEXT",
      notnull: 1,
      pk: 1,
    });
    const indexes = live.prepare<[string], { name: string }>("select name from pragma_index_list(?)").all(name);
    const first = live.prepare<[string]>("select name from pragma_index_info(?) where seqno = 0").pluck();
    expect(indexes.map((index) => first.get(index.name))).toEqual(indexes.map(() => organization));
    expect(getTableConfig(table).primaryKeys[0]?.columns[0]?.name).toBe(organization);
  });

  test("points to its parents by the pair (organization, id), and to tenant tables alone", () => {
    for (const pair of foreignKeysOf(name)) {
      expect(tenantTableNames).toContain(pair[0]?.table);
      expect(pair[0]).toMatchObject({ from: organization, to: organization });
      expect(pair).toHaveLength(2);
    }
  });

  test("has an index for each foreign key, so that deleting a parent does not read the whole table", () => {
    for (const pair of foreignKeysOf(name)) {
      const where = pair.map(({ from }) => `"${from}" = ''`).join(" and ");
      const [step] = live
        .prepare<[], { detail: string }>(`explain query plan select 1 from "${name}" where ${where}`)
        .all();
      expect(step?.detail).toMatch(
        new RegExp(`^SEARCH .* \\(${pair.map(({ from }) => `${from}=\\?`).join(" AND ")}\\)`),
      );
    }
  });

  test("has its wall in the file", () => {
    expect(standingTriggers(name)).toEqual(wantedTriggers(name));
    expect(wantedTriggers(name)).toHaveLength(3);
  });
});

test("no view, materialised copy or virtual table goes around the walls", () => {
  expect(live.prepare("select name from sqlite_master where type = 'view' or sql like '%virtual%'").all()).toEqual([]);
});

function standingTriggers(name: string) {
  const statements = live.prepare("select sql from sqlite_master where type = 'trigger' and tbl_name = ?").pluck();
  return statements.all(name).toSorted();
}

function wantedTriggers(name: string) {
  const wanted = wallTriggers.filter((trigger) => trigger.statement.includes(` on "${name}" `));
  return wanted.map(({ statement }) => statement).toSorted();
}

function columnsOf(name: string) {
  const columns = live.prepare<[string], { name: string; type: string; notnull: number; pk: number }>(
    'select name, type, "notnull", pk from pragma_table_info(?)',
  );
  return columns.all(name);
}

function foreignKeysOf(name: string) {
  const rows = live
    .prepare<[string], { id: number; table: string; from: string; to: string }>(
      'select id, "table", "from", "to" from pragma_foreign_key_list(?) order by id, seq',
    )
    .all(name);
  return [...new Set(rows.map(({ id }) => id))].map((id) => rows.filter((row) => row.id === id));
}
