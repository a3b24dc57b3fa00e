// What is set for an organization, apart from its name: its colour, with what new invitations begin, and whom they may be for.
import { inArray, not, type OrganizationScope, type OrganizationWrites, type Row, sql } from "../../../db";
import { colourNames } from "../../colours";
import { writeAudit } from "../audit.server";
import type { Actor } from "../member-roles.server";
import type { Organization } from "../organizations.server";

export interface Settings {
  /** The role and the days that a new invitation begins with; null: nobody has set them. */
  invitationRoleId: string | null;
  invitationDays: number | null;
  /** Addresses of these domains alone may be invited. None: every address. */
  domains: string[];
}

export function findSettings(scope: OrganizationScope): Promise<Settings> {
  return scope.read(async (db, { organizationSettings, invitationDomains }) => {
    const [row] = await db.select().from(organizationSettings);
    const domains = await db.select().from(invitationDomains).orderBy(invitationDomains.domain);
    return {
      invitationRoleId: row?.invitationRoleId ?? null,
      invitationDays: row?.invitationDays ?? null,
      domains: domains.map(({ domain }) => domain),
    };
  });
}

/** @param colour one of the interface's twelve, 0 to 11 */
export async function changeColour(
  scope: OrganizationScope,
  organization: Organization,
  colour: number,
): Promise<void> {
  await scope.write(async (tx) => {
    await keepSettings(tx, { colour });
    const change = { from: colourNames[organization.colour], to: colourNames[colour] };
    await writeAudit(tx, { action: "settings.colour", target: auditedOrganization(organization), ...change });
  });
}

export async function changeInvitationDefaults(
  scope: OrganizationScope,
  organization: Organization,
  { role, days }: { role: { id: string; name: string }; days: number },
): Promise<void> {
  await scope.write(async (tx) => {
    await keepSettings(tx, { invitationRoleId: role.id, invitationDays: days });
    const target = auditedOrganization(organization);
    await writeAudit(tx, { action: "settings.invitations", target, to: `${role.name}, ${days} days` });
  });
}

/** Sets exactly these. They count at once, also for invitations that wait. */
export async function changeDomains(
  scope: OrganizationScope,
  { person }: Actor,
  organization: Organization,
  domains: string[],
): Promise<void> {
  await scope.write(async (tx, { invitationDomains }) => {
    const former = await tx.select().from(invitationDomains).orderBy(invitationDomains.domain);
    const others = domains.length > 0 ? not(inArray(invitationDomains.domain, domains)) : sql`true`;
    await tx.remove(invitationDomains, others);
    for (const domain of domains)
      await tx.upsert(invitationDomains, { domain, addedBy: person.id, createdAt: tx.at }, { domain });
    const change = { from: asWords(former.map(({ domain }) => domain)), to: asWords(domains.toSorted()) };
    await writeAudit(tx, { action: "settings.domains", target: auditedOrganization(organization), ...change });
  });
}

const asWords = (domains: string[]) => domains.join(", ") || "every domain";

/** The organization's one row, made when there is something to keep. */
export function keepSettings(
  tx: OrganizationWrites,
  changes: Partial<Omit<Row<"organizationSettings">, "updatedAt">>,
): Promise<Row<"organizationSettings">> {
  const values = { ...changes, updatedAt: tx.at };
  return tx.upsert(tx.tables.organizationSettings, values, values);
}

export const auditedOrganization = ({ id, name }: Pick<Organization, "id" | "name">) => ({
  type: "organization" as const,
  id,
  name,
});
