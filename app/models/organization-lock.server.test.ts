import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../db";
import { openTemporaryStore, type TemporaryStore } from "../../db/temporary-store";
import { createLocks } from "./organization-lock.server";

let temporary: TemporaryStore;
let ahead = 0;
const now = () => Date.now() + ahead;
beforeEach(() => {
  temporary = openTemporaryStore();
  ahead = 0;
});
afterEach(() => temporary.remove());

const turn = () => new Promise((resolve) => setImmediate(resolve));
const rows = () => temporary.store.system.read((db, { organizationLocks }) => db.select().from(organizationLocks));

/** Notes who is inside, and lets others run meanwhile. */
function diary() {
  const lines: string[] = [];
  const enter = (name: string) => async () => {
    lines.push(`${name} in`);
    for (let i = 0; i < 3; i += 1) await turn();
    lines.push(`${name} out`);
    return name;
  };
  return { lines, enter };
}

test("those of one organization go one after the other in their order, those of another beside them", async () => {
  const locks = createLocks({ system: temporary.store.system, now });
  const { lines, enter } = diary();
  const names = ["a", "b", "c"];
  const answers = await Promise.all(names.map((name) => locks.whileLocked("acme", enter(name))));
  expect(answers).toEqual(names);
  expect(lines).toEqual(names.flatMap((name) => [`${name} in`, `${name} out`]));

  let open = () => {};
  const held = locks.whileLocked("acme", () => new Promise<void>((resolve) => (open = resolve)));
  expect(await locks.whileLocked("globex", enter("d"))).toBe("d");
  open();
  await held;
  expect(await rows()).toEqual([]);
});

test("another process over the same file waits until it is free", async () => {
  let looks = 0;
  const other = openStore(temporary.file, {
    onStatement: (statement) => void (looks += Number(/^begin/.test(statement))),
  });
  const lines: string[] = [];
  let open = () => {};
  const held = createLocks({ system: temporary.store.system, now }).whileLocked("acme", async () => {
    lines.push("the first is in");
    await new Promise<void>((resolve) => (open = resolve));
    lines.push("the first is out");
  });
  await expect.poll(rows).toHaveLength(1);
  const waiting = createLocks({ system: other.system, now }).whileLocked("acme", async () =>
    lines.push("the other is in"),
  );
  await expect.poll(() => looks).toBeGreaterThan(2);
  open();
  await Promise.all([held, waiting]);
  expect(lines).toEqual(["the first is in", "the first is out", "the other is in"]);
  await other.close();
});

test("whoever waits too long is told so and runs nothing, and the others still have their turn", async () => {
  const locks = createLocks({ system: temporary.store.system, now, patience: 30 });
  let open = () => {};
  const held = locks.whileLocked("acme", () => new Promise<void>((resolve) => (open = resolve)));
  let ran = false;
  const late = locks.whileLocked("acme", async () => void (ran = true));
  expect(await late).toBe("busy");
  expect(ran).toBe(false);
  open();
  await held;
  expect(await locks.whileLocked("acme", async () => "now")).toBe("now");
});

test("the lock of a process that died is free after a minute, and not before", async () => {
  const { system } = temporary.store;
  await system.write((tx, { organizationLocks }) =>
    tx.insert(organizationLocks, { organizationId: "acme", holder: "the dead", until: new Date(now() + 60_000) }),
  );
  const locks = createLocks({ system, now, patience: 60 });
  expect(await locks.whileLocked("acme", async () => "in")).toBe("busy");
  ahead = 60_000;
  expect(await locks.whileLocked("acme", async () => "in")).toBe("in");
  expect(await rows()).toEqual([]);
});

test("a throw inside frees it", async () => {
  const locks = createLocks({ system: temporary.store.system, now });
  await expect(locks.whileLocked("acme", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await locks.whileLocked("acme", async () => "next")).toBe("next");
});
