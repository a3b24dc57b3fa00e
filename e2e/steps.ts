// Lets a process die, or something else happen, between any two of its steps: each call to Logto and each write is one.
import type { Line } from "../app/logto/line.server";
import type { OrganizationScope, Store } from "../db";

export class Died extends Error {
  override name = "Died";
}

export type Steps = ReturnType<typeof createSteps>;

/** `before`: the step is not done any more. `after`: it is done, and nobody hears of it. */
export type Death = { step: number; when: "before" | "after" };

/** What happens elsewhere just before this step. */
export type Meanwhile = { step: number; meanwhile: () => Promise<unknown> };

export function createSteps() {
  let taken = 0;
  let chosen: Death | Meanwhile | undefined;
  let dead = false;

  async function step<T>(run: () => Promise<T>): Promise<T> {
    taken += 1;
    const now = chosen?.step === taken ? chosen : undefined;
    const last = now && "when" in now;
    if (last && now.when === "before") dead = true;
    if (dead) throw new Died();
    if (now && "meanwhile" in now) await now.meanwhile();
    const answer = await run();
    if (last) dead = true;
    if (dead) throw new Died();
    return answer;
  }

  const aroundScope = (scope: OrganizationScope): OrganizationScope => ({
    ...scope,
    write: (run) => step(() => scope.write(run)),
  });

  return {
    around: ((line) => (url, init) => step(() => line(url, init))) satisfies (line: Line) => Line,
    aroundScope,
    aroundStore: (store: Store): Store => ({
      ...store,
      scope: (...given) => aroundScope(store.scope(...given)),
      system: { ...store.system, write: (run) => step(() => store.system.write(run)) },
    }),

    /** Begins a new life. Without a death, or anything else to happen, it only counts. */
    begin(next?: Death | Meanwhile) {
      taken = 0;
      dead = false;
      chosen = next;
    },
    taken: () => taken,
  };
}
