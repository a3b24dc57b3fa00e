// Finds an invitation for somebody who is in no organization: by its link, or by its id.
import { eq, type Given, preparedForSystem, type OrganizationScope, type System } from "../../../db";
import type { InvitationLinks } from "../invitation-link.server";
import { findInvitation, type Invitation } from "./invitation.server";

export interface LookupOptions {
  system: System;
  links: InvitationLinks;
  scopeOf: (organizationId: string) => OrganizationScope;
}

export interface Found {
  scope: OrganizationScope;
  invitation: Invitation;
}

export type Lookup = ReturnType<typeof createLookup>;

const organizationOf = preparedForSystem((db, { invitationLinks }, given: Given<{ id: string }>) =>
  db
    .select({ organizationId: invitationLinks.organizationId })
    .from(invitationLinks)
    .where(eq(invitationLinks.id, given.id)),
);

export function createLookup({ system, links, scopeOf }: LookupOptions) {
  async function byId(id: string): Promise<Found | undefined> {
    const [link] = await system.query(organizationOf, { id });
    if (!link) return undefined;
    const scope = scopeOf(link.organizationId);
    const invitation = await findInvitation(scope, id);
    return invitation && { scope, invitation };
  }

  /** `any generation`: also by a link that was replaced since. */
  async function byToken(
    token: string,
    which: "this generation" | "any generation" = "this generation",
  ): Promise<Found | undefined> {
    const id = links.idOf(token);
    const found = id ? await byId(id) : undefined;
    if (!found) return undefined;
    const { generation } = found.invitation;
    const oldest = which === "this generation" ? generation : 1;
    for (let tried = generation; tried >= oldest; tried -= 1)
      if (links.opens(token, { id: found.invitation.id, generation: tried })) return found;
    return undefined;
  }

  return { byId, byToken };
}
