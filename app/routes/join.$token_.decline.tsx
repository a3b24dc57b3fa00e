// join.decline — says no to an invitation, with an account or without one.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { afterwards } from "../components/done-notice";
import { paths } from "../paths";

export async function action({ context, params: { token = "" } }: ActionFunctionArgs) {
  await context.visitor("join.decline");
  const declined = await context.invitations.decline(token);
  const here = paths.join(encodeURIComponent(token));
  return redirect(declined.ok ? afterwards(here, "declined") : here);
}
