// members.invitations.resend — sends invitations again, under the same link, and moves their expiry.
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { InvitationOutcomes } from "../components/invitation-outcomes";
import { invitationRefusals, mailSentences, noSeatSentence } from "../components/send-sentences";
import { addressesPerBatch } from "../models/invitations/invitations.server";
import { paths } from "../paths";

const ChosenForm = z.object({ invitation: z.array(z.string().max(64)).min(1).max(addressesPerBatch) });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("invitations.resend");
  const form = await context.form(ChosenForm);
  if (!form.ok) return redirect(afterwards(paths.invitations, "none-chosen"));
  const ids = form.value.invitation;
  const resent = await context.invitations.resend(member.scope, member, ids);
  if (resent.every((one) => one.ok && one.result === "sent"))
    return redirect(afterwards(paths.invitations, "invitations-resent", ids.length === 1 ? ids[0] : undefined));
  const isFull = resent.some((one) => !one.ok && one.reason === "no-seat");
  const managers = isFull ? await context.billing.managers(member) : undefined;
  const outcomes = resent.map(async (one) => {
    const address = one.address ?? (await context.invitations.find(member.scope, one.id))?.address ?? "An invitation";
    if (!one.ok && one.reason === "no-seat")
      return { address, ok: false, sentence: noSeatSentence("Nothing was changed", managers) };
    if (!one.ok) return { address, ok: false, sentence: invitationRefusals[one.reason] };
    return { address, ok: one.result === "sent", sentence: mailSentences[one.result], link: one.link };
  });
  return { outcomes: await Promise.all(outcomes) };
}

export default function Resent() {
  return <InvitationOutcomes title="Not all was sent" />;
}

export const meta: MetaFunction = () => [{ title: "Send invitations again · Atrium" }];
