// /organization-invitations: the routes; the rules are in the directory.
import { z } from "zod";
import type { Store } from "../database/store";
import {
  acceptInvitation,
  createInvitation,
  deleteInvitation,
  invitationMail,
  listInvitations,
  requireInvitation,
  revokeInvitation,
} from "../directory/invitations";
import { notFound } from "../errors";
import type { Faults } from "../faults/faults";
import type { Mailer } from "../mail/mailer";
import { type Route, created, empty, ok, route } from "./api";

const MessagePayload = z.record(z.string(), z.unknown());
const NewInvitation = z.object({
  organizationId: z.string().min(1),
  invitee: z.email(),
  inviterId: z.string().nullish(),
  expiresAt: z.number(),
  organizationRoleIds: z.array(z.string()).optional(),
  messagePayload: z.union([MessagePayload, z.literal(false)]).default(false),
});
const Status = z.object({ status: z.enum(["Accepted", "Revoked"]), acceptedUserId: z.string().nullish() });

export function invitationRoutes(store: Store, mailer: Mailer, faults: Faults): Route[] {
  const path = "/organization-invitations";
  return [
    route("get", path, {}, ({ query }) => ok(listInvitations(store, query))),
    route("post", path, { body: NewInvitation }, async ({ body, ip }) => {
      const { messagePayload, ...input } = body;
      const invitation = createInvitation(store, input);
      if (messagePayload) {
        try {
          await mailer.send({ ...invitationMail(store, invitation, messagePayload), ip });
        } catch (error) {
          deleteInvitation(store, invitation.id);
          throw error;
        }
      }
      return created(invitation);
    }),
    route("get", `${path}/:id`, {}, ({ params: { id = "" } }) => ok(requireInvitation(store, id))),
    route(
      "post",
      `${path}/:id/message`,
      { body: MessagePayload.optional() },
      async ({ params: { id = "" }, body, ip }) => {
        await mailer.send({ ...invitationMail(store, requireInvitation(store, id), body ?? {}), ip });
        return empty();
      },
    ),
    route("put", `${path}/:id/status`, { body: Status }, async (call) => {
      const { id = "" } = call.params;
      const { status, acceptedUserId } = call.body;
      const read = requireInvitation(store, id);
      // Logto reads the status outside the transaction that changes it; the fault makes the gap wide enough to fall into.
      const stale = (await faults.invitationRace()) ? read : undefined;
      if (status === "Revoked") return ok(revokeInvitation(store, id, stale));
      const { invitation, joined } = acceptInvitation(store, id, acceptedUserId ?? undefined, stale);
      call.emit("Organization.Membership.Updated", {
        organizationId: invitation.organizationId,
        ...(joined ? { addedUserIds: [acceptedUserId] } : {}),
      });
      return ok(invitation);
    }),
    route("delete", `${path}/:id`, {}, ({ params: { id = "" } }) => {
      if (!deleteInvitation(store, id)) throw notFound();
      return empty();
    }),
  ];
}
