// auth.sign-in — off to Logto's sign-in page, or a page that says why that is no use just now.
import { data, type AppLoadContext, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { localPath } from "../http/local-path.server";
import { SignInFaultPage } from "../components/sign-in-fault";

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.visitor("auth.sign-in");
  const asked = new URL(request.url).searchParams;
  const returnTo = localPath(asked.get("returnTo"));
  if (!(await context.session.isLogtoThere()))
    return data({ fault: "unavailable" as const, returnTo }, { status: 503, headers: { "Retry-After": "10" } });
  const loginHint = await invitedAddress(context, returnTo);
  throw await context.session.beginSignIn(request, returnTo, {
    loginHint,
    switchAccount: asked.get("screen") === "switch",
  });
}

/** Found by the invitation's link, so that no address of ours carries it. */
async function invitedAddress({ invitations }: AppLoadContext, returnTo: string | undefined) {
  const token = /^\/join\/([\w.-]+)$/.exec(returnTo ?? "")?.[1];
  const opened = token === undefined ? undefined : await invitations.open(token);
  return opened?.kind === "usable" ? opened.address : undefined;
}

export default SignInFaultPage;

export const meta: MetaFunction = () => [{ title: "Sign in · Atrium" }];
