// A process that plays traces: what to play comes as its argument, what it has seen goes to its parent.
import { z } from "zod";
import { buildProbe } from "../probe/build";
import { openHouse } from "../probe/house";
import { keepInCorpus, readCorpus } from "./corpus";
import { describe, openStages } from "./play";
import { search } from "./search";

const Order = z.object({
  seed: z.number(),
  runs: z.number(),
  /** At most so many steps, and looks of each side. */
  drawing: z.object({ longest: z.number(), looks: z.number() }),
  replays: z.boolean(),
});
export type Order = z.infer<typeof Order>;

export type Said =
  | { done: number }
  | { found: { sentence: string; steps: string[]; together: string; alone: string; file: string } }
  | { over: true };

const say = (said: Said) => new Promise<void>((resolve) => process.send?.(said, () => resolve()));

const { seed, runs, drawing, replays } = Order.parse(JSON.parse(process.argv[2] ?? ""));
const house = await openHouse((await buildProbe()).file);
const stages = await openStages(house);
const corpus = replays ? readCorpus() : [];
const found = await search(stages, { seed, runs, drawing, corpus, onTrace: (done) => void say({ done }) });
if (found) {
  const { trace, difference } = found;
  await say({ found: { ...difference, steps: trace.steps.map(describe), file: keepInCorpus(trace) } });
}
await stages.close();
await house.close();
await say({ over: true });
process.disconnect?.();
