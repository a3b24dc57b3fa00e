// Every table of an organization, in the order in which it can be erased. A new table does not compile until it stands here.
import { asc, gt, inArray, type OrganizationScope, type Row, type TenantTables } from "../../db";

export type OwnTable = keyof TenantTables;

/** `key` is what is unique inside the organization. `exported` false: nothing in it that is not in another table, or nothing that a person wrote. */
export const organizationTables = {
  comments: { key: "id", exported: true },
  posts: { key: "id", exported: true },
  invitationRequests: { key: "id", exported: true },
  invitationLinks: { key: "id", exported: false },
  invitations: { key: "id", exported: true },
  invitationDomains: { key: "domain", exported: true },
  exportFiles: { key: "id", exported: false },
  planChoices: { key: "id", exported: true },
  billingDetails: { key: "id", exported: true },
  invoices: { key: "id", exported: true },
  organizationSettings: { key: "updatedAt", exported: false },
  auditRefusals: { key: "id", exported: false },
  auditEvents: { key: "id", exported: true },
  members: { key: "userId", exported: true },
} as const satisfies { [Name in OwnTable]: { key: keyof Row<Name>; exported: boolean } };

export const ownTables = Object.keys(organizationTables) as OwnTable[]; // its keys are the tables' names

type AnyRow = Record<string, unknown>;

/** The rows after a key, in its order. */
export function rowsAfter(
  scope: OrganizationScope,
  name: OwnTable,
  after: string | undefined,
  limit: number,
): Promise<AnyRow[]> {
  return scope.read(async (db, tables) => {
    const { table, key } = keyed(tables, name);
    const rows = await db
      .select()
      .from(table)
      .where(after === undefined ? undefined : gt(key, after))
      .orderBy(asc(key))
      .limit(limit);
    return rows as AnyRow[];
  });
}

/** Erases at most `limit` rows in one transaction. @returns how many it were */
export function eraseSome(scope: OrganizationScope, name: OwnTable, limit: number): Promise<number> {
  if (name === "auditEvents") return scope.forgetAudit({ before: "all", limit });
  return scope.write(async (tx, tables) => {
    const { table, key } = keyed(tables, name);
    const keys = await tx.select({ key }).from(table).limit(limit);
    if (keys.length === 0) return 0;
    const erased = await tx.remove(
      table,
      inArray(
        key,
        keys.map((row) => row.key),
      ),
    );
    return erased.length;
  });
}

function keyed(tables: TenantTables, name: OwnTable) {
  const table: TenantTables["posts"] = tables[name] as never; // whichever it is: only its key is named here
  const key: TenantTables["posts"]["id"] = table[organizationTables[name].key as "id"];
  return { table, key };
}
