// members.invite.progress — how far a batch of invitations is, for the page that is sending it.
import type { LoaderFunctionArgs } from "@remix-run/node";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const member = await context.requireMember("invitations.progress");
  const batch = new URL(request.url).searchParams.get("batch") ?? "";
  return Response.json(await context.invitations.progress(member.scope, batch.slice(0, 64)));
}
