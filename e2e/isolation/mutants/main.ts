// The command `npm run test:isolation:mutants`: puts bugs into the app, one at a time, and sees whether the suite notices each.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { policy, type Operation, type OperationName } from "../../../app/auth/policy";
import type { Attempt } from "../attempts/attempt";
import { attempts } from "../attempts/all";
import { doorAttempts } from "../attempts/door";
import { invitationAttempts } from "../attempts/invitations";
import { peopleAttempts } from "../attempts/people";
import { postAttempts } from "../attempts/posts";
import { raceAttempts } from "../attempts/races";
import { settingAttempts } from "../attempts/settings";
import { twinAttempts } from "../attempts/twins";
import { hashOfSources, type MutantPart, mutantParts, MutantResults, mutantResultsFile } from "../mutant-results";
import { buildProbe, type ProbeBuild } from "../probe/build";
import { openHouse, type BuiltApp, type House } from "../probe/house";
import { equivalent } from "./equivalent";
import { openProgress, type Outcome, type Progress } from "./progress";
import { noticed, type Trial } from "./trial";
import { zoo } from "./zoo";

const usage = `npm run test:isolation:mutants -- [options]

  --part guards   every guard, dropped in turn: whole, and each of its steps
  --part queries  every query of an organization's tables without its organization (the database's walls are down)
  --part walls    the same with the walls up, by whoever noticed it before: now nothing may come out
  --part zoo      bugs that were really made elsewhere, put into our sources (the database's walls are down)
  --only TEXT     those whose name this regular expression finds
  --traces 200    how many traces are played for a mutant that the attempts have not noticed
  --seed 1        of the traces
  --resume        goes on where a run of the same sources was broken off, and tries again what nobody noticed then
`;

interface Mutant {
  name: string;
  built?: () => Promise<BuiltApp>;
  switched?: string;
  walls: boolean;
  near: Attempt[];
  others?: Attempt[];
  traces: number;
  /** True: it is killed when nobody notices anything, for the other wall has held. */
  mustHold?: boolean;
}

interface Options {
  parts: MutantPart[];
  only: string;
  traces: number;
  seed: number;
  resume: boolean;
}

function readOptions(parameters: string[]): Options {
  const text = { type: "string" } as const;
  const many = { type: "string", multiple: true } as const;
  const known = { part: many, only: text, traces: text, seed: text, resume: { type: "boolean" } } as const;
  const { values } = parseArgs({ args: parameters, options: known });
  const { part = [...mutantParts], only = "", traces = "200", seed = "1", resume = false } = values;
  const unknown = part.filter((name) => !mutantParts.some((one) => one === name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}.`);
  const wanted = mutantParts.filter((name) => part.includes(name));
  return { parts: wanted, only, traces: Number(traces), seed: Number(seed), resume };
}

const parts: Record<MutantPart, (build: ProbeBuild, traces: number) => Mutant[]> = {
  zoo: (_build, traces) =>
    zoo.map((bug) => ({
      name: bug.name,
      built: async () => (await import((await buildProbe([bug])).file)) as BuiltApp,
      ...{ walls: false, ...nearestFirst(bug.file), traces },
    })),

  guards: ({ sites }) =>
    sites
      .filter(({ id }) => id.startsWith("guard:") && refuses(id.slice("guard:".length)))
      .flatMap(({ id }) => {
        const about = attempts.filter(({ operation }) => operation === id.slice("guard:".length));
        // For a member, the session is looked for together with the membership.
        const isOfMember = about.some(({ step }) => step === "membership");
        const steps = [...new Set(about.flatMap(({ step }) => step ?? []))].filter(
          (step) => !isOfMember || step !== "session",
        );
        return [id, ...steps.map((step) => `${id}:${step}`)].map((switched) => ({
          name: switched,
          ...{ switched, walls: true, near: about, traces: 0 },
        }));
      }),

  queries: ({ sites }, traces) =>
    queriesOf(sites).map((name) => ({ ...unscoped(name), others: ofRecords, walls: false, traces })),

  walls: ({ sites }, traces) =>
    queriesOf(sites).map((name) => ({ ...unscoped(name), others: ofRecords, walls: true, traces, mustHold: true })),
};

/** A form that anyone may send passes a guard that only looks who it is. */
function refuses(operation: string): boolean {
  const { permission, method }: Operation = policy[operation as OperationName]; // a site is called after its operation
  return permission !== "anyone" || method === "GET";
}

/** Whoever is about the same part of the app notices first, which saves much time. */
function nearestFirst(file: string): { near: Attempt[]; others: Attempt[] } {
  const near = areas.find(([area]) => area.test(file))?.[1] ?? [];
  return { near, others: attempts.filter((attempt) => !near.includes(attempt)) };
}

const areas: [RegExp, Attempt[]][] = [
  [/settings|billing|exports|audit\.|seats/, settingAttempts],
  [/mirror|wish|claim|close|organization-tables/, twinAttempts],
  [/invitation/, invitationAttempts],
  [/posts|comments|db\//, postAttempts],
  [/member|guards/, [...peopleAttempts, ...raceAttempts]],
  [/http\/|logto\/|seal|auth\.server/, [...doorAttempts, ...peopleAttempts]],
];

/** All but those of the guards, which stand before every query. */
const ofRecords = attempts.filter(({ operation }) => !operation);

const queriesOf = (sites: ProbeBuild["sites"]) => sites.map(({ id }) => id).filter((id) => id.startsWith("query:"));

const unscoped = (name: string) => {
  const { near } = nearestFirst(name);
  return { name, switched: name, near: [...new Set([...near, ...settingAttempts, ...twinAttempts])] };
};

async function main(parameters: string[]): Promise<number> {
  const options = readOptions(parameters);
  const build = await buildProbe();
  const house = await openHouse(build.file);
  const progress = openProgress(options.resume);
  let survived = 0;
  try {
    if (options.only === "") await requireGreen(house, options);
    for (const part of options.parts) survived += await runPart(house, build, part, options, progress);
  } finally {
    await house.close();
  }
  return survived === 0 ? 0 : 1;
}

/** Whoever notices something where there is nothing notices no mutant. */
async function requireGreen(house: House, { seed }: Options): Promise<void> {
  const broken = await noticed(house, { walls: false, near: attempts, traces: 3, seed });
  if (broken) throw new Error(`Without any mutant: ${broken.words}`);
}

async function runPart(
  house: House,
  build: ProbeBuild,
  part: MutantPart,
  { only, traces, seed }: Options,
  progress: Progress,
): Promise<number> {
  const mutants = parts[part](build, traces).filter(({ name }) => new RegExp(only).test(name));
  const survivors: string[] = [];
  const excused: { name: string; reason: string }[] = [];
  for (const [index, { name, built, mustHold = false, ...mutant }] of mutants.entries()) {
    const reason = equivalent[`${mustHold ? "queries" : part} ${name}`];
    if (reason) excused.push({ name, reason });
    if (reason) continue;
    const tryOut = async (as: MutantPart, trial: Partial<Trial>) => {
      const key = `${as} ${name}`;
      const whole = { ...mutant, ...trial, built: await built?.(), seed };
      return progress.of(key) ?? progress.note(key, await noticed(house, whole));
    };
    // Whoever notices it without the walls is who can tell whether they hold; when nobody does, nothing is known of them.
    const unwalled = mustHold ? await tryOut("queries", { walls: false }) : undefined;
    const { words } = await tryOut(part, unwalled ? onlyWhoNoticed(unwalled) : {});
    const isKilled = mustHold ? unwalled?.words !== undefined && words === undefined : words !== undefined;
    if (!isKilled) survivors.push(name);
    const outcome = words ?? (mustHold && isKilled ? "nothing came out" : "nobody noticed");
    console.log(
      `${isKilled ? "killed  " : "SURVIVED"} ${part} ${index + 1}/${mutants.length} ${name}: ${outcome.slice(0, 200)}`,
    );
  }
  const count = mutants.length - excused.length;
  console.log(`${part}: ${count - survivors.length} of ${count} killed, ${excused.length} equivalent`);
  if (only === "")
    keep({ name: part, mutants: count, killed: count - survivors.length, survivors, equivalent: excused });
  return survivors.length;
}

/** An attempt alone, or the same traces. */
function onlyWhoNoticed({ by }: Outcome): Partial<Trial> {
  const witness = attempts.filter(({ title }) => title === by);
  return { near: witness, others: [], ...(witness.length > 0 && { traces: 0 }) };
}

/** Beside what other parts have said of the same sources. */
function keep(result: MutantResults["parts"][number]): void {
  const sources = hashOfSources();
  const before = existsSync(mutantResultsFile)
    ? MutantResults.parse(JSON.parse(readFileSync(mutantResultsFile, "utf8")))
    : undefined;
  const others = before?.sources === sources ? before.parts.filter(({ name }) => name !== result.name) : [];
  const results: MutantResults = { sources, at: new Date().toISOString(), parts: [...others, result] };
  writeFileSync(mutantResultsFile, `${JSON.stringify(results, null, 2)}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
