// What becomes of each organization of somebody who deletes their account.
import { paths } from "../paths";
import { SwitchTo } from "./account-organizations";
import { OrganizationMark } from "./organization-mark";
import { counted } from "./words";

export interface FatedOrganization {
  id: string;
  name: string;
  colour: number;
  fate: "goes" | "held" | "left";
  goes: { drafts: number; invitations: number; publishedPosts: number };
}

export function AccountFates({ organizations }: { organizations: FatedOrganization[] }) {
  if (organizations.length === 0) return null;
  return (
    <ul
      aria-label="What becomes of your organizations"
      className="divide-y divide-line rounded-control border border-line"
    >
      {organizations.map((organization) => (
        <li key={organization.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
          <OrganizationMark organization={organization} />
          <div className="min-w-0 flex-1 basis-40 wrap-anywhere">
            <p className="font-medium">{organization.name}</p>
            <p className="text-sm text-muted">{sentenceOf(organization)}</p>
          </div>
          {organization.fate === "held" && (
            <SwitchTo
              id={organization.id}
              place={paths.members}
              name="Go to its members"
              label={`Go to the members of ${organization.name}`}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

function sentenceOf({ fate, goes: { drafts, invitations } }: FatedOrganization): string {
  switch (fate) {
    case "goes":
      return "Is deleted too, with every post, comment and invitation: nobody else is in it.";
    case "held":
      return "You are the only one who manages its members. Give somebody else such a role first.";
    default: {
      const lost = [
        ...(drafts > 0 ? [`${counted(drafts, "draft")} deleted`] : []),
        ...(invitations > 0 ? [`${counted(invitations, "open invitation")} of yours revoked`] : []),
      ];
      return `You leave it${lost.length > 0 ? `: ${lost.join(", ")}` : ""}. What you published stays, under your name.`;
    }
  }
}
