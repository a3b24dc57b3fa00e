// What was said about a post, oldest first.
import { Link } from "@remix-run/react";
import { paths } from "../paths";
import { Button } from "./button";
import { classes } from "./classes";
import { Markdown } from "./markdown";
import { useMenu } from "./menu";
import { MemberForm } from "./page-organization";
import { Time } from "./time";

export interface ShownComment {
  id: string;
  authorName: string;
  createdAt: Date;
  isEdited: boolean;
  /** Rendered and sanitized by the server. */
  html: string;
  canEdit: boolean;
  canDelete: boolean;
}

export function CommentList({ postId, comments }: { postId: string; comments: ShownComment[] }) {
  if (comments.length === 0) return <p className="text-muted">Nobody has said anything yet.</p>;
  return (
    <ol className="grid gap-4">
      {comments.map((comment) => (
        <li key={comment.id}>
          <Comment postId={postId} comment={comment} />
        </li>
      ))}
    </ol>
  );
}

function Comment({ postId, comment }: { postId: string; comment: ShownComment }) {
  return (
    <article id={`comment-${comment.id}`} className="relative rounded-panel border border-line px-4 py-3">
      <header className="mb-1.5 flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="font-semibold">{comment.authorName}</h3>
        <p className="flex flex-1 flex-wrap gap-x-1.5 text-xs text-muted">
          {comment.isEdited && <span>edited</span>}
          <Time at={comment.createdAt} />
        </p>
        <Actions postId={postId} comment={comment} />
      </header>
      <Markdown html={comment.html} small />
    </article>
  );
}

const quiet =
  "inline-flex min-h-6 items-center rounded-control px-1.5 text-xs text-muted hover:bg-sunken hover:text-ink pointer-coarse:min-h-10 pointer-coarse:px-3";

function Actions({ postId, comment }: { postId: string; comment: ShownComment }) {
  const whose = `the comment by ${comment.authorName}`;
  return (
    <div className="-mx-1.5 flex items-center">
      {comment.canEdit && (
        <Link to={paths.comment(postId, comment.id)} aria-label={`Edit ${whose}`} className={quiet}>
          Edit
        </Link>
      )}
      {comment.canDelete && <Deletion action={paths.deleteComment(postId, comment.id)} whose={whose} />}
    </div>
  );
}

/** Asks in place, without JavaScript too: the second button is the one that deletes. */
function Deletion({ action, whose }: { action: string; whose: string }) {
  const menu = useMenu();
  return (
    <details {...menu} className="group">
      <summary aria-label={`Delete ${whose}`} className={classes(quiet, "group-open:bg-sunken group-open:text-ink")}>
        Delete
      </summary>
      <div className="absolute right-3 z-10 mt-1 grid w-60 gap-3 rounded-panel border border-line bg-surface p-4 shadow-pop">
        <p>Delete {whose}? That cannot be undone.</p>
        <MemberForm action={action}>
          <Button look="danger">Delete comment</Button>
        </MemberForm>
      </div>
    </details>
  );
}
