// What the last run of the mutants said, and of which sources: it counts only for the tree that it was made from.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const root = resolve(import.meta.dirname, "../..");

/** Written by the run of the mutants, kept in the repository. */
export const mutantResultsFile = join(import.meta.dirname, "mutants/last.json");

/** The kinds of mutants, in the order in which they are tried: each bug of the zoo is a build of its own, which stays in memory. */
export const mutantParts = ["guards", "queries", "walls", "zoo"] as const;
export type MutantPart = (typeof mutantParts)[number];

export const MutantResults = z.object({
  /** As `hashOfSources` had it. */
  sources: z.string(),
  /** ISO 8601. */
  at: z.string(),
  parts: z.array(
    z.object({
      name: z.enum(mutantParts),
      mutants: z.number(),
      killed: z.number(),
      survivors: z.array(z.string()),
      /** Those that change nothing that anybody could notice, each with the reason. They are in neither number. */
      equivalent: z.array(z.object({ name: z.string(), reason: z.string() })),
    }),
  ),
});
export type MutantResults = z.infer<typeof MutantResults>;

/** Undefined when there are none, or they are of other sources. */
export function readMutantResults(): MutantResults | undefined {
  if (!existsSync(mutantResultsFile)) return undefined;
  const results = MutantResults.parse(JSON.parse(readFileSync(mutantResultsFile, "utf8")));
  return results.sources === hashOfSources() ? results : undefined;
}

/** Of what ships: app/ and db/ without their tests. */
export function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const folder of ["app", "db"])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).toSorted())
      if (/\.(tsx?|css|sql)$/.test(name) && !/\.test\.tsx?$/.test(name))
        hash
          .update(`${folder}/${name}\0`)
          .update(readFileSync(join(root, folder, name)))
          .update("\0");
  return hash.digest("hex");
}
