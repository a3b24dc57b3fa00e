// Runs a TypeScript command of this folder, also on a fresh clone: node scripts/run.mjs scripts/world.ts --json
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { checkNode } from "./node-version.mjs";

checkNode();
installIfNeeded();
const [file = "", ...parameters] = process.argv.slice(2);
process.argv = [process.argv0, resolve(file), ...parameters];
const { register } = await import("tsx/esm/api");
register();
await import(pathToFileURL(resolve(file)).href);
