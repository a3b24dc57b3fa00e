// settings.colour — gives the organization another colour.
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { SettingsFormPage } from "../components/settings-forms";
import { badRequest } from "../http/responses.server";
import { changeColour } from "../models/settings/settings.server";
import { paths } from "../paths";

const ColourOfForm = z.object({ colour: z.string().regex(/^(\d|1[01])$/) });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.colour");
  const form = await context.form(ColourOfForm);
  if (!form.ok) throw badRequest("This form does not name one of the twelve colours.");
  await changeColour(member.scope, member.organization, Number(form.value.colour));
  return redirect(afterwards(paths.settings, "colour-changed"));
}

export default function Colour() {
  return <SettingsFormPage title="Choose a colour in the settings" />;
}

export const meta: MetaFunction = () => [{ title: "Colour of the organization · Atrium" }];
