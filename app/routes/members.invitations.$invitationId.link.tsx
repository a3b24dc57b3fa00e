// members.invitations.link — gives an invitation a new link and sends it; the old one can no longer be used.
import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { InvitationOutcomes } from "../components/invitation-outcomes";
import { invitationRefusals, mailSentences, noSeatSentence } from "../components/send-sentences";
import { notFound } from "../http/responses.server";

export async function action({ context, params: { invitationId = "" } }: ActionFunctionArgs) {
  const member = await context.requireMember("invitations.renew");
  const renewed = await context.invitations.renewLink(member.scope, member, invitationId);
  if (!renewed.ok && renewed.reason === "missing") throw notFound();
  const { address = (await context.invitations.find(member.scope, invitationId))?.address ?? "" } = renewed;
  if (!renewed.ok && renewed.reason === "no-seat") {
    const sentence = noSeatSentence("Nothing was changed", await context.billing.managers(member));
    return { outcomes: [{ address, ok: false, sentence }] };
  }
  if (!renewed.ok) return { outcomes: [{ address, ok: false, sentence: invitationRefusals[renewed.reason] }] };
  const sentence = `The old link can't be used any more. ${mailSentences[renewed.result]}`;
  return { outcomes: [{ address, ok: true, sentence, link: renewed.link }] };
}

export default function Renewed() {
  return <InvitationOutcomes title="New link" />;
}

export const meta: MetaFunction = () => [{ title: "New link · Atrium" }];
