// join.decline — says no to an invitation, with an account or without one.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { useParams } from "@remix-run/react";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { paths } from "../paths";

export async function action({ context, params: { token = "" } }: ActionFunctionArgs) {
  const { acting } = await context.visitor("join.decline");
  const declined = await context.invitations.decline(token, acting);
  const here = paths.join(encodeURIComponent(token));
  return redirect(declined.ok ? afterwards(here, "declined") : here);
}

export default function Decline() {
  const token = encodeURIComponent(useParams().token ?? "");
  return (
    <FormAddress title="An invitation is declined on its page" to={paths.join(token)} name="Go to the invitation" />
  );
}
