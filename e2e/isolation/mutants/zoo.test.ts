import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../../scripts/install.mjs";
import { edited } from "../probe/build";
import { hookedFiles, instrument } from "../probe/instrument";
import { zoo } from "./zoo";

const read = (file: string) => readFileSync(join(root, file), "utf8");

test("the zoo has forty bugs, each with a name of its own", () => {
  expect(new Set(zoo.map(({ name }) => name)).size).toBe(zoo.length);
  expect(zoo.length).toBeGreaterThanOrEqual(40);
});

test.each(zoo)("$name is a bug of the sources as they are now", (bug) => {
  const source = read(bug.file);
  expect(edited(source, bug)).not.toBe(source);
});

test.each(hookedFiles)("the hooks of the probe build find their places in %s", (file) => {
  expect(instrument(file, read(file))).not.toBe(read(file));
});
