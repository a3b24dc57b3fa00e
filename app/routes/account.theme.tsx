// account.theme — shows this browser Atrium in light, in dark, or as the device has it.
import { redirectDocument, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { badRequest } from "../http/responses.server";
import { themes } from "../http/theme";
import { paths } from "../paths";

const ThemeForm = z.object({ theme: z.enum(themes) });

export async function action({ context }: ActionFunctionArgs) {
  await context.requirePerson("account.theme");
  const form = await context.form(ThemeForm);
  if (!form.ok) throw badRequest("This form does not say which theme to show.");
  const headers = { "Set-Cookie": context.themeCookie(form.value.theme) };
  return redirectDocument(afterwards(paths.account, "theme-changed"), { headers }); // the whole page takes the new one
}

export default function ThemeAddress() {
  return (
    <FormAddress title="You choose the theme on the page of your account" to={paths.account} name="Your account" />
  );
}
