// Invites people: many addresses at once, a role, a note, and for how long.
import { useForm, type SubmissionResult } from "@conform-to/react";
import { useNavigation } from "@remix-run/react";
import { useEffect, useState } from "react";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { FormErrors, TextArea, TextField } from "./field";
import { MemberForm } from "./page-organization";
import { RoleChoice, type ShownRole } from "./role-choice";

export interface InviteFormProps {
  roles: ShownRole[];
  /** Whether there are roles that the inviter may not give. */
  leavesSomeOut: boolean;
  limits: { addresses: number; note: number; days: number };
  defaults: { batch: string; addresses?: string; role?: string; note?: string; days: number };
  lastResult?: SubmissionResult;
}

interface InviteFields {
  batch: string;
  addresses: string;
  file: File;
  role: string;
  note: string;
  days: number;
}

export function InviteForm({ roles, leavesSomeOut, limits, defaults, lastResult }: InviteFormProps) {
  const [form, fields] = useForm<InviteFields>({ id: "invite", lastResult, defaultValue: defaults });
  return (
    <MemberForm
      needs="invite:members"
      id={form.id}
      noValidate
      encType="multipart/form-data"
      className="grid max-w-2xl gap-5"
    >
      <FormErrors form={form} hidden={[fields.batch]} />
      <input type="hidden" name="batch" value={defaults.batch} />
      <TextArea
        field={fields.addresses}
        label="E-mail addresses"
        hint={`One a line, or with commas between them: up to ${limits.addresses}. A role after an address is for its line: “ann@example.com, ${roles[0]?.name ?? "Admin"}”.`}
        rows={6}
        spellCheck={false}
        autoCapitalize="none"
      />
      <FileField field={fields.file} />
      <RoleChoice
        legend="Role"
        name={fields.role.name}
        roles={roles}
        chosen={fields.role.initialValue}
        errors={fields.role.errors}
        hint={leavesSomeOut ? "Roles that allow more than yours are not offered." : undefined}
      />
      <TextArea
        field={fields.note}
        label="Note"
        hint="Shown to whoever opens the invitation."
        optional
        limit={limits.note}
        rows={3}
      />
      <TextField
        field={fields.days}
        label="Days until it expires"
        hint={`From 1 to ${limits.days}.`}
        type="number"
        min={1}
        max={limits.days}
        className="max-w-28"
      />
      <Progress batch={defaults.batch} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary">Send invitations</Button>
        <ButtonLink look="quiet" to={paths.members}>
          Cancel
        </ButtonLink>
      </div>
    </MemberForm>
  );
}

function FileField({ field }: { field: { id: string; name: string; errorId: string; errors?: string[] } }) {
  const hint = `${field.id}-hint`;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={field.id} className="font-medium">
        Or a CSV file <span className="font-normal text-muted">(optional)</span>
      </label>
      <input
        type="file"
        id={field.id}
        name={field.name}
        accept=".csv,.txt,text/csv,text/plain"
        aria-describedby={field.errors ? `${field.errorId} ${hint}` : hint}
        aria-invalid={field.errors ? true : undefined}
        className="text-sm text-muted file:mr-3 file:min-h-8.5 file:cursor-pointer file:rounded-control file:border file:border-line file:bg-surface file:px-3 file:font-medium file:text-ink hover:file:bg-sunken"
      />
      {field.errors && (
        <p id={field.errorId} className="font-medium text-danger">
          {field.errors.join(" ")}
        </p>
      )}
      <p id={hint} className="text-xs text-muted">
        With the headings “E-mail” and “Role”, or just addresses. They are added to those above.
      </p>
    </div>
  );
}

function Progress({ batch }: { batch: string }) {
  const { state, formAction } = useNavigation();
  const isSending = state === "submitting" && formAction?.startsWith(paths.invite) === true;
  const progress = useProgress(batch, isSending);
  if (!isSending || !progress?.of) return null;
  return (
    <div className="grid gap-1.5">
      <label htmlFor="progress" className="text-muted">
        Sending: {progress.done} of {progress.of}
      </label>
      <progress id="progress" value={progress.done} max={progress.of} className="h-1.5 w-full accent-accent-fill" />
    </div>
  );
}

/** How far it is, asked for while the form is on its way. By no fetcher: what goes wrong here must not take the page away. */
function useProgress(batch: string, isSending: boolean) {
  const [progress, setProgress] = useState<{ of: number; done: number }>();
  useEffect(() => {
    if (!isSending) return;
    const over = new AbortController();
    const address = `${paths.inviteProgress}?${new URLSearchParams({ batch })}`;
    const ask = async () => {
      const answer = await fetch(address, { signal: over.signal, redirect: "manual" });
      if (answer.ok) setProgress(await answer.json());
    };
    const timer = setInterval(() => void ask().catch(() => {}), 400);
    return () => {
      clearInterval(timer);
      over.abort();
    };
  }, [batch, isSending]);
  return progress;
}
