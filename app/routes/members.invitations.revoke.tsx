// members.invitations.revoke — takes invitations back: their links can no longer be used.
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { afterwards } from "../components/done-notice";
import { InvitationOutcomes } from "../components/invitation-outcomes";
import { invitationRefusals } from "../components/send-sentences";
import { addressesPerBatch } from "../models/invitations/invitations.server";
import { paths } from "../paths";

const ChosenForm = z.object({ invitation: z.array(z.string().max(64)).min(1).max(addressesPerBatch) });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("invitations.revoke");
  const form = await context.form(ChosenForm);
  if (!form.ok) return redirect(afterwards(paths.invitations, "none-chosen"));
  const ids = form.value.invitation;
  const revoked = await context.invitations.revoke(member.scope, member, ids);
  if (revoked.every(({ ok }) => ok))
    return redirect(afterwards(paths.invitations, "invitations-revoked", ids.length === 1 ? ids[0] : undefined));
  const outcomes = revoked.map((one) => {
    const { address = "An invitation" } = one;
    return { address, ok: one.ok, sentence: one.ok ? "Revoked." : invitationRefusals[one.reason] };
  });
  return { outcomes };
}

export default function Revoked() {
  return <InvitationOutcomes title="Not all was revoked" />;
}

export const meta: MetaFunction = () => [{ title: "Revoke invitations · Atrium" }];
