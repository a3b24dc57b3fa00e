// settings.delete.undo — keeps the organization after all.
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { afterwards } from "../components/done-notice";
import { SettingsFormPage } from "../components/settings-forms";
import { paths } from "../paths";

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.delete.undo");
  const undone = await context.deletion.undo(member.scope, member.organization);
  return redirect(afterwards(paths.settings, undone ? "deletion-undone" : "deletion-not-undone"));
}

export default function UndoDeletion() {
  return <SettingsFormPage title="A deletion is undone on the organization's own pages" />;
}

export const meta: MetaFunction = () => [{ title: "Undo the deletion · Atrium" }];
