// settings.name — renames the organization, at Logto and here.
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { afterwards } from "../components/done-notice";
import { NameForm, SettingsFormPage } from "../components/settings-forms";
import { invalid } from "../http/form.server";
import { unavailable } from "../http/responses.server";
import { OrganizationName } from "../models/organizations.server";
import { paths } from "../paths";

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.name");
  const form = await context.form(z.object({ name: OrganizationName }));
  if (!form.ok) return invalid(form);
  const renamed = await context.renaming.rename(member.scope, member.organization, form.value.name);
  if (renamed.ok) return redirect(afterwards(paths.settings, "organization-renamed"));
  if (renamed.reason === "unavailable") throw unavailable({ kept: await context.kept() });
  if (renamed.reason === "busy") return invalid(form, { formErrors: [busy] }, 409);
  return invalid(form, { fieldErrors: { name: ["Logto does not take this name. Choose another one."] } }, 409);
}

const busy =
  "Nothing was changed: others are changing the organization at this moment. Wait a few seconds, then try again.";

export default function Rename() {
  const answer = useAnswer<typeof action>();
  return (
    <SettingsFormPage title="Rename the organization">
      {answer && <NameForm lastResult={answer.result} />}
    </SettingsFormPage>
  );
}

export const meta: MetaFunction = () => [{ title: "Rename the organization · Atrium" }];
