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

/** @returns who noticed, in a few words; undefined when nobody did */
export async function noticed(house: House, trial: Trial): Promise<string | undefined> {
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

async function noticedByAttempts(house: House, { built }: Trial, attempts: Attempt[]): Promise<string | undefined> {
  if (attempts.length === 0) return undefined;
  let theatre: Theatre;
  try {
    theatre = openTheatre(house, built);
  } catch (error) {
    return `It does not start: ${String(error)}`;
  }
  try {
    for (const attempt of attempts) {
      const broken = await theatre.perform(attempt);
      if (broken) return `${attempt.title} (${broken.slice(0, 200)})`;
    }
    return undefined;
  } finally {
    await theatre.close();
  }
}

async function noticedByTraces(house: House, { built, seed }: Trial, traces: number): Promise<string | undefined> {
  if (traces <= 0) return undefined;
  const stages = await openStages(house, built);
  try {
    const found = await search(stages, { seed: seed + traces, runs: traces, shrinks: false });
    return found && `trace ${found.after}: ${found.difference.sentence}`;
  } finally {
    await stages.close();
  }
}
