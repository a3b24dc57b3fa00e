// Properties of money: whatever is chosen, whenever, with however many seats, what is asked for is the sum of what is listed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, inMoney, priceList } from "./money";
import { addDays, addMonths, dayOf, nextStart, periodsUntil, planOn, type PlanChoice } from "./periods";
import { amountOf, currency, linesFor, planNames, plans, totalOf } from "./plans";

const moment = fc.date({
  min: new Date("1999-12-01T00:00:00Z"),
  max: new Date("2104-03-01T00:00:00Z"),
  noInvalidDate: true,
});
const day = moment.map(dayOf);
const seats = fc.integer({ min: 0, max: 100_000 });
const plan = fc.constantFrom(...planNames);

/** Choices as the app makes them: one after the other, each from the day on which it can begin. */
const history = fc
  .tuple(day, fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), plan), { maxLength: 12 }))
  .map(([first, wishes]) => {
    const choices: PlanChoice[] = [];
    let today = first;
    for (const [days, wished] of wishes) {
      today = addDays(today, days);
      const startsOn = nextStart(choices, today);
      const kept = choices.filter((choice) => choice.startsOn < startsOn);
      choices.splice(0, choices.length, ...kept, { plan: wished, startsOn });
    }
    return { choices, first, today };
  });

describe("an amount", () => {
  test("is never a fraction, and never less than nothing", () => {
    fc.assert(
      fc.property(plan, seats, (name, used) => {
        const lines = linesFor(name, used);
        for (const line of lines) expect(Number.isSafeInteger(amountOf(line)) && amountOf(line) >= 0).toBe(true);
        expect(totalOf(lines)).toBe(lines.reduce((sum, line) => sum + amountOf(line), 0));
      }),
    );
  });

  test("grows by the price of a seat with each seat beyond those included, and by nothing before", () => {
    fc.assert(
      fc.property(plan, seats, (name, used) => {
        const { includedSeats, seatPrice } = plans[name];
        const step = totalOf(linesFor(name, used + 1)) - totalOf(linesFor(name, used));
        expect(step).toBe(used >= includedSeats ? seatPrice : 0);
      }),
    );
  });

  test("reads as what it is, to the last digit, in currencies with two, three and no digits after the point", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom("EUR", "JPY", "KWD"), (amount, money) => {
        const text = decimal(amount, money);
        expect(text).toMatch({ EUR: /^-?\d+\.\d\d$/, JPY: /^-?\d+$/, KWD: /^-?\d+\.\d{3}$/ }[money]!);
        expect(BigInt(text.replace(".", ""))).toBe(BigInt(amount));
        expect(inMoney(amount, money).replaceAll(/[^\d]/g, "")).toBe(text.replaceAll(/[^\d]/g, ""));
      }),
    );
    for (const none of [0.5, Number.NaN, Infinity, 2 ** 53]) expect(() => decimal(none, "EUR")).toThrow(RangeError);
    expect(inMoney(123_456_789, "EUR")).toBe("€1,234,567.89");
  });

  test("under a list is the sum of the amounts in it, as they are written", () => {
    const cents = (text: string) => Number(text.replaceAll(/[^\d]/g, ""));
    fc.assert(
      fc.property(plan, seats, (name, used) => {
        const { lines, total } = priceList(name, linesFor(name, used), currency);
        expect(lines.reduce((sum, { amount }) => sum + cents(amount), 0)).toBe(cents(total));
        for (const { quantity, unit, amount } of lines) expect(quantity * cents(unit)).toBe(cents(amount));
      }),
    );
  });
});

describe("periods", () => {
  test("cover every day of a plan that costs something exactly once, and no day of Free", () => {
    fc.assert(
      fc.property(history, ({ choices, first, today }) => {
        const until = addMonths(today, 3);
        const periods = periodsUntil(choices, until);
        for (let each = first; each <= until; each = addDays(each, 1)) {
          const covering = periods.filter(({ startsOn, endsOn }) => startsOn <= each && each < endsOn);
          const name = planOn(choices, each);
          expect(covering.map((period) => period.plan)).toEqual(name === "free" ? [] : [name]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("are months: 28 to 31 days, none empty, in order, whenever they are asked for", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 400 }), ({ choices, today }, later) => {
        const early = periodsUntil(choices, today);
        const late = periodsUntil(choices, addDays(today, later));
        expect(late.slice(0, early.length), "what was is not changed by time passing").toEqual(early);
        for (const { startsOn, endsOn } of late) {
          const days = (Date.parse(endsOn) - Date.parse(startsOn)) / 86_400_000;
          expect(days).toBeGreaterThanOrEqual(28);
          expect(days).toBeLessThanOrEqual(31);
        }
        const starts = late.map(({ startsOn }) => startsOn);
        expect(starts).toEqual([...new Set(starts)].toSorted());
      }),
    );
  });

  test("are the same wherever the machine is", () => {
    const before = process.env.TZ;
    fc.assert(
      fc.property(
        moment,
        fc.constantFrom("Pacific/Kiritimati", "America/St_Johns", "Asia/Kolkata", "UTC"),
        (at, zone) => {
          process.env.TZ = zone;
          expect(dayOf(at)).toBe(at.toISOString().slice(0, 10));
          expect(addDays(addDays(dayOf(at), 40), -40)).toBe(dayOf(at));
          expect(addMonths(dayOf(at), 12).slice(5, 7)).toBe(dayOf(at).slice(5, 7));
        },
      ),
    );
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
});
