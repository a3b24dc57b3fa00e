// members.invitations.role — changes the role that somebody will have who has not accepted yet.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { Button, ButtonLink } from "../components/button";
import { afterwards } from "../components/done-notice";
import { Notice } from "../components/notice";
import { PageHeader } from "../components/page-header";
import { MemberForm } from "../components/page-organization";
import { pageTitle } from "../components/page-title";
import { RoleChoice } from "../components/role-choice";
import { invitationRefusals } from "../components/send-sentences";
import { badRequest, notFound, unavailable } from "../http/responses.server";
import { mayGive } from "../models/member-roles.server";
import { paths } from "../paths";

export async function loader({ context, params: { invitationId = "" } }: LoaderFunctionArgs) {
  const member = await context.requireMember("invitations.role.edit");
  const invitation = await context.invitations.find(member.scope, invitationId);
  if (!invitation) throw notFound();
  const roles = await context.members.roles();
  if (roles === "unavailable") throw unavailable();
  const givable = roles.filter((role) => mayGive(member, role));
  return {
    organization: { name: member.organization.name },
    invitation: { id: invitation.id, address: invitation.address, roleId: invitation.roleId },
    status: invitation.status,
    roles: givable,
    leavesSomeOut: givable.length < roles.length,
  };
}

const RoleForm = z.object({ role: z.string().min(1).max(64) });

export async function action({ context, params: { invitationId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("invitations.role");
  const form = await context.form(RoleForm);
  if (!form.ok) throw badRequest("This form does not say which role to give.");
  const changed = await context.invitations.changeRole(member.scope, member, invitationId, form.value.role);
  if (changed.ok) return redirect(afterwards(paths.invitations, "invitation-role-changed", invitationId));
  if (changed.reason === "missing") throw notFound();
  if (changed.reason === "unavailable") throw unavailable();
  return data({ refused: invitationRefusals[changed.reason] }, { status: 409 });
}

export default function InvitationRole() {
  const { invitation, status } = useLoaderData<typeof loader>();
  const refused = useAnswer<typeof action>()?.refused;
  return (
    <div className="max-w-xl">
      <PageHeader
        title={`Change the role of the invitation to ${invitation.address}`}
        back={{ to: paths.invitations, name: "Invitations" }}
      />
      {refused && (
        <div className="mb-5">
          <Notice tone="danger">{refused}</Notice>
        </div>
      )}
      {status === "pending" ? <RoleOfPending /> : <Closed status={status} />}
    </div>
  );
}

function RoleOfPending() {
  const { organization, invitation, roles, leavesSomeOut } = useLoaderData<typeof loader>();
  return (
    <MemberForm action={paths.invitationRole(invitation.id)} className="grid gap-5">
      <p>The link stays the same, and no new mail is sent. Whoever accepts gets this role in {organization.name}.</p>
      <RoleChoice
        legend="Role"
        name="role"
        roles={roles}
        chosen={invitation.roleId}
        hint={leavesSomeOut ? "Roles that allow more than yours are not offered." : undefined}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="primary">Change role</Button>
        <ButtonLink to={paths.invitations}>Cancel</ButtonLink>
      </div>
    </MemberForm>
  );
}

const closedSentences = {
  expired: "This invitation has expired. Send it again first, then change its role.",
  accepting: "This invitation is being accepted at this moment. Its role can't be changed any more.",
  accepted: "This invitation is accepted. Change the role among the members.",
  declined: "This invitation is declined. Its role can't be changed any more.",
  revoked: "This invitation is revoked. Its role can't be changed any more.",
};

function Closed({ status }: { status: keyof typeof closedSentences }) {
  return (
    <div className="grid justify-items-start gap-5">
      <p>{closedSentences[status]}</p>
      <ButtonLink to={paths.invitations}>Go to the invitations</ButtonLink>
    </div>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Change role", page?.organization) },
];
