// auth.consent — asks Logto, without a page of its own, for permissions that came into being after the sign-in, and comes back.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { localPath } from "../http/local-path.server";
import { paths } from "../paths";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const person = await context.requirePerson("auth.consent");
  const returnTo = localPath(new URL(request.url).searchParams.get("returnTo")) ?? paths.posts;
  return context.session.beginConsent(person, request, returnTo);
}
