// posts.publish — show a draft to the whole organization.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { useParams } from "@remix-run/react";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { forbidden, notFound } from "../http/responses.server";
import { publishPost } from "../models/posts.server";
import { paths } from "../paths";

export async function action({ context, params: { postId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("posts.publish");
  const published = await publishPost(member.scope, { userId: member.person.id }, postId);
  if (published.ok) return redirect(afterwards(paths.post(postId), "post-published"));
  if (published.reason === "missing") throw notFound();
  if (published.reason === "not-yours") throw forbidden({ permissionWords: "publish what others wrote" });
  return redirect(afterwards(paths.post(postId), "post-not-published"));
}

export default function Publish() {
  const { postId = "" } = useParams();
  return <FormAddress title="A post is published on its page" to={paths.post(postId)} name="Go to the post" />;
}
