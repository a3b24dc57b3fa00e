// What is set for an organization, apart from its name: its colour, with what new invitations begin, and whom they may be for.
import { inArray, not, type OrganizationScope, type Row, sql, type TenantTables, type Writes } from "../../../db";
import type { Actor } from "../member-roles.server";

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
export async function changeColour(scope: OrganizationScope, colour: number, at = new Date()): Promise<void> {
  await scope.write((tx, tables) => keepSettings(tx, tables, { colour }, at));
}

export async function changeInvitationDefaults(
  scope: OrganizationScope,
  { roleId, days }: { roleId: string; days: number },
  at = new Date(),
): Promise<void> {
  await scope.write((tx, tables) => keepSettings(tx, tables, { invitationRoleId: roleId, invitationDays: days }, at));
}

/** Sets exactly these. They count at once, also for invitations that wait. */
export async function changeDomains(
  scope: OrganizationScope,
  { person }: Actor,
  domains: string[],
  at = new Date(),
): Promise<void> {
  await scope.write(async (tx, tables) => {
    const { invitationDomains } = tables;
    const others = domains.length > 0 ? not(inArray(invitationDomains.domain, domains)) : sql`true`;
    await tx.remove(invitationDomains, others);
    for (const domain of domains)
      await tx.upsert(invitationDomains, { domain, addedBy: person.id, createdAt: at }, { domain });
  });
}

/** The organization's one row, made when there is something to keep. */
export function keepSettings(
  tx: Writes,
  { organizationSettings }: TenantTables,
  changes: Partial<Omit<Row<"organizationSettings">, "updatedAt">>,
  at: Date,
): Promise<Row<"organizationSettings">> {
  return tx.upsert(organizationSettings, { ...changes, updatedAt: at }, { ...changes, updatedAt: at });
}
