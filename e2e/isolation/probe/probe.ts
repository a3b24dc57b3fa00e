// What the probe build hangs its hooks on: the clock, the ids, the statements, the barriers, and the one mutant that is switched on.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** Where a request can be held: after its guard has let it in, and before its write is committed. */
export type Place = "afterGuard" | "beforeCommit";

interface Barrier {
  place: Place;
  /** Of an operation, for afterGuard; of an organization, for beforeCommit. */
  of: string;
  reached: () => void;
  opened: Promise<void>;
}

export interface Held {
  /** Somebody has come to it. */
  reached: Promise<void>;
  open(): void;
}

/** Anything with Drizzle's verbs: what a query is made on. */
type Handle = Record<string, (...parts: unknown[]) => unknown>;

export type Probe = ReturnType<typeof createProbe>;

declare global {
  var atriumProbe: Probe;
}

/** Makes the probe that the instrumented sources look for. One a process. */
export function installProbe(): Probe {
  return (globalThis.atriumProbe ??= createProbe());
}

function createProbe() {
  const barriers = new Set<Barrier>();
  const memories: { clear(): void }[] = [];
  const counting = new AsyncLocalStorage<{ statements: number }>();
  const drawn = new AsyncLocalStorage<{ draw: (size: number) => Buffer }>();
  let clock: (() => number) | undefined;

  /** The sources' own `Date`: the same in everything but what time it is. */
  class ProbeDate extends Date {
    constructor(...parts: [] | [number | string | Date]) {
      if (parts.length === 0) super(probe.now());
      else super(...(parts as [number]));
    }
    static override now = () => probe.now();
    static [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === "[object Date]";
    }
  }

  const probe = {
    /** The name of the bug that is switched on; undefined for none. */
    mutant: undefined as string | undefined,
    is: (name: string): boolean => probe.mutant === name,

    /** Whether the app's jobs run when it starts: each once, until `jobs`. */
    runsJobs: false,
    jobs: Promise.resolve(),

    /** Milliseconds that Logto is waited for: on a busy machine it is slow without being out of reach. */
    patience: 30_000,

    /** What the app keeps in memory alone, until `forget`. */
    remembering<T extends { clear(): void }>(memory: T): T {
      memories.push(memory);
      return memory;
    },
    forget: (): void => memories.forEach((memory) => memory.clear()),

    now: (): number => clock?.() ?? Date.now(),
    Date: ProbeDate as unknown as DateConstructor,
    /** Milliseconds since the epoch; undefined for the machine's own clock. */
    setClock: (given: (() => number) | undefined) => void (clock = given),

    randomBytes: (size: number): Buffer => drawn.getStore()?.draw(size) ?? randomBytes(size),
    randomUUID: (): string => {
      const bytes = probe.randomBytes(16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    },
    /** Everything random that runs inside comes from `draw`. */
    drawing: <T>(draw: (size: number) => Buffer, run: () => T): T => drawn.run({ draw }, run),

    /** What the store is opened with. */
    storeOptions: {
      walls: true as boolean | undefined,
      onStatement: undefined as ((statement: string) => void) | undefined,
    },
    /** Counts the statements that run inside, if the store was opened with `countStatement`. */
    async counted<T>(run: () => Promise<T>): Promise<{ answer: T; statements: number }> {
      const count = { statements: 0 };
      const answer = await counting.run(count, run);
      return { answer, statements: count.statements };
    },
    countStatement: (): void => {
      const count = counting.getStore();
      if (count) count.statements += 1;
    },

    /** Holds whoever comes to that place, from now on until it is opened. */
    hold(place: Place, of: string): Held {
      let open = () => {};
      let reached = () => {};
      const opened = new Promise<void>((resolve) => (open = resolve));
      const came = new Promise<void>((resolve) => (reached = resolve));
      const barrier = { place, of, reached, opened };
      barriers.add(barrier);
      return {
        reached: came,
        open() {
          barriers.delete(barrier);
          open();
        },
      };
    },
    async pass(place: Place, of: string | null): Promise<void> {
      for (const barrier of barriers) {
        if (barrier.place !== place || barrier.of !== of) continue;
        barrier.reached();
        await barrier.opened;
      }
    },
    /** A guard's call, and after it the barrier. */
    async guarded<T>(operation: string, guard: Promise<T>): Promise<T> {
      const passed = await guard;
      await probe.pass("afterGuard", operation);
      return passed;
    },

    /** While a write is asked for without its organization. */
    dropping: false,
    /** How many of those the database's own wall has refused. */
    refusals: 0,
    /** Set by the database's folder: the same table, of everybody. */
    everybodys: (table: unknown): unknown => table,
    /** The handle that a query is made on; without the organization when this query is the mutant. */
    query<T extends object>(site: string, handle: T): T {
      return probe.is(`query:${site}`) ? (unscoped(handle as unknown as Handle, probe) as unknown as T) : handle;
    },
  };
  return probe;
}

const joins = ["from", "innerJoin", "leftJoin"];

interface Dropping {
  dropping: boolean;
  refusals: number;
  everybodys(table: unknown): unknown;
}

function unscoped(handle: Handle, probe: Dropping): Handle {
  return new Proxy(handle, {
    get(target, verb: string) {
      const call = target[verb];
      if (typeof call !== "function") return call;
      if (verb === "select") return (...parts: unknown[]) => unjoined(call(...parts) as Handle, probe);
      return (...parts: unknown[]) => {
        probe.dropping = true;
        try {
          return noting(call(...parts) as Promise<unknown>, probe);
        } finally {
          probe.dropping = false;
        }
      };
    },
  });
}

async function noting<T>(write: Promise<T>, probe: Dropping): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("The wall around ")) probe.refusals += 1;
    throw error;
  }
}

/** A query under construction, whose tables are everybody's. */
function unjoined(builder: Handle, probe: Dropping): Handle {
  return new Proxy(builder, {
    get(target, verb: string) {
      const call = target[verb];
      if (!joins.includes(verb) || typeof call !== "function")
        return typeof call === "function" ? call.bind(target) : call;
      return (table: unknown, ...rest: unknown[]) => {
        const built = call.call(target, probe.everybodys(table), ...rest) as Handle;
        return unjoined(built, probe);
      };
    },
  });
}
