// posts.archive — take a published post out of the list; it can still be read.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { useParams } from "@remix-run/react";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { forbidden, notFound } from "../http/responses.server";
import { archivePost } from "../models/posts.server";
import { paths } from "../paths";

export async function action({ context, params: { postId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("posts.archive");
  const archived = await archivePost(member.scope, { userId: member.person.id }, postId);
  if (archived.ok) return redirect(afterwards(paths.post(postId), "post-archived"));
  if (archived.reason === "missing") throw notFound();
  if (archived.reason === "not-yours") throw forbidden({ permissionWords: "archive what others wrote" });
  return redirect(afterwards(paths.post(postId), "post-not-archived"));
}

export default function Archive() {
  const { postId = "" } = useParams();
  return <FormAddress title="A post is archived on its page" to={paths.post(postId)} name="Go to the post" />;
}
