// What a reader sees of a post: its text made into HTML, what was said about it, and what they may do with each.
import type { OrganizationScope } from "../../db";
import { commentLimit, listComments, type ListedComment } from "./comments.server";
import { renderMarkdown } from "./markdown.server";
import { findPost, newKey, type Viewer } from "./posts.server";

export type Reader = Viewer & { mayWrite: boolean; mayDeleteAny: boolean };

/** Undefined for a post that the reader cannot see. `after` is the cursor of a later page of comments. */
export async function readPost(scope: OrganizationScope, reader: Reader, postId: string, after?: string) {
  const [post, { comments, next }] = await Promise.all([
    findPost(scope, reader, postId),
    listComments(scope, reader, postId, { after }),
  ]);
  if (!post) return undefined;
  const { id, title, status, authorName, createdAt, publishedAt } = post;
  const isMine = post.authorId === reader.userId;
  return {
    post: {
      id,
      title,
      status,
      authorName,
      html: renderMarkdown(post.body),
      shownSince: publishedAt ?? createdAt,
      canEdit: reader.mayWrite && isMine,
      canDelete: reader.mayWrite && (isMine || reader.mayDeleteAny),
      canComment: reader.mayWrite && (status === "published" || isMine),
    },
    comments: comments.map((comment) => readComment(reader, comment)),
    isFirstPage: after === undefined,
    next,
    commentLimit,
    commentKey: newKey(),
  };
}

export type ReadPost = NonNullable<Awaited<ReturnType<typeof readPost>>>;

function readComment(reader: Reader, { id, authorId, authorName, body, version, createdAt }: ListedComment) {
  const isMine = authorId === reader.userId;
  return {
    id,
    authorName,
    createdAt,
    isEdited: version > 1,
    // Under the post's title, the heading "Comments", and the comment's author.
    html: renderMarkdown(body, { under: 3 }),
    canEdit: reader.mayWrite && isMine,
    canDelete: reader.mayWrite && (isMine || reader.mayDeleteAny),
  };
}
