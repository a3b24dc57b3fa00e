import { expect, test } from "vitest";
import { createSeal } from "./seal.server";

const old = "an old secret of more than thirty-two characters";
const current = "the current secret, thirty-two characters or more";

test("what was sealed for Ada's session opens for it, and for no other session", async () => {
  const seal = createSeal([current]);
  const sealed = await seal.close("ada", "refresh token");
  expect(sealed).not.toContain("refresh token");
  expect(await seal.open("ada", sealed)).toBe("refresh token");
  expect(await seal.open("eve", sealed)).toBeUndefined();
});

test("a secret that was moved down the list still opens; one that was taken away does not", async () => {
  const sealed = await createSeal([old]).close("ada", "token");
  expect(await createSeal([current, old]).open("ada", sealed)).toBe("token");
  expect(await createSeal([current]).open("ada", sealed)).toBeUndefined();
});

test("the newest secret encrypts", async () => {
  const sealed = await createSeal([current, old]).close("ada", "token");
  expect(await createSeal([current]).open("ada", sealed)).toBe("token");
});

test("a seal with one character changed, or none at all, opens for nobody", async () => {
  const seal = createSeal([current]);
  const sealed = await seal.close("ada", "token");
  const at = sealed.length - 10;
  const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
  expect(await seal.open("ada", changed)).toBeUndefined();
  expect(await seal.open("ada", "")).toBeUndefined();
  expect(await seal.open("ada", "not a seal")).toBeUndefined();
});
