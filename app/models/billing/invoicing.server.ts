// Makes the invoices that are due, for every organization. However often it runs, and in however many processes: one for each period.
import type { OrganizationScope, ScopeOf, System } from "../../../db";
import type { Management } from "../../logto/management.server";
import { orUnavailable } from "../../logto/outcome.server";
import { everyOrganization } from "../every-organization.server";
import { duePeriods, issueDue, openInvoices, settleInvoice } from "./invoices.server";
import type { Payment } from "./payment";
import { countMembers, seatsAt } from "./seats.server";

export interface InvoicingOptions {
  system: System;
  management: Management;
  payment: Payment;
  scopeOf: ScopeOf;
  now: () => number;
}

export type Invoicing = ReturnType<typeof createInvoicing>;

export function createInvoicing({ system, management, payment, scopeOf, now }: InvoicingOptions) {
  /** @returns how many invoices were made. An organization for which Logto gave no answer waits for the next run. */
  async function run(stopped: () => boolean = () => false): Promise<number> {
    let made = 0;
    for await (const { id, name } of everyOrganization(system)) {
      if (stopped()) break;
      made += await invoiceOne(scopeOf(id), name);
    }
    return made;
  }

  async function invoiceOne(scope: OrganizationScope, organizationName: string): Promise<number> {
    const at = new Date(now());
    const due = await scope.read((db, tables) => duePeriods(db, tables, at));
    const issued = due.length > 0 ? await orUnavailable(() => issue(scope, organizationName)) : [];
    await orUnavailable(() => collect(scope));
    return issued === "unavailable" ? 0 : issued.length;
  }

  async function issue(scope: OrganizationScope, organizationName: string) {
    const counted = await countMembers(management, scope, now);
    const at = new Date(now());
    return scope.write(async (tx, tables) => {
      const seats = await seatsAt(tx, tables, counted, at);
      const { organizationId } = scope;
      return issueDue(tx, tables, { organizationId, organizationName, seats: seats.used, at });
    });
  }

  async function collect(scope: OrganizationScope): Promise<void> {
    const { organizationId } = scope;
    const at = new Date(now());
    for (const { id, number, total, currency, billTo } of await openInvoices(scope, at)) {
      const collected = await payment.collect({ organizationId, id, number, total, currency, email: billTo.email });
      if (collected === "paid") await settleInvoice(scope, id, { status: "paid", at });
    }
  }

  return { run };
}
