// Whom an organization's invoices are for. What is changed counts for the invoices that are made from then on.
import { type BillTo, desc, newId, type OrganizationScope, type Reads, type TenantTables } from "../../../db";
import { writeAudit } from "../audit.server";

export interface SavedDetails {
  details: BillTo;
  /** 0 until somebody has saved any. */
  version: number;
  savedAt: Date;
}

export type DetailsChange = { ok: true } | { ok: false; reason: "stale"; current: SavedDetails };

export const noDetails: BillTo = {
  company: "",
  line1: "",
  line2: "",
  postalCode: "",
  city: "",
  country: "",
  taxId: "",
  email: "",
  purchaseOrder: "",
};

export function readDetails(scope: OrganizationScope): Promise<SavedDetails | undefined> {
  return scope.read((db, tables) => findDetails(db, tables));
}

export async function findDetails(db: Reads, { billingDetails }: TenantTables): Promise<SavedDetails | undefined> {
  const [newest] = await db.select().from(billingDetails).orderBy(desc(billingDetails.version)).limit(1);
  if (!newest) return undefined;
  const { id: _id, version, createdAt: savedAt, ...details } = newest;
  return { details, version, savedAt };
}

/** @param version the one that was read: whatever was saved since is not written over unseen. */
export function saveDetails(
  scope: OrganizationScope,
  { version, details, at }: { version: number; details: BillTo; at: Date },
): Promise<DetailsChange> {
  return scope.write(async (tx, tables) => {
    const current = await findDetails(tx, tables);
    if (current && isSame(current.details, details)) return { ok: true }; // sent twice
    if (current && current.version !== version) return { ok: false, reason: "stale", current };
    await tx.insert(tables.billingDetails, {
      ...details,
      id: newId(),
      version: (current?.version ?? 0) + 1,
      createdAt: at,
    });
    await writeAudit(tx, { action: "billing.details", to: changedIn(current?.details ?? noDetails, details) });
    return { ok: true };
  });
}

const words: Record<keyof BillTo, string> = {
  company: "company",
  line1: "address",
  line2: "second line of the address",
  postalCode: "postal code",
  city: "city",
  country: "country",
  taxId: "VAT or tax number",
  email: "e-mail address",
  purchaseOrder: "purchase order",
};

const fields = Object.keys(words) as (keyof BillTo)[];

const isSame = (one: BillTo, other: BillTo) => fields.every((field) => one[field] === other[field]);

/** Which of them, not what they say: the log is read by more people. */
const changedIn = (before: BillTo, after: BillTo) =>
  fields.flatMap((field) => (before[field] === after[field] ? [] : words[field])).join(", ");
