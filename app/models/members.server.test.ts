import { afterAll, expect, test } from "vitest";
import { eq } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { findMember, rememberMember } from "./members.server";

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

test("one who has left is still found, and coming back makes her a member again; Globex knows nobody of Initech", async () => {
  const scope = store.scope("initech");
  await rememberMember(scope, ada);
  const leftAt = new Date();
  await scope.write((tx, { members }) => tx.update(members, { leftAt }, eq(members.userId, "ada")));
  expect(await findMember(scope, "ada")).toMatchObject({ name: "Ada", leftAt });
  await rememberMember(scope, ada);
  expect(await findMember(scope, "ada")).toMatchObject({ name: "Ada", leftAt: null });
  expect(await findMember(store.scope("globex"), "ada")).toBeUndefined();
});
