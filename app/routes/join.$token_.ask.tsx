// join.ask — asks those who may invite for another invitation. The answer is the same whatever the link was.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { useParams } from "@remix-run/react";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { isFor } from "../models/invitations/invitations.server";
import { paths } from "../paths";

export async function action({ context, params: { token = "" } }: ActionFunctionArgs) {
  const { person, acting } = await context.visitor("join.ask");
  const opened = await context.invitations.open(token);
  const isOthers = person && opened.kind === "usable" && !isFor(opened, person);
  const request = isOthers ? { kind: "other-address" as const, person } : { kind: "unusable-link" as const };
  await context.invitations.ask(token, request, acting);
  return redirect(afterwards(paths.join(encodeURIComponent(token)), "asked"));
}

export default function Ask() {
  const token = encodeURIComponent(useParams().token ?? "");
  return (
    <FormAddress title="An invitation is asked for on its page" to={paths.join(token)} name="Go to the invitation" />
  );
}
