// posts.edit — change one's own post. What was saved meanwhile is never written over unseen.
import type { SubmissionResult } from "@conform-to/react";
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { afterwards } from "../components/done-notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { PostEditor, type SavedText } from "../components/post-editor";
import { invalid, maybeEmpty } from "../http/form.server";
import { forbidden, notFound } from "../http/responses.server";
import { bodyLimit, findPost, titleLimit, updatePost } from "../models/posts.server";
import { paths } from "../paths";

export async function loader({ context, params: { postId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("posts.edit");
  const post = await findPost(member.scope, { userId: member.person.id }, postId);
  if (!post) throw notFound();
  if (post.authorId !== member.person.id) {
    throw forbidden({ permissionWords: "change what others wrote", askWhom: [post.authorName] });
  }
  const { id, title, body, version } = post;
  return {
    organization: { name: member.organization.name },
    limits: { title: titleLimit, body: bodyLimit },
    post: { id, title, body, version },
  };
}

const EditForm = z.object({
  title: z.string().trim().min(1, "Give the post a title.").max(titleLimit, `Use at most ${titleLimit} characters.`),
  body: maybeEmpty().refine((body) => body.length <= bodyLimit, "Use at most 20,000 characters."),
  version: z.number("Reload this page and try again.").int().positive(),
});

export async function action({ context, params: { postId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("posts.update");
  const form = await context.form(EditForm);
  if (!form.ok) return invalid(form);
  const edit = await updatePost(member.scope, { userId: member.person.id }, postId, form.value);
  if (edit.ok) return redirect(afterwards(paths.post(postId), "post-saved"));
  if (edit.reason === "stale") {
    const { title, body, version, updatedAt } = edit.current;
    const result = form.submission.reply({ formErrors: [conflict] });
    return data({ result, theirs: { title, body, version, updatedAt } }, { status: 409 });
  }
  if (edit.reason === "missing") throw notFound();
  throw forbidden({ permissionWords: "change what others wrote", kept: await context.kept() });
}

interface Answer {
  result: SubmissionResult;
  theirs?: SavedText;
}

const conflict =
  "This post was saved from somewhere else while you were writing. Your text is still here, and nothing is lost: compare the two and decide.";

export { keepWhileTyping as shouldRevalidate } from "../live/typed";

export default function EditPost() {
  const { limits, post } = useLoaderData<typeof loader>();
  const answer = useAnswer<Answer>();
  return (
    <>
      <PageHeader title="Edit post" back={{ to: paths.post(post.id), name: post.title }} />
      <PostEditor limits={limits} saved={post} lastResult={answer?.result} theirs={answer?.theirs} />
    </>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle(page ? `Edit “${page.post.title}”` : "Edit post", page?.organization) },
];
