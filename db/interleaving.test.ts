// Many organizations at once on one store: nobody sees another's rows and nothing is lost.
import { afterAll, expect, test } from "vitest";
import { exampleMember } from "./example-member";
import { desc, eq, type Given, prepared, sql } from "./query";
import type { OrganizationScope } from "./store";
import { openTemporaryStore } from "./temporary-store";

const { store, remove } = openTemporaryStore();
afterAll(remove);

const scopes = 200;
const operationsEach = 50;
const at = new Date(1_700_000_000_000);

const newest = prepared((db, { posts }, given: Given<{ authorId: string }>) =>
  db
    .select({ title: posts.title })
    .from(posts)
    .where(eq(posts.authorId, given.authorId))
    .orderBy(desc(posts.id))
    .limit(3),
);

class TakenBack extends Error {}

/** Operations of one organization, whose every post is titled after it. @returns how many posts must be left. */
async function work(scope: OrganizationScope, random: () => number): Promise<number> {
  let left = 0;
  const requireOwn = (rows: { title: string }[], count: number) => {
    const foreign = rows.find(({ title }) => title !== scope.organizationId);
    if (foreign) throw new Error(`${scope.organizationId} was shown a post of ${foreign.title}.`);
    if (rows.length !== count) throw new Error(`${scope.organizationId} was shown ${rows.length} posts of ${count}.`);
  };
  for (let step = 0; step < operationsEach; step++) {
    // The ids are the same in every organization, so that a missing predicate would show.
    const post = {
      id: `${step}`,
      authorId: "ada",
      title: scope.organizationId,
      body: "",
      createdAt: at,
      updatedAt: at,
    };
    const chance = random();
    if (chance < 0.2) {
      await scope.write((tx, { posts }) => tx.insert(posts, { ...post, status: "published" }));
      left++;
    } else if (chance < 0.25) {
      const takenBack = scope.write(async (tx, { posts }) => {
        await tx.insert(posts, { ...post, status: "published" });
        await pause(random);
        requireOwn(await tx.select().from(posts), left + 1);
        throw new TakenBack();
      });
      await takenBack.catch((error: unknown) => {
        if (!(error instanceof TakenBack)) throw error;
      });
    } else if (chance < 0.3) {
      const changed = await scope.write(async (tx, { posts }) => {
        await pause(random);
        return tx.update(posts, { version: sql`${posts.version} + 1` }, sql`1 = 1 or 1 = 1`);
      });
      requireOwn(changed, left);
    } else if (chance < 0.65) {
      requireOwn(await scope.query(newest, { authorId: "ada" }), Math.min(left, 3));
    } else {
      const rows = await scope.read(async (db, { posts, members }) => {
        await pause(random);
        const query = db
          .select({ title: posts.title })
          .from(posts)
          .innerJoin(members, eq(members.userId, posts.authorId));
        await pause(random);
        return query.where(undefined);
      });
      requireOwn(rows, left);
    }
  }
  return left;
}

async function pause(random: () => number) {
  if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
}

/** The same every time (mulberry32). */
function randomFrom(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`${scopes} organizations at once leak nothing in ${scopes * operationsEach} operations, and everything adds up`, async () => {
  const all = Array.from({ length: scopes }, (_, index) => store.scope(`organization-${index}`));
  for (const scope of all) {
    const ada = exampleMember("ada", { name: scope.organizationId });
    await scope.write((tx, { members }) => tx.insert(members, ada));
  }
  const expected = await Promise.all(all.map((scope, index) => work(scope, randomFrom(index))));
  const found = await Promise.all(all.map((scope) => scope.read((db, { posts }) => db.select().from(posts))));
  expect(found.map((rows) => rows.length)).toEqual(expected);
  expect(found.every((rows, index) => rows.every(({ title }) => title === `organization-${index}`))).toBe(true);
  expect(expected.reduce((sum, count) => sum + count)).toBeGreaterThan(1500);
}, 120_000);
