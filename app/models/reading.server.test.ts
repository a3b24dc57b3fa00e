import { afterAll, beforeEach, expect, test } from "vitest";
import type { OrganizationScope } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { updateComment, writeComment } from "./comments.server";
import { rememberMember } from "./members.server";
import { archivePost, createPost } from "./posts.server";
import { readPost } from "./reading.server";

const { store, remove } = openTemporaryStore();
afterAll(remove);

const ada = { userId: "ada", mayWrite: true, mayDeleteAny: true };
const bob = { userId: "bob", mayWrite: true, mayDeleteAny: false };
const cleo = { userId: "cleo", mayWrite: false, mayDeleteAny: false };

let acme: OrganizationScope;
let organizations = 0;

beforeEach(async () => {
  organizations += 1;
  acme = store.scope(`acme-${organizations}`);
  for (const userId of ["ada", "bob", "cleo"]) {
    await rememberMember(acme, exampleMember(userId));
  }
});

test("the author may edit and delete, an Admin may delete, and whoever may not write may only read", async () => {
  const { id } = await createPost(acme, bob, { title: "Prices", body: "**New**", publish: true });
  const asRead = async (reader: typeof ada) => (await readPost(acme, reader, id))?.post;
  expect(await asRead(bob)).toMatchObject({ canEdit: true, canDelete: true, canComment: true });
  expect(await asRead(ada)).toMatchObject({ canEdit: false, canDelete: true, canComment: true });
  expect(await asRead(cleo)).toMatchObject({ canEdit: false, canDelete: false, canComment: false });
  expect(await asRead(cleo)).toMatchObject({
    title: "Prices",
    html: "<p><strong>New</strong></p>\n",
    authorName: "bob",
  });
});

test("a comment may be edited by its author, and deleted by them and by an Admin", async () => {
  const { id } = await createPost(acme, ada, { title: "Prices", body: "", publish: true });
  const written = await writeComment(acme, bob, id, "# Too high");
  const commentId = written.ok ? written.comment.id : "";
  const asRead = async (reader: typeof ada) => (await readPost(acme, reader, id))?.comments[0];
  expect(await asRead(bob)).toMatchObject({ canEdit: true, canDelete: true, isEdited: false });
  expect(await asRead(ada)).toMatchObject({ canEdit: false, canDelete: true, html: "<h4>Too high</h4>\n" });
  expect(await asRead(cleo)).toMatchObject({ canEdit: false, canDelete: false });

  await updateComment(acme, bob, { postId: id, commentId }, { body: "Fair", version: 1 });
  expect(await asRead(bob)).toMatchObject({ isEdited: true, html: "<p>Fair</p>\n" });
});

test("nobody but its author comments on an archived post, and nobody else reads a draft", async () => {
  const { id } = await createPost(acme, bob, { title: "Old", body: "", publish: true });
  await archivePost(acme, bob, id);
  expect((await readPost(acme, bob, id))?.post.canComment).toBe(true);
  expect((await readPost(acme, ada, id))?.post.canComment).toBe(false);

  const draft = await createPost(acme, bob, { title: "Wages", body: "" });
  expect((await readPost(acme, bob, draft.id))?.post.status).toBe("draft");
  expect(await readPost(acme, ada, draft.id)).toBeUndefined();
});
