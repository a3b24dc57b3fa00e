// Builds what `npm start` runs: the pages by Remix, and each program in one file by esbuild. Only when the sources have changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { installIfNeeded, root } from "./install.mjs";
import { checkNode } from "./node-version.mjs";

const programs = {
  server: "app/main.ts",
  emulator: "emulator/main.ts",
  "provision-logto": "scripts/provision-logto.ts",
  cast: "scripts/cast.ts",
};

const sources = [
  ...["app", "db", "emulator", "scripts", "public"],
  ...["package.json", "package-lock.json", "remix.config.js", "vite.config.ts", "tsconfig.json"],
];

/** The benchmark's build lies beside the real one and has its own server: nothing of it is in the real one. */
const benchPrograms = { ...programs, server: "scripts/bench/server.ts" };

/**
 * Returns at once when the build is that of these sources. Throws when it fails; a build that was interrupted has no stamp.
 * @param {{ bench?: boolean }} [options]
 * @returns {Promise<string>} the folder
 */
export async function buildIfNeeded({ bench = false } = {}) {
  const folder = join(root, bench ? "build-bench" : "build");
  const stamp = join(folder, ".sources");
  const wanted = sourcesHash();
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (isBuilt()) return folder;
  mkdirSync(folder, { recursive: true });
  await whileNobodyElseBuilds(join(folder, ".building"), async () => {
    if (isBuilt()) return;
    rmSync(stamp, { force: true });
    await build(folder, bench);
    writeFileSync(`${stamp}.new`, wanted);
    renameSync(`${stamp}.new`, stamp);
  });
  return folder;
}

/**
 * @param {string} folder
 * @param {boolean} bench
 */
async function build(folder, bench) {
  const began = Date.now();
  console.error("Building the pages and the server.");
  buildPages(bench ? "bench" : "");
  const { build: bundle } = await import("esbuild");
  await bundle({
    absWorkingDir: root,
    entryPoints: bench ? benchPrograms : programs,
    outdir: folder,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  console.error(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

/** @param {string} kind as remix.config.js and app/routes.ts know it */
function buildPages(kind) {
  const remix = join(root, "node_modules/@remix-run/dev/dist/cli.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [remix, "vite:build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", ATRIUM_BUILD: kind },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0) throw new Error(`remix vite:build failed\n${stdout}${stderr}`);
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const file of sources.flatMap((source) => filesIn(source)).toSorted()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} path below the root
 * @returns {string[]}
 */
function filesIn(path) {
  const whole = join(root, path);
  if (!existsSync(whole) || /\.test\.\w+$/.test(path)) return [];
  return statSync(whole).isDirectory() ? readdirSync(whole).flatMap((name) => filesIn(`${path}/${name}`)) : [path];
}

/**
 * Two builds at once would write into each other. A lock whose owner is gone does not count.
 * @param {string} lock
 * @param {() => Promise<void>} run
 */
async function whileNobodyElseBuilds(lock, run) {
  while (!took(lock)) await pause(200);
  try {
    await run();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function took(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isOwned(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** @param {string} lock */
function isOwned(lock) {
  try {
    return process.kill(Number(readFileSync(lock, "utf8")), 0);
  } catch {
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  checkNode();
  installIfNeeded();
  await buildIfNeeded().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
