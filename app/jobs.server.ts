// Work that nobody waits for: done at the start, every minute, and when somebody has asked for it. One run of each at a time.
import type { Logger } from "./http/log.server";

export interface JobsOptions<Name extends string> {
  /** Each can be repeated, and is bounded. */
  work: Record<Name, () => Promise<unknown>>;
  log: Logger;
  /** Milliseconds from the end of one round to the next. */
  every?: number;
}

export type Jobs<Name extends string> = ReturnType<typeof createJobs<Name>>;

export function createJobs<Name extends string>({ work, log, every = 60_000 }: JobsOptions<Name>) {
  const names = Object.keys(work) as Name[]; // its keys are the names
  const underWay = new Map<Name, Promise<void>>();
  const again = new Set<Name>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** Asked for while it is under way, it runs once more afterwards: what came too late for this run is for the next. */
  function wake(name: Name): void {
    if (stopped) return;
    if (underWay.has(name)) return void again.add(name);
    const run = work[name]()
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
      for (const name of names) wake(name);
      timer = setInterval(() => names.forEach(wake), every);
    },
    /** When what is under way has ended. */
    async stop(): Promise<void> {
      stopped = true;
      clearInterval(timer);
      await Promise.all(underWay.values());
    },
  };
}
