// Billing: the plan of an organization, what it costs and from when, whom the invoices are for, and the invoices themselves.
import {
  type BillTo,
  gt,
  gte,
  type InvoiceLine,
  newId,
  type OrganizationScope,
  type Reads,
  type TenantTables,
} from "../../../db";
import type { Management } from "../../logto/management.server";
import { orUnavailable } from "../../logto/outcome.server";
import { writeAudit } from "../audit.server";
import type { MemberDirectory } from "../member-directory.server";
import type { Actor } from "../member-roles.server";
import { type DetailsChange, readDetails, saveDetails, type SavedDetails } from "./details.server";
import {
  findInvoice,
  type Invoice,
  type InvoiceSummary,
  invoicesAsCsv,
  issueDue,
  listInvoices,
  openInvoices,
} from "./invoices.server";
import type { Payment } from "./payment";
import { type Day, dayOf, nextStart, type PlanChoice, type Period, periodOf, planOn } from "./periods";
import { currency, fits, linesFor, type PlanName, plans } from "./plans";
import { choicesIn, countMembers, type MemberCount, type Seats, seatsAt } from "./seats.server";

export interface BillingOverview {
  plan: PlanName;
  /** Undefined on Free, which has none. */
  period: Period | undefined;
  /** A plan that was chosen and has not begun. */
  ahead: { plan: PlanName; startsOn: Day } | undefined;
  seats: Seats;
  /** With what is used now. Undefined when nothing will be charged. */
  nextInvoice: { on: Day; plan: PlanName; lines: InvoiceLine[] } | undefined;
  /** What is to be paid. */
  open: Invoice[];
  currency: string;
}

/** What choosing a plan would mean. */
export interface PlanPreview {
  from: PlanName;
  to: PlanName;
  /** When it begins, and its first invoice is made. */
  startsOn: Day;
  beginsToday: boolean;
  /** Each month, with the seats that are used now. */
  lines: InvoiceLine[];
  seats: Seats;
  /** Whether the plan has the seats that are used. */
  fits: boolean;
  /** It is so already. */
  isSame: boolean;
  /** Sent back with the choice: what the preview was made on. */
  basis: string;
}

/**
 * `stale`: another plan was chosen since the preview. `no-room`: more seats are used than the plan has. `unavailable`: Logto, which knows the members, gave
 * no answer.
 */
export type PlanChange =
  | { ok: true; plan: PlanName; startsOn: Day }
  | { ok: false; reason: "stale" }
  | { ok: false; reason: "unavailable" }
  | { ok: false; reason: "no-room"; used: number; most: number };

export interface Billing {
  /** What the pages say of it, in whole sentences. */
  howToPay: string;
  /** Who sends the invoices and where the money goes, line by line. */
  payee: readonly string[];
  /** Names of those who may change the plan, for somebody who may not; undefined for somebody who may. */
  managers(actor: Pick<Actor, "can"> & { scope: OrganizationScope }): Promise<string[] | undefined>;
  seats(scope: OrganizationScope): Promise<Seats | "unavailable">;
  overview(scope: OrganizationScope): Promise<BillingOverview | "unavailable">;
  preview(scope: OrganizationScope, to: PlanName): Promise<PlanPreview | "unavailable">;
  choose(
    scope: OrganizationScope,
    choice: { plan: PlanName; basis: string; organizationName: string },
  ): Promise<PlanChange>;

  details(scope: OrganizationScope): Promise<SavedDetails | undefined>;
  saveDetails(scope: OrganizationScope, edit: { version: number; details: BillTo }): Promise<DetailsChange>;

  /** Newest first. `page` counts from 1. */
  invoices(
    scope: OrganizationScope,
    page: number,
  ): Promise<{ invoices: InvoiceSummary[]; total: number; pageSize: number }>;
  invoice(scope: OrganizationScope, id: string): Promise<Invoice | undefined>;
  csv(scope: OrganizationScope): Promise<string>;
}

export interface BillingOptions {
  management: Management;
  members: Pick<MemberDirectory, "whoMay">;
  payment: Payment;
  now: () => number;
}

export function createBilling({ management, members, payment, now }: BillingOptions): Billing {
  const at = () => new Date(now());
  const count = (scope: OrganizationScope) => countMembers(management, scope, now);

  return {
    howToPay: payment.howToPay,
    payee: payment.payee,

    managers: async ({ scope, can }) => (can("manage:billing") ? undefined : members.whoMay(scope, "manage:billing")),

    seats: (scope) =>
      orUnavailable(async () => {
        const counted = await count(scope);
        return scope.read((db, tables) => seatsAt(db, tables, counted, at()));
      }),

    overview: (scope) =>
      orUnavailable(async () => {
        const counted = await count(scope);
        const { choices, seats } = await scope.read((db, tables) => standing(db, tables, counted, at()));
        const today = dayOf(at());
        const period = periodOf(choices, today);
        const ahead = choices.find(({ startsOn }) => startsOn > today);
        const next = period && planOn(choices, period.endsOn);
        return {
          plan: planOn(choices, today),
          ...{ period, ahead, seats, currency },
          nextInvoice:
            period && next && next !== "free"
              ? { on: period.endsOn, plan: next, lines: linesFor(next, seats.used) }
              : undefined,
          open: await openInvoices(scope, at()),
        };
      }),

    preview: (scope, to) =>
      orUnavailable(async () => {
        const counted = await count(scope);
        const { choices, seats } = await scope.read((db, tables) => standing(db, tables, counted, at()));
        const today = dayOf(at());
        const from = planOn(choices, today);
        const ahead = choices.findLast(({ startsOn }) => startsOn > today);
        const startsOn = to === from ? today : nextStart(choices, today);
        return {
          ...{ from, to, startsOn, beginsToday: startsOn === today, seats },
          lines: linesFor(to, seats.used),
          fits: fits(plans[to], seats.used),
          isSame: (ahead?.plan ?? from) === to,
          basis: basisOf(choices),
        };
      }),

    async choose(scope, { plan, basis, organizationName }) {
      const counted = await orUnavailable(() => count(scope));
      if (counted === "unavailable") return { ok: false, reason: "unavailable" };
      return scope.write(async (tx, tables): Promise<PlanChange> => {
        const { planChoices } = tables;
        const { choices, seats } = await standing(tx, tables, counted, at());
        const today = dayOf(at());
        const current = planOn(choices, today);
        const ahead = choices.findLast(({ startsOn }) => startsOn > today);
        if ((ahead?.plan ?? current) === plan) return { ok: true, plan, startsOn: ahead?.startsOn ?? today }; // pressed twice
        if (basisOf(choices) !== basis) return { ok: false, reason: "stale" };
        const { mostSeats } = plans[plan];
        const change = { action: "billing.plan", from: plans[current].name, to: plans[plan].name } as const;
        if (mostSeats !== null && seats.used > mostSeats) {
          await writeAudit(tx, { ...change, result: "refused", reason: "no-seat" });
          return { ok: false, reason: "no-room", used: seats.used, most: mostSeats };
        }

        const startsOn = plan === current ? today : nextStart(choices, today);
        await tx.remove(
          planChoices,
          plan === current ? gt(planChoices.startsOn, today) : gte(planChoices.startsOn, startsOn),
        );
        if (plan !== current) await tx.insert(planChoices, { id: newId(), plan, startsOn, createdAt: at() });
        await writeAudit(tx, { ...change, to: `${change.to}, from ${startsOn} on` });
        const { organizationId } = scope;
        await issueDue(tx, tables, { organizationId, organizationName, seats: seats.used, at: at() });
        return { ok: true, plan, startsOn };
      });
    },

    details: readDetails,
    saveDetails: (scope, edit) => saveDetails(scope, { ...edit, at: at() }),

    invoices: (scope, page) => listInvoices(scope, page, at()),
    invoice: (scope, id) => findInvoice(scope, id, at()),
    csv: (scope) => invoicesAsCsv(scope, at()),
  };
}

async function standing(db: Reads, tables: TenantTables, counted: MemberCount, at: Date) {
  const choices = await choicesIn(db, tables);
  return { choices, seats: await seatsAt(db, tables, counted, at) };
}

/** What the choices come to: a preview that was made on others is out of date. */
function basisOf(choices: readonly PlanChoice[]): string {
  const last = choices.at(-1);
  return last ? `${last.plan} ${last.startsOn}` : "none";
}
