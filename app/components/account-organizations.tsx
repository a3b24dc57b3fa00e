// One's organizations, with the role in each and the way out of it.
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { OrganizationMark } from "./organization-mark";

export interface AccountOrganization {
  id: string;
  name: string;
  colour: number;
  roles: string[];
  isActive: boolean;
}

export function AccountOrganizations({ organizations }: { organizations: AccountOrganization[] }) {
  if (organizations.length === 0) return <p className="text-muted">You are in no organization.</p>;
  return (
    <ul className="divide-y divide-line rounded-control border border-line">
      {organizations.map((organization) => (
        <li key={organization.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
          <OrganizationMark organization={organization} />
          <div className="min-w-0 flex-1 basis-40">
            <p className="font-medium wrap-anywhere">{organization.name}</p>
            <p className="text-xs text-muted">
              {organization.roles.join(", ") || "No role"}
              {organization.isActive && " · You are here"}
            </p>
          </div>
          <Leave organization={organization} />
        </li>
      ))}
    </ul>
  );
}

/** One leaves the organization one is in: out of another one, the way leads into it first. */
function Leave({ organization: { id, name, isActive } }: { organization: AccountOrganization }) {
  if (isActive)
    return (
      <ButtonLink to={paths.leave} aria-label={`Leave ${name}`}>
        Leave
      </ButtonLink>
    );
  return <SwitchTo id={id} place={paths.leave} label={`Switch to ${name} and leave it`} name="Leave" />;
}

/** Switches to an organization, and goes on to a page of it. */
export function SwitchTo({ id, place, label, name }: { id: string; place: string; label?: string; name: string }) {
  return (
    <form method="post" action={paths.switchOrganization}>
      <input type="hidden" name="organization" value={id} />
      <input type="hidden" name="returnTo" value={place} />
      <Button aria-label={label}>{name}</Button>
    </form>
  );
}
