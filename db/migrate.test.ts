import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "./sqlite";
import { checksum, fillBoth } from "./two-organizations";
import { wallTriggers } from "./walls";

let folder: string;
let file: string;
let migrations: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atrium-"));
  file = join(folder, "atrium.db");
  migrations = join(folder, "migrations");
  mkdirSync(migrations);
  cpSync("db/migrations", migrations, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** How many migrations there are without the test's own. */
const open = () => openStore(file, { migrations });

function addMigration(...statements: string[]) {
  const journalFile = join(migrations, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(journalFile, "utf8"));
  const tag = `${journal.entries.length}_next`;
  journal.entries.push({ idx: journal.entries.length, version: "6", when: Date.now() + 1e9, tag, breakpoints: true });
  writeFileSync(journalFile, JSON.stringify(journal));
  writeFileSync(join(migrations, `${tag}.sql`), statements.join("\n--> statement-breakpoint\n"));
}

function inFile<T>(sql: string): T[] {
  const plain = new Database(file, { readonly: true });
  const rows = plain.prepare<[], T>(sql).pluck().all();
  plain.close();
  return rows;
}
const applied = () => inFile<number>("select count(*) from __drizzle_migrations")[0];
const ours: number = JSON.parse(readFileSync("db/migrations/meta/_journal.json", "utf8")).entries.length;
const triggers = () => inFile<string>("select name from sqlite_master where type = 'trigger'").toSorted();
const wanted = wallTriggers.map(({ name }) => name).toSorted();

test("rebuilding a parent table keeps every child, and puts its wall up again", async () => {
  await open().close();
  fillBoth(file);
  const before = checksum(file, "acme");
  const [create] = inFile<string>("select sql from sqlite_master where name = 'posts'");
  addMigration(
    create!.replace("`posts`", "`__new_posts`").replaceAll('"posts".', '"__new_posts".'),
    "insert into `__new_posts` select * from `posts`",
    "drop table `posts`",
    "alter table `__new_posts` rename to `posts`",
  );
  await open().close();
  expect(checksum(file, "acme")).toBe(before);
  expect(triggers()).toEqual(wanted);
});

test("a migration may change the rows of all organizations: the walls come down for it, and up again", async () => {
  await open().close();
  fillBoth(file);
  addMigration("update posts set body = 'migrated'");
  await open().close();
  expect(inFile("select body from posts")).toEqual(["migrated", "migrated"]);
  expect(triggers()).toEqual(wanted);
  await open().close();
  expect(applied()).toBe(ours + 1);
});

describe("a migration that fails", () => {
  test.each([
    ["in the middle", ["alter table users add column age integer", "insert into nowhere values (1)"], "no such table"],
    ["by leaving a child without its parent", ["delete from posts where id = 'acme'"], "1 rows point to nothing"],
  ])("%s changes nothing, not even the walls, and the store does not open", async (_how, statements, message) => {
    await open().close();
    fillBoth(file);
    const before = checksum(file, "acme");
    addMigration(...statements);
    expect(open).toThrow(message);
    expect(checksum(file, "acme")).toBe(before);
    expect(inFile("select name from pragma_table_info('users')")).not.toContain("age");
    expect(applied()).toBe(ours);
    expect(triggers()).toEqual(wanted);
  });
});

test("a wall that somebody has taken down or changed is up again after the next start", async () => {
  await open().close();
  const plain = new Database(file);
  const [first, second] = wanted;
  plain.exec(
    `drop trigger ${first}; drop trigger ${second}; create trigger ${second} before insert on posts begin select 1; end`,
  );
  plain.close();
  await open().close();
  const statements = inFile<string>("select sql from sqlite_master where type = 'trigger'").toSorted();
  expect(statements).toEqual(wallTriggers.map(({ statement }) => statement).toSorted());
});

test("a trigger that is no wall is left alone", async () => {
  await open().close();
  const plain = new Database(file);
  plain.exec("create trigger counted after insert on users begin select 1; end");
  plain.close();
  await open().close();
  expect(triggers()).toEqual([...wanted, "counted"].toSorted());
});
