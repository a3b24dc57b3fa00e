// account.sessions.end-others — signs the person out everywhere but here.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { afterwards } from "../components/done-notice";
import { FormAddress } from "../components/form-address";
import { paths } from "../paths";

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("account.sessions.end-others");
  await context.session.own.endOthers(person);
  return redirect(afterwards(paths.account, "sessions-ended"));
}

export default function EndOtherSessions() {
  return (
    <FormAddress title="You sign sessions out on the page of your account" to={paths.account} name="Your account" />
  );
}
