// Asks before something that cannot be taken back: what it does and to what, one button for it, one way out.
import { Button, ButtonLink } from "./button";
import { PageHeader } from "./page-header";
import { MemberForm } from "./page-organization";

export function ConfirmPage({
  title,
  back,
  confirm,
  action,
  children,
}: {
  title: string;
  back: { to: string; name: string };
  /** The button, a verb and its object: "Delete post". */
  confirm: string;
  action: string;
  children: React.ReactNode;
}) {
  return (
    <div className="max-w-xl">
      <PageHeader title={title} back={back} />
      <div className="mb-6 grid gap-3">{children}</div>
      <MemberForm action={action} className="flex flex-wrap gap-2">
        <Button look="danger">{confirm}</Button>
        <ButtonLink to={back.to}>Cancel</ButtonLink>
      </MemberForm>
    </div>
  );
}
