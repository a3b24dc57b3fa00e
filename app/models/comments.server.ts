// Comments on posts. Whoever cannot see the post finds none of its comments.
import {
  and,
  asc,
  eq,
  type Given,
  gt,
  gte,
  newId,
  or,
  type OrganizationScope,
  type OrganizationWrites,
  prepared,
  type Reads,
  type Row,
  type SQL,
  sql,
  type TenantTables,
} from "../../db";
import type { AuditAction } from "./audit-actions";
import { type AuditEntry, writeAudit } from "./audit.server";
import { pageOf, type Place, placeOf } from "./paging.server";
import { auditedPost, type Remover, seenBy, type Viewer } from "./posts.server";

export const commentLimit = 5_000;
export const commentsPerPage = 50;

export type Comment = Row<"comments">;
export type ListedComment = Comment & { authorName: string };
/** A comment by its address: under another post it is not found. */
export type CommentPlace = { postId: string; commentId: string };

/** Oldest first. Empty for a post that the viewer cannot see. */
export async function listComments(
  scope: OrganizationScope,
  viewer: Viewer,
  postId: string,
  { after, limit = commentsPerPage }: { after?: string; limit?: number } = {},
): Promise<{ comments: ListedComment[]; next?: string }> {
  const place = placeOf(after) ?? { createdAt: new Date(0), id: "" };
  const found = await scope.query(commentsAfter, { postId, viewerId: viewer.userId, limit: limit + 1, ...place });
  const { rows: comments, ...rest } = pageOf(found, limit);
  return { comments, ...rest };
}

type CommentsGiven = { postId: string; viewerId: string; limit: number } & Place;
const commentsAfter = prepared((db, { comments, posts, members }, given: Given<CommentsGiven>) =>
  db
    .select({
      id: comments.id,
      postId: comments.postId,
      authorId: comments.authorId,
      authorName: members.name,
      body: comments.body,
      version: comments.version,
      createdAt: comments.createdAt,
      updatedAt: comments.updatedAt,
    })
    .from(comments)
    .innerJoin(posts, eq(posts.id, comments.postId))
    .innerJoin(members, eq(members.userId, comments.authorId))
    .where(
      and(
        eq(comments.postId, given.postId),
        seenBy(posts, given.viewerId),
        gte(comments.createdAt, given.createdAt),
        or(gt(comments.createdAt, given.createdAt), gt(comments.id, given.id)),
      ),
    )
    .orderBy(asc(comments.createdAt), asc(comments.id))
    .limit(given.limit),
);

export async function findComment(
  scope: OrganizationScope,
  viewer: Viewer,
  place: CommentPlace,
): Promise<Comment | undefined> {
  return scope.read((db, tables) => asSeen(db, tables, viewer, place));
}

/** `key` is the form's: the same text sent twice by it makes one comment. On a published post, or on one's own. `closed`: the post is somebody else's and archived. */
export function writeComment(
  scope: OrganizationScope,
  author: Viewer,
  postId: string,
  body: string,
  key = newId(),
): Promise<{ ok: true; comment: Comment } | { ok: false; reason: "missing" | "closed" }> {
  return scope.write(async (tx, { posts, comments }) => {
    const [post] = await tx
      .select({ id: posts.id, title: posts.title, status: posts.status, authorId: posts.authorId })
      .from(posts)
      .where(and(eq(posts.id, postId), seenBy(posts, author.userId)));
    if (!post) return { ok: false, reason: "missing" };
    if (post.status !== "published" && post.authorId !== author.userId) {
      const target = auditedPost(post);
      await writeAudit(tx, { action: "comments.create", target, result: "refused", reason: "closed" });
      return { ok: false, reason: "closed" };
    }
    const [known] = await tx.select().from(comments).where(eq(comments.id, key));
    const isTwice = known?.authorId === author.userId && known.postId === postId && known.body === body;
    if (known && isTwice) return { ok: true, comment: known };
    const now = new Date();
    const values = { id: known ? newId() : key, postId, authorId: author.userId, body, createdAt: now, updatedAt: now };
    const comment = await tx.insert(comments, values);
    await audit(tx, "comments.create", comment);
    return { ok: true, comment };
  });
}

export type CommentEdit =
  | { ok: true; comment: Comment }
  | { ok: false; reason: "missing" | "not-yours" }
  | { ok: false; reason: "stale"; current: Comment };

/** Saves the text over the version that its author had read. Sending the same text twice saves it once. */
export function updateComment(
  scope: OrganizationScope,
  author: Viewer,
  place: CommentPlace,
  { body, version }: { body: string; version: number },
): Promise<CommentEdit> {
  return scope.write(async (tx, tables) => {
    const { comments } = tables;
    const mine = and(isAt(comments, place), eq(comments.authorId, author.userId), eq(comments.version, version));
    const text = { body, version: sql`${comments.version} + 1`, updatedAt: new Date() };
    const [comment] = await tx.update(comments, text, mine);
    if (comment) {
      await audit(tx, "comments.update", comment);
      return { ok: true, comment };
    }
    const current = await asSeen(tx, tables, author, place);
    if (!current) return { ok: false, reason: "missing" };
    if (current.authorId !== author.userId) return refuseOthers(tx, "comments.update", current);
    return current.body === body ? { ok: true, comment: current } : { ok: false, reason: "stale", current };
  });
}

export function deleteComment(
  scope: OrganizationScope,
  remover: Remover,
  place: CommentPlace,
): Promise<{ ok: true; comment: Comment } | { ok: false; reason: "missing" | "not-yours" }> {
  return scope.write(async (tx, tables) => {
    const seen = await asSeen(tx, tables, remover, place);
    if (!seen) return { ok: false, reason: "missing" };
    const { comments } = tables;
    const may = remover.mayDeleteAny ? undefined : eq(comments.authorId, remover.userId);
    const [comment] = await tx.remove(comments, and(isAt(comments, place), may));
    if (!comment) return refuseOthers(tx, "comments.delete", seen);
    await audit(tx, "comments.delete", comment);
    return { ok: true, comment };
  });
}

async function refuseOthers(tx: OrganizationWrites, action: AuditAction, comment: Comment) {
  await audit(tx, action, comment, { result: "refused", reason: "not-yours" });
  return { ok: false as const, reason: "not-yours" as const };
}

/** A comment is called after its post. */
async function audit(tx: OrganizationWrites, action: AuditAction, comment: Comment, more: Partial<AuditEntry> = {}) {
  const { posts } = tx.tables;
  const [post] = await tx.select().from(posts).where(eq(posts.id, comment.postId));
  const name = post ? auditedPost(post).name : "";
  await writeAudit(tx, { action, target: { type: "comment", id: comment.id, name }, ...more });
}

function isAt(comments: TenantTables["comments"], { postId, commentId }: CommentPlace): SQL {
  return and(eq(comments.id, commentId), eq(comments.postId, postId));
}

async function asSeen(
  db: Reads,
  { comments, posts }: TenantTables,
  viewer: Viewer,
  place: CommentPlace,
): Promise<Comment | undefined> {
  const [comment] = await db
    .select({
      id: comments.id,
      postId: comments.postId,
      authorId: comments.authorId,
      body: comments.body,
      version: comments.version,
      createdAt: comments.createdAt,
      updatedAt: comments.updatedAt,
    })
    .from(comments)
    .innerJoin(posts, eq(posts.id, comments.postId))
    .where(and(isAt(comments, place), seenBy(posts, viewer.userId)));
  return comment;
}
