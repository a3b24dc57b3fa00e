import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "./connection";
import { exampleMember } from "./example-member";
import { eq, type Given, preparedForSystem, sql } from "./query";
import { openStore } from "./sqlite";
import { openTemporaryStore, type TemporaryStore } from "./temporary-store";
import { newId } from "./id";

let temporary: TemporaryStore;
beforeEach(() => {
  temporary = openTemporaryStore();
});
afterEach(() => temporary.remove());

const at = new Date(1_700_000_000_000);
const user = (id: string) => ({
  id,
  logtoId: `logto-${id}`,
  email: `${id}@example.com`,
  name: id,
  createdAt: at,
  updatedAt: at,
});
const names = () =>
  temporary.store
    .scope("acme")
    .read(async (db, { members }) => (await db.select().from(members)).map(({ name }) => name));

describe("a write", () => {
  test("comes back whole when it throws at the end, after an await, and leaves nothing behind", async () => {
    const acme = temporary.store.scope("acme");
    const failing = acme.write(async (tx, { members }) => {
      await tx.insert(members, exampleMember("ada"));
      await new Promise((resolve) => setImmediate(resolve));
      await tx.insert(members, exampleMember("bob"));
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await names()).toEqual([]);
    await acme.write((tx, { members }) => tx.insert(members, exampleMember("ada")));
    expect(await names()).toEqual(["ada"]);
  });

  test("is seen by no reader before it is done, and by its own transaction at once", async () => {
    const acme = temporary.store.scope("acme");
    await acme.write(async (tx, { members }) => {
      await tx.insert(members, exampleMember("ada"));
      expect(await tx.select().from(members)).toHaveLength(1);
      expect(await names()).toEqual([]);
    });
    expect(await names()).toEqual(["ada"]);
  });

  test("waits for those that were asked for before it, whichever organization they are for", async () => {
    const order: string[] = [];
    const steps = ["acme", "globex", "acme", "initech"].map((organization, index) =>
      temporary.store.scope(organization).write(async () => {
        order.push(`${index} begins`);
        for (let pause = index; pause < 4; pause++) await new Promise((resolve) => setImmediate(resolve));
        order.push(`${index} ends`);
        if (index === 1) throw new Error("one fails");
      }),
    );
    const outcomes = await Promise.allSettled(steps);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(order).toEqual([0, 1, 2, 3].flatMap((index) => [`${index} begins`, `${index} ends`]));
  });

  test("inside another write is refused with a sentence instead of waiting for ever, and afterwards works", async () => {
    const { store } = temporary;
    const acme = store.scope("acme");
    const insert = () => acme.write((tx, { members }) => tx.insert(members, exampleMember(newId())));
    const nested = [
      () => acme.write(insert),
      () => acme.write(() => acme.read(insert)),
      () => acme.write(() => store.system.write(async () => "never")),
      () => store.system.write(insert),
      () => store.scope("acme", { beforeWrite: async () => void (await insert()) }).write(async () => "never"),
    ];
    for (const write of nested) await expect(write()).rejects.toThrow("A write cannot be opened inside another write");

    let later: Promise<unknown> | undefined;
    await acme.write(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 1)).then(insert);
    });
    await later;
    expect(await names()).toHaveLength(1);
  });

  test("can be opened inside a read, which is no write", async () => {
    const acme = temporary.store.scope("acme");
    await acme.read(() => acme.write((tx, { members }) => tx.insert(members, exampleMember("ada"))));
    expect(await names()).toEqual(["ada"]);
  });

  test("keeps other processes from writing between what it reads and what it writes", async () => {
    const acme = temporary.store.scope("acme");
    const other = new Database(temporary.file, { timeout: 0 });
    await acme.write(async (tx, { members }) => {
      expect(await tx.select().from(members)).toEqual([]);
      expect(() => other.exec("begin immediate")).toThrow("database is locked");
    });
    other.exec("begin immediate; rollback");
    other.close();
  });

  test("cannot be gone on with after it is over", async () => {
    const acme = temporary.store.scope("acme");
    const tx = await acme.write(async (handed) => ({ handed }));
    const { members } = await acme.read(async (_db, tables) => tables);
    expect(() => tx.handed.insert(members, exampleMember("ada"))).toThrow("This write is over");
    expect(await names()).toEqual([]);
  });

  test("asks beforeWrite first, in the same transaction, and is refused by its throw", async () => {
    const { store } = temporary;
    await store.system.write((tx, { users }) => tx.insert(users, user("ada")));
    const seen: string[] = [];
    const guarded = store.scope("acme", {
      beforeWrite: async (db, { users }) => {
        const [ada] = await db.select().from(users).where(eq(users.id, "ada"));
        seen.push(ada?.name ?? "nobody");
        if (ada?.name !== "ada") throw new Error("something has changed");
      },
    });
    await guarded.write((tx, { members }) => tx.insert(members, exampleMember("ada")));
    await store.system.write((tx, { users }) => tx.update(users, { name: "Ada L." }, eq(users.id, "ada")));
    const refused = guarded.write((tx, { members }) => tx.insert(members, exampleMember("bob")));
    await expect(refused).rejects.toThrow("something has changed");
    expect(seen).toEqual(["ada", "Ada L."]);
    expect(await names()).toEqual(["ada"]);
  });
});

describe("the global tables", () => {
  test("are written and read outside any organization, with their own keys", async () => {
    const { system } = temporary.store;
    const first = await system.write((tx, { users }) => tx.upsert(users, user("one"), { name: "again" }, ["logtoId"]));
    const again = { ...user("two"), logtoId: first.logtoId };
    const second = await system.write((tx, { users }) => tx.upsert(users, again, { name: "again" }, ["logtoId"]));
    expect(second).toEqual({ ...first, name: "again" });
    const renamed = await system.write((tx, { users }) => tx.upsert(users, user("one"), { name: "by its id" }));
    expect(renamed).toEqual({ ...first, name: "by its id" });
    await system.write((tx, { users }) => tx.update(users, { name: "again" }, eq(users.id, "one")));
    const byLogtoId = preparedForSystem((db, { users }, given: Given<{ logtoId: string; before: Date }>) =>
      db
        .select({ name: users.name, at: users.createdAt })
        .from(users)
        .where(sql`${users.logtoId} = ${given.logtoId} and ${users.createdAt} < ${given.before}`),
    );
    expect(await system.query(byLogtoId, { logtoId: first.logtoId, before: new Date() })).toEqual([
      { name: "again", at },
    ]);
    expect(await system.query(byLogtoId, { logtoId: first.logtoId, before: at })).toEqual([]);
  });

  test("let a person's sessions go with the person", async () => {
    const { system } = temporary.store;
    const times = { createdAt: at, lastSeenAt: at, expiresAt: at };
    await system.write(async (tx, { users, sessions }) => {
      await tx.insert(users, user("ada"));
      await tx.insert(sessions, { idHash: "x", userId: "ada", items: "sealed", ...times });
    });
    const left = () => system.read((db, { sessions }) => db.select().from(sessions));
    expect(await left()).toMatchObject([
      { version: 1, epoch: 1, organizationId: null, grantedPermissions: [], expiresAt: at },
    ]);
    await system.write((tx, { users }) => tx.remove(users, eq(users.id, "ada")));
    expect(await left()).toEqual([]);
  });
});

describe("a left join", () => {
  test("answers null where there is nothing, in its rows and in its types", async () => {
    const acme = temporary.store.scope("acme");
    await acme.write((tx, { members }) => tx.insert(members, exampleMember("ada")));
    const rows = await acme.read((db, { members, posts }) =>
      db
        .select({ name: members.name, title: posts.title })
        .from(members)
        .leftJoin(posts, eq(posts.authorId, members.userId)),
    );
    const typed: { name: string; title: string | null }[] = rows;
    expect(typed).toEqual([{ name: "ada", title: null }]);
  });
});

describe("opening", () => {
  test("sets every connection as it must be, or does not open", () => {
    for (const readonly of [false, true]) {
      const connection = connect(temporary.file, { readonly });
      const settings = ["journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout"];
      expect(settings.map((name) => connection.pragma(name, { simple: true }))).toEqual(["wal", 2, 1, 1, 5000]);
      connection.close();
    }
    expect(() => connect(":memory:")).toThrow("SQLite keeps journal_mode at memory; Atrium needs wal.");
  });

  test("the reader cannot write", () => {
    const reader = connect(temporary.file, { readonly: true });
    expect(() => reader.exec("delete from users")).toThrow("readonly");
    reader.close();
  });

  test("a second time finds everything there, and its walls as they were", async () => {
    await temporary.store.scope("acme").write((tx, { members }) => tx.insert(members, exampleMember("ada")));
    const second = openStore(temporary.file);
    expect(await second.scope("acme").read((db, { members }) => db.select().from(members))).toHaveLength(1);
    await second.close();
  });

  test("closing waits for the writes that were asked for", async () => {
    const store = openStore(temporary.file);
    const write = store.scope("acme").write(async (tx, { members }) => {
      await new Promise((resolve) => setImmediate(resolve));
      return tx.insert(members, exampleMember("ada"));
    });
    await store.close();
    expect(await write).toMatchObject({ userId: "ada" });
    expect(await names()).toEqual(["ada"]);
    await expect(store.system.read((db, { users }) => db.select().from(users))).rejects.toThrow("not open");
  });
});

test("ids are 128 random bits that a URL carries as they are", () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
});
