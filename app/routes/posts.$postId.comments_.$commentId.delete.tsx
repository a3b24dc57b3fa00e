// posts.comments.delete — take a comment away.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { useParams } from "@remix-run/react";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { forbidden, notFound } from "../http/responses.server";
import { deleteComment } from "../models/comments.server";
import { paths } from "../paths";
import { permissions } from "../permissions";

export async function action({ context, params: { postId = "", commentId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("comments.delete");
  const remover = { userId: member.person.id, mayDeleteAny: member.can("delete:posts") };
  const deleted = await deleteComment(member.scope, remover, { postId, commentId });
  if (deleted.ok) return redirect(afterwards(paths.post(postId), "comment-deleted"));
  if (deleted.reason === "missing") throw notFound();
  throw forbidden({ permissionWords: permissions["delete:posts"] });
}

export default function DeleteComment() {
  const { postId = "" } = useParams();
  return <FormAddress title="A comment is deleted under its post" to={paths.post(postId)} name="Go to the post" />;
}
