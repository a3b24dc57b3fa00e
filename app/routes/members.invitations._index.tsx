// members.invitations — whom the organization has invited, and what became of it.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { MailOpen } from "lucide-react";
import { ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { EmptyState } from "../components/empty-state";
import { InvitationTable } from "../components/invitation-table";
import { InviteLink } from "../components/invite-link";
import { MemberTabs } from "../components/member-tabs";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Paging } from "../components/paging";
import { Time } from "../components/time";
import { countWaiting } from "../models/invitations/requests.server";
import { paths } from "../paths";

/** The first is what the page shows by itself. */
const filters = [
  { status: "pending", name: "Open" },
  { status: "expired", name: "Expired" },
  { status: "accepted", name: "Accepted" },
  { status: "declined", name: "Declined" },
  { status: "revoked", name: "Revoked" },
  { status: undefined, name: "All" },
] as const;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("invitations.list");
  const search = new URL(request.url).searchParams;
  const { filter, page } = wantedIn(search);
  const [list, waiting, about] = await Promise.all([
    context.invitations.list(scope, { status: filter.status, page }),
    countWaiting(scope),
    search.has("about") ? context.invitations.find(scope, search.get("about") ?? "") : undefined,
  ]);
  return {
    organization: { name: organization.name },
    invitations: list.invitations,
    pages: Math.max(1, Math.ceil(list.total / list.pageSize)),
    total: list.total,
    filter: filter.name,
    page,
    waiting,
    done: search.get("done"),
    about: about && { address: about.address, expiresAt: about.expiresAt, roleName: about.roleName },
    now: new Date(),
  };
}

function wantedIn(search: URLSearchParams) {
  const status = search.get("status");
  const filter = status === "all" ? filters[5] : (filters.find((known) => known.status === status) ?? filters[0]);
  const page = search.get("page") ?? "";
  return { filter, page: /^[1-9]\d{0,4}$/.test(page) ? Number(page) : 1 };
}

type Listed = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Invitations() {
  const { invitations, filter, page, pages, waiting, now, ...listed } = useLoaderData<typeof loader>();
  const current = filters.find(({ name }) => name === filter) ?? filters[0];
  return (
    <>
      <PageHeader title="Invitations" actions={<InviteLink />}>
        {waiting.invited === 0 ? "None is open" : `${waiting.invited} open`}
      </PageHeader>
      <DoneNotice sentence={doneTo(listed)} />
      <MemberTabs {...waiting} />
      <Filters current={current} />
      <output className="sr-only">{listed.total === 1 ? "1 invitation" : `${listed.total} invitations`}</output>
      <div className="rounded-panel border border-line">
        {invitations.length === 0 ? (
          <NoInvitations current={current} />
        ) : (
          <InvitationTable invitations={invitations} now={now} />
        )}
        <Paging
          label="Pages of invitations"
          first={page > 1 ? { to: addressOf(current, page - 1), name: "Newer" } : undefined}
          next={page < pages ? { to: addressOf(current, page + 1), name: "Older" } : undefined}
        />
      </div>
    </>
  );
}

type Filter = (typeof filters)[number];

function Filters({ current }: { current: Filter }) {
  return (
    <nav aria-label="Invitations by status" className="mb-4">
      <ul className="flex flex-wrap gap-1">
        {filters.map((filter) => (
          <li key={filter.name}>
            <ButtonLink
              look="quiet"
              to={addressOf(filter)}
              aria-current={filter === current ? "page" : undefined}
              className="aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {filter.name}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** One invitation is spoken of by its address. */
function doneTo({ done, about }: Pick<Listed, "done" | "about">) {
  if (!about) return undefined;
  const { address, expiresAt, roleName } = about;
  if (done === "invitations-revoked")
    return `The invitation to ${address} is revoked. Its link can't be used any more.`;
  if (done === "invitation-role-changed") return `${address} is now invited as ${roleName}.`;
  return (
    <>
      Sent again to {address}. Now valid until <Time at={expiresAt} />
    </>
  );
}

function NoInvitations({ current }: { current: Filter }) {
  if (current.status !== "pending") {
    return (
      <EmptyState
        icon={MailOpen}
        title={current.status ? `No invitation is ${current.status}` : "Nobody was invited yet"}
        action={<ButtonLink to={paths.invitations}>Show open invitations</ButtonLink>}
      />
    );
  }
  return (
    <EmptyState icon={MailOpen} title="No open invitations" action={<InviteLink />}>
      Whoever you invite gets a link by mail. Until they answer, they are listed here.
    </EmptyState>
  );
}

function addressOf({ status }: Filter, page = 1) {
  const search = new URLSearchParams();
  if (status !== "pending") search.set("status", status ?? "all");
  if (page > 1) search.set("page", String(page));
  return search.size > 0 ? `${paths.invitations}?${search}` : paths.invitations;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle("Invitations", data?.organization) },
];
