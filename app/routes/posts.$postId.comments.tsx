// posts.comments — say something about a post. When it is not right, the answer is the post's page with what was typed.
import { data, redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useParams } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { FormAddress } from "../components/form-address";
import { pageTitle } from "../components/page-title";
import { PostPage } from "../components/post-page";
import { notFound } from "../http/responses.server";
import { commentLimit, writeComment } from "../models/comments.server";
import { keyPattern } from "../models/posts.server";
import { readPost } from "../models/reading.server";
import { paths } from "../paths";
import type { loader as rootLoader } from "../root";

const CommentForm = z.object({
  body: z.string().trim().min(1, "Write something first.").max(commentLimit, "Use at most 5,000 characters."),
  key: z.string().regex(keyPattern).optional().catch(undefined),
});

export async function action({ context, params: { postId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("comments.create");
  const { organization, person, can, scope } = member;
  const reader = { userId: person.id, mayWrite: true, mayDeleteAny: can("delete:posts") };
  const form = await context.form(CommentForm);
  const written = form.ok && (await writeComment(scope, reader, postId, form.value.body, form.value.key));
  if (written && written.ok) return redirect(`${paths.post(postId)}#comment-${written.comment.id}`);
  const page = await readPost(scope, reader, postId);
  if (!page) throw notFound();
  const result = form.submission.reply(written ? { formErrors: [closed] } : {});
  return data(
    { result, page: { organization: { name: organization.name }, ...page } },
    { status: written ? 409 : 422 },
  );
}

const closed = "This post was archived meanwhile, so nobody but its author can comment on it.";

/** Without an answer to show, somebody has typed this address. */
export default function Comments() {
  const answer = useAnswer<typeof action>();
  const { postId = "" } = useParams();
  if (answer) return <PostPage {...answer.page} lastResult={answer.result} />;
  return <FormAddress title="Comments stand under their post" to={paths.post(postId)} name="Go to the post" />;
}

export const meta: MetaFunction<unknown, { root: typeof rootLoader }> = ({ matches }) => {
  const organization = matches.find(({ id }) => id === "root")?.data?.organization;
  return [{ title: pageTitle("Write a comment", organization ?? undefined) }];
};
