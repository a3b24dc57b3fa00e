// Every page's frame: whose page it is, its organization, and what is shown when something is refused.
import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { CreditCard, Newspaper, ScrollText, Settings, Users } from "lucide-react";
import { useContext } from "react";
import type { Member } from "./auth/guards.server";
import { DeletionBar, OtherDeletionBar } from "./components/deletion-bar";
import { documentLinks } from "./components/document-links";
import { NonceContext } from "./components/nonce";
import { Notice } from "./components/notice";
import { PageOrganization } from "./components/page-organization";
import { RefusalPage } from "./components/refusal-page";
import { Shell, type Section } from "./components/shell";
import { ThemeContext } from "./components/theme";
import { isRefusal, type Refusal } from "./http/refusal";
import { notFound, unexpected } from "./http/sentences";
import { colourScheme } from "./http/theme";
import { paths } from "./paths";

export const links: LinksFunction = () => documentLinks;

export async function loader({ context }: LoaderFunctionArgs) {
  const { person, member } = await context.visitor("root");
  if (!person)
    return { person: null, organization: null, organizations: [], waiting: [], readOnly: false, sees: nothing };
  const { organizations: theirs } = (member?.person ?? person).session;
  const ids = theirs.map(({ id }) => id);
  const [known, waiting] = await Promise.all([
    context.organizations.listOrganizations(ids, member?.organization),
    context.invitations.waitingFor(person),
  ]);
  return {
    person: { name: person.name, email: person.email },
    organization: member && {
      ...member.organization,
      roles: member.roles,
      mayManage: member.can("manage:organization"),
    },
    organizations: known.map((organization) => ({
      ...organization,
      roles: theirs.find(({ id }) => id === organization.id)?.roles ?? [],
    })),
    waiting,
    readOnly: member?.readOnly ?? false,
    sees: member ? seenBy(member) : nothing,
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

interface Sees {
  billing: boolean;
  audit: boolean;
  /** The settings, or of them the export alone. */
  settings: "all" | "export" | null;
}

const nothing: Sees = { billing: false, audit: false, settings: null };

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

/** The sidebar, for pages inside an organization; the others bring a frame of their own. */
function Frame({ children }: { children: React.ReactNode }) {
  const root = useRouteLoaderData<typeof loader>("root");
  if (!root?.person || !root.organization) return children;
  const { person, organization, organizations, waiting, sees } = root;
  return (
    <PageOrganization.Provider value={organization.id}>
      <Shell
        person={person}
        organization={organization}
        organizations={organizations}
        waiting={waiting}
        sections={sectionsFor(sees)}
        notices={noticesOf(root)}
      >
        {children}
      </Shell>
    </PageOrganization.Provider>
  );
}

type Root = NonNullable<ReturnType<typeof useRouteLoaderData<typeof loader>>>;

/** None of them: nothing, so that no empty place is kept for them. */
function noticesOf({ organization, organizations, readOnly }: Root): React.ReactNode {
  const others = organizations.filter(({ id, deletesAt }) => deletesAt !== null && id !== organization?.id);
  const deletesAt = organization?.deletesAt;
  if (!readOnly && !deletesAt && others.length === 0) return undefined;
  return (
    <>
      {readOnly && <Notice>Logto cannot be reached at the moment. You can read, but not change anything.</Notice>}
      {deletesAt && (
        <DeletionBar organization={{ name: organization.name, deletesAt }} mayUndo={organization.mayManage} />
      )}
      {others.map(
        ({ id, name, deletesAt: at }) => at !== null && <OtherDeletionBar key={id} name={name} deletesAt={at} />,
      )}
    </>
  );
}

export function ErrorBoundary() {
  return (
    <Frame>
      <RefusalPage refusal={refusalOf(useRouteError())} />
    </Frame>
  );
}

/** What Remix refuses by itself has no body of ours, and a bug's details are in the log alone. */
function refusalOf(error: unknown): Refusal {
  if (!isRouteErrorResponse(error)) return unexpected("");
  if (isRefusal(error.data)) return error.data;
  return error.status === 404 ? notFound() : unexpected("");
}
