// Amounts are whole minor units (cents) and stay whole: they become text without ever being a fraction.

import type { InvoiceLine } from "../../../db";
import { amountOf, type PlanName, plans, totalOf } from "./plans";

/** "1234.56" for 123,456 cents. Throws for what is no whole number. */
export function decimal(amount: number, currency: string): `${number}` {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is no amount in minor units.`);
  const digits = digitsOf(currency);
  const padded = String(Math.abs(amount)).padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits);
  const rest = digits > 0 ? `.${padded.slice(-digits)}` : "";
  return `${amount < 0 ? "-" : ""}${whole}${rest}` as `${number}`; // digits, a point and digits
}

/** "€1,234.56". */
export function inMoney(amount: number, currency: string): string {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(decimal(amount, currency));
}

/** How many digits stand after the point: 2 for euros, none for yen. */
function digitsOf(currency: string): number {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Lines as a page lists them, and the sum of what it lists. */
export function priceList(plan: PlanName, lines: readonly InvoiceLine[], currency: string) {
  return {
    lines: lines.map((line) => ({
      text:
        line.kind === "plan"
          ? `${plans[plan].name}, a month`
          : `Seats beyond the ${plans[plan].includedSeats} included`,
      quantity: line.quantity,
      unit: inMoney(line.unit, currency),
      amount: inMoney(amountOf(line), currency),
    })),
    total: inMoney(totalOf(lines), currency),
  };
}
