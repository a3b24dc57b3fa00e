// The invitations that wait for a person's address, whichever organizations they are from. For verified addresses alone.
import { and, eq, type Given, inArray, type OrganizationScope, preparedForSystem, sql, type System } from "../../../db";
import type { Organizations } from "../organizations.server";
import { admissionOf } from "./admission.server";
import { statusOf } from "./invitation.server";
import type { Reader, WaitingInvitation } from "./invitations.server";

export interface WaitingOptions {
  system: System;
  organizations: Organizations;
  scopeOf: (organizationId: string) => OrganizationScope;
  now: () => number;
}

export type Waiting = ReturnType<typeof createWaiting>;

/** One query, since every page asks. */
const linksTo = preparedForSystem((db, { users, invitationLinks }, given: Given<{ personId: string }>) =>
  db
    .select({ id: invitationLinks.id, organizationId: invitationLinks.organizationId })
    .from(users)
    .innerJoin(invitationLinks, eq(invitationLinks.addressKey, sql`lower(${users.email})`))
    .where(and(eq(users.id, given.personId), eq(users.emailVerified, true))),
);

export function createWaiting({ system, organizations, scopeOf, now }: WaitingOptions) {
  async function waitingFor(reader: Pick<Reader, "id">): Promise<WaitingInvitation[]> {
    const links = await system.query(linksTo, { personId: reader.id });
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
