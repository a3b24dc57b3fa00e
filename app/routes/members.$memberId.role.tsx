// members.role — gives a member another role: choose it, read what changes, confirm.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { Button, ButtonLink } from "../components/button";
import { changeRefusals } from "../components/change-refusals";
import { ConfirmPage } from "../components/confirm-page";
import { afterwards } from "../components/done-notice";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { PermissionList } from "../components/permission-list";
import { RoleChoice } from "../components/role-choice";
import { inWords } from "../components/words";
import { badRequest, forbidden, notFound, unavailable } from "../http/responses.server";
import { mayGive } from "../models/member-roles.server";
import { paths } from "../paths";
import { permissions } from "../permissions";

export async function loader({ context, request, params: { memberId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("members.role.confirm");
  const [target, roles] = await Promise.all([context.members.find(member.scope, memberId), context.members.roles()]);
  if (target === undefined) throw notFound();
  if (target === "unavailable" || roles === "unavailable") throw unavailable();
  const to = new URL(request.url).searchParams.get("to");
  const role = roles.find(({ id }) => id === to);
  return {
    organization: { name: member.organization.name },
    target: { id: target.logtoId, name: target.name, roles: target.roles },
    roles: roles.filter((choice) => mayGive(member, choice)),
    leavesSomeOut: roles.some((choice) => !mayGive(member, choice)),
    isYou: target.logtoId === member.person.logtoId,
    change: role && {
      role,
      gained: role.permissions.filter((permission) => !target.permissions.includes(permission)),
      lost: target.permissions.filter((permission) => !role.permissions.includes(permission)),
    },
  };
}

const RoleForm = z.object({ role: z.string().min(1).max(64) });

export async function action({ context, params: { memberId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("members.role");
  const form = await context.form(RoleForm);
  if (!form.ok) throw badRequest("This form does not say which role to give.");
  const changed = await context.members.change(member.scope, member, memberId, form.value.role);
  if (changed.ok) return redirect(afterwards(paths.members, "role-changed", memberId));
  if (changed.reason === "missing") throw notFound();
  if (changed.reason === "unavailable") throw unavailable();
  if (changed.reason === "no-longer-allowed") throw forbidden({ permissionWords: permissions["manage:members"] });
  return data({ refused: changeRefusals[changed.reason] }, { status: 409 });
}

export default function ChangeRole() {
  const { change } = useLoaderData<typeof loader>();
  return change ? <Confirm change={change} /> : <Choose />;
}

const back = { to: paths.members, name: "Members" };

type Change = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>["change"]>;

function Confirm({ change: { role, gained, lost } }: { change: Change }) {
  const { organization, target, isYou } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const isSame = target.roles.length === 1 && target.roles[0]?.id === role.id;
  return (
    <ConfirmPage
      title={`Make ${target.name} ${role.name} of ${organization.name}?`}
      back={back}
      action={paths.memberRole(target.id, role.id)}
      fields={{ role: role.id }}
      look={lost.length > 0 ? "danger" : "primary"}
      confirm={`Make ${target.name} ${role.name}`}
      refused={answer?.refused}
      disabledBecause={
        isYou
          ? "Your own role is changed by somebody else who manages the members."
          : isSame
            ? `${target.name} is that already.`
            : undefined
      }
    >
      <p>Now: {inWords(target.roles.map(({ name }) => name)) || "no role"}.</p>
      {gained.length > 0 && (
        <section aria-label={`What ${target.name} gains`}>
          <p>From that moment {target.name} can also:</p>
          <PermissionList permissions={gained} />
        </section>
      )}
      {lost.length > 0 && (
        <section aria-label={`What ${target.name} loses`}>
          <p>From that moment, also on pages that are already open, {target.name} can no longer:</p>
          <PermissionList permissions={lost} />
        </section>
      )}
      {gained.length + lost.length === 0 && <p>What {target.name} can do stays the same.</p>}
      {target.roles.length > 1 && <p>The new role takes the place of all that {target.name} has.</p>}
    </ConfirmPage>
  );
}

function Choose() {
  const { target, roles, leavesSomeOut } = useLoaderData<typeof loader>();
  return (
    <div className="max-w-xl">
      <PageHeader title={`Change the role of ${target.name}`} back={back} />
      <Form method="get" action={paths.memberRole(target.id)} className="grid gap-5">
        <RoleChoice
          legend="Role"
          name="to"
          roles={roles}
          chosen={target.roles[0]?.id}
          hint={leavesSomeOut ? "Roles that allow more than yours are not offered." : undefined}
        />
        <div className="flex flex-wrap gap-2">
          <Button look="primary">Continue</Button>
          <ButtonLink to={paths.members}>Cancel</ButtonLink>
        </div>
      </Form>
    </div>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle(page ? `Role of ${page.target.name}` : "Change role", page?.organization) },
];
