// settings.invitations — with which role and for how many days a new invitation begins.
import { data, redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { afterwards } from "../components/done-notice";
import { InvitationDefaultsForm, SettingsFormPage } from "../components/settings-forms";
import { unavailable } from "../http/responses.server";
import { InvitationDays, mostDays } from "../models/invitations/invitations.server";
import { changeInvitationDefaults } from "../models/settings/settings.server";
import { paths } from "../paths";

const DefaultsForm = z.object({ role: z.string("Choose a role.").max(64, "Choose a role."), days: InvitationDays });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.invitations");
  const form = await context.form(DefaultsForm);
  const roles = await context.members.roles();
  if (roles === "unavailable") throw unavailable({ kept: await context.kept() });
  const role = form.ok && roles.find(({ id }) => id === form.value.role);
  if (role) {
    await changeInvitationDefaults(member.scope, member.organization, { role, days: form.value.days });
    return redirect(afterwards(paths.settings, "invitation-defaults-changed"));
  }
  const fieldErrors = form.ok ? { role: ["This role does not exist any more. Choose another one."] } : undefined;
  return data({ result: form.submission.reply({ fieldErrors }), roles, mostDays }, { status: 422 });
}

export default function InvitationDefaults() {
  const answer = useAnswer<typeof action>();
  return (
    <SettingsFormPage title="What new invitations begin with">
      {answer && (
        <InvitationDefaultsForm
          roles={answer.roles}
          defaults={{}}
          mostDays={answer.mostDays}
          lastResult={answer.result}
        />
      )}
    </SettingsFormPage>
  );
}

export const meta: MetaFunction = () => [{ title: "New invitations · Atrium" }];
