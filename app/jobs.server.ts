// Work that nobody waits for: done at the start, every now and then, and when somebody has asked for it. One run of each at a time.
import type { Logger } from "./http/log.server";

export interface Work {
  /** Milliseconds from one run to the next. */
  every: number;
  /** Can be repeated, and ends soon after it was told to stop. */
  run: (stopped: () => boolean) => Promise<unknown>;
}

export interface JobsOptions<Name extends string> {
  work: Record<Name, Work>;
  log: Logger;
}

export type Jobs<Name extends string> = ReturnType<typeof createJobs<Name>>;

export function createJobs<Name extends string>({ work, log }: JobsOptions<Name>) {
  const names = Object.keys(work) as Name[]; // its keys are the names
  const underWay = new Map<Name, Promise<void>>();
  const again = new Set<Name>();
  const timers: NodeJS.Timeout[] = [];
  let stopped = false;

  /** Asked for while it is under way, it runs once more afterwards: what came too late for this run is for the next. */
  function wake(name: Name): void {
    if (stopped) return;
    if (underWay.has(name)) return void again.add(name);
    const run = work[name]
      .run(() => stopped)
      .then(
        () => {},
        (error: unknown) => log.error({ event: "job.failed", job: name, err: error }, "a job failed"),
      )
      .then(() => {
        underWay.delete(name);
        if (again.delete(name)) wake(name);
      });
    underWay.set(name, run);
  }

  return {
    wake,
    start() {
      for (const name of names) {
        wake(name);
        timers.push(setInterval(() => wake(name), work[name].every));
      }
    },
    /** When what is under way has ended. */
    async stop(): Promise<void> {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all(underWay.values());
    },
  };
}
