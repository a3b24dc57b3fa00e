import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { OrganizationScope } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { writeComment } from "./comments.server";
import { rememberMember } from "./members.server";
import {
  archivePost,
  createPost,
  newKey,
  deletePost,
  findPost,
  listAuthors,
  listPosts,
  publishPost,
  updatePost,
} from "./posts.server";

const { store, remove } = openTemporaryStore();
afterAll(remove);

const ada = { userId: "ada" };
const bob = { userId: "bob" };
const cleo = { userId: "cleo" };
const adaAsAdmin = { ...ada, mayDeleteAny: true };
const bobAsCollaborator = { ...bob, mayDeleteAny: false };

let acme: OrganizationScope;
let globex: OrganizationScope;
let organizations = 0;

beforeEach(async () => {
  organizations += 1;
  acme = store.scope(`acme-${organizations}`);
  globex = store.scope(`globex-${organizations}`);
  await rememberMember(acme, exampleMember("ada", { name: "Ada" }));
  await rememberMember(acme, exampleMember("bob", { name: "Bob" }));
  await rememberMember(globex, exampleMember("bob", { name: "Bob" }));
  await rememberMember(globex, exampleMember("cleo", { name: "Cleo" }));
});

const text = { title: "Spring catalogue", body: "The **shears** first." };
const published = (scope: OrganizationScope, author = ada, title = text.title) =>
  createPost(scope, author, { ...text, title, publish: true });
const titles = async (...asked: Parameters<typeof listPosts>) =>
  (await listPosts(...asked)).posts.map((post) => post.title);

describe("the list", () => {
  test("goes on after the twentieth post where it ended, even for posts of one millisecond, and meets each once", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_700_000_000_000 });
    try {
      for (let i = 0; i < 45; i++) {
        if (i % 7 === 0) vi.setSystemTime(1_700_000_000_000 + i);
        await published(acme, ada, `Post ${i}`);
      }
    } finally {
      vi.useRealTimers();
    }
    const pages = [await listPosts(acme, bob)];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(await listPosts(acme, bob, { before: next }));
    expect(pages.map(({ posts }) => posts.length)).toEqual([20, 20, 5]);
    const seen = pages.flatMap(({ posts }) => posts);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(45);
    const times = seen.map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test("has no next page when the last one is exactly full", async () => {
    await published(acme);
    await published(acme);
    expect((await listPosts(acme, ada, { limit: 2 })).next).toBeUndefined();
    expect((await listPosts(acme, ada, { limit: 1 })).next).toBeDefined();
  });

  test("begins anew for a cursor that nobody made", async () => {
    await published(acme);
    for (const before of [
      "",
      "x",
      "%00",
      "AAAA",
      Buffer.from("99999999999999999999 x").toString("base64url"),
      "1 ' or 1=1",
    ]) {
      expect(await titles(acme, ada, { before })).toEqual(["Spring catalogue"]);
    }
  });

  test("shows who wrote a post and how many comments it has", async () => {
    const { id } = await published(acme);
    await writeComment(acme, bob, id, "Good.");
    await published(acme, bob, "Another");
    const { posts } = await listPosts(acme, ada);
    expect(posts.map(({ title, authorName, commentCount }) => [title, authorName, commentCount])).toEqual(
      expect.arrayContaining([
        ["Spring catalogue", "Ada", 1],
        ["Another", "Bob", 0],
      ]),
    );
  });

  test("leaves archived posts out until they are asked for", async () => {
    const { id } = await published(acme);
    await archivePost(acme, ada, id);
    expect(await titles(acme, bob)).toEqual([]);
    expect(await titles(acme, bob, { status: "archived" })).toEqual(["Spring catalogue"]);
  });

  test("searches titles and texts whatever the case, in any script, and takes % and _ for letters", async () => {
    await published(acme, ada, "Äpfel und 100% Saft");
    await published(acme, ada, "A plain title");
    expect(await titles(acme, bob, { text: "äPFEL" })).toEqual(["Äpfel und 100% Saft"]);
    expect(await titles(acme, bob, { text: "SHEARS" })).toHaveLength(2);
    expect(await titles(acme, bob, { text: "0%" })).toEqual(["Äpfel und 100% Saft"]);
    for (const nothing of ["1%S", "A_plain", "\\", "' or 1=1 --"])
      expect(await titles(acme, bob, { text: nothing })).toEqual([]);
  });

  test("combines author, status and text, page by page", async () => {
    for (const title of ["Rake one", "Rake two", "Hoe"]) await published(acme, ada, title);
    await published(acme, bob, "Rake of Bob");
    const first = await listPosts(acme, bob, { authorId: "ada", status: "published", text: "rake", limit: 1 });
    const next = { authorId: "ada", text: "rake", limit: 1, before: first.next ?? "" };
    const second = await listPosts(acme, bob, next);
    expect([...first.posts, ...second.posts].map(({ title }) => title).toSorted()).toEqual(["Rake one", "Rake two"]);
    expect(second.next).toBeUndefined();
  });

  test("is each organization's own: Cleo sees nothing of Acme's, with any filter", async () => {
    await published(acme);
    for (const filter of [{}, { status: "published" as const }, { authorId: "ada" }, { text: "shears" }]) {
      expect(await titles(globex, cleo, filter)).toEqual([]);
      expect(await titles(acme, ada, filter)).toEqual(["Spring catalogue"]);
    }
    expect(await listAuthors(globex, cleo)).toEqual([]);
    expect(await listAuthors(acme, ada)).toEqual([{ userId: "ada", name: "Ada" }]);
  });
});

describe("a draft", () => {
  test("is its author's alone: Ada, an Admin, finds Bob's nowhere, and Bob everywhere", async () => {
    const { id } = await createPost(acme, bob, text);
    const places = (viewer: { userId: string }) =>
      Promise.all([
        findPost(acme, viewer, id),
        listPosts(acme, viewer),
        listPosts(acme, viewer, { status: "draft" }),
        listPosts(acme, viewer, { authorId: "bob" }),
        listPosts(acme, viewer, { text: "shears" }),
        listAuthors(acme, viewer),
      ]);
    const empty = { posts: [] };
    expect(await places(ada)).toEqual([undefined, empty, empty, empty, empty, []]);
    const [found, ...lists] = await places(bob);
    expect(found).toMatchObject({ id, status: "draft", authorName: "Bob" });
    expect(JSON.stringify(lists).match(/Bob/g)).toHaveLength(5);
  });

  test("cannot be changed, moved or deleted by an Admin: the answer is the one for a post that never existed", async () => {
    const { id } = await createPost(acme, bob, text);
    const tries = (postId: string) =>
      Promise.all([
        updatePost(acme, ada, postId, { ...text, version: 1 }),
        publishPost(acme, ada, postId),
        archivePost(acme, ada, postId),
        deletePost(acme, adaAsAdmin, postId),
      ]);
    expect(await tries(id)).toEqual(await tries("never-existed"));
    expect(await findPost(acme, bob, id)).toMatchObject({ version: 1, status: "draft" });
  });

  test("is published, then archived, by its author; doing it twice changes nothing more", async () => {
    const { id } = await createPost(acme, bob, text);
    expect(await archivePost(acme, bob, id)).toEqual({ ok: false, reason: "draft" });
    const first = await publishPost(acme, bob, id);
    expect(first).toMatchObject({ ok: true, post: { status: "published", publishedAt: expect.any(Date), version: 1 } });
    expect(await publishPost(acme, bob, id)).toEqual(first);
    expect(await archivePost(acme, bob, id)).toMatchObject({ ok: true, post: { status: "archived" } });
    expect(await archivePost(acme, bob, id)).toMatchObject({ ok: true, post: { status: "archived" } });
    expect(await publishPost(acme, bob, id)).toEqual({ ok: false, reason: "archived" });
  });
});

describe("an edit", () => {
  test("saves over the version that was read, and a stale one gets the text that is there now", async () => {
    const { id } = await published(acme);
    const saved = await updatePost(acme, ada, id, { title: "Autumn", body: "Rakes.", version: 1 });
    expect(saved).toMatchObject({ ok: true, post: { title: "Autumn", body: "Rakes.", version: 2 } });
    const stale = await updatePost(acme, ada, id, { title: "Winter", body: "Shovels.", version: 1 });
    expect(stale).toMatchObject({ ok: false, reason: "stale", current: { title: "Autumn", version: 2 } });
    expect(await findPost(acme, ada, id)).toMatchObject({ title: "Autumn", body: "Rakes.", version: 2 });
  });

  test("that is sent twice is saved once", async () => {
    const { id } = await published(acme);
    const edit = { title: "Autumn", body: "Rakes.", version: 1 };
    const answers = await Promise.all([updatePost(acme, ada, id, edit), updatePost(acme, ada, id, edit)]);
    expect(answers[0]).toMatchObject({ ok: true, post: { version: 2 } });
    expect(answers[1]).toEqual(answers[0]);
  });

  test("of twenty at the same time, one is saved and nineteen are stale", async () => {
    const { id } = await published(acme);
    const edits = Array.from({ length: 20 }, (_, i) =>
      updatePost(acme, ada, id, { title: `Title ${i}`, body: "", version: 1 }),
    );
    const answers = await Promise.all(edits);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.reason === "stale")).toHaveLength(19);
  });

  test("of a colleague's post is refused, and the post stays as it was", async () => {
    const { id } = await published(acme);
    const before = await findPost(acme, ada, id);
    expect(await updatePost(acme, bob, id, { ...text, title: "Mine", version: 1 })).toEqual({
      ok: false,
      reason: "not-yours",
    });
    expect(await archivePost(acme, bob, id)).toEqual({ ok: false, reason: "not-yours" });
    expect(await publishPost(acme, bob, id)).toEqual({ ok: false, reason: "not-yours" });
    expect(await findPost(acme, ada, id)).toEqual(before);
  });
});

describe("deleting", () => {
  test("takes the comments along; one's own needs no permission, another's needs delete:posts", async () => {
    const own = await published(acme, bob);
    const adas = await published(acme, ada);
    await writeComment(acme, ada, own.id, "Bye.");
    expect(await deletePost(acme, bobAsCollaborator, adas.id)).toEqual({ ok: false, reason: "not-yours" });
    expect(await deletePost(acme, bobAsCollaborator, own.id)).toMatchObject({ ok: true, post: { id: own.id } });
    const bobs = await published(acme, bob);
    expect(await deletePost(acme, adaAsAdmin, bobs.id)).toMatchObject({ ok: true });
    expect(await titles(acme, ada)).toEqual(["Spring catalogue"]);
    expect(await acme.read((db, { comments }) => db.select().from(comments))).toEqual([]);
  });
});

test("Bob, who is in both, gets for Acme's post inside Globex what he gets for one that never existed", async () => {
  const { id } = await published(acme, bob);
  const before = await findPost(acme, bob, id);
  const answers = (postId: string, scope = globex) =>
    Promise.all([
      findPost(scope, bob, postId),
      updatePost(scope, bob, postId, { ...text, version: 1 }),
      publishPost(scope, bob, postId),
      archivePost(scope, bob, postId),
      writeComment(scope, bob, postId, "Hello"),
      deletePost(scope, { ...bob, mayDeleteAny: true }, postId),
    ]);
  const missing = { ok: false, reason: "missing" };
  expect(await answers(id)).toEqual([undefined, missing, missing, missing, missing, missing]);
  expect(await answers("never-existed")).toEqual(await answers(id));
  expect(await findPost(acme, bob, id)).toEqual(before);

  const [found, ...done] = await answers(id, acme);
  expect(found).toEqual(before);
  expect(done.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
});

describe("a form that is sent twice", () => {
  const form = { ...text, key: newKey() };

  test("makes one post", async () => {
    const [first, second] = await Promise.all([createPost(acme, ada, form), createPost(acme, ada, form)]);
    expect(second.id).toBe(first.id);
    expect(first.id).toBe(form.key);
  });

  test("first as a draft and then to be published, publishes the one post", async () => {
    const draft = await createPost(acme, ada, { ...form, key: newKey() });
    const shown = await createPost(acme, ada, { ...form, key: draft.id, publish: true });
    expect(shown).toMatchObject({ id: draft.id, status: "published", publishedAt: expect.any(Date) });
    expect(await createPost(acme, ada, { ...form, key: draft.id }), "and not the other way round").toEqual(shown);
  });

  test("with another text makes another post, so that nothing typed is lost", async () => {
    const first = await createPost(acme, ada, form);
    const second = await createPost(acme, ada, { ...form, body: "Something else" });
    expect(second.id).not.toBe(first.id);
    expect(second.body).toBe("Something else");
  });

  test("with a key that is somebody else's post makes a post of one's own", async () => {
    const theirs = await createPost(acme, bob, { ...form, key: newKey() });
    const mine = await createPost(acme, ada, { ...form, key: theirs.id });
    expect(mine.id).not.toBe(theirs.id);
    expect(mine.authorId).toBe(ada.userId);
  });
});
