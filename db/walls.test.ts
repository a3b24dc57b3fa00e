// The database's wall alone: the raw tables are handed out and nobody adds an organization to a condition.
import Database from "better-sqlite3";
import { eq, getTableColumns, getTableName, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "./connection";
import { appendOnlyTables, tenantTables } from "./schema";
import { behindItsView } from "./scoped";
import { openTemporaryStore } from "./temporary-store";
import { checksum, columnsOf, exampleRows, fillBoth, tenantNames, walledConnection } from "./two-organizations";
import { raiseWall, wallTriggers } from "./walls";

const { store, file, remove } = openTemporaryStore();
let walled: ReturnType<typeof walledConnection>;
let before: string;

beforeAll(() => {
  fillBoth(file);
  walled = walledConnection(file);
});
afterAll(async () => {
  walled.connection.close();
  await remove();
});
beforeEach(() => {
  before = checksum(file, "acme");
});

const refusal = /The wall around \w+ refused/;
const places = [
  { place: "inside Globex", organizationId: "globex" },
  { place: "inside no organization", organizationId: null },
];

describe.each(tenantNames)("%s", (name) => {
  const view: SQLiteTable = tenantTables[name];
  const table: SQLiteTable = behindItsView(view);
  const columns = getTableColumns(view);
  const id = columns[columnsOf[name].id]!;
  const textName = columnsOf[name].text;
  const sqlName = getTableName(view);

  /** Runs as an organization and takes everything back. */
  function as<T>(organizationId: string | null, run: (db: typeof walled.db) => T): T {
    walled.current.organizationId = organizationId;
    walled.connection.exec("begin");
    try {
      return run(walled.db);
    } finally {
      walled.connection.exec("rollback");
      walled.current.organizationId = null;
    }
  }

  const insert = (organizationId: string | null, row = exampleRows("acme", "new")[name]) =>
    as(organizationId, (db) => db.insert(table).values(row).run().changes);
  const update = (organizationId: string | null, row = "acme") =>
    as(
      organizationId,
      (db) =>
        db
          .update(table)
          .set({ [textName]: "changed" })
          .where(eq(id, row))
          .run().changes,
    );
  const remover = (organizationId: string | null, row = "acme") =>
    as(organizationId, (db) => {
      if (name !== "comments") walled.connection.pragma("defer_foreign_keys = on");
      return db.delete(table).where(eq(id, row)).run().changes;
    });
  const upsert = (organizationId: string | null) =>
    as(organizationId, (db) =>
      db
        .insert(table)
        .values(exampleRows("acme")[name])
        .onConflictDoUpdate({ target: [tenantTables[name].organizationId, id], set: { [textName]: "changed" } })
        .run(),
    );
  const replace = (organizationId: string | null) =>
    as(organizationId, () => {
      walled.connection.pragma("defer_foreign_keys = on");
      const acmes = `select * from main."${sqlName}" where logto_organization_id = 'acme'`;
      return walled.connection.prepare(`replace into main."${sqlName}" ${acmes}`).run().changes;
    });
  const move = (organizationId: string | null, from: string, to: string) =>
    as(organizationId, (db) => {
      walled.connection.pragma("defer_foreign_keys = on");
      return db.update(table).set({ organizationId: to }).where(eq(id, from)).run().changes;
    });

  describe.each(places)("$place", ({ organizationId }) => {
    test("Acme's rows are not to be seen, neither alone nor joined nor counted", () => {
      const seen = as(organizationId, (db) => ({
        all: db.select().from(view).all(),
        one: db.select().from(view).where(eq(id, "acme")).all(),
        count: db
          .select({ n: sql<number>`count(*)` })
          .from(view)
          .get()?.n,
        joined: db
          .select({ id })
          .from(view)
          .innerJoin(sql`${view} as other`, sql`1`)
          .all(),
      }));
      expect(JSON.stringify(seen)).not.toContain("acme");
      expect(seen.count).toBe(organizationId ? 1 : 0);
    });

    test("Acme's rows cannot be inserted, updated, deleted, upserted, replaced or moved away", () => {
      expect(() => insert(organizationId)).toThrow(refusal);
      expect(() => update(organizationId)).toThrow(refusal);
      expect(() => remover(organizationId)).toThrow(refusal);
      expect(() => upsert(organizationId)).toThrow(refusal);
      expect(() => replace(organizationId)).toThrow(refusal);
      expect(() => move(organizationId, "acme", "globex")).toThrow(refusal);
      expect(checksum(file, "acme")).toBe(before);
    });

    test("a change of everything stops at the wall, and the name without its schema takes no writes at all", () => {
      expect(() => as(organizationId, (db) => db.delete(table).run())).toThrow(refusal);
      expect(() =>
        as(organizationId, (db) =>
          db
            .update(table)
            .set({ [textName]: "x" })
            .run(),
        ),
      ).toThrow(refusal);
      expect(() => as(organizationId, (db) => db.delete(view).run())).toThrow(/it is a view/);
      expect(checksum(file, "acme")).toBe(before);
    });
  });

  test("the wall says what it refused", () => {
    const said =
      name in appendOnlyTables
        ? "a change, or a write from outside its organization"
        : "a write from outside its organization";
    expect(() => insert("globex")).toThrow(`The wall around ${sqlName} refused ${said}.`);
  });

  test("Globex cannot move a row of its own into Acme", () => {
    expect(() => move("globex", "globex", "acme")).toThrow(refusal);
    expect(checksum(file, "acme")).toBe(before);
  });

  test("inside Acme the same statements succeed, but for changes of what is only added to", () => {
    expect(as("acme", (db) => db.select().from(view).all())).toHaveLength(1);
    expect(insert("acme")).toBe(1);
    const changes = [() => update("acme"), () => remover("acme"), () => upsert("acme").changes, () => replace("acme")];
    const took = changes.map((change) => {
      try {
        return change();
      } catch (error) {
        return error instanceof Error ? error.message : error;
      }
    });
    const isAppendOnly = name in appendOnlyTables;
    expect(took.map((outcome) => (isAppendOnly ? refusal.test(String(outcome)) : outcome === 1))).toEqual(
      changes.map(() => true),
    );
  });

  test("a raw table that slips into the store's own handles shows Globex its own row and nobody else's", async () => {
    const globex = store.scope("globex");
    const raw = view as never;
    const readings = [
      await globex.read((db) => db.select().from(raw)),
      await globex.write((tx) => tx.select().from(raw)),
      await globex.read((db) =>
        db.select({ found: sql`(select group_concat("${sql.raw(id.name)}") from ${view})` }).from(raw),
      ),
    ];
    for (const rows of readings) {
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).toContain("globex");
      expect(JSON.stringify(rows)).not.toContain("acme");
    }
    expect(await store.system.read((db) => db.select().from(raw))).toEqual([]);
    expect(await store.system.write((tx) => tx.select().from(raw))).toEqual([]);
  });

  test("another program, which lacks the wall's function, cannot write it", () => {
    const plain = new Database(file);
    for (const statement of [`delete from ${sqlName}`, `update ${sqlName} set logto_organization_id = 'globex'`]) {
      expect(() => plain.exec(statement)).toThrow("no such function: current_organization");
    }
    expect(plain.prepare(`select count(*) from ${sqlName}`).pluck().get()).toBe(2);
    plain.close();
    expect(checksum(file, "acme")).toBe(before);
  });
});

test("deleting a post takes its comments along, through the wall", () => {
  walled.current.organizationId = "acme";
  walled.connection.exec("begin");
  walled.connection.exec("delete from main.posts where id = 'acme'");
  expect(walled.connection.prepare("select count(*) from comments").pluck().get()).toBe(0);
  walled.connection.exec("rollback");
});

test("the wall asks whose rows are wanted once for a statement, however many rows there are", () => {
  const connection = connect(file);
  let asked = 0;
  let forgiven = 0;
  raiseWall(
    connection,
    () => ((asked += 1), "globex"),
    () => ((forgiven += 1), true),
  );
  const rows = (where: string) => connection.prepare(`select * from main.comments where ${where}`).all();
  [asked, forgiven] = [0, 0];
  expect(rows("version is not current_organization()"), "one row of each organization").toHaveLength(2);
  expect(rows("is_forgetting()")).toHaveLength(2);
  expect([asked, forgiven]).toEqual([1, 1]);
  connection.close();
});

test("the tests above would notice a missing trigger: without it the write goes through", () => {
  const { connection, current } = walledConnection(file);
  current.organizationId = "globex";
  connection.exec("begin immediate");
  for (const { name } of wallTriggers) connection.exec(`drop trigger "${name}"`);
  expect(
    connection.prepare("update main.members set name = 'x' where logto_organization_id = 'acme'").run().changes,
  ).toBe(1);
  connection.exec("rollback");
  connection.close();
});

test("and a missing view: without it everybody's rows are shown", () => {
  const { connection, db, current } = walledConnection(file);
  current.organizationId = "globex";
  for (const name of tenantNames) {
    const table: SQLiteTable = tenantTables[name];
    expect(JSON.stringify(db.select().from(table).all()), name).not.toContain("acme");
    connection.exec(`drop view temp."${getTableName(table)}"`);
    expect(JSON.stringify(db.select().from(table).all()), name).toContain("acme");
  }
  connection.close();
});
