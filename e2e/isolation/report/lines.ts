// The lines of a run that everybody reads: the first of the report, the last of the command, and the exit code.
import { mutantParts, readMutantResults } from "../mutant-results";
import type { Result } from "../run";

export function firstLine({ checks, counted, commit, seed }: Result): string {
  const leaks = checks.filter(({ verdict }) => verdict === "leaked").length;
  return [
    `LEAKS ${leaks}`,
    `probes ${counted.probes}`,
    `controls ${counted["controls worked"]}/${counted.controls}`,
    `traces ${counted.traces}`,
    mutants(),
    `commit ${commit}`,
    `seed ${seed}`,
  ].join(" · ");
}

function mutants(): string {
  const results = readMutantResults();
  if (!results) return "mutants not run for this tree";
  const sum = (of: "killed" | "mutants") => results.parts.reduce((total, part) => total + part[of], 0);
  const missing = mutantParts.filter((part) => results.parts.every(({ name }) => name !== part));
  const but = missing.length > 0 ? ` (${missing.join(", ")} not run)` : "";
  return `mutants killed ${sum("killed")}/${sum("mutants")}${but}`;
}

export interface Counts {
  passed: number;
  failed: number;
}

export function countsOf({ checks }: Result): Counts {
  const passed = checks.filter(({ verdict }) => verdict === "held").length;
  return { passed, failed: checks.length - passed };
}

/** Nothing is ever skipped: what cannot be looked at has failed. */
export function lastLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed, 0 skipped`;
}

/** 0: all held. 1: a leak, or something not as it should be. 2: something was not proved. */
export function exitCodeOf({ checks }: Result): 0 | 1 | 2 {
  if (checks.some(({ verdict }) => verdict === "leaked" || verdict === "broken")) return 1;
  return checks.some(({ verdict }) => verdict === "unproven") ? 2 : 0;
}
