// The part of the suite that plays traces in processes of their own.
import { relative } from "node:path";
import { z } from "zod";
import { root } from "../../../scripts/install.mjs";
import type { Part, Stage } from "../part";
import { inProcess } from "../probe/in-process";
import type { Order } from "./worker";

const Said = z.union([
  z.object({ done: z.number() }),
  z.object({
    found: z.object({
      sentence: z.string(),
      steps: z.array(z.string()),
      together: z.string(),
      alone: z.string(),
      file: z.string(),
    }),
  }),
  z.object({ over: z.literal(true) }),
]);

const processes = 2;
const whole = { longest: 12, looks: 6 };
/** Those of the gate are short: a thousand of them have a minute or two. */
const traces: Record<Stage["length"], Pick<Order, "runs" | "drawing">> = {
  gate: { runs: 1_000, drawing: { longest: 6, looks: 3 } },
  full: { runs: 3_000, drawing: whole },
  nightly: { runs: 10_000, drawing: whole },
};

export const tracesPart: Part = {
  name: "traces",
  proves:
    "Whatever people of one organization do, in whatever order, nobody in another one can tell that they are there.",
  cases: [],
  place: "beside",
  async run(stage) {
    const { runs, drawing } = traces[stage.length];
    const done = new Map<number, number>();
    const workers = Array.from({ length: processes }, (_, index) => {
      const order = { seed: stage.seed + index, runs: Math.ceil(runs / processes), drawing, replays: index === 0 };
      return work(stage, order, (count) => {
        done.set(index, count);
        stage.count("traces");
        stage.progress(
          [...done.values()].reduce((sum, each) => sum + each, 0),
          runs,
        );
      });
    });
    const silent = (await Promise.all(workers)).every(Boolean);
    if (silent)
      stage.report({
        title: `In ${runs} traces of two organizations of the same name, no answer and no row of either tells that the other one is there.`,
        verdict: "held",
      });
  },
};

/** @returns whether nobody noticed anything. */
async function work(stage: Stage, order: Order, onTrace: (done: number) => void): Promise<boolean> {
  let silent = true;
  await inProcess("e2e/isolation/traces/worker.ts", order, (message) => {
    const said = Said.parse(message);
    if ("over" in said) return;
    if ("done" in said) return onTrace(said.done);
    silent = false;
    const { sentence, steps, together, alone, file } = said.found;
    stage.report({
      title: sentence,
      verdict: "leaked",
      expected: "The same bytes whether the other organization is there or not.",
      actual: `They differ after ${steps.length} steps. The trace is kept in ${relative(root, file)} and replayed first from now on.`,
      evidence: [
        { what: "The steps", text: steps.join("\n") },
        { what: "With the other organization", text: together },
        { what: "Without it", text: alone },
      ],
    });
  });
  return silent;
}
