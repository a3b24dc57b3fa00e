// Writes reports/isolation/: a page for people, the matrix as JSON, and JUnit for machines.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Result } from "../run";
import { junitOf } from "./junit";
import { pageOf } from "./page";
import { redacted } from "./redact";

export const reportFolder = resolve(import.meta.dirname, "../../../reports/isolation");

/** @returns the page's file */
export function writeReport(run: Result): string {
  const checks = run.checks.map((check) => ({
    ...check,
    ...(check.evidence && { evidence: check.evidence.map(redacted) }),
  }));
  const result = { ...run, checks };
  mkdirSync(reportFolder, { recursive: true });
  const file = join(reportFolder, "index.html");
  writeFileSync(file, pageOf(result));
  writeFileSync(join(reportFolder, "matrix.json"), JSON.stringify(result, null, 1));
  writeFileSync(join(reportFolder, "junit.xml"), junitOf(result));
  return file;
}
