// The traces that once told of the other organization: replayed before any new one is drawn.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { policy, type OperationName } from "../../../app/auth/policy";
import type { Trace } from "./trace";

const folder = join(import.meta.dirname, "corpus");
const operations = ["twin", ...Object.keys(policy)] as (OperationName | "twin")[]; // the policy's keys are its names

const Step = z.object({
  side: z.enum(["a", "b"]),
  actor: z.number(),
  what: z.enum(operations),
  whose: z.enum(["own", "foreign", "never"]),
  pick: z.number(),
  variant: z.number(),
  times: z.number(),
  wait: z.number(),
  asData: z.boolean(),
});
const TraceFile = z.object({ seed: z.number(), steps: z.array(Step), looks: z.array(Step) });

export function readCorpus(): Trace[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => TraceFile.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
}

/** @returns the file */
export function keepInCorpus(trace: Trace): string {
  const text = `${JSON.stringify(trace, null, 2)}\n`;
  const file = join(folder, `${createHash("sha256").update(text).digest("hex").slice(0, 12)}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return file;
}
