// Runs the parts: those on the shared world one after another, the others beside them and each other; a part that cannot be carried out is no pass.
import { execFileSync } from "node:child_process";
import { startWorld, type World } from "../../scripts/world";
import { catalogue } from "./catalogue";
import type { Check, Counted, Part, Stage } from "./part";

export interface Reported extends Check {
  part: string;
}

export interface Result {
  checks: Reported[];
  counted: Record<Counted, number>;
  parts: { name: string; proves: string; seconds: number }[];
  /** False when somebody asked to see only some of it. */
  isWhole: boolean;
  seed: number;
  length: Stage["length"];
  commit: string;
  at: Date;
  seconds: number;
}

type Options = Pick<Stage, "seed" | "narrow" | "headed" | "length">;

/** What the figures of the design ask of a whole run: fewer, and something was forgotten. */
const leastProbes = 5_000;

export async function runParts(parts: Part[], options: Options): Promise<Result> {
  const began = Date.now();
  const { narrow } = options;
  const chosen = parts.filter(
    (part) => (!narrow.part || part.name === narrow.part) && (!narrow.case || part.cases.includes(narrow.case)),
  );
  const result: Result = {
    checks: [],
    counted: { probes: 0, controls: 0, "controls worked": 0, traces: 0 },
    parts: [],
    isWhole: Object.values(narrow).every((one) => one === undefined),
    ...{ seed: options.seed, length: options.length, commit: commitOf(), at: new Date(), seconds: 0 },
  };
  const worlds: World[] = [];
  const ownWorld: Stage["ownWorld"] = async (settings) => {
    const world = await startWorld(settings);
    worlds.push(world);
    return world;
  };
  try {
    const shared = await ownWorld();
    const stageOf = (part: Part): Stage => ({
      ...options,
      world: shared.description,
      ownWorld,
      report: (check) => void result.checks.push({ ...check, part: part.name }),
      count: (what, by = 1) => void (result.counted[what] += by),
      progress: (done, of) => show(part.name, done, of),
    });
    const inTurn = async (some: Part[]) => {
      for (const part of some) await runPart(part, stageOf(part), result);
    };
    await Promise.all([
      inTurn(chosen.filter(({ place }) => place === "world")),
      ...chosen.filter(({ place }) => place === "beside").map((part) => runPart(part, stageOf(part), result)),
    ]);
  } finally {
    for (const world of worlds) await world.stop();
  }
  result.parts.sort((one, other) => orderOf(parts, one.name) - orderOf(parts, other.name));
  if (narrow.case) result.checks = result.checks.filter((check) => check.case === narrow.case);
  for (const hole of holesIn(result, chosen, options))
    result.checks.push({ ...hole, part: "suite", verdict: "unproven" });
  result.seconds = (Date.now() - began) / 1_000;
  return result;
}

const orderOf = (parts: Part[], name: string) => parts.findIndex((part) => part.name === name);

async function runPart(part: Part, stage: Stage, result: Result): Promise<void> {
  const began = Date.now();
  try {
    await part.run(stage);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const title = `The part "${part.name}" could not be carried out`;
    stage.report({ title, verdict: "unproven", actual: text.split("\n")[0], evidence: [{ what: "It said", text }] });
  }
  const seconds = (Date.now() - began) / 1_000;
  result.parts.push({ name: part.name, proves: part.proves, seconds });
  console.log(`${part.name}: done in ${seconds.toFixed(1)} s`);
}

/** What a run has to have, so that its silence says something. */
function holesIn({ checks, counted, isWhole }: Result, chosen: Part[], { narrow }: Options): { title: string }[] {
  const reported = new Set(checks.map((check) => check.case));
  const promised = isWhole ? catalogue.filter(({ by }) => by).map(({ id }) => id) : narrow.case ? [narrow.case] : [];
  const holes = [...new Set([...promised, ...(isWhole ? chosen.flatMap(({ cases }) => cases) : [])])]
    .filter((id) => !reported.has(id))
    .map((id) => ({ title: `Nothing was looked at for case ${id}` }));
  if (checks.length === 0) holes.push({ title: "Nothing was looked at" });
  if (isWhole && counted.probes < leastProbes)
    holes.push({ title: `Only ${counted.probes} probes were sent, of at least ${leastProbes}` });
  return holes;
}

const shownTenths = new Map<string, number>();

/** A line for each tenth, so that a log stays readable. */
function show(part: string, done: number, of: number): void {
  const tenth = Math.floor((done / of) * 10);
  if (shownTenths.get(part) === tenth) return;
  shownTenths.set(part, tenth);
  console.log(`${part}: ${done} of ${of}`);
}

function commitOf(): string {
  try {
    const git = (...parameters: string[]) =>
      execFileSync("git", parameters, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const changed = git("status", "--porcelain", "--untracked-files=no") ? " with changes" : "";
    return git("rev-parse", "--short=9", "HEAD") + changed;
  } catch {
    return "of no repository";
  }
}
