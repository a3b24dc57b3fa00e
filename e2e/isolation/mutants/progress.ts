// What each mutant of a run has come to, kept while it runs: it takes long, and may be broken off.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { hashOfSources } from "../mutant-results";
import type { Notice } from "./trial";

const file = resolve(import.meta.dirname, "../../../reports/isolation/mutants.json");

/** Who noticed, in words, and the title of the attempt that did. Both undefined: nobody. */
const Outcome = z.object({ words: z.string().optional(), by: z.string().optional() });
export type Outcome = z.infer<typeof Outcome>;

const Kept = z.object({ sources: z.string(), outcomes: z.record(z.string(), Outcome) });

export type Progress = ReturnType<typeof openProgress>;

/** Empty, unless it is to go on with what a run of the same sources has left. */
export function openProgress(resumes: boolean) {
  const sources = hashOfSources();
  const left = resumes && existsSync(file) ? Kept.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
  const outcomes = left?.sources === sources ? settled(left.outcomes) : {};
  mkdirSync(dirname(file), { recursive: true });

  return {
    /** Of a mutant, by its part and name; undefined when it has not been tried. */
    of: (mutant: string): Outcome | undefined => outcomes[mutant],

    note(mutant: string, notice: Notice | undefined): Outcome {
      const outcome = { words: notice?.words, by: notice?.by?.title };
      outcomes[mutant] = outcome;
      writeFileSync(file, JSON.stringify({ sources, outcomes }));
      return outcome;
    },
  };
}

/** Without those that nobody noticed: they are tried again, for there may be an attempt more by now. */
function settled(outcomes: Record<string, Outcome>): Record<string, Outcome> {
  const isNoticed = (mutant: string) => outcomes[mutant.replace(/^walls /, "queries ")]?.words !== undefined;
  return Object.fromEntries(Object.entries(outcomes).filter(([mutant]) => isNoticed(mutant)));
}
