// A post to read: its text, what can be done with it, and the comments.
import { type SubmissionResult } from "@conform-to/react";
import { useLocation } from "@remix-run/react";
import { Archive, PenLine, Send, Trash2 } from "lucide-react";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { CommentEditor } from "./comment-editor";
import { CommentList, type ShownComment } from "./comment-list";
import { DoneNotice } from "./done-notice";
import { Markdown } from "./markdown";
import { PageHeader } from "./page-header";
import { MemberForm } from "./page-organization";
import { Paging } from "./paging";
import { PostStatusBadge, type PostStatus } from "./post-status";
import { Time } from "./time";

interface ShownPost {
  id: string;
  title: string;
  status: PostStatus;
  authorName: string;
  shownSince: Date;
  /** Rendered and sanitized by the server. */
  html: string;
  canEdit: boolean;
  canDelete: boolean;
  canComment: boolean;
}

interface PostPageProps {
  organization: { name: string };
  post: ShownPost;
  comments: ShownComment[];
  isFirstPage: boolean;
  next?: string;
  commentLimit: number;
  commentKey: string;
  /** The answer to a comment that was not right. */
  lastResult?: SubmissionResult;
}

export function PostPage(page: PostPageProps) {
  const { post } = page;
  return (
    <>
      <PageHeader title={post.title} back={{ to: paths.posts, name: "Posts" }} actions={<PostActions post={post} />}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {post.status !== "published" && <PostStatusBadge status={post.status} />}
          <span>{post.authorName}</span>
          <span aria-hidden="true">·</span>
          <Time at={post.shownSince} />
        </p>
      </PageHeader>
      <DoneNotice />
      {post.status === "draft" && <p className="mb-5 text-muted">Only you can see this draft.</p>}
      {post.html ? <Markdown html={post.html} /> : <p className="text-muted">This post has no text.</p>}
      <Comments {...page} />
    </>
  );
}

function PostActions({ post }: { post: ShownPost }) {
  return (
    <>
      {post.canEdit && (
        <ButtonLink to={paths.editPost(post.id)}>
          <PenLine aria-hidden="true" /> Edit
        </ButtonLink>
      )}
      {post.canEdit && post.status === "published" && (
        <MemberForm action={paths.archivePost(post.id)}>
          <Button>
            <Archive aria-hidden="true" /> Archive
          </Button>
        </MemberForm>
      )}
      {post.canDelete && (
        <ButtonLink look="danger-quiet" to={paths.deletePost(post.id)}>
          <Trash2 aria-hidden="true" /> Delete
        </ButtonLink>
      )}
      {post.canEdit && post.status === "draft" && (
        <MemberForm action={paths.publishPost(post.id)}>
          <Button look="primary">
            <Send aria-hidden="true" /> Publish
          </Button>
        </MemberForm>
      )}
    </>
  );
}

function Comments({
  organization,
  post,
  comments,
  isFirstPage,
  next,
  commentLimit,
  commentKey,
  lastResult,
}: PostPageProps) {
  // A comment that was sent leads to a new place, and with it an empty editor.
  const { key } = useLocation();
  return (
    <section aria-labelledby="comments" className="mt-10 grid max-w-2xl gap-5 border-t border-line pt-6">
      <h2 id="comments" className="text-lg font-semibold tracking-tight">
        Comments
      </h2>
      <output className="sr-only">{comments.length === 1 ? "1 comment" : `${comments.length} comments`}</output>
      <CommentList postId={post.id} comments={comments} />
      <Paging
        label="Pages of comments"
        first={isFirstPage ? undefined : { to: paths.post(post.id), name: "First comments" }}
        next={next ? { to: `${paths.post(post.id)}?after=${next}`, name: "Later comments" } : undefined}
      />
      <CommentEditor
        key={key}
        postId={post.id}
        newKey={commentKey}
        limit={commentLimit}
        closedBecause={post.canComment ? undefined : whyClosed(organization, post)}
        lastResult={lastResult}
      />
    </section>
  );
}

function whyClosed(organization: { name: string }, post: ShownPost) {
  if (post.status === "archived") return "This post is archived, so nobody but its author can comment on it.";
  return `You can read in ${organization.name}, but not write. Ask somebody who manages the members for a role that may.`;
}
