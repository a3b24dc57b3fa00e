// Writes a post, a new one or one that exists. After a conflict the other text stands beside one's own.
import { useForm, type SubmissionResult } from "@conform-to/react";
import { useState } from "react";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { FormErrors, TextArea, TextField } from "./field";
import { MemberForm } from "./page-organization";
import { Time } from "./time";

export interface SavedText {
  title: string;
  body: string;
  version: number;
  updatedAt: Date;
}

interface PostEditorProps {
  limits: { title: number; body: number };
  lastResult?: SubmissionResult;
  /** The post as it was read; none for a new one. */
  saved?: { id: string; title: string; body: string; version: number };
  /** The key of a new post's form. */
  newKey?: string;
  /** What was saved meanwhile, if that is not what one started from. */
  theirs?: SavedText;
}

export function PostEditor({ limits, lastResult, saved, newKey, theirs }: PostEditorProps) {
  // The text in the fields began from this version, whatever the page has read since.
  const [begun] = useState(saved);
  const [form, fields] = useForm<{ title: string; body: string; version: number; status: string; key: string }>({
    id: "post",
    lastResult,
    defaultValue: saved ? { title: saved.title, body: saved.body } : { key: newKey },
  });
  return (
    <div className={theirs ? "grid gap-8 lg:grid-cols-2" : "max-w-3xl"}>
      <MemberForm needs="write:posts" id={form.id} noValidate className="grid content-start gap-5">
        <FormErrors form={form} hidden={[fields.version, fields.status]} />
        {!saved && <input type="hidden" name="key" value={fields.key.initialValue} />}
        {saved && <input type="hidden" name="version" value={(theirs ?? begun ?? saved).version} />}
        <TextField field={fields.title} label="Title" limit={limits.title} autoComplete="off" required />
        <TextArea field={fields.body} label="Text" hint="You can write Markdown." limit={limits.body} rows={16} />
        <div className="flex flex-wrap gap-2">
          {saved ? <SaveButtons postId={saved.id} conflict={theirs !== undefined} /> : <CreateButtons />}
        </div>
      </MemberForm>
      {saved && theirs && <Theirs postId={saved.id} theirs={theirs} />}
    </div>
  );
}

/** The first button is the one that Enter presses, so it is the one that shows nothing to anybody. */
function CreateButtons() {
  return (
    <>
      <Button name="status" value="draft">
        Save draft
      </Button>
      <Button look="primary" name="status" value="published">
        Publish
      </Button>
      <ButtonLink look="quiet" to={paths.posts}>
        Cancel
      </ButtonLink>
    </>
  );
}

function SaveButtons({ postId, conflict }: { postId: string; conflict: boolean }) {
  return (
    <>
      <Button look="primary">{conflict ? "Save mine over it" : "Save"}</Button>
      <ButtonLink look="quiet" to={paths.post(postId)}>
        Cancel
      </ButtonLink>
    </>
  );
}

function Theirs({ postId, theirs }: { postId: string; theirs: SavedText }) {
  return (
    <section aria-labelledby="theirs" className="grid content-start gap-3">
      <h2 id="theirs" className="font-medium">
        What is saved now
      </h2>
      <p className="text-muted">
        Saved <Time at={theirs.updatedAt} />
      </p>
      <div className="grid gap-2 rounded-control border border-line bg-canvas px-3 py-2">
        <p className="font-medium wrap-anywhere">{theirs.title}</p>
        <p className="leading-relaxed whitespace-pre-wrap wrap-anywhere">{theirs.body}</p>
      </div>
      <div>
        <ButtonLink reloadDocument to={paths.editPost(postId)}>
          Take this one, drop mine
        </ButtonLink>
      </div>
    </section>
  );
}
