// auth.sign-out — ends the session here and at Logto.
import { redirect, type ActionFunctionArgs } from "@remix-run/node";

export async function action({ request, context }: ActionFunctionArgs) {
  await context.visitor("auth.sign-out");
  const { cookie, next } = await context.session.signOut(request);
  return redirect(next, { headers: { "Set-Cookie": cookie } });
}
