// How SQLite finds the rows of each list: by an index that the organization leads, through both walls.
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../db/connection";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { raiseWall } from "../../db/walls";
import { listComments, updateComment, writeComment } from "./comments.server";
import { findMember, rememberMember } from "./members.server";
import { createPost, deletePost, findPost, listAuthors, listPosts, updatePost } from "./posts.server";
import { findRenamer } from "./whose-doing.server";

const statements: string[] = [];
const { store, file, remove } = openTemporaryStore({ onStatement: (statement) => statements.push(statement) });
const acme = store.scope("acme");
const ada = { userId: "ada" };
const connection = connect(file);
raiseWall(connection, () => "acme");

let postId: string;
let commentId: string;
let next: string;

beforeAll(async () => {
  await rememberMember(acme, exampleMember("ada"));
  for (let i = 0; i < 3; i++) postId = (await createPost(acme, ada, { title: `${i}`, body: "", publish: true })).id;
  const written = await writeComment(acme, ada, postId, "Good.");
  commentId = written.ok ? written.comment.id : "";
  next = (await listPosts(acme, ada, { limit: 1 })).next ?? "";
});
afterAll(async () => {
  connection.close();
  await remove();
});

/** The steps of SQLite's plan for everything that was asked meanwhile. */
async function plan(run: () => Promise<unknown>): Promise<string[]> {
  statements.length = 0;
  await run();
  return statements
    .filter((statement) => /^(select|update|delete)/.test(statement))
    .flatMap((statement) => connection.prepare<[], { detail: string }>(`explain query plan ${statement}`).all())
    .map(({ detail }) => detail)
    .filter((detail) => !/^(CORRELATED )?(SCALAR )?SUBQUERY/.test(detail));
}

const ledByTheOrganization = /^SEARCH .* USING (COVERING )?INDEX \w+ \(logto_organization_id=\?/;

const lists: [string, string, () => Promise<unknown>][] = [
  ["the first page", "posts_newest", () => listPosts(acme, ada)],
  ["the next page", "posts_newest", () => listPosts(acme, ada, { before: next })],
  ["a status", "posts_by_status", () => listPosts(acme, ada, { status: "archived" })],
  ["an author", "posts_by_author", () => listPosts(acme, ada, { authorId: "ada" })],
  ["an author, next page", "posts_by_author", () => listPosts(acme, ada, { authorId: "ada", before: next })],
  ["a text", "posts_newest", () => listPosts(acme, ada, { text: "x" })],
  ["comments", "comments_of_post", () => listComments(acme, ada, postId)],
  ["renamings", "audit_events_by_action", () => findRenamer(acme, "Acme")],
];

test("those who have posts are found by looking at people, not at every post", async () => {
  const steps = await plan(() => listAuthors(acme, ada));
  expect(steps.join("\n")).toMatch(/SEARCH main\.members [^]*SEARCH main\.posts USING INDEX posts_by_author/);
});

test.each(lists)("the list of %s is read in order from %s, without sorting", async (_list, index, run) => {
  const steps = await plan(run);
  expect(steps.join("\n")).toContain(index);
  for (const step of steps) expect(step).toMatch(ledByTheOrganization);
});

test("every other question goes by such an index as well, and only names are sorted", async () => {
  const steps = [
    ...(await plan(() => findPost(acme, ada, postId))),
    ...(await plan(() => findMember(acme, "ada"))),
    ...(await plan(() => listAuthors(acme, ada))),
    ...(await plan(() => updateComment(acme, ada, { postId, commentId }, { body: "Better.", version: 1 }))),
    ...(await plan(() => updatePost(acme, ada, postId, { title: "x", body: "", version: 9 }))),
    ...(await plan(() => deletePost(acme, { ...ada, mayDeleteAny: true }, "never-existed"))),
  ];
  const searches = steps.filter((step) => !/^USE TEMP B-TREE FOR (DISTINCT|ORDER BY)$/.test(step));
  expect(searches.length).toBeGreaterThanOrEqual(10);
  for (const step of searches) expect(step).toMatch(ledByTheOrganization);
  expect(steps.length - searches.length).toBe(1);
});
