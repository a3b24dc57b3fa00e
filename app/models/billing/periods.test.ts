import { describe, expect, test } from "vitest";
import { addDays, addMonths, dayOf, nextStart, periodFrom, periodOf, periodsUntil, planOn } from "./periods";

describe("a month later", () => {
  test.each([
    ["2026-01-15", 1, "2026-02-15"],
    ["2026-01-31", 1, "2026-02-28"],
    ["2028-01-31", 1, "2028-02-29"],
    ["2026-01-31", 2, "2026-03-31"],
    ["2026-01-31", 3, "2026-04-30"],
    ["2026-12-31", 1, "2027-01-31"],
    ["2028-02-29", 12, "2029-02-28"],
    ["2028-02-29", 48, "2032-02-29"],
    ["2026-11-30", 3, "2027-02-28"],
    ["2100-01-29", 1, "2100-02-28"],
  ])("%s and %i months is %s", (day, months, later) => expect(addMonths(day, months)).toBe(later));

  test("periods that begin on the 31st follow each other without a gap, and come back to the 31st", () => {
    const starts = Array.from({ length: 6 }, (_, index) => periodFrom("2026-10-31", index));
    expect(starts.map(({ startsOn }) => startsOn)).toEqual([
      "2026-10-31",
      "2026-11-30",
      "2026-12-31",
      "2027-01-31",
      "2027-02-28",
      "2027-03-31",
    ]);
    for (const [index, { endsOn }] of starts.slice(0, -1).entries()) expect(starts[index + 1]?.startsOn).toBe(endsOn);
  });
});

test("a day is a day in UTC, to its last millisecond", () => {
  expect(dayOf(new Date("2026-12-31T23:59:59.999Z"))).toBe("2026-12-31");
  expect(dayOf(new Date("2027-01-01T00:00:00.000Z"))).toBe("2027-01-01");
  expect(dayOf(new Date("2027-01-01T00:30:00+14:00"))).toBe("2026-12-31");
  expect(addDays("2028-02-28", 2)).toBe("2028-03-01");
});

describe("the plan of a day", () => {
  const choices = [
    { plan: "free", startsOn: "2026-05-31" },
    { plan: "team", startsOn: "2026-01-31" },
    { plan: "business", startsOn: "2026-03-31" },
    { plan: "team", startsOn: "2026-08-10" },
  ] as const;

  test.each([
    ["2026-01-30", "free"],
    ["2026-01-31", "team"],
    ["2026-03-30", "team"],
    ["2026-03-31", "business"],
    ["2026-05-31", "free"],
    ["2026-08-10", "team"],
  ])("on %s is %s", (day, plan) => expect(planOn(choices, day)).toBe(plan));

  test("costs something by the month, from the day on which it began; Free has no periods", () => {
    expect(periodsUntil(choices, "2026-09-01")).toEqual([
      { plan: "team", startsOn: "2026-01-31", endsOn: "2026-02-28" },
      { plan: "team", startsOn: "2026-02-28", endsOn: "2026-03-31" },
      { plan: "business", startsOn: "2026-03-31", endsOn: "2026-04-30" },
      { plan: "business", startsOn: "2026-04-30", endsOn: "2026-05-31" },
      { plan: "team", startsOn: "2026-08-10", endsOn: "2026-09-10" },
    ]);
    expect(periodsUntil(choices, "2026-01-30")).toEqual([]);
    expect(periodOf(choices, "2026-06-01")).toBeUndefined();
    expect(periodOf(choices, "2026-05-30")).toMatchObject({ plan: "business", endsOn: "2026-05-31" });
  });

  test("changes at once on Free, else with the next period", () => {
    expect(nextStart([], "2026-02-10")).toBe("2026-02-10");
    expect(nextStart(choices, "2026-02-10")).toBe("2026-02-28");
    expect(nextStart(choices, "2026-02-28")).toBe("2026-03-31");
    expect(nextStart(choices, "2026-06-15")).toBe("2026-06-15");
  });
});
