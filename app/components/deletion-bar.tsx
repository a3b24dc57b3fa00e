// Bars above every page: that the organization waits to be deleted, and the way back for those who may take it.
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { Notice } from "./notice";
import { MemberForm } from "./page-organization";
import { Time } from "./time";

interface Waiting {
  name: string;
  deletesAt: Date | string;
}

export function DeletionBar({
  organization: { name, deletesAt, askedBy },
  mayUndo,
}: {
  organization: Waiting & { /** Null: it is not known. */ askedBy: string | null };
  mayUndo: boolean;
}) {
  const asked = askedBy && `, as ${askedBy} has asked`;
  if (!mayUndo) {
    return (
      <Notice>
        {name} will be deleted on <Time at={deletesAt} inSentence />
        {asked}, with everything in it. Save what you still need. Whoever manages the organization can undo it until
        then.
      </Notice>
    );
  }
  return (
    <Notice
      actions={
        <>
          <ButtonLink to={paths.exports}>Export everything</ButtonLink>
          <UndoDeletion name={name} />
        </>
      }
    >
      {name} will be deleted on <Time at={deletesAt} inSentence />
      {asked}, with everything in it. Until then nobody can be invited or join.
    </Notice>
  );
}

export function UndoDeletion({ name }: { name: string }) {
  return (
    <MemberForm action={paths.undoDeletion} preventScrollReset>
      <Button look="primary" breaks>
        Keep {name}
      </Button>
    </MemberForm>
  );
}

/** On the pages of one's other organizations. */
export function OtherDeletionBar({ name, deletesAt }: Waiting) {
  return (
    <Notice actions={<ButtonLink to={paths.organizations}>Go to your organizations</ButtonLink>}>
      {name}, another of your organizations, will be deleted on <Time at={deletesAt} inSentence />.
    </Notice>
  );
}
