// What the pages of an invitation share: which organization, who invites, as what.
import { paths } from "../paths";
import type { Permission } from "../permissions";
import { Button } from "./button";
import { OrganizationMark, type MarkedOrganization } from "./organization-mark";
import { PermissionList } from "./permission-list";

export interface ShownInvitation {
  organization: MarkedOrganization;
  inviterName: string;
  roleName: string;
  /** None when Logto does not answer. */
  permissions: Permission[];
  note: string;
}

export function InvitationCard({ invitation, to }: { invitation: ShownInvitation; to: string }) {
  const { organization, inviterName, roleName, permissions, note } = invitation;
  return (
    <section aria-label="The invitation" className="grid gap-3 rounded-panel border border-line bg-canvas p-4">
      <div className="flex items-center gap-3">
        <OrganizationMark organization={organization} size="large" />
        <div className="min-w-0">
          <p className="font-semibold wrap-anywhere">{organization.name}</p>
          <p className="text-muted wrap-anywhere">
            {inviterName ? `${inviterName} invites ${to} as ${roleName}` : `An invitation for ${to} as ${roleName}`}
          </p>
        </div>
      </div>
      {note && <p className="border-l-2 border-line pl-3 whitespace-pre-wrap wrap-anywhere">{note}</p>}
      {permissions.length > 0 && (
        <div>
          <p>As {roleName} you can:</p>
          <PermissionList permissions={permissions} />
        </div>
      )}
    </section>
  );
}

export type WhyNotJoin = "being-deleted" | "domain-not-allowed" | "no-seat" | "unverified";

/** What is in the way, and who can do something about it. */
export function whyNotJoin(why: WhyNotJoin, { organization, inviter }: { organization: string; inviter: string }) {
  const ask = `Ask ${inviter || "whoever invited you"}`;
  const sentences = {
    "being-deleted": `${organization} is going to be deleted, so nobody can join it now. ${ask} whether that is meant.`,
    "domain-not-allowed": `${organization} now takes only addresses of certain domains, and the invited one is of another. ${ask} to allow its domain.`,
    "no-seat": `All seats of the plan of ${organization} are used. ${ask} to make room, then try again. The invitation goes on waiting for you.`,
    unverified: "Your e-mail address is not confirmed yet, so you cannot join with it. Confirm it, then sign in again.",
  };
  return sentences[why];
}

export function DeclineForm({ token }: { token: string }) {
  return (
    <form method="post" action={paths.declineInvitation(token)}>
      <Button>Decline</Button>
    </form>
  );
}

export function AskForm({ token, look, children }: { token: string; look?: "primary"; children: React.ReactNode }) {
  return (
    <form method="post" action={paths.askForInvitation(token)}>
      <Button look={look} breaks>
        {children}
      </Button>
    </form>
  );
}
