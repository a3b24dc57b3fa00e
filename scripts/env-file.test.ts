import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readEnvFile, updateEnvFile } from "./env-file.mjs";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atrium-env-"));
  file = join(folder, ".env");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("gives an operator a file that only they can read", () => {
  updateEnvFile(file, { LOGTO_APP_ID: "abc" });
  expect(readEnvFile(file)).toEqual({ LOGTO_APP_ID: "abc" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("keeps what an operator wrote, comments and order too, and changes only the names it was given", () => {
  writeFileSync(file, "# mine\nPORT=3100\nLOGTO_APP_ID=\nOTHER='a b' # why\n", { mode: 0o644 });
  updateEnvFile(file, { LOGTO_APP_ID: "abc", NEW: "x" });
  expect(readFileSync(file, "utf8")).toBe("# mine\nPORT=3100\nLOGTO_APP_ID=abc\nOTHER='a b' # why\nNEW=x\n");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("gives back every value as it was given", () => {
  const values = {
    PLAIN: "a",
    SPACED: "a b",
    HASH: "a#b",
    QUOTED: 'a"b',
    EQUALS: "a==",
    URL: "http://localhost:3000/?a=1&b=2",
  };
  updateEnvFile(file, values);
  expect(readEnvFile(file)).toEqual(values);
});

it("reads nothing from a file that is not there", () => {
  expect(readEnvFile(file)).toEqual({});
});
