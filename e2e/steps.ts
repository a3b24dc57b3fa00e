// Lets a process die between any two of its steps: each call to Logto and each write is one, and after the one that was chosen nothing is done any more.
import type { Line } from "../app/logto/line.server";
import type { OrganizationScope, Store } from "../db";

export class Died extends Error {
  override name = "Died";
}

export type Steps = ReturnType<typeof createSteps>;

/** `before`: the step is not done any more. `after`: it is done, and nobody hears of it. */
export type Death = { step: number; when: "before" | "after" };

export function createSteps() {
  let taken = 0;
  let death: Death | undefined;
  let dead = false;

  async function step<T>(run: () => Promise<T>): Promise<T> {
    taken += 1;
    const last = death?.step === taken;
    if (last && death?.when === "before") dead = true;
    if (dead) throw new Died();
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

    /** Begins a new life. Without a death it only counts. */
    begin(next?: Death) {
      taken = 0;
      dead = false;
      death = next;
    },
    taken: () => taken,
  };
}
