// Posts belong to one organization. A draft is its author's alone: nobody else finds it, counts it or deletes it.
import {
  and,
  contains,
  desc,
  eq,
  type Given,
  lt,
  lte,
  ne,
  newId,
  or,
  type OrganizationScope,
  type OrganizationWrites,
  type Placeholder,
  prepared,
  type Reads,
  type Row,
  type SQL,
  sql,
  type TenantTables,
} from "../../db";
import type { AuditAction } from "./audit-actions";
import { type AuditTarget, writeAudit } from "./audit.server";
import { type Page, pageOf, type Place, placeOf } from "./paging.server";

export const titleLimit = 160;
export const bodyLimit = 20_000;
export const postsPerPage = 20;
/** Draws the key of a form that makes something: what it makes gets this as its id. */
export const newKey = newId;
export const keyPattern = /^[\w-]{22}$/;
export const postStatuses = ["draft", "published", "archived"] as const;

export type Post = Row<"posts">;
export type PostStatus = Post["status"];
export type PostSummary = Place & {
  title: string;
  status: PostStatus;
  authorId: string;
  authorName: string;
  updatedAt: Date;
  publishedAt: Date | null;
  commentCount: number;
};
export type PostText = { title: string; body: string };
export type Viewer = { userId: string };
export type PostFilter = { status?: PostStatus; authorId?: string; text?: string; before?: string; limit?: number };

/** Newest first. Without a status: what is published, and the viewer's own drafts. */
export async function listPosts(
  scope: OrganizationScope,
  viewer: Viewer,
  { status, authorId, text, before, limit = postsPerPage }: PostFilter = {},
): Promise<{ posts: PostSummary[]; next?: string }> {
  const place = placeOf(before);
  const given = { viewerId: viewer.userId, limit: limit + 1 };
  const found =
    status || authorId || text
      ? await scope.read((db, tables) => {
          const { posts } = tables;
          const wanted = and(
            status ? eq(posts.status, status) : ne(posts.status, "archived"),
            seenBy(posts, viewer.userId),
            authorId ? eq(posts.authorId, authorId) : undefined,
            text ? or(contains(posts.title, text), contains(posts.body, text)) : undefined,
            place && olderThan(posts, place),
          );
          return summaries(db, tables, wanted, given.limit);
        })
      : place
        ? await scope.query(nextPage, { ...given, ...place })
        : await scope.query(firstPage, given);
  const { rows: posts, ...rest }: Page<PostSummary> = pageOf(found, limit);
  return { posts, ...rest };
}

const firstPage = prepared((db, tables, given: Given<{ viewerId: string; limit: number }>) => {
  const { posts } = tables;
  return summaries(db, tables, and(ne(posts.status, "archived"), seenBy(posts, given.viewerId)), given.limit);
});

const nextPage = prepared((db, tables, given: Given<{ viewerId: string; limit: number } & Place>) => {
  const { posts } = tables;
  const wanted = and(ne(posts.status, "archived"), seenBy(posts, given.viewerId), olderThan(posts, given));
  return summaries(db, tables, wanted, given.limit);
});

/** Those whose posts the viewer can see, by name. */
export function listAuthors(scope: OrganizationScope, viewer: Viewer): Promise<{ userId: string; name: string }[]> {
  return scope.query(authors, { viewerId: viewer.userId });
}

const authors = prepared((db, { posts, members }, given: Given<{ viewerId: string }>) =>
  db
    .select({ userId: members.userId, name: members.name })
    .from(members)
    .where(
      sql`exists (select 1 from ${posts} where ${posts.authorId} = ${members.userId} and ${seenBy(posts, given.viewerId)})`,
    )
    .orderBy(members.name, members.userId),
);

export async function findPost(
  scope: OrganizationScope,
  viewer: Viewer,
  id: string,
): Promise<(Post & { authorName: string }) | undefined> {
  const [post] = await scope.query(onePost, { id, viewerId: viewer.userId });
  return post;
}

const onePost = prepared((db, { posts, members }, given: Given<{ id: string; viewerId: string }>) =>
  db
    .select({
      id: posts.id,
      authorId: posts.authorId,
      authorName: members.name,
      title: posts.title,
      body: posts.body,
      status: posts.status,
      version: posts.version,
      createdAt: posts.createdAt,
      updatedAt: posts.updatedAt,
      publishedAt: posts.publishedAt,
    })
    .from(posts)
    .innerJoin(members, eq(members.userId, posts.authorId))
    .where(and(eq(posts.id, given.id), seenBy(posts, given.viewerId))),
);

/** A draft, unless it is to be published at once. `key` is the form's: the same text sent twice by it makes one post, published if either asked for it. */
export function createPost(
  scope: OrganizationScope,
  author: Viewer,
  { key = newId(), title, body, publish = false }: PostText & { key?: string; publish?: boolean },
): Promise<Post> {
  const now = new Date();
  const status = publish ? "published" : "draft";
  const times = { createdAt: now, updatedAt: now, publishedAt: publish ? now : null };
  return scope.write(async (tx, { posts }) => {
    const [known] = await tx.select().from(posts).where(eq(posts.id, key));
    if (known?.authorId === author.userId && known.title === title && known.body === body) {
      const isDraft = and(isBy(posts, author, key), eq(posts.status, "draft"));
      const published = publish ? await tx.update(posts, { status, updatedAt: now, publishedAt: now }, isDraft) : [];
      if (published[0]) await writeAudit(tx, { action: "posts.publish", target: auditedPost(published[0]) });
      return published[0] ?? known;
    }
    const id = known ? newId() : key; // another text from a page that the browser had kept
    const post = await tx.insert(posts, { id, authorId: author.userId, title, body, status, ...times });
    await writeAudit(tx, { action: "posts.create", target: auditedPost(post), to: status });
    return post;
  });
}

export type PostEdit =
  | { ok: true; post: Post }
  | { ok: false; reason: "missing" | "not-yours" }
  /** Somebody, perhaps the author in another tab, has saved since `version` was read. */
  | { ok: false; reason: "stale"; current: Post };

/** Saves the text over the version that its author had read. Sending the same text twice saves it once. */
export function updatePost(
  scope: OrganizationScope,
  author: Viewer,
  id: string,
  { title, body, version }: PostText & { version: number },
): Promise<PostEdit> {
  return scope.write(async (tx, tables) => {
    const { posts } = tables;
    const before = await asSeen(tx, tables, author, id);
    const text = { title, body, version: sql`${posts.version} + 1`, updatedAt: new Date() };
    const [post] = await tx.update(posts, text, and(isBy(posts, author, id), eq(posts.version, version)));
    if (post) {
      await writeAudit(tx, { action: "posts.update", target: auditedPost(post), ...retitled(before, post) });
      return { ok: true, post };
    }
    const current = await asSeen(tx, tables, author, id);
    const refused = await refuse(tx, "posts.update", current, author);
    if (!current || refused) return { ok: false, reason: refused ?? "missing" };
    if (current.title === title && current.body === body) return { ok: true, post: current };
    return { ok: false, reason: "stale", current };
  });
}

export type PostMove<Reason extends string> =
  { ok: true; post: Post } | { ok: false; reason: "missing" | "not-yours" | Reason };

/** Shows a draft to the whole organization. Nothing happens to a post that is published already. */
export function publishPost(scope: OrganizationScope, author: Viewer, id: string): Promise<PostMove<"archived">> {
  return move(scope, author, id, { action: "posts.publish", from: "draft", to: "published", otherwise: "archived" });
}

/** Takes a published post out of the list. Nothing happens to a post that is archived already. */
export function archivePost(scope: OrganizationScope, author: Viewer, id: string): Promise<PostMove<"draft">> {
  return move(scope, author, id, { action: "posts.archive", from: "published", to: "archived", otherwise: "draft" });
}

/** The version stays: a move does not touch the text that somebody may be editing. */
function move<Reason extends string>(
  scope: OrganizationScope,
  author: Viewer,
  id: string,
  { action, from, to, otherwise }: { action: AuditAction; from: PostStatus; to: PostStatus; otherwise: Reason },
): Promise<PostMove<Reason>> {
  return scope.write(async (tx, tables) => {
    const { posts } = tables;
    const now = new Date();
    const change = { status: to, updatedAt: now, ...(to === "published" && { publishedAt: now }) };
    const [post] = await tx.update(posts, change, and(isBy(posts, author, id), eq(posts.status, from)));
    if (post) {
      await writeAudit(tx, { action, target: auditedPost(post), from, to });
      return { ok: true, post };
    }
    const current = await asSeen(tx, tables, author, id);
    const refused = await refuse(tx, action, current, author);
    if (!current || refused) return { ok: false, reason: refused ?? "missing" };
    return current.status === to ? { ok: true, post: current } : { ok: false, reason: otherwise };
  });
}

export type Remover = Viewer & { /** Holds `delete:posts`. */ mayDeleteAny: boolean };

/** With its comments. */
export function deletePost(
  scope: OrganizationScope,
  remover: Remover,
  id: string,
): Promise<{ ok: true; post: Post } | { ok: false; reason: "missing" | "not-yours" }> {
  return scope.write(async (tx, tables) => {
    const { posts } = tables;
    const mine = eq(posts.authorId, remover.userId);
    const may = remover.mayDeleteAny ? or(mine, ne(posts.status, "draft")) : mine;
    const [post] = await tx.remove(posts, and(eq(posts.id, id), may));
    if (post) {
      await writeAudit(tx, { action: "posts.delete", target: auditedPost(post), from: post.status });
      return { ok: true, post };
    }
    const current = await asSeen(tx, tables, remover, id);
    return { ok: false, reason: (await refuse(tx, "posts.delete", current, remover)) ?? "missing" };
  });
}

type Posts = TenantTables["posts"];

/** Whether this person may see a post: whoever may not is told that there is none. */
export function seenBy(posts: Posts, viewerId: string | Placeholder): SQL {
  return or(ne(posts.status, "draft"), eq(posts.authorId, viewerId));
}

function isBy(posts: Posts, author: Viewer, id: string): SQL {
  return and(eq(posts.id, id), eq(posts.authorId, author.userId));
}

function olderThan(posts: Posts, { createdAt, id }: Place | Given<Place>): SQL {
  return and(lte(posts.createdAt, createdAt), or(lt(posts.createdAt, createdAt), lt(posts.id, id)));
}

async function asSeen(db: Reads, { posts }: TenantTables, viewer: Viewer, id: string): Promise<Post | undefined> {
  const [post] = await db
    .select()
    .from(posts)
    .where(and(eq(posts.id, id), seenBy(posts, viewer.userId)));
  return post;
}

/** What is not theirs is refused, and written down; what they do not see is not there. */
async function refuse(
  tx: OrganizationWrites,
  action: AuditAction,
  seen: Post | undefined,
  author: Viewer,
): Promise<"missing" | "not-yours" | undefined> {
  if (!seen) return "missing";
  if (seen.authorId === author.userId) return undefined;
  await writeAudit(tx, { action, target: auditedPost(seen), result: "refused", reason: "not-yours" });
  return "not-yours";
}

/** A post as the audit log names it. A draft is its author's alone, and so is its title. */
export function auditedPost({ id, title, status }: Pick<Post, "id" | "title" | "status">): AuditTarget {
  return { type: "post", id, name: status === "draft" ? "a draft" : title };
}

function retitled(before: Post | undefined, { title, status }: Post) {
  return before && before.title !== title && status !== "draft" ? { from: before.title, to: title } : {};
}

function summaries(db: Reads, { posts, members, comments }: TenantTables, wanted: SQL, limit: number | Placeholder) {
  return db
    .select({
      id: posts.id,
      title: posts.title,
      status: posts.status,
      authorId: posts.authorId,
      authorName: members.name,
      createdAt: posts.createdAt,
      updatedAt: posts.updatedAt,
      publishedAt: posts.publishedAt,
      commentCount: sql<number>`(select count(*) from ${comments} where ${comments.postId} = ${posts.id})`,
    })
    .from(posts)
    .innerJoin(members, eq(members.userId, posts.authorId))
    .where(wanted)
    .orderBy(desc(posts.createdAt), desc(posts.id))
    .limit(limit);
}
