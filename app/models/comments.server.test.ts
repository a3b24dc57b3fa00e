import { afterAll, beforeEach, expect, test } from "vitest";
import type { OrganizationScope } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { type Comment, deleteComment, findComment, listComments, updateComment, writeComment } from "./comments.server";
import { rememberMember } from "./members.server";
import { archivePost, createPost, type Post } from "./posts.server";

const { store, remove } = openTemporaryStore();
afterAll(remove);

const ada = { userId: "ada" };
const bob = { userId: "bob" };

let acme: OrganizationScope;
let globex: OrganizationScope;
let post: Post;
let organizations = 0;

beforeEach(async () => {
  organizations += 1;
  acme = store.scope(`acme-${organizations}`);
  globex = store.scope(`globex-${organizations}`);
  for (const scope of [acme, globex]) {
    await rememberMember(scope, exampleMember("ada", { name: "Ada" }));
    await rememberMember(scope, exampleMember("bob", { name: "Bob" }));
  }
  post = await createPost(acme, ada, { title: "Spring catalogue", body: "", publish: true });
});

async function written(author = bob, body = "Good.", scope = acme, postId = post.id): Promise<Comment> {
  const answer = await writeComment(scope, author, postId, body);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.comment;
}
const at = (comment: Comment) => ({ postId: comment.postId, commentId: comment.id });

test("comments are listed oldest first, page by page, each once", async () => {
  const ids = [];
  for (let i = 0; i < 7; i++) ids.push((await written(bob, `Comment ${i}`)).id);
  const pages = [await listComments(acme, ada, post.id, { limit: 3 })];
  for (let after = pages[0]?.next; after; after = pages.at(-1)?.next) {
    pages.push(await listComments(acme, ada, post.id, { limit: 3, after }));
  }
  expect(pages.map(({ comments }) => comments.length)).toEqual([3, 3, 1]);
  const seen = pages.flatMap(({ comments }) => comments);
  expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(seen.map(({ createdAt }) => createdAt)).toEqual(
    seen.map(({ createdAt }) => createdAt).toSorted((a, b) => +a - +b),
  );
  expect(seen[0]).toMatchObject({ authorId: "bob", authorName: "Bob", version: 1 });
});

test("Bob cannot comment on Ada's draft, nor see its comments; Ada can", async () => {
  const draft = await createPost(acme, ada, { title: "Not yet", body: "" });
  const note = await written(ada, "To do.", acme, draft.id);
  expect(await writeComment(acme, bob, draft.id, "Hm")).toEqual({ ok: false, reason: "missing" });
  expect(await listComments(acme, bob, draft.id)).toEqual({ comments: [] });
  expect(await findComment(acme, bob, at(note))).toBeUndefined();
  expect(await deleteComment(acme, { ...bob, mayDeleteAny: true }, at(note))).toEqual({ ok: false, reason: "missing" });
  expect((await listComments(acme, ada, draft.id)).comments).toHaveLength(1);
  expect(await findComment(acme, ada, at(note))).toEqual(note);
});

test("an archived post is closed to everybody but its author", async () => {
  await archivePost(acme, ada, post.id);
  expect(await writeComment(acme, bob, post.id, "Late")).toEqual({ ok: false, reason: "closed" });
  expect(await writeComment(acme, ada, post.id, "A note")).toMatchObject({ ok: true });
});

test("an edit saves over the version that was read; a stale one gets the text that is there now", async () => {
  const comment = await written();
  const edit = (body: string, version: number, author = bob) =>
    updateComment(acme, author, at(comment), { body, version });
  const saved = await edit("Very good.", 1);
  expect(saved).toMatchObject({ ok: true, comment: { body: "Very good.", version: 2 } });
  expect(await edit("Very good.", 1)).toEqual(saved);
  expect(await edit("Bad.", 1)).toMatchObject({
    ok: false,
    reason: "stale",
    current: { body: "Very good.", version: 2 },
  });
  expect(await edit("Bad.", 2, ada)).toEqual({ ok: false, reason: "not-yours" });
  expect(await findComment(acme, bob, at(comment))).toMatchObject({ body: "Very good.", version: 2 });
});

test("one's own comment can be deleted; another's needs delete:posts", async () => {
  const [first, second] = [await written(ada), await written(ada)];
  expect(await deleteComment(acme, { ...bob, mayDeleteAny: false }, at(first))).toEqual({
    ok: false,
    reason: "not-yours",
  });
  expect(await deleteComment(acme, { ...bob, mayDeleteAny: true }, at(first))).toMatchObject({ ok: true });
  expect(await deleteComment(acme, { ...ada, mayDeleteAny: false }, at(second))).toMatchObject({ ok: true });
  expect(await listComments(acme, ada, post.id)).toEqual({ comments: [] });
});

test("a comment under another post's address is missing", async () => {
  const comment = await written();
  const other = await createPost(acme, ada, { title: "Other", body: "", publish: true });
  const wrong = { postId: other.id, commentId: comment.id };
  const missing = { ok: false, reason: "missing" };
  expect(await findComment(acme, bob, wrong)).toBeUndefined();
  expect(await updateComment(acme, bob, wrong, { body: "x", version: 1 })).toEqual(missing);
  expect(await deleteComment(acme, { ...bob, mayDeleteAny: true }, wrong)).toEqual(missing);
  expect(await findComment(acme, bob, at(comment))).toEqual(comment);
});

test("Bob, who is in both, gets for Acme's comment inside Globex what he gets for one that never existed", async () => {
  const comment = await written();
  const answers = (scope: OrganizationScope, place: { postId: string; commentId: string }) =>
    Promise.all([
      listComments(scope, bob, place.postId),
      findComment(scope, bob, place),
      writeComment(scope, bob, place.postId, "Hello"),
      updateComment(scope, bob, place, { body: "Changed", version: 1 }),
      deleteComment(scope, { ...bob, mayDeleteAny: true }, place),
    ]);
  const foreign = await answers(globex, at(comment));
  expect(foreign).toEqual(await answers(globex, { postId: "never", commentId: "existed" }));
  expect((await listComments(acme, ada, post.id)).comments).toMatchObject([{ id: comment.id, body: "Good." }]);

  const [list, found, ...done] = await answers(acme, at(comment));
  expect(list.comments).toHaveLength(1);
  expect(found).toEqual(comment);
  expect(done.map(({ ok }) => ok)).toEqual([true, true, true]);
});
