// Looks for the hooks of the probe build in what ships.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/install.mjs";

const signs = ["atriumProbe", "ISOLATION_MUTANT"];

/** @returns the files of the production build that have one */
export function hooksInProduction(): string[] {
  return filesIn(join(root, "build")).filter(hasHook);
}

export function hasHook(file: string): boolean {
  const text = readFileSync(file, "utf8");
  return signs.some((sign) => text.includes(sign));
}

function filesIn(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];
}
