// When what is believed is compared with Logto: often for organizations that somebody looks at, now and then for all.
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import type { Reconciliation } from "./reconciliation.server";

export interface RoundsOptions {
  reconciliation: Reconciliation;
  /** Of which somebody keeps a page open. */
  watched: () => string[];
  now: () => number;
  logBug: (error: unknown) => void;
}

export type Rounds = ReturnType<typeof createRounds>;

/** Milliseconds. */
const watchedEvery = 60_000;
const allEvery = 5 * 60_000;
const look = 1_000;

export function createRounds({ reconciliation, watched, now, logBug }: RoundsOptions) {
  const next = new Map<string, number>();
  let nextOfAll = now() + Math.random() * 10_000;
  let running: Promise<void> | undefined;

  /** Those that are due. Each has its own moment in the minute, so that not all are asked for at once. */
  async function ofWatched(): Promise<void> {
    const open = new Set(watched());
    for (const id of next.keys()) if (!open.has(id)) next.delete(id);
    for (const id of open) if (!next.has(id)) next.set(id, now() + Math.random() * watchedEvery);
    for (const [id, due] of next) {
      if (due > now()) continue;
      next.set(id, Math.max(due + watchedEvery, now() + watchedEvery / 2));
      await unlessLogto(() => reconciliation.organization(id));
    }
  }

  async function ofAll(): Promise<void> {
    if (now() < nextOfAll) return;
    nextOfAll = now() + allEvery * (0.8 + Math.random() * 0.4);
    await unlessLogto(() => reconciliation.pass(new Set(watched())));
  }

  /** What is due now. One at a time. */
  function run(): Promise<void> {
    running ??= ofWatched()
      .then(ofAll)
      .catch(logBug)
      .finally(() => (running = undefined));
    return running;
  }

  let timer: NodeJS.Timeout | undefined;
  return {
    run,
    start(): void {
      timer = setInterval(() => void run(), look).unref();
    },
    /** Ends when nothing more is read or written. */
    async stop(): Promise<void> {
      clearInterval(timer);
      await running;
    },
  };
}

/** Logto is asked again in the next round. */
async function unlessLogto(run: () => Promise<unknown>): Promise<void> {
  await run().catch((error: unknown) => {
    if (!(error instanceof LogtoUnavailable || error instanceof LogtoRefused)) throw error;
  });
}
