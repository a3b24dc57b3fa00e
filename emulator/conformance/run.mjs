#!/usr/bin/env node
// node run.mjs [--only=REGEX] [--list] [--verbose] [--concurrency=N]
import { run } from "node:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));
const flags = process.argv.slice(2);
const option = (name) => flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
const known = /^--(list|verbose|only=.+|concurrency=[1-9]\d*)$/;
const unknown = flags.filter((flag) => !known.test(flag));
if (unknown.length > 0) {
  console.error(
    `unknown option ${unknown.join(" ")}\nusage: node run.mjs [--only=REGEX] [--list] [--verbose] [--concurrency=N]`,
  );
  process.exit(2);
}

const folders = ["checks"];
const only = option("only") && new RegExp(option("only"));
const checksOf = (file) =>
  [...readFileSync(file, "utf8").matchAll(/^(?:check|mailCheck)\(\s*"([^"]+)",\s*(['"`])((?:(?!\2).)*)\2/gm)].map(
    ([, id, , title]) => `${id} ${title}`,
  );
const selected = (name) => !only || only.test(name);
const absent = folders.filter((folder) => !existsSync(path.join(root, folder)));
if (absent.length > 0) {
  console.error(`no folder ${absent.join(", ")}`);
  process.exit(2);
}
const files = folders
  .flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith(".test.mjs"))
      .sort()
      .map((name) => path.join(root, folder, name)),
  )
  .filter((file) => checksOf(file).some(selected));

if (flags.includes("--list")) {
  for (const file of files)
    console.log([`# ${path.relative(root, file)}`, ...checksOf(file).filter(selected)].join("\n"));
  process.exit(0);
}

try {
  // reported once, instead of once per check
  const { issuer } = await import("./driver.mjs");
  await fetch(`${issuer}/.well-known/openid-configuration`).catch((error) => {
    throw new Error(`${issuer} does not answer: ${error.cause?.message ?? error.message}`);
  });
} catch (error) {
  console.error(error.message);
  process.exit(2);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();
const oneLine = (error) => {
  const cause = error?.cause ?? error;
  const message = String(cause?.message ?? cause ?? "failed").trim();
  const [first] = message.split("\n"); // the rest is a diff, needed only when there is no message of our own
  return (first.startsWith("Expected ") ? message : first).replaceAll(/\s+/g, " ").slice(0, 500);
};
const isCheck = (event) => /^[A-Z0-9]+-H?\d+ /.test(event.name);
const name = (event) => (path.isAbsolute(event.name) ? path.relative(root, event.name) : event.name);

const stream =
  files.length === 0
    ? undefined
    : run({
        files,
        concurrency: Number(option("concurrency") ?? 3),
        ...(only ? { testNamePatterns: only } : {}),
      });
stream?.on("test:pass", (event) => {
  if (event.nesting > 0 || !isCheck(event) || !selected(event.name)) return; // of a file, not of a check
  if (event.skip !== undefined && event.skip !== false) {
    counts.skipped += 1;
    if (flags.includes("--verbose")) console.log(`skip ${event.name} -- ${event.skip}`);
    return;
  }
  counts.passed += 1;
  if (flags.includes("--verbose")) console.log(`ok   ${event.name} (${Math.round(event.details.duration_ms)} ms)`);
});
stream?.on("test:fail", (event) => {
  if (event.nesting > 0 || (isCheck(event) && !selected(event.name))) return;
  counts.failed += 1;
  console.log(`FAIL ${name(event)} -- ${oneLine(event.details.error)}`);
});
stream?.on("test:stderr", (event) => process.stderr.write(event.message));
stream?.on("test:stdout", (event) => {
  if (flags.includes("--verbose")) process.stdout.write(event.message);
});
if (stream)
  await new Promise((resolve) => {
    stream.on("end", resolve);
    stream.resume();
  });

if (flags.includes("--verbose")) console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
if (counts.passed + counts.failed + counts.skipped === 0) {
  console.log("FAIL no check was run");
  counts.failed = 1;
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
