// Somebody else's thing does not exist: the same bytes for another organization's record as for one that never was.
import type { OperationName } from "../../app/auth/policy";
import { told } from "./ask";
import { everyAnswer, never } from "./every-answer";
import { pathOf, rightForm, withRecord, type Ids } from "./operations";
import { expect, test, writeComment, writePost, type Cast } from "./suite";
import { addressOf, transports, type Visitor } from "./visitor";

/** Of posts and comments; nothing-there-people.spec.ts has members and invitations, join.spec.ts the links of these. */
const ofPosts = withRecord.filter(({ path }) => path.includes(":postId"));

/** A post and a comment on it, both by the visitor. */
async function record(author: Visitor, status?: string): Promise<Required<Pick<Ids, "postId" | "commentId">>> {
  const postId = await writePost(author, { status });
  return { postId, commentId: await writeComment(author, postId) };
}

const takes = (operation: OperationName, id: keyof Ids) => pathOf(operation, { [id]: "here" }).includes("here");

/** What Bob, who is in both organizations, cannot reach while he is in Acme. */
async function outOfReach({ bobInAcme, bobInGlobex, ada }: Cast, operation: OperationName): Promise<[string, Ids][]> {
  const theirs = await record(bobInGlobex);
  const draft = await record(ada, "draft");
  const whole: [string, Ids][] = [
    ["Globex's record", theirs],
    ["Ada's draft", draft],
  ];
  if (!takes(operation, "commentId")) return whole;
  const mine = await record(bobInAcme);
  const other = await record(bobInAcme);
  return [
    ...whole,
    ["Globex's comment under his own post", { ...mine, commentId: theirs.commentId }],
    ["his own comment under Globex's post", { ...mine, postId: theirs.postId }],
    ["his own comment under another post of his", { ...mine, postId: other.postId }],
    ["a comment on Ada's draft under his own post", { ...mine, commentId: draft.commentId }],
  ];
}

test.describe.configure({ mode: "default" });

for (const { name: operation, method } of ofPosts) {
  test(`Bob in Acme is told the same of what is not Acme's as of what never was, by ${operation}`, async ({
    cast,
    database,
  }) => {
    const { acme, globex, bobInAcme } = cast;
    const hidden = await outOfReach(cast, operation);
    const before = [database.checksumOf(acme.id), database.checksumOf(globex.id)];

    const unknown = { postId: never(), commentId: never() };
    const expected = await everyAnswer(bobInAcme, operation, unknown);
    expect(expected[0]?.status).toBe(404);
    for (const [what, ids] of hidden) {
      const answers = await everyAnswer(bobInAcme, operation, ids);
      expect(
        answers.map((answer) => told(answer, ids.postId ?? "", ids.commentId ?? "")),
        what,
      ).toEqual(expected.map((answer) => told(answer, unknown.postId, unknown.commentId)));
    }
    for (const malformed of ["x", "null", "__proto__", "%00", "a".repeat(600), "%F0%9F%90%A4"]) {
      const answers = await everyAnswer(bobInAcme, operation, { postId: malformed, commentId: malformed });
      expect(
        answers.map(({ status }) => status),
        malformed,
      ).toEqual(expected.map(({ status }) => status));
    }
    expect([database.checksumOf(acme.id), database.checksumOf(globex.id)], "nothing was written").toEqual(before);
  });

  test(`Bob in Acme reaches his own record by ${operation}`, async ({ cast: { bobInAcme } }) => {
    for (const as of transports) {
      const ids = await record(bobInAcme, operation === "posts.publish" ? "draft" : "published");
      const path = pathOf(operation, ids);
      const answer =
        method === "POST" ? await bobInAcme.submit(path, rightForm[operation], { as }) : await bobInAcme.read(path, as);
      expect(answer.status, answer.text.slice(0, 300)).toBe(method === "GET" ? 200 : as === "data" ? 202 : 302);
    }
  });
}

test("Eve's sessions and Cleo's are told the same of each other's organizations", async ({ cast }) => {
  const pairs: [Visitor, Visitor][] = [
    [cast.eve, cast.ada],
    [cast.ada, cast.cleo],
    [cast.cleo, cast.bobInAcme],
  ];
  for (const [visitor, owner] of pairs) {
    const ids = await record(owner);
    const unknown = { postId: never(), commentId: never() };
    for (const path of [pathOf("posts.show", ids), addressOf(pathOf("posts.show", ids), "data")]) {
      const foreign = await visitor.send(path);
      const missing = await visitor.send(path.replace(ids.postId, unknown.postId));
      expect(foreign.status).toBe(404);
      expect(told(foreign, ids.postId)).toBe(told(missing, unknown.postId));
      expect((await owner.send(path)).status).toBe(200);
    }
  }
});
