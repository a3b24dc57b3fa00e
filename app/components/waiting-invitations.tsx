// Invitations that wait for whoever is signed in, to join or to decline.
import { paths } from "../paths";
import { Button } from "./button";
import { whyNotJoin } from "./join-parts";
import { OrganizationMark } from "./organization-mark";

export interface ShownWaiting {
  id: string;
  organizationName: string;
  organizationColour: number;
  inviterName: string;
  roleName: string;
  /** Why nobody can join by it at the moment. */
  notAdmitted?: "being-deleted" | "domain-not-allowed";
}

export function WaitingInvitations({ invitations }: { invitations: ShownWaiting[] }) {
  return (
    <ul className="divide-y divide-line rounded-control border border-line">
      {invitations.map((invitation) => (
        <li key={invitation.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
          <Waiting invitation={invitation} />
        </li>
      ))}
    </ul>
  );
}

function Waiting({ invitation }: { invitation: ShownWaiting }) {
  const { id, organizationName: name, organizationColour: colour, inviterName, roleName, notAdmitted } = invitation;
  return (
    <>
      <OrganizationMark organization={{ name, colour }} />
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="text-xs text-muted wrap-anywhere">
          {inviterName ? `${inviterName} invites you as ${roleName}` : `You are invited as ${roleName}`}
        </p>
        {notAdmitted && (
          <p className="mt-1 text-sm wrap-anywhere">
            {whyNotJoin(notAdmitted, { organization: name, inviter: inviterName })}
          </p>
        )}
      </div>
      <div className="flex gap-2">
        {!notAdmitted && (
          <Answer action={paths.joinWaiting} id={id} look="primary" label={`Join ${name}`}>
            Join
          </Answer>
        )}
        <Answer action={paths.declineWaiting} id={id} label={`Decline the invitation to ${name}`}>
          Decline
        </Answer>
      </div>
    </>
  );
}

interface AnswerProps {
  action: string;
  id: string;
  look?: "primary";
  label: string;
  children: string;
}

function Answer({ action, id, look, label, children }: AnswerProps) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="invitation" value={id} />
      <Button look={look} aria-label={label}>
        {children}
      </Button>
    </form>
  );
}
