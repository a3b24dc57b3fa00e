// Invoices: one for each period of an organization, numbered without a gap, and never changed but for whether it is paid.
import { createHash } from "node:crypto";
import {
  type BillTo,
  count,
  desc,
  eq,
  type InvoiceLine,
  newId,
  type OrganizationScope,
  type OrganizationWrites,
  type Reads,
  type Row,
  type TenantTables,
} from "../../../db";
import { writeAudit } from "../audit.server";
import { writeCsv } from "../csv";
import { findDetails, noDetails } from "./details.server";
import { decimal, inMoney } from "./money";
import { addDays, type Day, dayOf, type PaidPeriod, periodsUntil } from "./periods";
import { currency, linesFor, type PlanName, plans, totalOf } from "./plans";
import { choicesIn } from "./seats.server";

export const invoicesPerPage = 20;
/** Days until an invoice is to be paid. */
export const daysToPay = 14;
/** Periods that are made up for in one go, after a long absence. The next go makes the others. */
const mostAtOnce = 24;

export type InvoiceStatus = "open" | "overdue" | "paid" | "void";

export interface InvoiceSummary {
  id: string;
  /** As people write it: `3F2A9C-0001`. */
  number: string;
  plan: PlanName;
  startsOn: Day;
  endsOn: Day;
  issuedOn: Day;
  dueOn: Day;
  status: InvoiceStatus;
  total: number;
  currency: string;
}

export interface Invoice extends InvoiceSummary {
  lines: InvoiceLine[];
  billTo: BillTo;
  /** When it was paid or declared void. */
  settledAt: Date | null;
}

export interface Issuing {
  organizationId: string;
  organizationName: string;
  /** Used on the day of issue. */
  seats: number;
  at: Date;
}

/** The periods that have begun and have no invoice yet, the oldest first. */
export async function duePeriods(db: Reads, tables: TenantTables, at: Date): Promise<PaidPeriod[]> {
  const { invoices } = tables;
  const periods = periodsUntil(await choicesIn(db, tables), dayOf(at));
  const made = await db.select({ startsOn: invoices.startsOn }).from(invoices);
  const known = new Set(made.map(({ startsOn }) => startsOn));
  return periods.filter(({ startsOn }) => !known.has(startsOn)).slice(0, mostAtOnce);
}

/** Makes the invoices that are due, inside the write it is called in. Asked again, it finds none. */
export async function issueDue(
  tx: OrganizationWrites,
  tables: TenantTables,
  { organizationId, organizationName, seats, at }: Issuing,
): Promise<Row<"invoices">[]> {
  const { invoices } = tables;
  const [last] = await tx.select().from(invoices).orderBy(desc(invoices.number)).limit(1);
  const details = await findDetails(tx, tables);
  const billTo = { ...noDetails, ...details?.details, company: details?.details.company || organizationName };
  const issued: Row<"invoices">[] = [];
  for (const { plan, startsOn, endsOn } of await duePeriods(tx, tables, at)) {
    const issuedOn = dayOf(at);
    const invoice = await tx.insert(invoices, {
      ...{ id: newId(), number: (last?.number ?? 0) + issued.length + 1, plan, startsOn, endsOn, currency, billTo },
      lines: linesFor(plan, seats),
      status: "open",
      issuedOn,
      dueOn: addDays(issuedOn, daysToPay),
      createdAt: at,
    });
    const target = audited(organizationId, invoice);
    await writeAudit(tx, { action: "billing.invoice", target, to: inMoney(totalOf(invoice.lines), currency) });
    issued.push(invoice);
  }
  return issued;
}

/** Newest first. `page` counts from 1. */
export function listInvoices(scope: OrganizationScope, page: number, at: Date) {
  return scope.read(async (db, { invoices }) => {
    const [found] = await db.select({ count: count() }).from(invoices);
    const rows = await db
      .select()
      .from(invoices)
      .orderBy(desc(invoices.number))
      .limit(invoicesPerPage)
      .offset((page - 1) * invoicesPerPage);
    return {
      invoices: rows.map((row) => summaryOf(scope, row, at)),
      total: found?.count ?? 0,
      pageSize: invoicesPerPage,
    };
  });
}

export async function findInvoice(scope: OrganizationScope, id: string, at: Date): Promise<Invoice | undefined> {
  const [row] = await scope.read((db, { invoices }) => db.select().from(invoices).where(eq(invoices.id, id)));
  return row && invoiceOf(scope, row, at);
}

/** Every invoice as a table for a spreadsheet, the oldest first. */
export async function invoicesAsCsv(scope: OrganizationScope, at: Date): Promise<string> {
  const rows = await scope.read((db, { invoices }) => db.select().from(invoices).orderBy(invoices.number));
  const headings = ["Number", "Issued", "Due", "Status", "From", "Until", "Plan", "Seats beyond the plan’s", "Amount"];
  return writeCsv([
    [...headings, "Currency", "Company", "Tax number", "Purchase order"],
    ...rows.map((row) => {
      const { number, issuedOn, dueOn, status, startsOn, endsOn, plan, total } = summaryOf(scope, row, at);
      const seats = row.lines.find(({ kind }) => kind === "seats")?.quantity ?? 0;
      const { company, taxId, purchaseOrder } = row.billTo;
      return [
        ...[number, issuedOn, dueOn, status, startsOn, addDays(endsOn, -1), plans[plan].name, seats],
        ...[decimal(total, row.currency), row.currency, company, taxId, purchaseOrder],
      ];
    }),
  ]);
}

/** `closed`: it is paid or void already, which is not what is asked for. */
export type Settling = { ok: true; changed: boolean } | { ok: false; reason: "missing" | "closed" };

/** Says that an invoice is paid, or that nobody has to pay it. Saying it again changes nothing. */
export function settleInvoice(
  scope: OrganizationScope,
  id: string,
  { status, at }: { status: "paid" | "void"; at: Date },
): Promise<Settling> {
  return scope.write(async (tx, { invoices }) => {
    const [row] = await tx.select().from(invoices).where(eq(invoices.id, id));
    if (!row) return { ok: false, reason: "missing" };
    if (row.status === status) return { ok: true, changed: false };
    if (row.status !== "open") return { ok: false, reason: "closed" };
    await tx.update(invoices, { status, settledAt: at }, eq(invoices.id, id));
    const target = audited(scope.organizationId, row);
    await writeAudit(tx, { action: `billing.invoice.${status}`, target, from: row.status, to: status });
    return { ok: true, changed: true };
  });
}

/** What is still to be paid. */
export async function openInvoices(scope: OrganizationScope, at: Date): Promise<Invoice[]> {
  const rows = await scope.read((db, { invoices }) =>
    db.select().from(invoices).where(eq(invoices.status, "open")).orderBy(invoices.number),
  );
  return rows.map((row) => invoiceOf(scope, row, at));
}

function invoiceOf(scope: OrganizationScope, row: Row<"invoices">, at: Date): Invoice {
  const { lines, billTo, settledAt } = row;
  return { ...summaryOf(scope, row, at), lines, billTo, settledAt };
}

function summaryOf({ organizationId }: OrganizationScope, row: Row<"invoices">, at: Date): InvoiceSummary {
  const { id, plan, startsOn, endsOn, issuedOn, dueOn } = row;
  const overdue = row.status === "open" && dueOn < dayOf(at);
  return {
    ...{ id, plan, startsOn, endsOn, issuedOn, dueOn, currency: row.currency },
    number: invoiceNumber(organizationId, row.number),
    status: overdue ? "overdue" : row.status,
    total: totalOf(row.lines),
  };
}

const audited = (organizationId: string, { id, number }: Pick<Row<"invoices">, "id" | "number">) => ({
  type: "invoice" as const,
  id,
  name: invoiceNumber(organizationId, number),
});

/** Counts within the organization alone, so that it tells nothing of the others; the letters before it tell them apart on a bank statement. */
export function invoiceNumber(organizationId: string, number: number): string {
  const prefix = createHash("sha256").update(organizationId).digest("hex").slice(0, 6).toUpperCase();
  return `${prefix}-${String(number).padStart(4, "0")}`;
}
