// The audit log as it is read: filtered, in pages that skip and repeat nothing, and kept for as long as is said.
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Acting, type OrganizationScope } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { allAuditActions, allAuditResults, type AuditAction, type AuditResult } from "./audit-actions";
import { type AuditFilter, nobody, readAuditFilter } from "./audit-filter.server";
import { listAudit, readAudit } from "./audit-log.server";
import { createAuditRetention } from "./audit-retention.server";
import { refusalWindow, writeAudit, writeRefusal } from "./audit.server";
import { rememberMember } from "./members.server";

const start = Date.UTC(2026, 5, 1);
const clock = { now: start };
const now = () => clock.now;
const { store, remove } = openTemporaryStore({ now });
afterAll(remove);

const day = 24 * 60 * 60_000;
const person = (id: string): Acting => ({ id, name: id, email: null, address: null, userAgent: null });

let organizationId = "";
let organizations = 0;
beforeEach(() => {
  organizations += 1;
  organizationId = `acme-${organizations}`;
  clock.now = start;
});

interface Written {
  actor: string | null;
  action: AuditAction;
  result: Exclude<AuditResult, "refused">;
  target: string;
  /** Milliseconds since the one before. */
  later: number;
}

async function write({ actor, action, result, target, later }: Written, of = organizationId): Promise<void> {
  clock.now += later;
  const scope = store.scope(of, actor === null ? {} : { by: person(actor) });
  await scope.write((tx) => writeAudit(tx, { action, result, target: { type: "post", name: target } }));
}

const written: fc.Arbitrary<Written> = fc.record({
  actor: fc.constantFrom("ada", "bob", null),
  action: fc.constantFrom(...allAuditActions.slice(0, 4)),
  result: fc.constantFrom("done", "failed", "asked"),
  target: fc.constantFrom("Spring 100%", "spring_tide", "Autumn", "a draft"),
  later: fc.constantFrom(0, 0, 1, 1_000, day),
});

const filters: fc.Arbitrary<AuditFilter> = fc.record({
  actor: fc.constantFrom(undefined, "ada", nobody),
  action: fc.constantFrom(undefined, "posts.create", "posts.update"),
  target: fc.constantFrom(undefined, "SPRING", "%", "_"),
  from: fc.constantFrom(undefined, new Date(start + day)),
  until: fc.constantFrom(undefined, new Date(start + 2 * day)),
  result: fc.constantFrom(undefined, ...allAuditResults),
});

const isWanted = ({ actor, action, target, from, until, result }: AuditFilter, line: Line) =>
  (actor === undefined || line.actorId === (actor === nobody ? null : actor)) &&
  (action === undefined || line.action === action) &&
  (target === undefined || (line.targetName ?? "").toLowerCase().includes(target.toLowerCase())) &&
  (from === undefined || line.at >= from) &&
  (until === undefined || line.at < until) &&
  (result === undefined || line.result === result);

type Line = Awaited<ReturnType<typeof listAudit>>["lines"][number];

async function all(scope: OrganizationScope, filter: AuditFilter = {}): Promise<Line[]> {
  const pieces: Line[] = [];
  for await (const lines of readAudit(scope, filter)) pieces.push(...lines);
  return pieces;
}

describe("paging", () => {
  test("skips and repeats nothing, whatever the filter, while lines are added", async () => {
    const property = fc.asyncProperty(
      fc.array(written, { minLength: 1, maxLength: 25 }),
      fc.array(written, { maxLength: 6 }),
      filters,
      fc.integer({ min: 1, max: 7 }),
      async (first, meanwhile, filter, limit) => {
        organizations += 1;
        const of = `property-${organizations}`;
        clock.now = start;
        for (const each of first) await write(each, of);
        const scope = store.scope(of);
        const expected = (await all(scope)).filter((line) => isWanted(filter, line)).map(({ id }) => id);
        clock.now += 1; // what is added from now on is newer
        const more = [...meanwhile];
        const seen: Line[] = [];
        let before: string | undefined;
        do {
          const page = await listAudit(scope, filter, { before, limit });
          expect(page.lines.length).toBeLessThanOrEqual(limit);
          seen.push(...page.lines);
          before = page.next;
          const added = more.pop();
          if (added) await write(added, of);
        } while (before);
        expect(seen.map(({ id }) => id)).toEqual(expected);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  }, 60_000);

  test("is newest first, begins anew for a cursor that nobody made, and shows nothing of another organization", async () => {
    for (const target of ["one", "two", "three"])
      await write({ actor: "ada", action: "posts.create", result: "done", target, later: 1 });
    const scope = store.scope(organizationId);
    for (const before of [undefined, "x", "MTIz", "%00", "9".repeat(4_000)]) {
      const { lines } = await listAudit(scope, {}, { before });
      expect(lines.map(({ targetName }) => targetName)).toEqual(["three", "two", "one"]);
    }
    expect(await all(store.scope(`${organizationId}-other`))).toEqual([]);
  });

  test("a whole set is read in pieces of 500", async () => {
    const scope = store.scope(organizationId);
    await scope.write(async (tx) => {
      for (let i = 0; i < 1_203; i += 1) await writeAudit(tx, { action: "posts.create" });
    });
    const sizes: number[] = [];
    for await (const lines of readAudit(scope, {})) sizes.push(lines.length);
    expect(sizes).toEqual([500, 500, 203]);
  });
});

describe("a filter in an address", () => {
  const read = (asked: Record<string, string>) => readAuditFilter((name) => asked[name] ?? null);

  test("is read field by field; the last day is in it", () => {
    const asked = { actor: "ada", action: "posts.create", target: " Spring ", from: "2026-06-01", to: "2026-06-02" };
    expect(read({ ...asked, result: "done" })).toEqual({
      ok: true,
      asked: { ...asked, target: "Spring", result: "done" },
      filter: {
        ...{ actor: "ada", action: "posts.create", target: "Spring", result: "done" },
        from: new Date("2026-06-01T00:00:00Z"),
        until: new Date("2026-06-03T00:00:00Z"),
      },
    });
    expect(read({ actor: "", from: " " })).toMatchObject({ ok: true, asked: {} });
  });

  test.each([
    [{ from: "2026-02-30" }, { from: "This is no day. Write it as 2026-11-30." }],
    [{ from: "2026-13-01" }, { from: "This is no day. Write it as 2026-11-30." }],
    [{ to: "yesterday" }, { to: "This is no day. Write it as 2026-11-30." }],
    [{ to: "+275760-09-13" }, { to: "This is no day. Write it as 2026-11-30." }],
    [{ from: "2026-06-02", to: "2026-06-01" }, { to: "The last day is before the first. Choose a later one." }],
    [{ action: "__proto__" }, { action: "The log has no such action. Choose another." }],
    [{ result: "DONE" }, { result: "The log has no such result. Choose another." }],
    [{ actor: "a".repeat(65) }, { actor: "This is nobody of this list. Choose another person." }],
    [{ target: "a".repeat(201) }, { target: "Use at most 200 characters." }],
  ])("%j is told of", (asked, faults) => {
    expect(read(asked)).toMatchObject({ ok: false, asked, faults });
  });

  test("of any text is told of or read, and never throws", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("0000-00-00", "9999-12-31", "\0", "toString"));
    const property = fc.property(fc.dictionary(fc.constantFrom("actor", "action", "from", "to"), text), (asked) => {
      const answer = read(asked);
      const faults = answer.ok ? [] : Object.values(answer.faults);
      return faults.every((sentence) => sentence?.endsWith("."));
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe("keeping house", () => {
  const { keepHouse } = createAuditRetention({
    system: store.system,
    scopeOf: (id, by) => store.scope(id, { by }),
    days: 400,
    now,
  });
  const known = (id: string) =>
    store.system.write((tx, { organizations: table }) =>
      tx.insert(table, { id, name: id, colour: 1, createdAt: new Date(start) }),
    );

  test("removes what is older than 400 days in every organization, in pieces, and nothing else", async () => {
    const [acme, globex] = [store.scope(organizationId), store.scope(`${organizationId}-globex`)];
    for (const { organizationId: id } of [acme, globex]) await known(id);
    await acme.write(async (tx) => {
      for (let i = 0; i < 1_100; i += 1) await writeAudit(tx, { action: "posts.create" });
    });
    await globex.write((tx) => writeAudit(tx, { action: "posts.create" }));
    clock.now += 1;
    await acme.write((tx) => writeAudit(tx, { action: "posts.update" }));
    clock.now = start + 400 * day;
    expect(await keepHouse(), "all are kept on the last day").toBe(0);
    clock.now += 1;
    expect(await keepHouse()).toBe(1_101);
    expect((await all(acme)).map(({ action }) => action)).toEqual(["posts.update"]);
    expect(await all(globex)).toEqual([]);
  });

  test("writes down the refusals that were only counted, under the name of whoever was refused", async () => {
    await known(organizationId);
    const scope = store.scope(organizationId, { by: { ...person("ada"), name: "Ada" } });
    await rememberMember(scope, exampleMember("ada", { name: "Ada" }));
    for (let i = 0; i < 5; i += 1) await writeRefusal(scope, { action: "members.role", reason: "last-manager" });
    await keepHouse();
    expect(
      (await all(scope)).map(({ times }) => times),
      "not while the window is open",
    ).toEqual([1]);
    clock.now += refusalWindow;
    await keepHouse();
    await keepHouse();
    expect((await all(scope)).map(({ actorName, times }) => [actorName, times])).toEqual([
      ["Ada", 4],
      ["Ada", 1],
    ]);
  });
});
