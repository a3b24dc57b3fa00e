import { expect, test } from "vitest";
import { policy, type Operation } from "../../../app/auth/policy";
import { leftOut, reads, writes } from "./recipes";

test("the traces ask for every operation of the pages, or say why not", () => {
  const asked = new Set<string>([...reads, ...writes].map(({ operation }) => operation));
  const pages = Object.entries<Operation>(policy).filter(([, { route }]) => route !== "server");
  expect(pages.filter(([name]) => !asked.has(name) && !leftOut[name])).toEqual([]);
  expect(pages.filter(([name]) => asked.has(name) && leftOut[name])).toEqual([]);
});

test("what a trace only reads is read, and what it writes is written", () => {
  expect(reads.filter(({ operation }) => policy[operation].method !== "GET")).toEqual([]);
  expect(writes.filter(({ operation }) => policy[operation].method !== "POST")).toEqual([]);
});
