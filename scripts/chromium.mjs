// Finds a Chromium for the journeys, or installs one: Playwright's own, Debian's, or the one that ships in an npm package.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { installIfNeeded, root } from "./install.mjs";

/** The first has no windows, starts sooner and needs less. */
const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** @returns {Promise<string>} where the program is. Throws with a sentence when there is none and none can be installed. */
export async function chromiumPath() {
  const found = process.env.CHROMIUM || (await playwrights()) || inPath();
  if (found) return found;
  console.error("There is no Chromium here yet.");
  for (const install of [downloadPlaywrights, installDebians, unpackNpms]) {
    const path = await install();
    if (path) return path;
  }
  throw new Error(
    "No Chromium could be installed. Install one and say where it is: CHROMIUM=/path/to/chromium npm test",
  );
}

async function playwrights() {
  const { chromium } = await import("@playwright/test");
  return usable(chromium.executablePath());
}

function inPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => usable(path));
}

async function downloadPlaywrights() {
  const worked = run("Playwright's own", process.execPath, [
    join(root, "node_modules/@playwright/test/cli.js"),
    ...["install", "--only-shell", "chromium"],
  ]);
  return worked ? playwrights() : undefined;
}

function installDebians() {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return undefined;
  const install = (/** @type {string} */ name) =>
    run(`Debian's ${name}`, "apt-get", ["install", "-y", "-q", "--no-install-recommends", name]);
  const worked =
    run("Debian's package lists", "apt-get", ["update", "-q"]) &&
    (install("chromium-headless-shell") || install("chromium"));
  return worked ? inPath() : undefined;
}

/** 147 is the last one for Node 20. */
async function unpackNpms() {
  const name = "@sparticuz/chromium";
  if (!run("the one from npm", "npm", ["install", "--no-save", "--no-audit", "--no-fund", `${name}@147.0.0`]))
    return undefined;
  const { default: packed } = await import(pathToFileURL(createRequire(import.meta.url).resolve(name)).href);
  return usable(await packed.executablePath());
}

/**
 * Says what it tries, and prints what the command complained of when it does not work. Three minutes at most.
 * @param {string} what
 * @param {string} command
 * @param {string[]} parameters
 */
function run(what, command, parameters) {
  console.error(`Installing Chromium: ${what}.`);
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: root,
    encoding: "utf8",
    timeout: 180_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0) console.error(`That did not work: ${complaint(`${stdout ?? ""}\n${stderr ?? ""}`)}`);
  return status === 0;
}

/** @param {string} text */
function complaint(text) {
  const lines = text.trim().split("\n");
  return lines.find((line) => /error|failed|unable/i.test(line)) ?? lines.at(-1) ?? "";
}

/** @param {string} path */
function usable(path) {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  installIfNeeded();
  console.log(await chromiumPath());
}
