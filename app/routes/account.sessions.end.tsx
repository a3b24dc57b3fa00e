// account.sessions.end — signs one of the person's other sessions out.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { badRequest } from "../http/responses.server";
import { paths } from "../paths";

const SessionForm = z.object({ session: z.string().min(1).max(64) });

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("account.sessions.end");
  const form = await context.form(SessionForm);
  if (!form.ok) throw badRequest("This form does not say which session to sign out.");
  const ended = await context.session.own.end(person, form.value.session);
  return redirect(afterwards(paths.account, ended ? "session-ended" : "session-not-ended"));
}

export default function EndSession() {
  return (
    <FormAddress title="You sign sessions out on the page of your account" to={paths.account} name="Your account" />
  );
}
