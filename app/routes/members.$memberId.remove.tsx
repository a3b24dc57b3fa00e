// members.remove — asks first, and says what goes with a member and what stays.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useAnswer } from "../components/answer";
import { changeRefusals } from "../components/change-refusals";
import { ConfirmPage } from "../components/confirm-page";
import { afterwards } from "../components/done-notice";
import { pageTitle } from "../components/page-title";
import { WhatGoes } from "../components/what-goes";
import { forbidden, notFound, unavailable } from "../http/responses.server";
import { paths } from "../paths";
import { permissions } from "../permissions";

export async function loader({ context, params: { memberId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("members.remove.confirm");
  const { scope, organization, person } = member;
  const [target, goes] = await Promise.all([
    context.members.find(scope, memberId),
    context.members.whatGoes(scope, memberId),
  ]);
  if (target === undefined) throw notFound();
  if (target === "unavailable") throw unavailable();
  const { logtoId: id, name, email } = target;
  return { organization: { name: organization.name }, target: { id, name, email }, goes, isYou: id === person.logtoId };
}

export async function action({ context, params: { memberId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("members.remove");
  const removed = await context.members.remove(member.scope, member, memberId);
  if (removed.ok) return redirect(afterwards(paths.members, "member-removed"));
  if (removed.reason === "missing") throw notFound();
  if (removed.reason === "unavailable") throw unavailable();
  if (removed.reason === "no-longer-allowed") throw forbidden({ permissionWords: permissions["manage:members"] });
  const refused = removed.reason === "yourself" ? ownRemoval : changeRefusals[removed.reason];
  return data({ refused }, { status: 409 });
}

const ownRemoval = "You cannot remove yourself. Leave the organization instead.";

export default function RemoveMember() {
  const { organization, target, goes, isYou } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  return (
    <ConfirmPage
      title={`Remove ${target.name} from ${organization.name}?`}
      back={{ to: paths.members, name: "Members" }}
      action={paths.removeMember(target.id)}
      confirm={`Remove ${target.name}`}
      refused={answer?.refused}
      disabledBecause={isYou ? ownRemoval : undefined}
    >
      <p>
        {target.name}
        {target.email && ` (${target.email})`} loses access to {organization.name} at once. To come back, {target.name}{" "}
        needs a new invitation.
      </p>
      <WhatGoes goes={goes} name={target.name} />
    </ConfirmPage>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle(page ? `Remove ${page.target.name}` : "Remove a member", page?.organization) },
];
