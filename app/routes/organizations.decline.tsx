// waiting.decline — says no to an invitation that waits for the person's address.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { badRequest } from "../http/responses.server";
import { paths } from "../paths";

const WaitingForm = z.object({ invitation: z.string().min(1).max(64) });

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("waiting.decline");
  const form = await context.form(WaitingForm);
  if (!form.ok) throw badRequest("This form does not say which invitation to decline.");
  const declined = await context.invitations.declineWaiting(person, form.value.invitation);
  return redirect(afterwards(paths.organizations, declined.ok ? "declined" : "invitation-gone"));
}

export default function DeclineWaiting() {
  return (
    <FormAddress
      title="An invitation is declined in the list of organizations"
      to={paths.organizations}
      name="Go to the organizations"
    />
  );
}
