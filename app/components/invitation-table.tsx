// Invitations that were sent, and what can be done with each and with several at once.
import { paths } from "../paths";
import { Badge } from "./badge";
import { Button } from "./button";
import { CopyLink } from "./copy-link";
import { useInBrowser } from "./in-browser";
import { MemberForm } from "./page-organization";
import { RowMenu, RowMenuButton, RowMenuLink, RowMenuNote } from "./row-menu";
import { Cell, Row, Table, type Column } from "./table";
import { Time } from "./time";
import { counted, daysFrom } from "./words";

export interface ShownInvitationRow {
  id: string;
  address: string;
  roleName: string;
  note: string;
  status: "pending" | "accepted" | "declined" | "revoked" | "expired";
  inviterName: string;
  expiresAt: Date;
  sentCount: number;
  lastSentAt: Date | null;
  delivery: "waiting" | "sent" | "none" | "refused" | "limited";
  decidedAt: Date | null;
  link?: string;
  requests: { kind: "unusable-link" | "other-address"; address: string; createdAt: Date }[];
}

interface InvitationTableProps {
  invitations: ShownInvitationRow[];
  /** When the page was made, which is what days are counted from. */
  now: Date;
}

const columns: Column[] = [
  { name: "Choose", width: "w-10", hidden: true },
  { name: "Address" },
  { name: "Role", width: "w-32", spare: "lg" },
  { name: "Invited by", width: "w-28", spare: "xl" },
  { name: "Last sent", width: "w-51", spare: "xl" },
  { name: "Status", width: "w-36", spare: true },
  { name: "Actions", width: "w-16", hidden: true },
];

/** The checkboxes are the form's, wherever they stand: a row has small forms of its own. */
const chosen = "chosen";

export function InvitationTable({ invitations, now }: InvitationTableProps) {
  return (
    <>
      {invitations.some(isOpen) && <ForChosen />}
      <Table caption="Invitations, newest first" columns={columns}>
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} now={now} />
        ))}
      </Table>
    </>
  );
}

const isOpen = ({ status }: Pick<ShownInvitationRow, "status">) => status === "pending" || status === "expired";

function ForChosen() {
  return (
    <MemberForm
      id={chosen}
      preventScrollReset
      className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2"
    >
      <AllBox />
      <Button formAction={paths.resendInvitations}>Send again</Button>
      <Button formAction={paths.revokeInvitations} look="danger-quiet">
        Revoke
      </Button>
      <span className="text-xs text-muted">For the invitations that you tick.</span>
    </MemberForm>
  );
}

function AllBox() {
  if (!useInBrowser()) return null;
  return (
    <label className="flex items-center gap-2 pr-2 pl-1">
      <input
        type="checkbox"
        onChange={({ currentTarget: { checked } }) => {
          for (const box of document.querySelectorAll<HTMLInputElement>(`input[name=invitation][form=${chosen}]`))
            box.checked = checked;
        }}
        className="size-4 accent-accent-fill"
      />
      All
    </label>
  );
}

function InvitationRow({ invitation, now }: { invitation: ShownInvitationRow; now: Date }) {
  const { id, address, roleName, inviterName } = invitation;
  return (
    <Row>
      <Cell className="pr-0">
        {isOpen(invitation) && (
          <input
            type="checkbox"
            name="invitation"
            value={id}
            form={chosen}
            aria-label={`Choose ${address}`}
            className="block size-4 accent-accent-fill"
          />
        )}
      </Cell>
      <Cell>
        <Address invitation={invitation} now={now} />
      </Cell>
      <Cell spare="lg" className="truncate">
        {roleName}
      </Cell>
      <Cell spare="xl" className="truncate">
        {inviterName}
      </Cell>
      <Cell spare="xl" className="text-muted">
        <LastSent invitation={invitation} />
      </Cell>
      <Cell spare>
        <Status invitation={invitation} now={now} />
      </Cell>
      <Cell align="right">{isOpen(invitation) && <Actions invitation={invitation} />}</Cell>
    </Row>
  );
}

function Address({ invitation, now }: { invitation: ShownInvitationRow; now: Date }) {
  const { address, roleName, note, delivery, requests } = invitation;
  return (
    <>
      <p className="font-medium wrap-anywhere">{address}</p>
      <p className="text-xs text-muted lg:hidden">
        {roleName}
        <span className="sm:hidden">
          {" "}
          · <Status invitation={invitation} now={now} />
        </span>
      </p>
      {note && <p className="line-clamp-2 text-xs text-muted wrap-anywhere">{note}</p>}
      {isOpen(invitation) && undelivered[delivery] && <Badge tone="warning">{undelivered[delivery]}</Badge>}
      {requests.map(({ kind, address: asking }) => (
        <p key={kind + asking} className="text-xs wrap-anywhere">
          {kind === "unusable-link" ? "Asks for a new link." : `Asks for an invitation to ${asking}.`}
        </p>
      ))}
    </>
  );
}

/** What went well needs no words. */
const undelivered: Record<ShownInvitationRow["delivery"], string | undefined> = {
  sent: undefined,
  waiting: "Not sent yet",
  none: "No mail: pass on the link",
  refused: "Mail refused",
  limited: "Too many mails",
};

function LastSent({ invitation: { sentCount, lastSentAt } }: { invitation: ShownInvitationRow }) {
  if (!lastSentAt) return "Never";
  return (
    <>
      <Time at={lastSentAt} />
      {sentCount > 1 && <span className="block text-xs">{counted(sentCount, "time")}</span>}
    </>
  );
}

function Status({ invitation, now }: { invitation: ShownInvitationRow; now: Date }) {
  const { status, expiresAt } = invitation;
  if (status === "pending") return <span title={expiresAt.toISOString()}>Expires {daysFrom(now, expiresAt)}</span>;
  if (status === "expired") return <Badge tone="warning">Expired {daysFrom(now, expiresAt)}</Badge>;
  if (status === "accepted") return <Badge tone="success">Accepted</Badge>;
  return <Badge>{status === "declined" ? "Declined" : "Revoked"}</Badge>;
}

function Actions({ invitation }: { invitation: ShownInvitationRow }) {
  const { id, address, link, status } = invitation;
  const fields = { invitation: id };
  return (
    <RowMenu of={`the invitation to ${address}`}>
      {link && (
        <div className="p-1.5">
          <CopyLink link={link} label={`Link for ${address}`} />
        </div>
      )}
      <RowMenuButton action={paths.resendInvitations} fields={fields}>
        Send again
      </RowMenuButton>
      {status === "pending" && <RowMenuLink to={paths.invitationRole(id)}>Change role</RowMenuLink>}
      {status === "pending" && <RowMenuButton action={paths.renewInvitation(id)}>Make a new link</RowMenuButton>}
      <RowMenuButton action={paths.revokeInvitations} fields={fields} danger>
        Revoke
      </RowMenuButton>
      {status === "expired" && <RowMenuNote>The link works again once the invitation is sent again.</RowMenuNote>}
    </RowMenu>
  );
}
