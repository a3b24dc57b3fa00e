// Asks before something that cannot be taken back: what it does and to what, one button for it, one way out.
import { Button, ButtonLink, type Look } from "./button";
import { Notice } from "./notice";
import { PageHeader } from "./page-header";
import { MemberForm } from "./page-organization";

export interface ConfirmPageProps {
  title: string;
  back: { to: string; name: string };
  /** The button, a verb and its object: "Delete post". */
  confirm: string;
  look?: Look;
  action: string;
  /** What the form says beside its organization. */
  fields?: Record<string, string>;
  /** Why it was not done when the button was pressed. */
  refused?: string;
  /** Why it cannot be done at all. */
  disabledBecause?: string;
  children: React.ReactNode;
}

export function ConfirmPage({ title, back, refused, children, ...question }: ConfirmPageProps) {
  const { confirm, look = "danger", action, fields = {}, disabledBecause } = question;
  return (
    <div className="max-w-xl">
      <PageHeader title={title} back={back} />
      {refused && (
        <div className="mb-5">
          <Notice tone="danger">{refused}</Notice>
        </div>
      )}
      <div className="mb-6 grid gap-3 wrap-anywhere">{children}</div>
      <MemberForm action={action} className="flex flex-wrap items-start gap-2">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Button look={look} disabledBecause={disabledBecause} breaks>
          {confirm}
        </Button>
        <ButtonLink to={back.to}>Cancel</ButtonLink>
      </MemberForm>
    </div>
  );
}
