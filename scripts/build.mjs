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

/** As remix.config.js decides: the benchmark's build lies beside the real one. */
const folder = join(root, process.env.ATRIUM_BUILD === "bench" ? "build-bench" : "build");
const stamp = join(folder, ".sources");
const lock = join(folder, ".building");

/** Returns at once when the build is that of these sources. Throws when it fails; a build that was interrupted has no stamp. */
export async function buildIfNeeded() {
  const wanted = sourcesHash();
  if (builtFrom() === wanted) return;
  mkdirSync(folder, { recursive: true });
  await whileNobodyElseBuilds(async () => {
    if (builtFrom() !== wanted) await build(wanted);
  });
}

/** @param {string} hash */
async function build(hash) {
  const began = Date.now();
  console.error("Building the pages and the server.");
  rmSync(stamp, { force: true });
  buildPages();
  const { build: bundle } = await import("esbuild");
  await bundle({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: folder,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  writeFileSync(`${stamp}.new`, hash);
  renameSync(`${stamp}.new`, stamp);
  console.error(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

function buildPages() {
  const remix = join(root, "node_modules/@remix-run/dev/dist/cli.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [remix, "vite:build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0) throw new Error(`remix vite:build failed\n${stdout}${stderr}`);
}

function builtFrom() {
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : undefined;
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
 * @param {() => Promise<void>} run
 */
async function whileNobodyElseBuilds(run) {
  while (!tookLock()) await pause(200);
  try {
    await run();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tookLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isOwned()) rmSync(lock, { force: true });
    return false;
  }
}

function isOwned() {
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
