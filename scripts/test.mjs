// The command `npm test`: installs what it needs, runs every step, and ends with one line that counts them all.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { chromiumPath } from "./chromium.mjs";
import { installIfNeeded, root } from "./install.mjs";
import { checkNode } from "./node-version.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, run: () => Promise<Counts>, needs?: string }} Step */

const reports = join(root, "reports");
/** For one step. */
const minutesAtMost = 30;

/** Where Linux keeps files in memory: the tests' databases wait for no disk there. Containers often have a small one, which will not do. */
const memory = { folder: "/dev/shm", leastFree: 4 * 1024 ** 3 };

/** @type {number | undefined} the runner's process group */
let running;

/** @type {Step[]} a step that needs another one is counted as failed when that one failed */
const steps = [
  { name: "format", run: command("npx", ["prettier", "--check", "."]) },
  { name: "lint", run: command("npm", ["run", "--silent", "lint"]) },
  { name: "types", run: command("npm", ["run", "--silent", "types"]) },
  { name: "unit", run: unit },
  { name: "build", run: command("npm", ["run", "--silent", "build"]) },
  { name: "emulator conformance", run: counting("npm", ["run", "--silent", "test:emulator"]) },
  { name: "journeys", run: journeys, needs: "build" },
  { name: "isolation", run: counting("npm", ["run", "--silent", "test:isolation"]), needs: "build" },
];

checkNode();
process.chdir(root);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    endRunning();
    process.exit(1);
  });
}
installIfNeeded();
const chromium = await chromiumPath();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports);
const temporary = mkdtempSync(join(hasRoom(memory) ? memory.folder : tmpdir(), "atrium-test-"));
process.once("exit", () => rmSync(temporary, { recursive: true, force: true }));

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
const failed = new Set();
for (const step of steps) {
  const counts = await carryOut(step);
  if (counts.failed > 0) failed.add(step.name);
  for (const key of /** @type {const} */ (["passed", "failed", "skipped"])) total[key] += counts[key];
}
if (failed.size > 0) console.log(`\nFailed: ${[...failed].join(", ")}`);
for (const text of journeysToLookAt()) console.log(`\n${text}`);
console.log(`\n${sentence(total)}`);
process.exitCode = total.failed + total.skipped > 0 ? 1 : 0;

/** @param {Step} step */
async function carryOut({ name, run, needs }) {
  console.log(`\n== ${name}`);
  if (needs && failed.has(needs)) {
    console.log(`Not run, because ${needs} failed: counted as failed.`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const began = Date.now();
  const counts = await run();
  console.log(`== ${name}: ${sentence(counts)} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return counts;
}

/** @param {Counts} counts */
function sentence({ passed, failed: bad, skipped }) {
  return `${passed} passed, ${bad} failed, ${skipped} skipped`;
}

async function unit() {
  const report = join(reports, "vitest.json");
  const code = await execute("npx", [
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = read(report);
  return judged(code, { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests });
}

async function journeys() {
  const report = join(reports, "playwright.json");
  const environment = { CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const code = await execute("npx", ["playwright", "test", "--reporter=line,json"], environment);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(report).stats ?? {};
  return judged(code, { passed: expected + flaky, failed: unexpected, skipped });
}

/** Said again at the end, where somebody looks who reads no further: journeys that failed, and those that passed at their second attempt only. */
function journeysToLookAt() {
  /** @param {any} suite @returns {any[]} */
  const specs = ({ specs: own = [], suites = [] }) => [...own, ...suites.flatMap(specs)];
  return specs(read(join(reports, "playwright.json"))).flatMap(({ file, title, ok, tests }) => {
    const errors = tests[0].results.flatMap((/** @type {any} */ result) => result.errors.map(messageOf));
    if (errors.length === 0) return [];
    return [[`${ok ? "At its second attempt only: " : ""}${file}: ${title}`, ...errors].join("\n")];
  });
}

/** @param {{ message?: string }} error */
function messageOf({ message = "" }) {
  return stripVTControlCharacters(message);
}

/**
 * A runner that closes with the line `N passed, N failed, N skipped`.
 * @param {string} name
 * @param {string[]} parameters
 */
function counting(name, parameters) {
  return async () => {
    let output = "";
    const code = await execute(name, parameters, { CHROMIUM: chromium }, (text) => (output += text));
    const line = output.trimEnd().split("\n").at(-1) ?? "";
    const [, passed = 0, bad = 0, skipped = 0] = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line) ?? [];
    return judged(code, { passed: Number(passed), failed: Number(bad), skipped: Number(skipped) });
  };
}

/**
 * A step that is no test runner counts as one.
 * @param {string} name
 * @param {string[]} parameters
 */
function command(name, parameters) {
  return async () => {
    const code = await execute(name, parameters);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  };
}

/**
 * A runner that ran nothing, or ended badly without a failed test, has failed all the same.
 * @param {number} code
 * @param {Counts} counts
 */
function judged(code, counts) {
  const ran = counts.passed + counts.failed > 0;
  if (ran && (code === 0 || counts.failed > 0)) return counts;
  console.log(ran ? `It ended with exit code ${code}.` : "It ran no test.");
  return { ...counts, failed: counts.failed + 1 };
}

/**
 * @param {string} name
 * @param {string[]} parameters
 * @param {Record<string, string>} [environment]
 * @param {(text: string) => void} [hear] gets what it prints, too
 * @returns {Promise<number>} the exit code
 */
async function execute(name, parameters, environment = {}, hear) {
  const child = spawn(name, parameters, {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary, ...(!process.stdout.isTTY && { NO_COLOR: "1" }), ...environment },
    stdio: ["ignore", hear ? "pipe" : "inherit", "inherit"],
    detached: true,
  });
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    process.stdout.write(text);
    hear?.(text);
  });
  running = child.pid;
  const deadline = setTimeout(() => {
    console.log(`Stopped after ${minutesAtMost} minutes.`);
    endRunning();
  }, minutesAtMost * 60_000);
  const [code] = await once(child, "close");
  running = undefined;
  clearTimeout(deadline);
  return code ?? 1;
}

/** A runner starts browsers and servers: all of its group has to go. */
function endRunning() {
  if (running === undefined) return;
  try {
    process.kill(-running, "SIGTERM");
  } catch {
    // It has just ended by itself.
  }
}

/** @param {typeof memory} place */
function hasRoom({ folder, leastFree }) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= leastFree;
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
