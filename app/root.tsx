// Every page's frame: whose page it is, its organization, and what is shown when something is refused.
import {
  redirect,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  type useLoaderData,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { CreditCard, Newspaper, ScrollText, Settings, Users } from "lucide-react";
import { useContext, useEffect } from "react";
import type { Member } from "./auth/guards.server";
import { BarePage } from "./components/bare-page";
import { DeletionBar, OtherDeletionBar } from "./components/deletion-bar";
import { documentLinks } from "./components/document-links";
import { LiveBars, SwitchedActions, switchedSentence } from "./components/live-bars";
import { NonceContext } from "./components/nonce";
import { Notice } from "./components/notice";
import { PageOrganization, PagePermissions } from "./components/page-organization";
import { RefusalPage } from "./components/refusal-page";
import { Shell, type Section } from "./components/shell";
import { ThemeContext } from "./components/theme";
import { isRefusal, type Refusal } from "./http/refusal";
import { notFound, unexpected } from "./http/sentences";
import { colourScheme } from "./http/theme";
import { noteLeaving } from "./live/leaving";
import type { Seen } from "./live/news";
import { livePage } from "./live/page";
import { useFollowing } from "./live/use-live";
import { findGivenRole, type GivenRole } from "./models/members.server";
import { findDeleter, findRenamer } from "./models/whose-doing.server";
import { paths } from "./paths";
import { allPermissions } from "./permissions";

export const links: LinksFunction = () => documentLinks;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { person, member } = await context.visitor("root");
  if (!person) return strangers;
  const { organizations: theirs } = (member?.person ?? person).session;
  const ids = theirs.map(({ id }) => id);
  const [known, waiting, given, renamer, deleter] = await Promise.all([
    context.organizations.listOrganizations(ids, member?.organization),
    context.invitations.waitingFor(person),
    member && findGivenRole(member.scope, person.id, member.roles),
    // A page that is loaded whole has had no other name.
    member && !context.isDocument ? findRenamer(member.scope, member.organization.name) : undefined,
    member?.organization.deletesAt ? findDeleter(member.scope) : undefined,
  ]);
  const needsConsent = member && !member.readOnly ? context.session.consentFor(member.person, pageOf(request)) : null;
  if (needsConsent && context.loadsPage) throw redirect(needsConsent);
  return {
    person: { name: person.name, email: person.email },
    organization: member && {
      ...member.organization,
      roles: member.roles,
      mayManage: member.can("manage:organization"),
      renamedBy: renamer ? (renamer.id === person.id ? "you" : renamer.name) : null,
      deletionAskedBy: deleter ?? null,
    },
    organizations: known.map((organization) => ({
      ...organization,
      roles: theirs.find(({ id }) => id === organization.id)?.roles ?? [],
    })),
    waiting,
    readOnly: member?.readOnly ?? false,
    sees: member ? seenBy(member) : nothing,
    live: member ? { ...standingOf(member, given), readAt: context.askedAt } : null,
    needsConsent,
  };
}

interface Sees {
  billing: boolean;
  audit: boolean;
  /** The settings, or of them the export alone. */
  settings: "all" | "export" | null;
}

const nothing: Sees = { billing: false, audit: false, settings: null };

const strangers = {
  person: null,
  organization: null,
  organizations: [],
  waiting: [],
  readOnly: false,
  live: null,
  needsConsent: null,
  sees: nothing,
};

function pageOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** What a page compares with when it reads everything anew, to say what has changed meanwhile. */
function standingOf({ organization, roles, can, person }: Member, given: GivenRole | undefined) {
  return {
    organization: organization.name,
    roles,
    permissions: allPermissions.filter(can),
    /** Null when it is not known here: a role may be given at Logto. */
    roleGivenBy: given?.by ?? null,
    lastRoleChangeAt: given?.at ?? null,
    /** What a page says when it begins to listen, so that it hears of what has happened since. */
    seen: person.session.epoch,
  };
}

/** A refusal's own headers, such as Retry-After, which Remix drops otherwise. */
export const headers: HeadersFunction = ({ errorHeaders }) => errorHeaders ?? new Headers();

export const meta: MetaFunction = ({ error }) => [{ title: error ? `${refusalOf(error).title} · Atrium` : "Atrium" }];

export function Layout({ children }: { children: React.ReactNode }) {
  const nonce = useContext(NonceContext);
  const theme = useContext(ThemeContext);
  const organization = useRouteLoaderData<typeof loader>("root")?.organization;
  return (
    <html lang="en" data-organization={organization?.id} data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={colourScheme(theme)} />
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: noteLeaving }} />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}

function seenBy({ can }: Pick<Member, "can">): Sees {
  return {
    billing: can("read:billing"),
    audit: can("read:audit-log"),
    settings: can("manage:organization") ? "all" : can("export:data") ? "export" : null,
  };
}

/** Those that the person may see. */
function sectionsFor({ billing, audit, settings }: Sees): Section[] {
  return [
    { name: "Posts", to: paths.posts, icon: Newspaper },
    { name: "Members", to: paths.members, icon: Users },
    ...(billing ? [{ name: "Billing", to: paths.billing, icon: CreditCard }] : []),
    ...(audit ? [{ name: "Audit log", to: paths.audit, icon: ScrollText }] : []),
    ...(settings
      ? [{ name: "Settings", to: settings === "all" ? paths.settings : paths.exports, icon: Settings }]
      : []),
  ];
}

type Root = ReturnType<typeof useLoaderData<typeof loader>>;

interface FrameProps {
  /** A refusal that shows what was typed, and has ways out of its own. */
  keeps?: boolean;
  children: React.ReactNode;
}

/** The sidebar, for pages inside an organization; the others bring a frame of their own. */
function Frame({ keeps, children }: FrameProps) {
  const root = useRouteLoaderData<typeof loader>("root");
  const { left: everLeft, ...shown } = useFollowing(root, seenIn);
  const left = keeps ? undefined : everLeft;
  if (!root?.person || !root.organization) return children;
  const { person, organization, organizations, waiting, live, sees } = root;
  const isLeft = left?.kind === "switched" && !left.typing;
  return (
    <>
      {isLeft && <LeftPage organization={organization.name} to={left.to} />}
      {/* It comes back as it was when its reader switches back. */}
      <div hidden={isLeft} className="contents">
        <PageOrganization.Provider value={organization.id}>
          <PagePermissions.Provider value={live?.permissions ?? null}>
            <Shell
              person={person}
              organization={organization}
              organizations={organizations}
              waiting={waiting}
              sections={sectionsFor(sees)}
              notices={noticesOf(root)}
              bars={
                <LiveBars
                  organization={organization.name}
                  news={shown.news}
                  dismiss={livePage.dismiss}
                  left={left}
                  switchBack={livePage.switchBack}
                  isStranded={shown.stranded}
                  needsConsent={shown.consent !== undefined}
                  consent={livePage.giveConsent}
                  isDown={shown.line === "down"}
                />
              }
            >
              {children}
            </Shell>
          </PagePermissions.Provider>
        </PageOrganization.Provider>
      </div>
    </>
  );
}

/** None of them: nothing, so that no empty place is kept for them. */
function noticesOf({
  organization,
  organizations,
  readOnly,
}: Pick<Root, "organization" | "organizations" | "readOnly">): React.ReactNode {
  const others = organizations.filter(({ id, deletesAt }) => deletesAt !== null && id !== organization?.id);
  const deletesAt = organization?.deletesAt;
  if (!readOnly && !deletesAt && others.length === 0) return undefined;
  return (
    <>
      {readOnly && <Notice>Logto cannot be reached at the moment. You can read, but not change anything.</Notice>}
      {deletesAt && (
        <DeletionBar
          organization={{ name: organization.name, deletesAt, askedBy: organization.deletionAskedBy }}
          mayUndo={organization.mayManage}
        />
      )}
      {others.map(
        ({ id, name, deletesAt: at }) => at !== null && <OtherDeletionBar key={id} name={name} deletesAt={at} />,
      )}
    </>
  );
}

function seenIn({ person, organization, live, waiting, needsConsent }: Root): Seen {
  return {
    person: person?.email ?? null,
    organization: organization
      ? { id: organization.id, name: organization.name, renamedBy: organization.renamedBy }
      : null,
    standing: live,
    waiting,
    needsConsent,
  };
}

/** In place of a page whose session is in another organization now, so that nothing of the one before is shown. */
function LeftPage({ organization, to }: { organization: string; to: string | undefined }) {
  useTitle(`You are in ${to ?? "another organization"} now · Atrium`);
  return (
    <BarePage title={switchedSentence(to)}>
      <p>This page belongs to {organization}. Nothing in it is lost: it is here again when you switch back.</p>
      <div className="flex flex-wrap gap-2">
        <SwitchedActions organization={organization} to={to} switchBack={livePage.switchBack} />
      </div>
    </BarePage>
  );
}

function useTitle(title: string) {
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => void (document.title = before);
  }, [title]);
}

export function ErrorBoundary() {
  const refusal = refusalOf(useRouteError());
  const { kept } = refusal;
  useEffect(() => {
    livePage.keep(kept);
    return () => livePage.keep(undefined);
  }, [kept]);
  return (
    <Frame keeps={kept !== undefined}>
      <RefusalPage refusal={refusal} />
    </Frame>
  );
}

/** What Remix refuses by itself has no body of ours, and a bug's details are in the log alone. */
function refusalOf(error: unknown): Refusal {
  if (!isRouteErrorResponse(error)) return unexpected("");
  if (isRefusal(error.data)) return error.data;
  return error.status === 404 ? notFound() : unexpected("");
}
