// auth.sign-in — off to Logto's sign-in page, or a page that says why that is no use just now.
import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { localPath } from "../http/local-path.server";
import { SignInFaultPage } from "../components/sign-in-fault";

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.visitor("auth.sign-in");
  const returnTo = localPath(new URL(request.url).searchParams.get("returnTo"));
  if (!(await context.session.isLogtoThere()))
    return data({ fault: "unavailable" as const, returnTo }, { status: 503, headers: { "Retry-After": "10" } });
  throw await context.session.beginSignIn(request, returnTo);
}

export default SignInFaultPage;

export const meta: MetaFunction = () => [{ title: "Sign in · Atrium" }];
