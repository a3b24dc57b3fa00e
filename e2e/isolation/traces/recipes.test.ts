import { expect, test } from "vitest";
import { policy } from "../../../app/auth/policy";
import { leftOut, reads, writes } from "./recipes";

test("the traces ask for every operation, or say why not", () => {
  const asked = [...reads, ...writes].map(({ operation }) => operation);
  const operations = [...asked, ...Object.keys(leftOut)];
  expect(operations.toSorted()).toEqual(Object.keys(policy).toSorted());
});

test("what a trace only reads is read, and what it writes is written", () => {
  expect(reads.filter(({ operation }) => policy[operation].method !== "GET")).toEqual([]);
  expect(writes.filter(({ operation }) => policy[operation].method !== "POST")).toEqual([]);
});
