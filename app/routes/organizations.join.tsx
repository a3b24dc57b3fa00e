// waiting.accept — joins an organization whose invitation waits for the person's address.
import { redirect, redirectDocument, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { badRequest, unavailable } from "../http/responses.server";
import { paths } from "../paths";

const WaitingForm = z.object({ invitation: z.string().min(1).max(64) });

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("waiting.accept");
  const form = await context.form(WaitingForm);
  if (!form.ok) throw badRequest("This form does not say which invitation to accept.");
  const accepted = await context.invitations.acceptWaiting(person, form.value.invitation);
  if (accepted.ok) {
    await context.session.enter(person, accepted.organizationId);
    return redirectDocument(afterwards(paths.posts, "joined"));
  }
  if (accepted.reason === "unavailable") throw unavailable();
  return redirect(afterwards(paths.organizations, whyNot[accepted.reason]));
}

const whyNot = {
  unverified: "invitation-unverified",
  "no-seat": "invitation-full",
  "being-deleted": "invitation-being-deleted",
  "domain-not-allowed": "invitation-domain-not-allowed",
  unusable: "invitation-gone",
  "other-address": "invitation-gone",
} as const;

export default function JoinWaiting() {
  return (
    <FormAddress
      title="You join an organization from the list of them"
      to={paths.organizations}
      name="Go to the organizations"
    />
  );
}
