// Turns: what concerns the same thing runs one after the other, in this process.

export interface Turn {
  came: Promise<void>;
  /** Whoever joined must end it, also if it never came. */
  end(): void;
}

export type Queues = ReturnType<typeof createQueues>;

export function createQueues() {
  const last = new Map<string, Promise<void>>();

  function join(key: string): Turn {
    const came = last.get(key) ?? Promise.resolve();
    let end = () => {};
    const mine = new Promise<void>((resolve) => (end = resolve));
    const ended = came.then(() => mine);
    last.set(key, ended);
    void ended.then(() => last.get(key) === ended && last.delete(key));
    return { came, end };
  }

  async function inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
    const turn = join(key);
    await turn.came;
    return run().finally(turn.end);
  }

  return { join, inTurn };
}

/** Runs for each, at most `limit` at a time. @returns the answers in the order of the list; the first throw is thrown when all have ended. */
export async function atMost<T, Answer>(
  limit: number,
  list: readonly T[],
  run: (each: T) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const rest = list.entries();
  const workers = Array.from({ length: Math.min(limit, list.length) }, async () => {
    for (const [index, each] of rest) answers[index] = await run(each);
  });
  const ended = await Promise.allSettled(workers);
  for (const worker of ended) if (worker.status === "rejected") throw worker.reason;
  return answers;
}
