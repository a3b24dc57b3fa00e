import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "atrium-runner-"));
  const settings = { globals: true, runner: resolve("e2e/isolation/stryker/runner.ts") };
  writeFileSync(join(root, "vitest.config.mjs"), `export default ${JSON.stringify({ test: settings })};`);
});
afterEach(() => rmSync(root, { recursive: true }));

test.each([
  ["works", "", ["passed", "passed"]],
  ["of the file fails", 'beforeAll(() => { throw new Error("No ground"); });', ["failed", "failed"]],
])("when the setup %s, its tests are told so", (_, setup, expected) => {
  const tests = 'test("one", () => {}); describe("more", () => { test("another", () => {}); });';
  writeFileSync(join(root, "some.test.js"), `${setup} ${tests}`);
  const { stdout } = spawnSync(
    process.execPath,
    [resolve("node_modules/vitest/vitest.mjs"), "run", "--reporter=json"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  const { testResults } = JSON.parse(stdout) as { testResults: { assertionResults: { status: string }[] }[] };
  expect(testResults.flatMap((file) => file.assertionResults.map(({ status }) => status))).toEqual(expected);
});
