// The command `npm run test:isolation`: starts a world, runs the parts, writes the report, and says in one line whether anything leaked.
import { parseArgs } from "node:util";
import { untilAskedToStop } from "../../scripts/asked-to-stop.mjs";
import { catalogue } from "./catalogue";
import { actorKeys } from "./cast";
import type { CaseId, Narrowing, Stage } from "./part";
import { parts } from "./parts";
import { countsOf, exitCodeOf, firstLine, lastLine } from "./report/lines";
import { writeReport } from "./report/write";
import { runParts } from "./run";

const usage = `npm run test:isolation -- [options]

  --case D3        one case of the catalogue
  --part matrix    one part: ${parts.map(({ name }) => name).join(", ")}
  --actor cleo     one column of the matrix, and no other part: ${actorKeys.join(", ")}
  --route posts    rows of the matrix, operations and addresses with this in them
  --seed 42        repeats a run's chance (the first line of a report has its seed)
  --headed         shows the browsers
  --length full    gate (three minutes, what npm test runs), full (eight) or nightly (most of an hour)
`;

interface Options extends Pick<Stage, "seed" | "headed" | "length"> {
  narrow: Narrowing;
}

const isOneOf = <T extends string>(known: readonly T[], given: string): given is T =>
  known.some((one) => one === given);

/** @throws with a sentence for what cannot be meant. */
function readOptions(parameters: string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: parameters,
    options: {
      case: text,
      part: text,
      actor: text,
      route: text,
      seed: text,
      length: text,
      headed: { type: "boolean" },
    },
  });
  const {
    case: id,
    actor,
    route,
    // They say something of the matrix alone.
    part = (actor || route) && !id ? "matrix" : undefined,
    seed = String(Date.now() % 1_000_000),
    length = "gate",
    headed = false,
  } = values;
  const cases = catalogue.map((one) => one.id);
  if (id && !isOneOf<CaseId>(cases, id)) throw new Error(`There is no case ${id}: they are ${cases.join(", ")}.`);
  if (part && !parts.some(({ name }) => name === part)) throw new Error(`There is no part ${part}.`);
  if (actor && !isOneOf(actorKeys, actor)) throw new Error(`There is no actor ${actor}.`);
  if (!/^\d{1,9}$/.test(seed)) throw new Error("A seed is a whole number of at most nine digits.");
  if (!isOneOf(["gate", "full", "nightly"] as const, length)) throw new Error("A run is gate, full or nightly.");
  return { narrow: { case: id as CaseId | undefined, part, actor, route }, seed: Number(seed), length, headed };
}

async function main(parameters: string[]): Promise<number> {
  const options = readOptions(parameters);
  const result = await runParts(parts, options);
  const file = writeReport(result);
  for (const check of result.checks.filter(({ verdict }) => verdict !== "held")) {
    console.log(`\n${check.verdict.toUpperCase()} ${check.case ?? check.part}: ${check.title}`);
    if (check.expected) console.log(`  expected: ${check.expected}`);
    if (check.actual) console.log(`  actual:   ${check.actual}`);
  }
  console.log(`\n${firstLine(result)}`);
  console.log(`Report: ${file}`);
  console.log(lastLine(countsOf(result)));
  return exitCodeOf(result);
}

void untilAskedToStop().then(() => process.exit(2)); // the world's programs follow their parent
try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exit(2);
}
