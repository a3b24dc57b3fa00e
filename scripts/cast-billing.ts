// What two organizations of the demo cast pay for: a plan since three months ago, billing details, and the invoices of these months.
import { findDetails, noDetails } from "../app/models/billing/details.server";
import { issueDue, settleInvoice } from "../app/models/billing/invoices.server";
import { addDays, addMonths, type Day, dayOf } from "../app/models/billing/periods";
import type { PlanName } from "../app/models/billing/plans";
import { desc, newId, type OrganizationScope } from "../db";

export interface BilledOrganization {
  name: string;
  plan: PlanName;
  /** The members it has. */
  seats: number;
  details: { line1: string; postalCode: string; city: string; country: string; email: string };
}

const noon = (day: Day) => new Date(`${day}T12:00:00Z`);

/** Writes nothing into an organization that has billing details. @returns the id of its newest invoice */
export async function seedBilling(
  scope: OrganizationScope,
  { name, plan, seats, details }: BilledOrganization,
  now = new Date(),
): Promise<string | undefined> {
  const first = addMonths(dayOf(now), -3);
  const begun = await scope.write(async (tx, tables) => {
    if (await findDetails(tx, tables)) return false;
    const createdAt = noon(first);
    const company = `${name} Ltd`;
    await tx.insert(tables.billingDetails, { ...noDetails, ...details, company, id: newId(), version: 1, createdAt });
    await tx.insert(tables.planChoices, { id: newId(), plan, startsOn: first, createdAt });
    return true;
  });
  for (const month of begun ? [0, 1, 2] : []) {
    const day = addMonths(first, month);
    const issuing = { organizationId: scope.organizationId, organizationName: name, seats, at: noon(day) };
    const [invoice] = await scope.write((tx, tables) => issueDue(tx, tables, issuing));
    const paid = month < 2;
    if (invoice && paid) await settleInvoice(scope, invoice.id, { status: "paid", at: noon(addDays(day, 9)) });
  }
  const [newest] = await scope.read((db, { invoices }) =>
    db.select().from(invoices).orderBy(desc(invoices.number)).limit(1),
  );
  return newest?.id;
}
