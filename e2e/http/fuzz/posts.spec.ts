// A thousand forms to the actions of posts, and a thousand to those of comments: right, wrong, spoilt and greedy.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { header, type Answer } from "../ask";
import type { PlainDatabase, Row } from "../database";
import type { Ids } from "../operations";
import { expectSafePage } from "../safe-page";
import { expect, test, writeComment, writePost, type Cast } from "../suite";
import type { Visitor } from "../visitor";
import type { Attempt, Form, Refused } from "./attempts";
import { fuzz, share, type Target } from "./fuzz";
import { asKept, rightText, wrongText } from "./texts";

test.describe.configure({ mode: "default", timeout: 180_000 });

const [titleLimit, bodyLimit, commentLimit] = [160, 20_000, 5_000];

const title = rightText(titleLimit);
/** It is not trimmed. */
const body = fc.oneof(
  { arbitrary: rightText(bodyLimit).filter((text) => text.length <= bodyLimit), weight: 9 },
  { arbitrary: fc.constant(""), weight: 1 },
);
const comment = rightText(commentLimit);
const version = fc.constant("1");

const notValid = <Fields extends Refused["fields"]>(fields: fc.Arbitrary<Fields>): fc.Arbitrary<Refused> =>
  fields.map((wrong) => ({ fields: wrong, status: 422 }));
const wrongTitle = notValid(fc.record({ title: wrongText(titleLimit) }));
const wrongComment = notValid(fc.record({ body: wrongText(commentLimit) }));
const wrongBody = notValid(
  fc.constantFrom<Refused["fields"]>(
    { body: "b".repeat(bodyLimit + 1) },
    { body: { file: "A file" } },
    { "body[0]": "x" },
    { "title.x": "y" },
  ),
);
const noBody = notValid(fc.constant({ body: undefined }));
const wrongStatus = notValid(fc.record({ status: fc.constantFrom(undefined, "", "archived", "DRAFT", "__proto__") }));
const wrongVersion = notValid(
  fc.record({
    version: fc.constantFrom(undefined, "", "abc", "0", "-1", "1.5", "1e309", "NaN", "9007199254740993", "1 or 1=1"),
  }),
);
/** Of another time: 409. */
const stale = fc
  .record({ text: fc.uuid(), version: fc.constantFrom("2", "7", "2147483648", "9007199254740991") })
  .map((given): Refused => ({ fields: { body: given.text, version: given.version }, status: 409 }));

const inOrganization = { ofPage: true, isRead: true };
const noFields: Form = { ...inOrganization, names: [], right: fc.constant({}) };
const forms: Partial<Record<OperationName, Form>> = {
  "posts.create": {
    ...inOrganization,
    names: ["title", "body", "status", "key"],
    right: fc.record({ title, body, status: fc.constantFrom("draft", "published") }),
    refused: fc.oneof(wrongTitle, wrongBody, wrongStatus),
  },
  "posts.update": {
    ...inOrganization,
    names: ["title", "body", "version"],
    right: fc.record({ title, body, version }),
    refused: fc.oneof(wrongTitle, wrongBody, noBody, wrongVersion, stale),
  },
  "comments.create": {
    ...inOrganization,
    names: ["body", "key"],
    right: fc.record({ body: comment }),
    refused: wrongComment,
  },
  "comments.update": {
    ...inOrganization,
    names: ["body", "version"],
    right: fc.record({ body: comment, version }),
    refused: fc.oneof(wrongComment, wrongVersion, stale),
  },
};

const runs: [OperationName, number][] = [
  ["posts.create", 250],
  ["posts.update", 250],
  ["posts.publish", 170],
  ["posts.archive", 170],
  ["posts.delete", 170],
  ["comments.create", 350],
  ["comments.update", 350],
  ["comments.delete", 310],
];

for (const [operation, count] of runs) {
  test(`${count} forms to ${operation} write what they say, where they may, or nothing`, async ({
    cast,
    world,
    database,
  }) => {
    const target = await targetOf(cast, world.baseUrl, database, operation);
    const tally = await fuzz(target, count);
    test.info().annotations.push({ type: "answers", description: JSON.stringify(tally) });
    expect(share(tally, "right", 302, 202), "accepted").toBeGreaterThan(0.15);
    if (target.form.refused) expect(share(tally, "refused", 422), "looked at, and refused").toBeGreaterThan(0.1);
    expect(share(tally, "unreadable", 400, 413, 415), "not readable").toBeGreaterThan(0.02);
  });
}

async function targetOf(
  cast: Cast,
  baseUrl: string,
  database: PlainDatabase,
  operation: OperationName,
): Promise<Target> {
  const { bobInAcme: bob, bobInGlobex, ada, acme, globex, eve } = cast;
  const status = operation === "posts.publish" ? "draft" : "published";
  const record = async (author: Visitor, as = "published") => {
    const postId = await writePost(author, { status: as });
    return { postId, commentId: await writeComment(author, postId) };
  };
  const [mine, theirs, draft, adas] = [
    await record(bob, status),
    await record(bobInGlobex),
    await record(ada, "draft"),
    await record(ada),
  ];
  const someone = database.rows("select id from users where email = ?", eve.email)[0]?.id;
  const mayNot = operation === "comments.create" ? [] : [{ ids: adas, statuses: [403] }];
  const nowhere = [theirs, draft, { postId: "none", commentId: "none" }, { postId: "%00", commentId: "__proto__" }];
  const hasRecord = operation !== "posts.create";
  const form = forms[operation] ?? noFields;

  const fresh = async (): Promise<Ids> => {
    if (!hasRecord) return {};
    const postId = await writePost(bob, { status });
    return operation.startsWith("comments.") ? { postId, commentId: await writeComment(bob, postId) } : { postId };
  };

  return {
    operation,
    form: {
      ...form,
      elsewhere: hasRecord ? [...mayNot, ...nowhere.map((ids) => ({ ids, statuses: [404] }))] : undefined,
    },
    visitor: bob,
    baseUrl,
    database,
    own: () => ({ organizations: [acme.id] }),
    loot: [globex.id, String(someone), theirs.postId, theirs.commentId, mine.postId],
    foreign: [globex.id, cast.elsewhere.id, "0123456789ab"],
    ids: mine,
    async taken(attempt, send) {
      const [greedy, plain] = [await fresh(), await fresh()];
      const answer = await send(attempt, greedy);
      const twin = await send({ ...attempt, extras: [] }, plain);
      const written = writtenRow(database, operation, greedy, answer);
      expect(written, "the same row as without the extra fields").toEqual(writtenRow(database, operation, plain, twin));
      if (!operation.endsWith("delete")) expectTyped(written, attempt);
      if (attempt.as === "document") await expectReadable(bob, answer);
      return answer;
    },
  };
}

/** The row that the form wrote, without what no two rows have in common. */
function writtenRow(database: PlainDatabase, operation: OperationName, ids: Ids, answer: Answer): Row | undefined {
  const location = header(answer, "location");
  const postId = operation === "posts.create" ? /^\/posts\/([\w-]+)/.exec(location)?.[1] : ids.postId;
  const commentId = operation === "comments.create" ? /#comment-([\w-]+)$/.exec(location)?.[1] : ids.commentId;
  const [table, id = ""] = operation.startsWith("posts.") ? ["posts", postId] : ["comments", commentId];
  const [row] = database.rows(`select * from ${table} where id = ?`, id);
  if (!row) return undefined;
  const { id: _id, post_id: _post, created_at: _created, updated_at: _updated, published_at: published, ...rest } = row;
  return { ...rest, isPublished: published ? 1 : 0 };
}

function expectTyped(row: Row | undefined, { fields }: Attempt): void {
  const typed = Object.fromEntries(fields.map(([name, value]) => [name, asKept(String(value))]));
  expect(row).toBeDefined();
  if ("title" in typed) expect(row?.title).toBe(typed.title?.trim());
  if ("body" in typed) expect(row?.body).toBe("title" in typed ? typed.body : typed.body?.trim());
}

/** Whatever was written can be shown. */
async function expectReadable(visitor: Visitor, answer: Answer): Promise<void> {
  const page = await visitor.read(header(answer, "location").split("#")[0] ?? "");
  expect(page.status, page.text.slice(0, 300)).toBe(200);
  expectSafePage(page);
}
