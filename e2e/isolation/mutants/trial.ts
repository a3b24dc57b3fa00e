// One mutant on trial: the attempts and the traces look at it until one of them notices.
import type { Attempt, Theatre } from "../attempts/attempt";
import { openTheatre } from "../attempts/attempt";
import type { BuiltApp, House } from "../probe/house";
import { openStages } from "../traces/play";
import { search } from "../traces/search";

export interface Trial {
  /** The build it is in, if it is in one of its own. */
  built?: BuiltApp;
  /** What `probe.is` answers yes to. */
  switched?: string;
  /** Whether the database's own walls stand. */
  walls: boolean;
  /** Those who are likely to notice, and then everybody else. */
  near: Attempt[];
  others?: Attempt[];
  /** How many traces are played at most, from which seed. */
  traces: number;
  seed: number;
}

/** Played before the attempts that are not likely to notice. */
const fewTraces = 12;

export interface Notice {
  /** In a few words. */
  words: string;
  /** Undefined when it was a trace, or when the app did not even start. */
  by?: Attempt;
}

/** @returns who noticed; undefined when nobody did. What the database's wall refuses has done nothing that could be noticed. */
export async function noticed(house: House, trial: Trial): Promise<Notice | undefined> {
  const { probe } = house;
  probe.mutant = trial.switched;
  probe.storeOptions.walls = trial.walls;
  try {
    const { near, others = [], traces } = trial;
    const few = Math.min(traces, fewTraces);
    return (
      (await noticedByAttempts(house, trial, near)) ??
      (await noticedByTraces(house, trial, few)) ??
      (await noticedByAttempts(house, trial, others)) ??
      (await noticedByTraces(house, trial, traces - few))
    );
  } finally {
    probe.mutant = undefined;
    probe.storeOptions.walls = true;
    probe.setClock(undefined);
  }
}

async function noticedByAttempts(house: House, { built }: Trial, attempts: Attempt[]): Promise<Notice | undefined> {
  if (attempts.length === 0) return undefined;
  let theatre: Theatre;
  try {
    theatre = openTheatre(house, built);
  } catch (error) {
    return { words: `It does not start: ${String(error)}` };
  }
  try {
    for (const attempt of attempts) {
      const before = house.probe.refusals;
      const broken = await theatre.perform(attempt);
      if (broken && house.probe.refusals === before)
        return { words: `${attempt.title} (${broken.slice(0, 200)})`, by: attempt };
    }
    return undefined;
  } finally {
    await theatre.close();
  }
}

async function noticedByTraces(house: House, { built, seed }: Trial, traces: number): Promise<Notice | undefined> {
  if (traces <= 0) return undefined;
  const { probe } = house;
  let [refusals, isRefused] = [probe.refusals, false];
  const onTrace = () => {
    isRefused = probe.refusals > refusals;
    refusals = probe.refusals;
  };
  const stages = await openStages(house, built);
  try {
    const found = await search(stages, { seed: seed + traces, runs: traces, shrinks: false, onTrace });
    if (!found || isRefused) return undefined;
    return { words: `trace ${found.after}: ${found.difference.sentence}` };
  } finally {
    await stages.close();
  }
}
