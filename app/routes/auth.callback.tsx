// auth.callback — where Logto sends the browser back to: a session begins, or a page says what happened and offers to try again.
import { data, redirect, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { SignInFaultPage } from "../components/sign-in-fault";
import { paths } from "../paths";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { person } = await context.visitor("auth.callback");
  const outcome = await context.session.finishSignIn(request);
  const headers = new Headers(outcome.cookies.map((cookie): [string, string] => ["Set-Cookie", cookie]));
  if (outcome.ok) return redirect(outcome.landing, { headers });
  if (outcome.fault === "spent" && person) return redirect(outcome.returnTo ?? paths.posts, { headers });
  return data(
    { fault: outcome.fault, returnTo: outcome.returnTo },
    { status: outcome.fault === "unavailable" ? 503 : 400, headers },
  );
}

export default SignInFaultPage;

export const meta: MetaFunction = () => [{ title: "Sign-in did not work · Atrium" }];
