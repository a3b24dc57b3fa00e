// Shows the active organization and switches to another: each row is a submit button, so it works without JavaScript.
import { Link, useLocation } from "@remix-run/react";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useId, useState } from "react";
import { paths } from "../paths";
import { useInBrowser } from "./in-browser";
import { menuRow, useMenu } from "./menu";
import { OrganizationMark } from "./organization-mark";
import type { ShownWaiting } from "./waiting-invitations";

export interface SwitcherOrganization {
  id: string;
  name: string;
  colour: number;
  initials?: string;
  /** Names of the person's roles there. */
  roles: string[];
}

/** From this many organizations on, the menu can be searched. */
const searchFrom = 7;

interface SwitcherProps {
  current: SwitcherOrganization;
  organizations: SwitcherOrganization[];
  waiting: ShownWaiting[];
}

export function OrganizationSwitcher({ current, organizations, waiting }: SwitcherProps) {
  return organizations.length > 1 || waiting.length > 0 ? (
    <SwitcherMenu current={current} organizations={organizations} waiting={waiting} />
  ) : (
    <div className="flex items-center gap-2.5 p-2">
      <Current organization={current} />
      <Link
        to={paths.newOrganization}
        aria-label="Create organization"
        title="Create organization"
        className="grid size-7 shrink-0 place-items-center rounded-control text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-10"
      >
        <Plus aria-hidden="true" className="size-4" />
      </Link>
    </div>
  );
}

function SwitcherMenu({ current, organizations, waiting }: SwitcherProps) {
  const menu = useMenu();
  const role = useId();
  const [search, setSearch] = useState("");
  const found = organizations.filter(({ name }) =>
    name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase()),
  );
  return (
    <details
      {...menu}
      className="group relative"
      onToggle={(event) => {
        if (event.currentTarget.open) event.currentTarget.querySelector<HTMLElement>("input[type=search]")?.focus();
        else setSearch("");
      }}
    >
      <summary
        aria-label={`Switch organization, current: ${current.name}`}
        aria-describedby={role}
        className="flex items-center gap-2.5 rounded-control p-2 select-none group-open:bg-sunken hover:bg-sunken"
      >
        <Current organization={current} roleId={role} />
        <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
      </summary>
      <div className="absolute top-full left-0 z-30 mt-1 w-72 max-w-[calc(100vw-1.5rem)] rounded-panel border border-line bg-surface shadow-pop">
        {organizations.length >= searchFrom && <Search value={search} onChange={setSearch} />}
        <Rows current={current} organizations={found} />
        {waiting.length > 0 && <Waiting invitations={waiting} />}
        <div className="border-t border-line p-1.5">
          <Link
            {...menuRow("Create organization")}
            to={paths.newOrganization}
            className="flex min-h-9 items-center gap-2.5 rounded-control px-2 py-1 -outline-offset-1 hover:bg-sunken pointer-coarse:min-h-11"
          >
            <span className="grid size-7 place-items-center text-muted">
              <Plus aria-hidden="true" className="size-4" />
            </span>
            Create organization
          </Link>
        </div>
      </div>
    </details>
  );
}

function Rows({ current, organizations }: Omit<SwitcherProps, "waiting">) {
  const { pathname } = useLocation();
  return (
    <form method="post" action={paths.switchOrganization}>
      <input type="hidden" name="returnTo" value={pathname} />
      <ul className="max-h-80 overflow-y-auto p-1.5">
        {organizations.map((organization) => (
          <li key={organization.id}>
            <button
              {...menuRow(organization.name)}
              type="submit"
              name="organization"
              value={organization.id}
              aria-current={organization.id === current.id ? "true" : undefined}
              className="flex min-h-11 w-full items-center gap-2.5 rounded-control px-2 py-1 text-left -outline-offset-1 hover:bg-sunken"
            >
              <OrganizationMark organization={organization} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{organization.name}</span>
                <span className="block truncate text-xs text-muted">{organization.roles.join(", ")}</span>
              </span>
              {organization.id === current.id && <Check aria-hidden="true" className="size-4 shrink-0 text-accent" />}
            </button>
          </li>
        ))}
      </ul>
      {organizations.length === 0 && <p className="px-4 pb-3 text-muted">No organization has this in its name.</p>}
    </form>
  );
}

/** Joining is offered here, where it is possible; declining, and what is in the way, on the page of the organizations. */
function Waiting({ invitations }: { invitations: ShownWaiting[] }) {
  const heading = useId();
  const open = invitations.filter(({ notAdmitted }) => !notAdmitted);
  return (
    <form method="post" action={paths.joinWaiting} className="border-t border-line p-1.5">
      <p id={heading} className="px-2 py-1 text-xs font-medium text-muted">
        Invitations
      </p>
      <ul aria-labelledby={heading}>
        {open.map(({ id, organizationName: name, organizationColour: colour, roleName }) => (
          <li key={id}>
            <button
              {...menuRow(name)}
              type="submit"
              name="invitation"
              value={id}
              className="flex min-h-11 w-full items-center gap-2.5 rounded-control px-2 py-1 text-left -outline-offset-1 hover:bg-sunken"
            >
              <OrganizationMark organization={{ name, colour }} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block truncate text-xs text-muted">As {roleName}</span>
              </span>
              <span className="font-medium text-accent">Join</span>
            </button>
          </li>
        ))}
      </ul>
      <Link
        {...menuRow("All invitations")}
        to={paths.organizations}
        className="flex min-h-8 items-center rounded-control px-2 text-xs text-muted -outline-offset-1 hover:bg-sunken hover:text-ink"
      >
        Look at all, or decline
      </Link>
    </form>
  );
}

/** Filters in the browser, so it is there only when there is JavaScript. Enter takes the first one found. */
function Search({ value, onChange }: { value: string; onChange(search: string): void }) {
  if (!useInBrowser()) return null;
  return (
    <div className="border-b border-line p-2">
      <input
        type="search"
        aria-label="Search organizations"
        placeholder="Search organizations"
        autoComplete="off"
        className="control"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || value.trim() === "") return;
          event.preventDefault();
          event.currentTarget.closest("details")?.querySelector<HTMLElement>("form button")?.click();
        }}
      />
    </div>
  );
}

function Current({ organization, roleId }: { organization: SwitcherOrganization; roleId?: string }) {
  return (
    <>
      <OrganizationMark organization={organization} />
      <span className="min-w-0 flex-1 leading-tight">
        <span className="block truncate font-semibold tracking-tight">{organization.name}</span>
        <span id={roleId} className="block truncate text-xs text-muted">
          {organization.roles.join(", ")}
        </span>
      </span>
    </>
  );
}
