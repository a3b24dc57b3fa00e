// What a part of the isolation suite is: it is given a stage, asks what it has to ask, and reports each thing that it has looked at.
import type { World, WorldOptions } from "../../scripts/world";
import type { WorldDescription } from "../world";

/** A case of the catalogue (catalogue.ts), such as A1 or D3. */
export type CaseId = `${"A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "I" | "J" | "K"}${number}`;

/**
 * `held`: as it should be, and its control worked. `broken`: not as it should be. `leaked`: somebody saw or changed what is another organization's.
 * `unproven`: the control did not work, so that a refusal says nothing.
 */
export type Verdict = "held" | "broken" | "leaked" | "unproven";

/** One thing that was looked at. */
export interface Check {
  /** In plain words, with names: "Cleo (Collaborator of Globex) cannot open Acme's post by its address." */
  title: string;
  verdict: Verdict;
  case?: CaseId;
  /** What should be, and what was; wanted unless it held. */
  expected?: string;
  actual?: string;
  /** Whatever somebody who doubts it would ask for: requests, answers, rows. Secrets are taken out by the report. */
  evidence?: Evidence[];
  /** Where in the matrix it stands. */
  cell?: Cell;
}

export interface Evidence {
  what: string;
  text: string;
  /** Asks again. */
  curl?: string;
}

/** A row and a column of the matrix. */
export interface Cell {
  operation: string;
  /** What the operation is about, such as "Ada's draft". */
  about?: string;
  actor: string;
}

/** What somebody asked to see alone. */
export interface Narrowing {
  case?: CaseId;
  part?: string;
  actor?: string;
  /** A part of an operation's name or path. */
  route?: string;
}

export interface Stage {
  /** Everything that is left to chance comes from it. */
  seed: number;
  narrow: Narrowing;
  /** Browsers are shown. */
  headed: boolean;
  /** `gate` has three minutes for everything, `full` twelve, `nightly` an hour. */
  length: "gate" | "full" | "nightly";
  /** The one world of the production build, for parts that leave its cast as they found it. */
  world: WorldDescription;
  /** A world of the part's own, for what locks, kills or overflows. It is stopped with the run, if not before. */
  ownWorld(options?: WorldOptions): Promise<World>;
  report(check: Check): void;
  /** Adds to what the first line of the report counts. */
  count(what: Counted, by?: number): void;
  /** Shown while it runs. */
  progress(done: number, of: number): void;
}

/** `controls` were tried; `controls worked` is how many of them did what they should. */
export type Counted = "probes" | "controls" | "controls worked" | "traces";

export interface Part {
  /** For `--part`, and a heading in the report. */
  name: string;
  /** What it proves, in one sentence. */
  proves: string;
  /** The cases that it reports checks for: one of these without a check is a hole, and the run is incomplete. */
  cases: readonly CaseId[];
  /**
   * `world`: one after another on the stage's world. `beside`: at the same time as those and as each other, for what has processes or worlds of its own;
   * what computes long does so in a process of its own, or the others wait for it.
   */
  place: "world" | "beside";
  /** Throws when it could not be carried out: then the run is incomplete. */
  run(stage: Stage): Promise<void>;
}
