// When the file cannot be written: whoever asks is told so, and nothing else in the process stands still.
import Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, type Connection } from "./connection";
import { createContext } from "./context";
import { users } from "./schema";
import { openTemporaryStore, type TemporaryStore } from "./temporary-store";
import { StoreUnavailable } from "./unavailable";
import { createWriter } from "./writer";

let temporary: TemporaryStore;
let connection: Connection;
let other: Database.Database;
beforeEach(() => {
  temporary = openTemporaryStore();
  connection = connect(temporary.file);
  other = new Database(temporary.file);
});
afterEach(async () => {
  other.close();
  connection.close();
  await temporary.remove();
});

const at = new Date(1_700_000_000_000);
let people = 0;

function writerWith(patience?: number) {
  const writer = createWriter(connection, drizzle(connection), createContext(), { patience });
  const write = () =>
    writer.write(
      null,
      (tx) => {
        const id = `person ${(people += 1)}`;
        const row = { id, logtoId: id, email: "", name: "x".repeat(2_000), createdAt: at, updatedAt: at };
        return tx.insert(users as never, row as never);
      },
      () => ({}),
    );
  return { ...writer, write };
}

const count = () => other.prepare("select count(*) from users").pluck().get();

test("a write waits for another process, and everything else goes on meanwhile", async () => {
  const { write } = writerWith();
  other.exec("begin immediate");
  const writing = write();
  await temporary.store.system.read((db, tables) => db.select().from(tables.users));
  other.exec("commit"); // by this very process: it is not standing still
  await writing;
  expect(count()).toBe(1);
});

test("a write is refused when another process does not let go in time, and the next one is taken when it has", async () => {
  const { write } = writerWith(50);
  other.exec("begin immediate");
  const refused = await Promise.allSettled([write(), write(), write()]);
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: expect.any(StoreUnavailable) });
  other.exec("commit");
  await write();
  expect(count()).toBe(1);
});

test("a full disk is told as such, what was begun is rolled back, and there is room for a write later", async () => {
  const { write } = writerWith();
  await write();
  const pages = Number(connection.pragma("page_count", { simple: true }));
  connection.pragma(`max_page_count = ${pages + 2}`);
  let taken = 1;
  await expect(
    (async () => {
      for (; taken < 50; taken += 1) await write();
    })(),
  ).rejects.toBeInstanceOf(StoreUnavailable);
  expect(count()).toBe(taken);
  connection.pragma(`max_page_count = ${pages + 100}`);
  await write();
  expect(count()).toBe(taken + 1);
});

test("a file that may not be written is told as such, and is still read", async () => {
  const { write } = writerWith();
  connection.pragma("query_only = 1");
  await expect(write()).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await temporary.store.system.read((db, tables) => db.select().from(tables.users))).toEqual([]);
  connection.pragma("query_only = 0");
  await write();
});

test("a fault that is no trouble of the file stays what it is", async () => {
  const writer = createWriter(connection, drizzle(connection), createContext());
  const faulty = writer.write(
    null,
    () => Promise.reject(new TypeError("a bug")),
    () => ({}),
  );
  await expect(faulty).rejects.toBeInstanceOf(TypeError);
});
