// The audit log as it is written: with the change or not at all, under the names of the moment, and never changed afterwards.
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Acting, asc, type OrganizationScope, sql } from "../../db";
import { exampleMember } from "../../db/example-member";
import { openTemporaryStore } from "../../db/temporary-store";
import { refusalWindow, writeAudit, writeRefusal } from "./audit.server";
import { deleteComment, updateComment, writeComment } from "./comments.server";
import { rememberMember } from "./members.server";
import { archivePost, createPost, deletePost, publishPost, updatePost } from "./posts.server";

const clock = { now: 1_700_000_000_000 };
const { store, remove } = openTemporaryStore({ now: () => clock.now });
afterAll(remove);

const person = (id: string, name: string): Acting => {
  return { id, name, email: `${id}@example.com`, address: "192.0.2.7", userAgent: "A browser" };
};
const ada = { userId: "ada" };
const bob = { userId: "bob" };
const text = { title: "Spring catalogue", body: "The shears first." };

let acme: OrganizationScope;
let acmeOfBob: OrganizationScope;
let globex: OrganizationScope;
let organizations = 0;

beforeEach(async () => {
  organizations += 1;
  acme = store.scope(`acme-${organizations}`, { by: person("ada", "Ada") });
  acmeOfBob = store.scope(`acme-${organizations}`, { by: person("bob", "Bob") });
  globex = store.scope(`globex-${organizations}`);
  await rememberMember(acme, exampleMember("ada", { name: "Ada" }));
  await rememberMember(acme, exampleMember("bob", { name: "Bob" }));
});

/** In the order of writing: the clock moves on between two of them. */
function log(scope = acme) {
  return scope.read((db, { auditEvents }) => db.select().from(auditEvents).orderBy(asc(auditEvents.at)));
}
async function after<T>(change: Promise<T>): Promise<T> {
  const made = await change;
  clock.now += 1;
  return made;
}

describe("posts and comments", () => {
  test("each change has its line, with who, what, from where and when", async () => {
    const post = await after(createPost(acme, ada, { ...text, publish: true }));
    await after(updatePost(acme, ada, post.id, { ...text, title: "Summer catalogue", version: 1 }));
    const written = await after(writeComment(acmeOfBob, bob, post.id, "Good"));
    if (!written.ok) throw new Error("No comment");
    const place = { postId: post.id, commentId: written.comment.id };
    await after(updateComment(acmeOfBob, bob, place, { body: "Very good", version: 1 }));
    await after(deleteComment(acme, { ...ada, mayDeleteAny: true }, place));
    await after(archivePost(acme, ada, post.id));
    await after(deletePost(acme, { ...ada, mayDeleteAny: true }, post.id));
    const lines = await log();
    expect(lines.map(({ action, actorName, targetName }) => [action, actorName, targetName])).toEqual([
      ["posts.create", "Ada", "Spring catalogue"],
      ["posts.update", "Ada", "Summer catalogue"],
      ["comments.create", "Bob", "Summer catalogue"],
      ["comments.update", "Bob", "Summer catalogue"],
      ["comments.delete", "Ada", "Summer catalogue"],
      ["posts.archive", "Ada", "Summer catalogue"],
      ["posts.delete", "Ada", "Summer catalogue"],
    ]);
    expect(lines[1]).toMatchObject({
      ...{ actorId: "ada", actorEmail: "ada@example.com", address: "192.0.2.7", userAgent: "A browser" },
      ...{ targetType: "post", targetId: post.id, from: "Spring catalogue", to: "Summer catalogue", result: "done" },
    });
    expect(await log(globex), "another organization has none of it").toEqual([]);
  });

  test("the title of a draft is its author's alone, until it is published", async () => {
    const post = await after(createPost(acmeOfBob, bob, text));
    await after(updatePost(acmeOfBob, bob, post.id, { ...text, title: "Another secret", version: 1 }));
    await after(writeComment(acmeOfBob, bob, post.id, "To myself"));
    expect(JSON.stringify(await log())).not.toMatch(/catalogue|secret/);
    await after(publishPost(acmeOfBob, bob, post.id));
    expect((await log()).at(-1)).toMatchObject({ targetName: "Another secret", from: "draft", to: "published" });
  });

  test("what changes nothing is not written: the same form twice, the same state again", async () => {
    const key = "k".repeat(22);
    await after(createPost(acme, ada, { ...text, key, publish: true }));
    await after(createPost(acme, ada, { ...text, key, publish: true }));
    await after(publishPost(acme, ada, key));
    expect((await updatePost(acme, ada, "nobody's", { ...text, version: 1 })).ok).toBe(false);
    expect(await log()).toHaveLength(1);
  });

  test("what was refused is written, what somebody cannot see is not", async () => {
    const shown = await after(createPost(acme, ada, { ...text, publish: true }));
    const draft = await after(createPost(acme, ada, text));
    await after(archivePost(acmeOfBob, bob, shown.id));
    expect(await archivePost(acmeOfBob, bob, draft.id)).toEqual({ ok: false, reason: "missing" });
    const refused = (await log()).filter(({ result }) => result === "refused");
    expect(refused).toMatchObject([{ action: "posts.archive", actorName: "Bob", reason: "not-yours" }]);
  });
});

test("a change that is taken back takes its line along", async () => {
  const change = acme.write(async (tx) => {
    await writeAudit(tx, { action: "posts.create" });
    throw new Error("no");
  });
  await expect(change).rejects.toThrow("no");
  expect(await log()).toEqual([]);
  await acme.write((tx) => writeAudit(tx, { action: "posts.create" }));
  expect(await log()).toHaveLength(1);
});

test("of one id only the first is written", async () => {
  for (const name of ["Acme", "Acme again"])
    await acme.write((tx) =>
      writeAudit(tx, { id: "order", action: "organizations.create", target: { type: "organization", name } }),
    );
  expect((await log()).map(({ targetName }) => targetName)).toEqual(["Acme"]);
});

describe("a flood of refusals", () => {
  const refuse = (scope = acme) => writeRefusal(scope, { action: "members.role", reason: "last-manager" });

  test("of one person and action fills one row a window, and the next row says how many there were", async () => {
    for (let i = 0; i < 50; i++) await refuse();
    expect((await log()).map(({ times }) => times)).toEqual([1]);
    clock.now += refusalWindow;
    await refuse();
    expect((await log()).map(({ times }) => times)).toEqual([1, 50]);
  });

  test("hides nothing of another person, another action or another organization", async () => {
    for (const scope of [acme, acme, acmeOfBob, globex]) await refuse(scope);
    await writeRefusal(acme, { action: "members.remove", reason: "last-manager" });
    expect((await log()).map(({ actorName, action }) => `${actorName} ${action}`).toSorted()).toEqual([
      "Ada members.remove",
      "Ada members.role",
      "Bob members.role",
    ]);
    expect(await log(globex)).toHaveLength(1);
  });

  test("does not last for ever when the clock is set back", async () => {
    await refuse();
    clock.now -= 5 * refusalWindow;
    await refuse();
    expect(await log()).toHaveLength(2);
  });
});

describe("what is written", () => {
  test("is changed by nothing that the app holds, and removed by one function alone", async () => {
    await after(createPost(acme, ada, text));
    const change = acme.write((tx, { auditEvents }) => tx.update(auditEvents, { actorName: "Eve" }, sql`true`));
    await expect(change).rejects.toThrow("The wall around audit_events refused a change");
    const removal = acme.write((tx, { auditEvents }) => tx.remove(auditEvents, sql`true`));
    await expect(removal).rejects.toThrow("The wall around audit_events refused a change");
    expect(await globex.forgetAudit({ before: "all", limit: 10 }), "another organization's is out of reach").toBe(0);
    expect(await acme.forgetAudit({ before: new Date(clock.now - 1), limit: 10 }), "nothing is that old").toBe(0);
    expect(await log()).toHaveLength(1);
    expect(await acme.forgetAudit({ before: new Date(clock.now), limit: 10 })).toBe(1);
    expect(await log()).toEqual([]);
  });
});
