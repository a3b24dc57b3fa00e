// posts.comments.edit — change one's own comment.
import { useForm, type SubmissionResult } from "@conform-to/react";
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useState } from "react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { Button, ButtonLink } from "../components/button";
import { afterwards } from "../components/done-notice";
import { FormErrors, TextArea } from "../components/field";
import { PageHeader } from "../components/page-header";
import { MemberForm } from "../components/page-organization";
import { pageTitle } from "../components/page-title";
import { invalid } from "../http/form.server";
import { forbidden, notFound } from "../http/responses.server";
import { commentLimit, findComment, updateComment } from "../models/comments.server";
import { paths } from "../paths";

export async function loader({ context, params: { postId = "", commentId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("comments.edit");
  const comment = await findComment(member.scope, { userId: member.person.id }, { postId, commentId });
  if (!comment) throw notFound();
  if (comment.authorId !== member.person.id) throw forbidden({ permissionWords: "change what others wrote" });
  const { body, version } = comment;
  return { organization: { name: member.organization.name }, limit: commentLimit, comment: { postId, body, version } };
}

const CommentForm = z.object({
  body: z.string().trim().min(1, "Write something first.").max(commentLimit, "Use at most 5,000 characters."),
  version: z.number("Reload this page and try again.").int().positive(),
});

export async function action({ context, params: { postId = "", commentId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("comments.update");
  const form = await context.form(CommentForm);
  if (!form.ok) return invalid(form);
  const author = { userId: member.person.id };
  const edit = await updateComment(member.scope, author, { postId, commentId }, form.value);
  if (edit.ok) return redirect(afterwards(paths.post(postId), "comment-saved"));
  if (edit.reason === "stale") {
    const { body, version } = edit.current;
    const result = form.submission.reply({ formErrors: [conflict] });
    return data({ result, theirs: { body, version } }, { status: 409 });
  }
  if (edit.reason === "missing") throw notFound();
  throw forbidden({ permissionWords: "change what others wrote", kept: await context.kept() });
}

interface Answer {
  result: SubmissionResult;
  theirs?: { body: string; version: number };
}

const conflict =
  "This comment was saved from somewhere else while you were writing. Your text is still here: compare the two and decide.";

export { keepWhileTyping as shouldRevalidate } from "../live/typed";

export default function EditComment() {
  const { comment, limit } = useLoaderData<typeof loader>();
  const answer = useAnswer<Answer>();
  const theirs = answer?.theirs;
  // The text in the field began from this version, whatever the page has read since.
  const [begun] = useState(comment);
  const [form, fields] = useForm<{ body: string; version: number }>({
    id: "comment",
    lastResult: answer?.result,
    defaultValue: { body: comment.body },
  });
  return (
    <>
      <PageHeader title="Edit comment" back={{ to: paths.post(comment.postId), name: "Back to the post" }} />
      <MemberForm needs="write:posts" id={form.id} noValidate className="grid max-w-2xl gap-4">
        <FormErrors form={form} hidden={[fields.version]} />
        <input type="hidden" name="version" value={(theirs ?? begun).version} />
        <TextArea field={fields.body} label="Comment" hint="You can write Markdown." limit={limit} rows={6} required />
        {theirs && (
          <section aria-labelledby="theirs">
            <h2 id="theirs" className="mb-1.5 font-medium">
              What is saved now
            </h2>
            <p className="rounded-control border border-line bg-canvas px-3 py-2 whitespace-pre-wrap wrap-anywhere">
              {theirs.body}
            </p>
          </section>
        )}
        <div className="flex flex-wrap gap-2">
          <Button look="primary">{theirs ? "Save mine over it" : "Save"}</Button>
          <ButtonLink look="quiet" to={paths.post(comment.postId)}>
            {theirs ? "Drop mine" : "Cancel"}
          </ButtonLink>
        </div>
      </MemberForm>
    </>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Edit comment", page?.organization) },
];
