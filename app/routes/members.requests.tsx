// members.requests — who would like to be invited: invite them, or put the request away.
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Inbox } from "lucide-react";
import { z } from "zod";
import { Button, ButtonLink } from "../components/button";
import { DoneNotice, afterwards } from "../components/done-notice";
import { EmptyState } from "../components/empty-state";
import { InviteLink } from "../components/invite-link";
import { MemberTabs } from "../components/member-tabs";
import { PageHeader } from "../components/page-header";
import { MemberForm } from "../components/page-organization";
import { pageTitle } from "../components/page-title";
import { Time } from "../components/time";
import { badRequest } from "../http/responses.server";
import { countWaiting, dismissRequest, listRequests } from "../models/invitations/requests.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const { scope, organization } = await context.requireMember("requests.list");
  const [requests, waiting] = await Promise.all([listRequests(scope), countWaiting(scope)]);
  return { organization: { name: organization.name }, requests, waiting };
}

const RequestForm = z.object({ request: z.string().min(1).max(64) });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("requests.dismiss");
  const form = await context.form(RequestForm);
  if (!form.ok) throw badRequest("This form does not say which request to put away.");
  await dismissRequest(member.scope, form.value.request);
  return redirect(afterwards(paths.requests, "request-dismissed"));
}

type Listed = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Requests() {
  const { requests, waiting } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Requests" actions={<InviteLink />} />
      <DoneNotice />
      <MemberTabs {...waiting} />
      <div className="rounded-panel border border-line">
        {requests.length === 0 ? (
          <EmptyState icon={Inbox} title="Nobody asks to be invited">
            Whoever opens a link that can't be used any more, or one for another address, can ask for a new invitation.
            Until you answer, they are listed here.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {requests.map((request) => (
              <li key={request.id}>
                <Request request={request} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function Request({ request }: { request: Listed["requests"][number] }) {
  const { id, kind, address, invitedAddress, roleId, createdAt } = request;
  return (
    <article className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="font-medium wrap-anywhere">{address}</h2>
        <p className="text-muted wrap-anywhere">
          {kind === "unusable-link"
            ? "Has a link that can't be used any more, and asks for a new one."
            : `Opened the link for ${invitedAddress}, and asks for an invitation to this address.`}
        </p>
        <p className="text-xs text-muted">
          <Time at={createdAt} />
        </p>
      </div>
      <div className="flex gap-2">
        <ButtonLink to={`${paths.invite}?${new URLSearchParams({ address, role: roleId })}`}>Invite</ButtonLink>
        <MemberForm action={paths.requests} preventScrollReset>
          <input type="hidden" name="request" value={id} />
          <Button look="quiet" aria-label={`Put away the request of ${address}`}>
            Put away
          </Button>
        </MemberForm>
      </div>
    </article>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle("Requests", data?.organization) }];
