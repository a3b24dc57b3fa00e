// The invitations that wait for a person's address, whichever organizations they are from. For verified addresses alone.
import { eq, type Given, inArray, type OrganizationScope, preparedForSystem, type System } from "../../../db";
import type { Organizations } from "../organizations.server";
import { findPerson } from "../users.server";
import { admissionOf } from "./admission.server";
import { addressKey, statusOf } from "./invitation.server";
import type { Reader, WaitingInvitation } from "./invitations.server";

export interface WaitingOptions {
  system: System;
  organizations: Organizations;
  scopeOf: (organizationId: string) => OrganizationScope;
  now: () => number;
}

export type Waiting = ReturnType<typeof createWaiting>;

const linksTo = preparedForSystem((db, { invitationLinks }, given: Given<{ addressKey: string }>) =>
  db
    .select({ id: invitationLinks.id, organizationId: invitationLinks.organizationId })
    .from(invitationLinks)
    .where(eq(invitationLinks.addressKey, given.addressKey)),
);

export function createWaiting({ system, organizations, scopeOf, now }: WaitingOptions) {
  async function waitingFor(reader: Pick<Reader, "id">): Promise<WaitingInvitation[]> {
    const person = await findPerson(system, reader.id);
    if (!person?.emailVerified || person.email === "") return [];
    const links = await system.query(linksTo, { addressKey: addressKey(person.email) });
    const found: WaitingInvitation[] = [];
    for (const organizationId of new Set(links.map((link) => link.organizationId))) {
      const ids = links.filter((link) => link.organizationId === organizationId).map(({ id }) => id);
      found.push(...(await waitingIn(organizationId, ids)));
    }
    return found.sort((one, other) => one.expiresAt.getTime() - other.expiresAt.getTime());
  }

  async function waitingIn(organizationId: string, ids: string[]): Promise<WaitingInvitation[]> {
    const scope = scopeOf(organizationId);
    const rows = await scope.read((db, { invitations, members }) =>
      db
        .select({
          id: invitations.id,
          status: invitations.status,
          address: invitations.address,
          inviterName: members.name,
          roleName: invitations.roleName,
          expiresAt: invitations.expiresAt,
        })
        .from(invitations)
        .innerJoin(members, eq(members.userId, invitations.invitedBy))
        .where(inArray(invitations.id, ids)),
    );
    const whyNot = await scope.read(admissionOf);
    const [organization] = await organizations.listOrganizations([organizationId]);
    const shown = {
      organizationId,
      organizationName: organization?.name ?? "",
      organizationColour: organization?.colour ?? 0,
    };
    return rows
      .filter((row) => statusOf(row, now()) === "pending")
      .map(({ id, address, inviterName, roleName, expiresAt }) => {
        return { id, ...shown, inviterName, roleName, expiresAt, notAdmitted: whyNot(address) };
      });
  }

  return { waitingFor };
}
