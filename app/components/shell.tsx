// The frame of every page of an organization: sidebar (a top bar on narrow screens) and one column of content.
import { Link, NavLink, useLocation, useNavigation } from "@remix-run/react";
import { LogOut, Menu, type LucideIcon } from "lucide-react";
import { useEffect, useRef } from "react";
import { paths } from "../paths";
import { classes } from "./classes";
import { useMenu } from "./menu";
import { organizationColour } from "./organization-mark";
import { OrganizationSwitcher, type SwitcherOrganization } from "./organization-switcher";
import type { ShownWaiting } from "./waiting-invitations";

export interface Section {
  name: string;
  to: string;
  icon: LucideIcon;
}

export interface ShellProps {
  person: { name: string; email: string };
  organization: SwitcherOrganization;
  /** All of the person's organizations, the active one among them. */
  organizations: SwitcherOrganization[];
  /** Invitations that wait for the person. */
  waiting: ShownWaiting[];
  sections: Section[];
  /** Bars above the page. */
  notices?: React.ReactNode;
  /** What is told at the foot of the page. */
  bars?: React.ReactNode;
  children: React.ReactNode;
}

export function Shell({ person, organization, organizations, waiting, sections, notices, bars, children }: ShellProps) {
  const content = useFocusOnNavigation();
  // Menus close when one goes somewhere.
  const { key } = useLocation();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)] print:block print:min-h-0">
      <SkipLink />
      <Loading />
      <header className="relative border-line bg-canvas print:hidden max-md:sticky max-md:top-0 max-md:z-20 max-md:border-b md:z-10 md:border-r">
        <span
          aria-hidden="true"
          className={classes(
            "organization-stripe absolute inset-x-0 top-0 h-0.5 md:inset-y-0 md:right-auto md:h-auto md:w-[3px]",
            organizationColour(organization),
          )}
        />
        <div className="flex items-center gap-2 px-2 py-1.5 md:sticky md:top-0 md:h-dvh md:flex-col md:items-stretch md:gap-3 md:p-3">
          <div className="min-w-0 flex-1 md:flex-none">
            <OrganizationSwitcher key={key} current={organization} organizations={organizations} waiting={waiting} />
          </div>
          <NarrowMenu key={`menu ${key}`}>
            <Sections sections={sections} />
            <Person person={person} />
          </NarrowMenu>
          <div className="hidden min-h-0 flex-1 flex-col justify-between gap-4 overflow-y-auto md:-m-1 md:flex md:p-1">
            <Sections sections={sections} />
            <Person person={person} />
          </div>
        </div>
      </header>
      <main
        id="content"
        ref={content}
        tabIndex={-1}
        className="flex min-w-0 flex-col bg-surface px-4 pt-5 pb-6 max-md:min-h-[calc(100dvh-3.75rem)] sm:px-8 md:pt-7 lg:px-12 print:min-h-0 print:p-0"
      >
        <div className="mx-auto w-full max-w-5xl pb-10 print:pb-0">
          {notices && <div className="mb-5 grid gap-2">{notices}</div>}
          {children}
        </div>
        {bars}
      </main>
    </div>
  );
}

function Sections({ sections }: { sections: Section[] }) {
  return (
    <nav aria-label="Sections">
      <ul className="grid gap-0.5">
        {sections.map(({ name, to, icon: Icon }) => (
          <li key={to}>
            <NavLink
              to={to}
              className="flex min-h-8 items-center gap-2.5 rounded-control px-2.5 py-1 text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent pointer-coarse:min-h-11"
            >
              <Icon aria-hidden="true" className="size-4 shrink-0" />
              {name}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Person({ person }: { person: ShellProps["person"] }) {
  return (
    <div className="flex items-center gap-2 border-t border-line px-2.5 pt-3 max-md:mt-2">
      <Link
        to={paths.account}
        title="Your account"
        className="-mx-1.5 min-w-0 flex-1 rounded-control px-1.5 py-1 leading-tight hover:bg-sunken"
      >
        <span className="block truncate font-medium">{person.name}</span>
        <span className="block truncate text-xs text-muted">{person.email}</span>
      </Link>
      <form method="post" action={paths.signOut}>
        <button
          type="submit"
          title="Sign out"
          className="flex size-8 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
        >
          <LogOut aria-hidden="true" className="size-4" />
          <span className="sr-only">Sign out</span>
        </button>
      </form>
    </div>
  );
}

function NarrowMenu({ children }: { children: React.ReactNode }) {
  const menu = useMenu();
  return (
    <details {...menu} className="group md:hidden">
      <summary className="flex min-h-10 items-center gap-1.5 rounded-control px-2.5 font-medium text-muted group-open:bg-sunken group-open:text-ink">
        <Menu aria-hidden="true" className="size-4" />
        Menu
      </summary>
      <div className="absolute inset-x-0 top-full border-b border-line bg-canvas p-3 shadow-pop">{children}</div>
    </details>
  );
}

export function SkipLink() {
  return (
    <a
      href="#content"
      className="absolute top-2 left-2 z-40 -translate-y-16 rounded-control bg-accent-fill px-3 py-2 font-medium text-white focus:translate-y-0"
    >
      Skip to content
    </a>
  );
}

/** A thin line at the top; it shows itself only after 300 ms. */
function Loading() {
  const { state } = useNavigation();
  if (state === "idle") return null;
  return (
    <div aria-hidden="true" className="fixed inset-x-0 top-0 z-40 h-0.5 overflow-hidden">
      <div className="h-full w-1/3 -translate-x-full animate-late bg-accent" />
    </div>
  );
}

/** After a move to another page without a page load, the reader stands at its heading, unless the page has put them elsewhere. */
function useFocusOnNavigation() {
  const content = useRef<HTMLElement>(null);
  const { pathname, hash } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const main = content.current;
    if (!main || hash || main.contains(document.activeElement)) return;
    (main.querySelector<HTMLElement>("h1[tabindex]") ?? main).focus({ preventScroll: true });
  }, [pathname, hash]);
  return content;
}
