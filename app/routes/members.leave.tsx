// members.leave — leaves the active organization, with the same care as removing somebody.
import {
  data,
  redirectDocument,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useAnswer } from "../components/answer";
import { changeRefusals } from "../components/change-refusals";
import { ConfirmPage } from "../components/confirm-page";
import { afterwards } from "../components/done-notice";
import { pageTitle } from "../components/page-title";
import { WhatGoes } from "../components/what-goes";
import { unavailable } from "../http/responses.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const member = await context.requireMember("members.leave.confirm");
  const { scope, organization, person } = member;
  const managers = member.can("manage:members") ? await context.members.whoMay(scope, "manage:members") : [];
  const goes = await context.members.whatGoes(scope, person.logtoId);
  return { organization: { name: organization.name }, goes, isOnlyManager: managers.length === 1 };
}

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("members.leave");
  const left = await context.members.leave(member.scope, member);
  if (left.ok) {
    await context.session.depart(member.person);
    return redirectDocument(afterwards(paths.organizations, "left-organization"));
  }
  if (left.reason === "unavailable") throw unavailable();
  return data({ refused: changeRefusals[left.reason] }, { status: 409 });
}

export default function Leave() {
  const { organization, goes, isOnlyManager } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  return (
    <ConfirmPage
      title={`Leave ${organization.name}?`}
      back={{ to: paths.members, name: "Members" }}
      action={paths.leave}
      confirm={`Leave ${organization.name}`}
      refused={answer?.refused}
      disabledBecause={
        isOnlyManager
          ? "You are the only one who manages the members. Give somebody else such a role first."
          : undefined
      }
    >
      <p>You lose access to {organization.name} at once. To come back, you need a new invitation.</p>
      <WhatGoes goes={goes} />
    </ConfirmPage>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Leave", page?.organization) },
];
