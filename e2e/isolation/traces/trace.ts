// A trace: what people of two organizations, and some who are in neither, do one after the other. Drawn by fast-check, so that a failing one shrinks.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import type { Inhabitant } from "../probe/house";
import { reads, writes, type Recipe } from "./recipes";

export type Side = "a" | "b";
export const sides: Side[] = ["a", "b"];
export const otherSide: Record<Side, Side> = { a: "b", b: "a" };

/** Who acts for a side. Two of each name, on purpose. Nobody who is in both: whoever is sees both in the switcher, under the names that they have now. */
export const actors: Record<Side, (Inhabitant | "nobody")[]> = {
  a: ["ada", "ada", "ada", "abe", "abe", "gus", "ivy", "nobody"],
  b: ["adb", "adb", "adb", "abel", "abel", "gust", "jon", "eve", "nobody"],
};

/** `own`: of the actor's organization. `foreign`: of the other one. `never`: it never was. */
export type Whose = "own" | "foreign" | "never";

export interface Step {
  side: Side;
  actor: number;
  /** `twin`: copies of the other side's rows appear in this side's tables, past the app, under the same ids. */
  what: OperationName | "twin";
  whose: Whose;
  /** Which of those there are, and which of the variants of its form. */
  pick: number;
  variant: number;
  /** A burst: so often in a row. */
  times: number;
  /** Milliseconds that pass before it. */
  wait: number;
  asData: boolean;
}

export interface Trace {
  seed: number;
  steps: Step[];
  /** What is looked at in the end. */
  looks: Step[];
}

const hour = 3_600_000;

const whose = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Whose>("own") },
  { weight: 5, arbitrary: fc.constant<Whose>("foreign") },
  { weight: 1, arbitrary: fc.constant<Whose>("never") },
);

/** Mostly moments; seldom the hour after which Logto is asked again, and the days after which invitations have expired. */
const wait = fc.oneof(
  { weight: 60, arbitrary: fc.nat({ max: 400 }) },
  { weight: 1, arbitrary: fc.constant(hour) },
  { weight: 1, arbitrary: fc.constant(8 * 24 * hour) },
);

function stepOf(side: Side, recipes: Recipe[], mostTimes: number): fc.Arbitrary<Step> {
  const named = recipes.map(({ operation, weight = 1 }) => ({
    weight,
    arbitrary: fc.constant<Step["what"]>(operation),
  }));
  return fc
    .record({
      side: fc.constant(side),
      actor: fc.nat({ max: 999 }),
      what: fc.oneof({ weight: 2, arbitrary: fc.constant<Step["what"]>("twin") }, ...named),
      whose,
      pick: fc.nat({ max: 99 }),
      variant: fc.nat({ max: 99 }),
      times: fc.oneof(
        { weight: 4, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.constantFrom(2, mostTimes) },
      ),
      wait,
      asData: fc.nat({ max: 9 }).map((chance) => chance > 0),
    })
    .map((step) => ({
      ...step,
      times: recipes.find(({ operation }) => operation === step.what)?.once ? 1 : step.times,
    }));
}

/** A few operations are chosen for each side of each trace: what all of them together would hide shows when two of them go on and on. */
const swarm = (recipes: Recipe[]) => fc.subarray(recipes, { minLength: 3, maxLength: 9 });

export interface Drawing {
  /** At most so many steps, and looks of each side. */
  longest?: number;
  looks?: number;
  /** What is done, and what is looked at in the end. */
  written?: Recipe[];
  seen?: Recipe[];
}

export function traceOf(drawing: Drawing = {}): fc.Arbitrary<Trace> {
  const { longest = 12, looks: mostLooks = 6, written = writes, seen = reads } = drawing;
  return fc.tuple(swarm(written), swarm(written)).chain(([ofA, ofB]) => {
    const step = fc.oneof(
      { weight: 1, arbitrary: stepOf("a", ofA, 3) },
      { weight: 1, arbitrary: stepOf("b", ofB, 15) },
    );
    const looks = sides.map((side) =>
      fc.array(stepOf(side, seen, 1), { minLength: mostLooks - 2, maxLength: mostLooks, size: "max" }),
    );
    return fc.record({
      seed: fc.nat(),
      steps: fc.array(step, { minLength: 4, maxLength: longest, size: "max" }),
      looks: fc.tuple(...looks).map((both) => both.flat().filter(({ what }) => what !== "twin")),
    });
  });
}
