// Work that may be asked for many times at once: whoever asks gets a run that began after they asked, and shares it with all who came before it began.

/** @returns a function of the work's name */
export function coalesced(run: (name: string) => Promise<void>): (name: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  function begin(name: string): Promise<void> {
    const work = run(name).finally(() => running.get(name) === work && running.delete(name));
    running.set(name, work);
    return work;
  }

  return (name) => {
    const current = running.get(name);
    if (!current) return begin(name);
    const next =
      waiting.get(name) ??
      current
        .catch(() => undefined)
        .then(() => {
          waiting.delete(name);
          return begin(name);
        });
    waiting.set(name, next);
    return next;
  };
}
