import { expect, test } from "vitest";
import { isUnder } from "./spelling.server";

test.each([
  "/join",
  "/join/x",
  "/JOIN/x",
  "/%6Aoin/x",
  "/joi%6e/x/decline",
  "//join//x",
  "/join/x.data",
  "/join.data?x",
  "/join%2Fx",
])("%s is under /join", (target) => expect(isUnder(target, "/join")).toBe(true));

test.each(["/", "/joint", "/joint/x", "/organizations/join", "/join%", "/%2525join/x", "/posts?/join/x"])(
  "%s is not under /join",
  (target) => expect(isUnder(target, "/join")).toBe(false),
);
