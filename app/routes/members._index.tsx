// members — who is in the active organization. Whoever manages them changes roles and removes people from here.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Search, SearchX } from "lucide-react";
import { Button, ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { EmptyState } from "../components/empty-state";
import { InviteLink } from "../components/invite-link";
import { MemberTable } from "../components/member-table";
import { MemberTabs } from "../components/member-tabs";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { Paging } from "../components/paging";
import { seatSentence } from "../components/seat-count";
import { noSeatSentence } from "../components/send-sentences";
import { counted, inWords, someOf } from "../components/words";
import { unavailable } from "../http/responses.server";
import { useLivePage } from "../live/use-live";
import { countWaiting } from "../models/invitations/requests.server";
import { mayGive } from "../models/member-roles.server";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const member = await context.requireMember("members.list");
  const { scope, person, organization } = member;
  const search = new URL(request.url).searchParams;
  const wanted = wantedIn(search);
  const canManage = member.can("manage:members");
  const canInvite = member.can("invite:members");
  const [page, seats, managers, waiting, inviters, changed] = await Promise.all([
    context.members.page(scope, wanted),
    canInvite ? context.billing.seats(scope) : undefined,
    canManage ? context.members.whoMay(scope, "manage:members") : [],
    canInvite ? countWaiting(scope) : undefined,
    canInvite ? [] : context.members.whoMay(scope, "invite:members"),
    search.get("done") === "role-changed" ? context.members.find(scope, search.get("about") ?? "") : undefined,
  ]);
  if (page === "unavailable" || seats === "unavailable") throw unavailable();
  const isFull = seats?.free === 0;
  const { people, roles, total, pageSize } = page;
  const others = managers.filter((name) => name !== person.name);
  return {
    organization: { name: organization.name },
    people: people.map(({ logtoId: id, holdsManage, ...row }) => {
      const isYou = id === person.logtoId;
      const canLeave = !holdsManage || others.length > 0;
      return { id, ...row, isYou, canLeave, fixedBecause: isYou && canManage ? ownRole(others) : undefined };
    }),
    roles,
    givable: roles.filter((role) => mayGive(member, role)),
    total,
    pages: Math.max(1, Math.ceil(total / pageSize)),
    wanted,
    canManage,
    waiting,
    seats: seats && { used: seats.used, most: seats.most },
    full: isFull ? noSeatSentence("Nobody can be invited", await context.billing.managers(member)) : undefined,
    inviters,
    landed: context.members.landed(scope, member),
    changed: typeof changed === "object" ? { name: changed.name, roles: changed.roles } : undefined,
  };
}

function ownRole(otherManagers: string[]) {
  return otherManagers.length === 0
    ? "You are the only one who manages the members. Give somebody else such a role before you leave or take another one."
    : `You cannot change your own role. Ask ${someOf(otherManagers)}.`;
}

/** What cannot be is left out: an address that somebody has cut short still shows members. */
function wantedIn(search: URLSearchParams) {
  const given = (name: string) => search.get(name)?.trim().slice(0, 200) || undefined;
  const page = /^[1-9]\d{0,4}$/.test(given("page") ?? "") ? Number(given("page")) : 1;
  return { text: given("text"), roleId: given("role"), page };
}

type Listed = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Members() {
  const page = useLoaderData<typeof loader>();
  const { organization, people, wanted, waiting, changed, landed, canManage } = page;
  return (
    <>
      <PageHeader
        title="Members"
        actions={waiting ? <InviteLink disabledBecause={page.full} /> : <WhomToAsk inviters={page.inviters} />}
      >
        <span>{sizeOf(page)}</span>
        {page.seats && <span> · {seatSentence(page.seats)}</span>}
      </PageHeader>
      <DoneNotice sentence={changed && <RoleChanged {...changed} landed={landed} organization={organization} />} />
      {waiting && <MemberTabs {...waiting} />}
      <Filter {...page} />
      <div className="rounded-panel border border-line">
        {people.length === 0 ? (
          <Nobody />
        ) : (
          <MemberTable
            people={people}
            roles={page.givable}
            organizationName={organization.name}
            canManage={canManage}
          />
        )}
        <Paging
          label="Pages of members"
          first={wanted.page > 1 ? { to: addressOf(wanted, wanted.page - 1), name: "Previous" } : undefined}
          next={wanted.page < page.pages ? { to: addressOf(wanted, wanted.page + 1), name: "Next" } : undefined}
        />
      </div>
      {isAlone(page) && <p className="mt-4 text-muted">Only you are here. Invite the people you work with.</p>}
    </>
  );
}

type RoleChangedProps = Pick<Listed, "landed" | "organization"> & NonNullable<Listed["changed"]>;

/** Counts the open pages of whose role it is, as they follow. */
function RoleChanged({ name, roles, landed, organization }: RoleChangedProps) {
  const { followed } = useLivePage();
  const pages = landed ? Math.max(landed.pages, followed[landed.changeId] ?? 0) : 0;
  return (
    <>
      {name} is now {inWords(roles.map((role) => role.name))} of {organization.name}. In force now
      {pages > 0 && `, and in ${name}'s ${pages === 1 ? "open page" : `${pages} open pages`}`}.
    </>
  );
}

/** While a filter is set, the number is of those it lets through. */
function sizeOf({ total, wanted, waiting }: Listed) {
  const people = counted(total, "member");
  if (wanted.text || wanted.roleId) return `${people} found`;
  return waiting?.invited ? `${people} (${waiting.invited} invited)` : people;
}

function isAlone({ total, wanted, waiting }: Listed) {
  return total === 1 && waiting?.invited === 0 && !wanted.text && !wanted.roleId;
}

function WhomToAsk({ inviters }: Pick<Listed, "inviters">) {
  return <p className="text-muted">Ask {someOf(inviters)} to invite someone.</p>;
}

function Filter({ wanted, roles }: Pick<Listed, "wanted" | "roles">) {
  return (
    <search aria-label="Members">
      <Form key={addressOf(wanted)} method="get" action={paths.members} className="mb-4 flex flex-wrap items-end gap-2">
        <label className="min-w-0 flex-1 basis-32 sm:max-w-52 sm:flex-none">
          <span className="sr-only">Role</span>
          <select name="role" defaultValue={wanted.roleId ?? ""} className="control">
            <option value="">All roles</option>
            {roles.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div className="flex min-w-0 flex-1 basis-64 gap-2">
          <label className="min-w-0 flex-1">
            <span className="sr-only">Search by name or e-mail address</span>
            <input
              type="search"
              name="text"
              placeholder="Search by name or e-mail address"
              defaultValue={wanted.text}
              className="control"
            />
          </label>
          <Button>
            <Search aria-hidden="true" /> Search
          </Button>
        </div>
      </Form>
    </search>
  );
}

function Nobody() {
  return (
    <EmptyState
      icon={SearchX}
      title="No member matches"
      action={<ButtonLink to={paths.members}>Show all members</ButtonLink>}
    >
      Try another name, address or role.
    </EmptyState>
  );
}

function addressOf({ text, roleId }: Listed["wanted"], page = 1) {
  const search = new URLSearchParams();
  if (roleId) search.set("role", roleId);
  if (text) search.set("text", text);
  if (page > 1) search.set("page", String(page));
  return search.size > 0 ? `${paths.members}?${search}` : paths.members;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle("Members", data?.organization) }];
