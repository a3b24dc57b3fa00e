// What the holder of a link is shown. Asking changes nothing, and every link that cannot be used looks the same.
import type { Management } from "../../logto/management.server";
import { orUnavailable } from "../../logto/outcome.server";
import { roleChoices } from "../member-roles.server";
import { findMember } from "../members.server";
import type { Organizations } from "../organizations.server";
import { admissionOf } from "./admission.server";
import { masked, statusOf } from "./invitation.server";
import type { Opened } from "./invitations.server";
import type { Lookup } from "./lookup.server";

export interface OpenOptions {
  management: Management;
  organizations: Organizations;
  lookup: Lookup;
  now: () => number;
}

export function createOpen({ management, organizations, lookup, now }: OpenOptions) {
  return async function open(token: string): Promise<Opened> {
    const found = await lookup.byToken(token);
    if (!found || statusOf(found.invitation, now()) !== "pending") return { kind: "unusable" };
    const { scope, invitation } = found;
    const [organization] = await organizations.listOrganizations([scope.organizationId]);
    const inviter = await findMember(scope, invitation.invitedBy);
    const roles = await orUnavailable(async () => roleChoices(await management.organizationRoles()));
    const role = roles === "unavailable" ? undefined : roles.find(({ id }) => id === invitation.roleId);
    const { address, roleName, note, expiresAt } = invitation;
    const notAdmitted = await scope.read(async (...of) => (await admissionOf(...of))(address));
    return {
      kind: "usable",
      invitationId: invitation.id,
      organizationId: scope.organizationId,
      organizationName: organization?.name ?? "",
      organizationColour: organization?.colour ?? 0,
      inviterName: inviter?.name ?? "",
      roleName: role?.name ?? roleName,
      rolePermissions: role?.permissions ?? [],
      ...{ note, expiresAt, address, notAdmitted },
      maskedAddress: masked(address),
    };
  };
}
