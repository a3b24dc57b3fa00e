import { afterAll, expect, test } from "vitest";
import { eq } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { findMember, listMembers, rememberMember } from "./members.server";

const statements: string[] = [];
const { store, remove } = openTemporaryStore({ onStatement: (statement) => statements.push(statement) });
afterAll(remove);

const ada = exampleMember("ada", { name: "Ada" });
const writes = async (run: () => Promise<void>) => {
  const from = statements.length;
  await run();
  return statements.slice(from).filter((statement) => !statement.startsWith("select")).length;
};

test("a member who is seen again unchanged costs no write; a new name does", async () => {
  const acme = store.scope("acme");
  expect(await writes(() => rememberMember(acme, ada))).toBeGreaterThan(0);
  expect(await writes(() => rememberMember(acme, ada))).toBe(0);
  const first = await findMember(acme, "ada");
  expect(await writes(() => rememberMember(acme, { ...ada, name: "Ada L." }))).toBeGreaterThan(0);
  expect(await findMember(acme, "ada")).toMatchObject({ name: "Ada L.", joinedAt: first?.joinedAt, leftAt: null });
});

test("one who has left is still found but not listed, and coming back brings her into the list again", async () => {
  const scope = store.scope("initech");
  await rememberMember(scope, ada);
  const leftAt = new Date();
  await scope.write((tx, { members }) => tx.update(members, { leftAt }, eq(members.userId, "ada")));
  expect(await listMembers(scope)).toEqual([]);
  expect(await findMember(scope, "ada")).toMatchObject({ name: "Ada", leftAt });
  await rememberMember(scope, ada);
  expect(await listMembers(scope)).toMatchObject([{ userId: "ada", leftAt: null }]);
});

test("members are listed by name, and Globex knows nobody of Acme", async () => {
  const scope = store.scope("umbrella");
  for (const name of ["Cleo", "Ada", "Bob"]) await rememberMember(scope, exampleMember(name));
  expect((await listMembers(scope)).map(({ name }) => name)).toEqual(["Ada", "Bob", "Cleo"]);
  expect(await listMembers(store.scope("globex"))).toEqual([]);
  expect(await findMember(store.scope("globex"), "Ada")).toBeUndefined();
});
