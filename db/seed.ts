// Fills a fresh database with the demo cast's posts and comments, once.
import { eq } from "drizzle-orm";
import { newId } from "./id";
import { type SeedPost, seedTexts } from "./seed-texts";
import type { OrganizationScope, Store } from "./store";

/** `id` is Logto's, of people and of organizations; `key` is the name that the texts know them by. */
export type Cast = {
  people: { key: string; id: string; email: string; name: string; organizations: { id: string }[] }[];
  organizations: { key: string; id: string; name: string }[];
};

/** One published post, its first comment and its author (the id of the user), by the key of the organization. */
export type SeededRecords = Record<string, { posts: string; comments: string; members: string }>;

const day = 24 * 60 * 60 * 1000;
const hour = 60 * 60 * 1000;

/** Writes nothing into an organization that has posts already, so that it can be called at every start. */
export async function seedCast(
  store: Store,
  { people, organizations }: Cast,
  now = new Date(),
): Promise<SeededRecords> {
  const users = await seedUsers(store, people, now);
  await seedOrganizations(store, organizations, now);

  const records: SeededRecords = {};
  for (const { key, id } of organizations) {
    const scope = store.scope(id);
    const members = users.filter((user) => user.organizations.some((organization) => organization.id === id));
    await seedOrganization(scope, members, seedTexts[key] ?? [], now);
    const record = await firstRecords(scope);
    if (record) records[key] = record;
  }
  return records;
}

type SeedUser = Cast["people"][number] & { userId: string };

function seedUsers(store: Store, people: Cast["people"], now: Date): Promise<SeedUser[]> {
  return store.system.write(async (tx, { users }) => {
    const seeded: SeedUser[] = [];
    for (const person of people) {
      const { id: logtoId, email, name } = person;
      const values = { id: newId(), logtoId, email, name, createdAt: now, updatedAt: now };
      const user = await tx.upsert(users, values, { email, name }, ["logtoId"]);
      seeded.push({ ...person, userId: user.id });
    }
    return seeded;
  });
}

function seedOrganizations(store: Store, seeded: Cast["organizations"], now: Date): Promise<void> {
  return store.system.write(async (tx, { organizations }) => {
    for (const [index, { id, name }] of seeded.entries()) {
      await tx.upsert(organizations, { id, name, colour: (index * 5) % 12, createdAt: now }, { name });
    }
  });
}

function seedOrganization(scope: OrganizationScope, people: SeedUser[], texts: SeedPost[], now: Date): Promise<void> {
  return scope.write(async (tx, { members, posts, comments }) => {
    const [already] = await tx.select().from(posts).limit(1);
    if (already) return;

    const oldest = Math.max(0, ...texts.map(({ daysAgo }) => daysAgo));
    const joinedAt = new Date(now.getTime() - (oldest + 1) * day);
    const userIds = new Map(people.map(({ key, userId }) => [key, userId]));
    for (const { userId, id: logtoId, name, email } of people) {
      const times = { joinedAt, lastActiveAt: joinedAt, updatedAt: joinedAt };
      await tx.upsert(members, { userId, logtoId, name, email, ...times }, { name, email });
    }
    for (const { author, daysAgo, title, body, status = "published", comments: answers = [] } of texts) {
      const authorId = userIds.get(author);
      if (!authorId) continue;
      const createdAt = new Date(now.getTime() - daysAgo * day);
      const times = { createdAt, updatedAt: createdAt, publishedAt: status === "draft" ? null : createdAt };
      const post = await tx.insert(posts, { id: newId(), authorId, title, body, status, ...times });
      for (const answer of answers) {
        const commenter = userIds.get(answer.author);
        if (!commenter) continue;
        const at = new Date(createdAt.getTime() + answer.hoursLater * hour);
        const values = { id: newId(), postId: post.id, authorId: commenter, body: answer.body };
        await tx.insert(comments, { ...values, createdAt: at, updatedAt: at });
      }
    }
  });
}

async function firstRecords(scope: OrganizationScope): Promise<SeededRecords[string] | undefined> {
  const [first] = await scope.read((db, { posts, comments }) =>
    db
      .select({ posts: posts.id, comments: comments.id, members: posts.authorId })
      .from(comments)
      .innerJoin(posts, eq(posts.id, comments.postId))
      .where(eq(posts.status, "published"))
      .orderBy(posts.createdAt, comments.createdAt, comments.id)
      .limit(1),
  );
  return first;
}
