import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTemporaryStore, type TemporaryStore } from "../../db/temporary-store";
import { fitted } from "./fitted.server";
import { identityOf, rememberOrganization, rememberPerson } from "./users.server";

let temporary: TemporaryStore;
beforeEach(() => void (temporary = openTemporaryStore()));
afterEach(() => temporary.remove());

const everybody = () => temporary.store.system.read((db, { users }) => db.select().from(users));

test("Ada is one person however many of her sign-ins end at once, and is called as the last one said", async () => {
  const { system } = temporary.store;
  const at = (minute: number) => new Date(2026, 0, 1, 12, minute);
  const seen = await Promise.all(
    Array.from({ length: 20 }, (_, minute) =>
      rememberPerson(system, { logtoId: "ada", name: `Ada ${minute}`, email: "ada@example.com" }, at(minute)),
    ),
  );
  expect(new Set(seen.map(({ id }) => id)).size).toBe(1);
  const [ada, ...others] = await everybody();
  expect(others).toEqual([]);
  expect(ada).toMatchObject({ name: "Ada 19", createdAt: at(0), updatedAt: at(19) });
});

test("two accounts with one address are two people", async () => {
  const { system } = temporary.store;
  for (const logtoId of ["one", "other"])
    await rememberPerson(system, { logtoId, name: "Ada", email: "ada@example.com" }, new Date());
  expect(await everybody()).toHaveLength(2);
});

test("where somebody worked last is kept when they sign in again", async () => {
  const { system } = temporary.store;
  const identity = { logtoId: "ada", name: "Ada", email: "ada@example.com" };
  const { id, lastOrganizationId } = await rememberPerson(system, identity, new Date());
  expect(lastOrganizationId).toBeNull();
  await rememberOrganization(system, id, "acme");
  expect(await rememberPerson(system, identity, new Date())).toMatchObject({ id, lastOrganizationId: "acme" });
});

test.each([
  [
    { name: " Ada ", username: "ada1", email: "a@example.com" },
    { name: "Ada", email: "a@example.com" },
  ],
  [
    { name: "  ", username: "ada1", email: "a@example.com" },
    { name: "ada1", email: "a@example.com" },
  ],
  [
    { name: null, username: null, email: "a@example.com" },
    { name: "a", email: "a@example.com" },
  ],
  [
    { name: null, email: null },
    { name: "Somebody", email: "" },
  ],
  [{}, { name: "Somebody", email: "" }],
])("%j is called %j", (claims, identity) => {
  expect(identityOf(claims)).toEqual(identity);
});

describe("a text that is cut to fit", () => {
  test.each([
    ["short", 5, "short"],
    ["longer", 4, "long"],
    ["two words", 4, "two"],
    ["😀😀😀", 4, "😀😀"],
    ["😀😀😀", 5, "😀😀"],
    ["é".normalize("NFD").repeat(3), 3, "é".normalize("NFD")],
    ["👩‍👩‍👧‍👦", 5, "👩‍👩"],
    ["👩‍👩‍👧‍👦", 4, "👩‍"],
    ["", 5, ""],
  ])("%j in %i is %j", (text, limit, expected) => {
    expect(fitted(text, limit)).toBe(expected);
  });
});
