// Writes a comment under a post. With JavaScript the page stays; without, the answer to a comment that is not right is a page of its own.
import { useForm, type SubmissionResult } from "@conform-to/react";
import { useFetcher } from "@remix-run/react";
import { paths } from "../paths";
import { Button } from "./button";
import { FormErrors, TextArea } from "./field";
import { OrganizationField } from "./page-organization";

interface CommentEditorProps {
  postId: string;
  limit: number;
  /** The key of this form: sent twice, it makes one comment. */
  newKey: string;
  /** Why nobody can begin a comment here. What was typed before and refused stays all the same. */
  closedBecause?: string;
  lastResult?: SubmissionResult;
}

export function CommentEditor({ postId, limit, newKey, closedBecause, lastResult }: CommentEditorProps) {
  const fetcher = useFetcher<{ result: SubmissionResult }>();
  const refused = fetcher.data?.result ?? lastResult;
  const [form, fields] = useForm<{ body: string }>({ id: "comment", lastResult: refused });
  if (closedBecause && !refused) return <p className="text-muted">{closedBecause}</p>;
  return (
    <fetcher.Form method="post" action={paths.newComment(postId)} id={form.id} noValidate className="grid gap-3">
      <OrganizationField />
      <input type="hidden" name="key" value={newKey} />
      <FormErrors form={form} />
      <TextArea
        field={fields.body}
        label="Write a comment"
        hint="You can write Markdown."
        limit={limit}
        rows={4}
        required
      />
      <div>
        <Button look="primary">Comment</Button>
      </div>
    </fetcher.Form>
  );
}
