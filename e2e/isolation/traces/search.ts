// Looks for a trace by which somebody notices the other organization, and makes it as short as it can.
import fc from "fast-check";
import type { Difference, Stages } from "./play";
import { traceOf, type Drawing, type Trace } from "./trace";

export interface Searching {
  seed: number;
  runs: number;
  drawing?: Drawing;
  /** Replayed first. */
  corpus?: Trace[];
  /** False ends at the first that was found, as it is. */
  shrinks?: boolean;
  onTrace?: (done: number) => void;
}

export interface Found {
  trace: Trace;
  difference: Difference;
  /** Traces that were played until it was found. */
  after: number;
}

/** Shorter traces that are tried, each in three plays. */
const mostShrinks = 200;

/** Undefined: nobody noticed anything in all of them. */
export async function search(stages: Stages, searching: Searching): Promise<Found | undefined> {
  const { seed, runs, drawing, corpus = [], shrinks = true, onTrace = () => {} } = searching;
  let found: Found | undefined;
  let done = 0;
  let shrunk = 0;
  const property = fc.asyncProperty(traceOf(drawing), async (trace) => {
    if (found && (!shrinks || (shrunk += 1) > mostShrinks)) return true;
    const difference = await stages.play(trace);
    if (!found) onTrace((done += 1));
    if (difference) found = { trace, difference, after: found?.after ?? done };
    return difference === undefined;
  });
  await fc.check(property, { seed, numRuns: runs + corpus.length, examples: corpus.map((trace): [Trace] => [trace]) });
  return found;
}
