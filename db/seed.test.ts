import { afterAll, expect, test } from "vitest";
import { seedCast } from "./seed";
import { openTemporaryStore } from "./temporary-store";

const { store, remove } = openTemporaryStore();
afterAll(remove);

const person = (key: string, ...organizations: string[]) => ({
  key,
  id: `logto-${key}`,
  name: key,
  email: `${key}@example.com`,
  organizations: organizations.map((id) => ({ id })),
});
const cast = {
  people: [
    person("ada", "o-acme"),
    person("bob", "o-acme", "o-globex"),
    person("cleo", "o-globex"),
    person("eve", "o-eve"),
  ],
  organizations: ["acme", "globex", "eve"].map((key) => ({ key, id: `o-${key}`, name: key })),
};
const rows = (organizationId: string) =>
  store.scope(organizationId).read(async (db, { members, posts, comments }) => ({
    members: await db.select().from(members),
    posts: await db.select().from(posts),
    comments: await db.select().from(comments),
  }));

test("the demo cast gets posts in each status, more than one page of them in Acme, and nothing a second time", async () => {
  const records = await seedCast(store, cast);
  const acme = await rows("o-acme");
  expect(acme.members.map(({ name }) => name).toSorted()).toEqual(["ada", "bob"]);
  expect(acme.posts.filter(({ status }) => status === "published").length).toBeGreaterThanOrEqual(24);
  for (const organization of ["o-acme", "o-globex"]) {
    const { posts } = await rows(organization);
    expect(new Set(posts.map(({ status }) => status))).toEqual(new Set(["draft", "published", "archived"]));
  }
  const now = Date.now();
  expect([...acme.posts, ...acme.comments].every(({ createdAt }) => createdAt.getTime() < now)).toBe(true);

  expect(await seedCast(store, cast)).toEqual(records);
  expect(await rows("o-acme")).toEqual(acme);
});

test("each organization names one record of each of its tables, and they are its own", async () => {
  const records = await seedCast(store, cast);
  for (const key of ["acme", "globex", "eve"]) {
    const { members, posts, comments } = await rows(`o-${key}`);
    expect(posts.find(({ id }) => id === records[key]?.posts)?.status).toBe("published");
    expect(comments.find(({ id }) => id === records[key]?.comments)?.postId).toBe(records[key]?.posts);
    expect(members.map(({ userId }) => userId)).toContain(records[key]?.members);
  }
});
