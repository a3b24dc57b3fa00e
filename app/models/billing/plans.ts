// The plans: what each costs and how many seats it has. Prices are whole minor units (cents) of one currency, without tax.
import type { InvoiceLine } from "../../../db";

export const currency = "EUR";

export const planNames = ["free", "team", "business"] as const;
export type PlanName = (typeof planNames)[number];

export interface Plan {
  name: string;
  summary: string;
  /** A month, with the seats that are included. */
  price: number;
  includedSeats: number;
  /** A month, for each seat beyond those. */
  seatPrice: number;
  /** Null: as many as are wanted. */
  mostSeats: number | null;
}

export const plans: Record<PlanName, Plan> = {
  free: {
    name: "Free",
    summary: "For a few people who work together.",
    price: 0,
    includedSeats: 10,
    seatPrice: 0,
    mostSeats: 10,
  },
  team: {
    name: "Team",
    summary: "For a team that grows.",
    price: 29_00,
    includedSeats: 10,
    seatPrice: 4_00,
    mostSeats: 100,
  },
  business: {
    name: "Business",
    summary: "For as many people as you like.",
    price: 99_00,
    includedSeats: 25,
    seatPrice: 3_50,
    mostSeats: null,
  },
};

export const isPlanName = (text: string): text is PlanName => Object.hasOwn(plans, text);

/** Whether so many seats can be used on a plan. */
export const fits = ({ mostSeats }: Plan, seats: number) => mostSeats === null || seats <= mostSeats;

/** What a month on a plan costs with so many seats, line by line. */
export function linesFor(name: PlanName, seats: number): InvoiceLine[] {
  const { price, includedSeats, seatPrice } = plans[name];
  const more = Math.max(0, seats - includedSeats);
  const lines: InvoiceLine[] = [{ kind: "plan", quantity: 1, unit: price }];
  if (more > 0 && seatPrice > 0) lines.push({ kind: "seats", quantity: more, unit: seatPrice });
  return lines;
}

export const amountOf = ({ quantity, unit }: InvoiceLine): number => quantity * unit;

export function totalOf(lines: readonly InvoiceLine[]): number {
  return lines.reduce((sum, line) => sum + amountOf(line), 0);
}
