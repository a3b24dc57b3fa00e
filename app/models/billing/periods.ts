// Billing periods: months that begin on the day of the month on which the plan began. A day is a day in UTC, wherever the reader is.
import type { PlanName } from "./plans";

/** YYYY-MM-DD. Days compare as their texts do. */
export type Day = string;

/** From the first day up to, and without, the day on which the next one begins. */
export interface Period {
  startsOn: Day;
  endsOn: Day;
}

/** From this day on, this plan. */
export interface PlanChoice {
  plan: PlanName;
  startsOn: Day;
}

export type PaidPeriod = Period & { plan: PlanName };

export function dayOf(moment: Date): Day {
  return moment.toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  const { year, month, date } = partsOf(day);
  return dayOf(new Date(Date.UTC(year, month, date + days)));
}

/** The same day of a later month; in one that is too short its last day, and the month after that the same day again. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, date } = partsOf(day);
  const lastOfMonth = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate();
  return dayOf(new Date(Date.UTC(year, month + months, Math.min(date, lastOfMonth))));
}

/** Counted from the first day of all, so that a period that begins on 28 February is followed by one that begins on 31 March. */
export function periodFrom(anchor: Day, index: number): Period {
  return { startsOn: addMonths(anchor, index), endsOn: addMonths(anchor, index + 1) };
}

/** The plan of a day. Whoever has not chosen yet is on Free. */
export function planOn(choices: readonly PlanChoice[], day: Day): PlanName {
  return inOrder(choices).findLast(({ startsOn }) => startsOn <= day)?.plan ?? "free";
}

/** Every period on a plan that costs something, up to the one that `day` is in, the first one first. Nothing of Free is a period. */
export function periodsUntil(choices: readonly PlanChoice[], day: Day): PaidPeriod[] {
  const periods: PaidPeriod[] = [];
  let free = true;
  for (const { plan, startsOn } of inOrder(choices)) {
    if (free && plan !== "free") periods.push(...run(choices, startsOn, day));
    free = plan === "free";
  }
  return periods;
}

/** The period that a day is in; undefined on Free. */
export function periodOf(choices: readonly PlanChoice[], day: Day): PaidPeriod | undefined {
  return periodsUntil(choices, day).findLast(({ startsOn, endsOn }) => startsOn <= day && day < endsOn);
}

/** When another plan can begin: at once on Free, else with the next period. Nothing is charged or paid back for a part of a month. */
export function nextStart(choices: readonly PlanChoice[], day: Day): Day {
  return periodOf(choices, day)?.endsOn ?? day;
}

/** From the day on which a plan began until it ends in Free. */
function run(choices: readonly PlanChoice[], anchor: Day, until: Day): PaidPeriod[] {
  const periods: PaidPeriod[] = [];
  for (let index = 0; ; index += 1) {
    const period = periodFrom(anchor, index);
    const plan = planOn(choices, period.startsOn);
    if (plan === "free" || period.startsOn > until) return periods;
    periods.push({ ...period, plan });
  }
}

const inOrder = (choices: readonly PlanChoice[]) =>
  [...choices].sort((one, other) => (one.startsOn < other.startsOn ? -1 : one.startsOn > other.startsOn ? 1 : 0));

function partsOf(day: Day) {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return { year, month: month - 1, date };
}
