// auth.sign-out — ends the session here and at Logto.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { FormAddress } from "../components/form-address";
import { paths } from "../paths";

export async function action({ request, context }: ActionFunctionArgs) {
  await context.visitor("auth.sign-out");
  const { cookie, next } = await context.session.signOut(request);
  return redirect(next, { headers: { "Set-Cookie": cookie } });
}

export default function SignOut() {
  return <FormAddress title="You sign out with the button of that name" to={paths.home} name="Go to the start page" />;
}
