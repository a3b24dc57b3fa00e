// posts.new — write a post in the active organization.
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { afterwards } from "../components/done-notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { PostEditor } from "../components/post-editor";
import { invalid } from "../http/form.server";
import { bodyLimit, createPost, keyPattern, newKey, titleLimit } from "../models/posts.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const member = await context.requireMember("posts.new");
  return {
    organization: { name: member.organization.name },
    limits: { title: titleLimit, body: bodyLimit },
    key: newKey(),
  };
}

const PostForm = z.object({
  title: z.string().trim().min(1, "Give the post a title.").max(titleLimit, `Use at most ${titleLimit} characters.`),
  body: z.string().max(bodyLimit, "Use at most 20,000 characters.").default(""),
  status: z.enum(["draft", "published"]),
  key: z.string().regex(keyPattern).optional().catch(undefined),
});

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("posts.create");
  const form = await context.form(PostForm);
  if (!form.ok) return invalid(form);
  const { status, ...text } = form.value;
  const publish = status === "published";
  const post = await createPost(member.scope, { userId: member.person.id }, { ...text, publish });
  return redirect(afterwards(paths.post(post.id), publish ? "post-published" : "draft-saved"));
}

export { keepWhileTyping as shouldRevalidate } from "../live/typed";

export default function NewPost() {
  const { limits, key } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  return (
    <>
      <PageHeader title="New post" back={{ to: paths.posts, name: "Posts" }} />
      <PostEditor limits={limits} newKey={key} lastResult={answer?.result} />
    </>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle("New post", data?.organization) }];
