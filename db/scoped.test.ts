// The app's own wall alone: the store is opened with the database's wall left out.
import Database from "better-sqlite3";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { and, eq, type Given, or, prepared, type SQL, type Table } from "./query";
import { scopedTables } from "./schema";
import { openTemporaryStore } from "./temporary-store";
import { checksum, columnsOf, exampleRows, fillBoth, tenantNames } from "./two-organizations";

const { store, file, remove } = openTemporaryStore({ walls: false });
const acme = store.scope("acme");
const globex = store.scope("globex");
let before: string;

beforeAll(() => fillBoth(file));
afterAll(remove);
beforeEach(() => {
  before = checksum(file, "acme");
});

/** Takes back what a write did, after looking at its answer. */
class TakenBack extends Error {}
async function tried<T>(scope: typeof acme, run: Parameters<typeof scope.write<T>>[0]): Promise<T> {
  let answer: { is: T } | undefined;
  await scope
    .write(async (tx, tables) => {
      answer = { is: await run(tx, tables) };
      throw new TakenBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  return answer!.is;
}

test("the database's wall is really down: another program can write here", () => {
  const plain = new Database(file);
  plain.exec("begin");
  expect(plain.prepare("update posts set title = 'x'").run().changes).toBe(2);
  plain.exec("rollback");
  plain.close();
});

describe.each(tenantNames)("%s", (name) => {
  type Any = Table<string, Record<string, unknown>, Record<string, unknown>>;
  const { id, text } = columnsOf[name];
  const { organizationId: _, ...fresh } = exampleRows("globex", "new")[name] as Record<string, unknown>;
  const called = (table: Any, key: string): SQL => eq(table[id]!, key);
  const tableOf = (tables: Record<typeof name, unknown>) => tables[name] as Any;

  test("Globex finds Acme's row nowhere, and its own, as Acme does", async () => {
    const find = (scope: typeof acme, key: string) =>
      scope.read((db, tables) =>
        db
          .select()
          .from(tableOf(tables))
          .where(called(tableOf(tables), key)),
      );
    expect(await find(globex, "acme")).toEqual([]);
    expect(await find(globex, "globex")).toHaveLength(1);
    expect(await find(acme, "acme")).toHaveLength(1);
    const all = await globex.read((db, tables) => db.select().from(tableOf(tables)));
    expect(JSON.stringify(all)).not.toContain("acme");
    expect(all[0], "whose it is needs no saying").not.toHaveProperty("organizationId");
  });

  test("Globex changes and removes nothing of Acme's, by its key or by none", async () => {
    const everything = sql`1 = 1 or 1 = 1`;
    for (const where of [
      (table: Any) => called(table, "acme"),
      () => sql`${"acme"} = 'acme' and false or ${id} = 'acme'`,
    ]) {
      expect(
        await tried(globex, (tx, tables) => tx.update(tableOf(tables), { [text]: "x" }, where(tableOf(tables)))),
      ).toEqual([]);
      expect(await tried(globex, (tx, tables) => tx.remove(tableOf(tables), where(tableOf(tables))))).toEqual([]);
    }
    expect(await tried(globex, (tx, tables) => tx.update(tableOf(tables), { [text]: "x" }, everything))).toHaveLength(
      1,
    );
    const own = (tables: Record<typeof name, unknown>) => called(tableOf(tables), "acme");
    expect(await tried(acme, (tx, tables) => tx.update(tableOf(tables), { [text]: "x" }, own(tables)))).toHaveLength(1);
    await globex.write((tx, tables) => tx.update(tableOf(tables), { [text]: "changed" }, everything));
    expect(checksum(file, "acme")).toBe(before);
  });

  test("Globex cannot say whose a row is: not when inserting, upserting or changing it", async () => {
    for (const organizationId of ["acme", "globex", undefined]) {
      const row = { ...fresh, organizationId };
      const tries = [
        globex.write((tx, tables) => tx.insert(tableOf(tables), row)),
        globex.write((tx, tables) => tx.upsert(tableOf(tables), row, {})),
        globex.write((tx, tables) => tx.upsert(tableOf(tables), fresh, { organizationId })),
        globex.write((tx, tables) => tx.update(tableOf(tables), { organizationId }, sql`true`)),
        globex.write((tx, tables) => tx.update(tableOf(tables), Object.create({ organizationId }), sql`true`)),
      ];
      for (const answer of tries) await expect(answer).rejects.toThrow("The scope names the organization");
    }
    expect(checksum(file, "acme")).toBe(before);
    expect(await tried(globex, (tx, tables) => tx.insert(tableOf(tables), fresh))).toMatchObject({ [id]: "new" });
  });

  test("what Globex upserts under the key of Acme's row becomes a row of its own", async () => {
    const row = { ...fresh, [id]: "acme" };
    const upserted = await tried(globex, (tx, tables) => tx.upsert(tableOf(tables), row, { [text]: "changed" }));
    expect(upserted).toMatchObject({ [id]: "acme", [text]: "new" });
    const again = await tried(acme, (tx, tables) =>
      tx.upsert(tableOf(tables), { ...row, ...owners }, { [text]: "changed" }),
    );
    expect(again).toMatchObject({ [id]: "acme", [text]: "changed" });
    expect(checksum(file, "acme")).toBe(before);
  });
  const owners = Object.fromEntries(["postId", "authorId"].filter((key) => key in fresh).map((key) => [key, "acme"]));
});

test("a comment cannot be hung on another organization's post, nor given its author", async () => {
  const { organizationId: _, ...comment } = exampleRows("globex", "new").comments;
  for (const foreign of [{ postId: "acme" }, { authorId: "acme" }]) {
    const hung = globex.write((tx, { comments }) => tx.insert(comments, { ...comment, ...foreign }));
    const never = globex.write((tx, { comments }) => tx.insert(comments, { ...comment, postId: "never-existed" }));
    const messages = await Promise.all([hung, never].map((write) => write.catch((error: Error) => error.message)));
    expect(messages[0]).toBe("FOREIGN KEY constraint failed");
    expect(messages[0]).toBe(messages[1]);
  }
});

describe("Drizzle's traps stay inside", () => {
  const ids = (rows: { id: string }[]) => rows.map((row) => row.id);

  test("a read without a condition is one organization's", async () => {
    expect(ids(await globex.read((db, { posts }) => db.select().from(posts).where(undefined)))).toEqual(["globex"]);
  });

  test("an or in a raw fragment changes one organization's rows, and shows no other's", async () => {
    const open = sql`1 = 2 or 1 = 1`;
    expect(ids(await globex.read((db, { posts }) => db.select().from(posts).where(open)))).toEqual(["globex"]);
    expect(ids(await tried(globex, (tx, { posts }) => tx.update(posts, { title: "x" }, open)))).toEqual(["globex"]);
    expect(ids(await tried(globex, (tx, { comments }) => tx.remove(comments, open)))).toEqual(["globex"]);
    expect(checksum(file, "acme")).toBe(before);
  });

  test("our and() brackets what it joins", async () => {
    const find = (where: (id: Parameters<typeof eq>[0]) => SQL) =>
      globex.read((db, { posts }) => db.select().from(posts).where(where(posts.id)));
    expect(await find((id) => and(sql`1 = 1 or 1 = 1`, eq(id, "never-existed")))).toEqual([]);
    expect(ids(await find((id) => or(eq(id, "never-existed"), eq(id, "globex"))))).toEqual(["globex"]);
  });

  test("a write without a condition is refused", async () => {
    const nothing = undefined as unknown as SQL;
    await expect(globex.write((tx, { posts }) => tx.update(posts, { title: "x" }, nothing))).rejects.toThrow(
      "needs a condition",
    );
    await expect(globex.write((tx, { posts }) => tx.remove(posts, nothing))).rejects.toThrow("needs a condition");
    expect(() => and(nothing)).toThrow("A condition is missing");
    expect(() => or(nothing)).toThrow("A condition is missing");
  });

  test("neither the handles nor the types offer a way around", async () => {
    const offered = await globex.write(async (tx) => Object.keys(tx).toSorted());
    expect(offered).toEqual(["at", "by", "insert", "remove", "select", "tables", "update", "upsert"]);
    expect(await globex.read(async (db) => Object.keys(db).toSorted())).toEqual(["select"]);
    expect(await globex.read(async (_db, tables) => Object.keys(tables))).toEqual(Object.keys(scopedTables));
    const wrong = () =>
      globex.write(async (tx, { posts, members }) => {
        // @ts-expect-error A write needs a condition.
        await tx.remove(posts);
        // @ts-expect-error and() may be empty only where reading.
        await tx.update(posts, { title: "x" }, undefined);
        // @ts-expect-error The scope names the organization.
        await tx.update(posts, { organizationId: "acme" }, eq(posts.id, "x"));
        // @ts-expect-error The scope names the organization.
        await tx.insert(members, { ...exampleRows("acme").members });
        // @ts-expect-error There is no organization column to ask for.
        await tx.select().from(posts).where(eq(posts.organizationId, "acme"));
        // @ts-expect-error An empty and() does not exist.
        await tx.select().from(posts).where(and());
        const filtered = tx
          .select()
          .from(posts)
          .where(sql`true`);
        // @ts-expect-error A second where() would replace the first.
        filtered.where(sql`true`);
      });
    expect(wrong).toBeTypeOf("function");
  });
});

test("a prepared query is bound to the scope that runs it, whatever its values say", async () => {
  const byId = prepared((db, { posts }, given: Given<{ id: string }>) =>
    db.select({ id: posts.id }).from(posts).where(eq(posts.id, given.id)),
  );
  expect(await acme.query(byId, { id: "acme" })).toEqual([{ id: "acme" }]);
  expect(await globex.query(byId, { id: "acme" })).toEqual([]);
  const meddling = { id: "acme", organizationId: "acme", "the scope's organization": "acme" };
  expect(await globex.query(byId, meddling)).toEqual([]);
});

test("what is upserted under a key that is none is refused", async () => {
  const { organizationId: _, ...post } = exampleRows("globex", "new").posts;
  const upserted = globex.write((tx, { posts }) => tx.upsert(posts, post, { title: "x" }, ["nonsense" as never]));
  await expect(upserted).rejects.toThrow("ON CONFLICT clause does not match");
});

test("tables of one scope do not open another's rows for writing", async () => {
  const stolen = await acme.read(async (_db, { posts }) => posts);
  expect(await globex.write((tx) => tx.update(stolen, { title: "x" }, sql`true`))).toMatchObject([{ id: "globex" }]);
  expect(checksum(file, "acme")).toBe(before);
});

test("outside any organization the tenant tables cannot be written, nor a scope made without a name", async () => {
  const posts = await acme.read(async (_db, tables) => tables.posts);
  await expect(store.system.write((tx) => tx.remove(posts as never, sql`true`))).rejects.toThrow(
    "Only the global tables",
  );
  const { users } = await store.system.read(async (_db, tables) => tables);
  await expect(acme.write((tx) => tx.remove(users, sql`true`))).rejects.toThrow(
    "Only a table that this write handed out",
  );
  for (const nobody of ["", null, undefined])
    expect(() => store.scope(nobody as string)).toThrow("needs an organization");
  expect(checksum(file, "acme")).toBe(before);
});
