// A run as JUnit's XML: a suite for each part.
import type { Reported, Result } from "../run";

export function junitOf({ checks, parts, seconds, at }: Result): string {
  const failed = checks.filter(({ verdict }) => verdict !== "held").length;
  const names = [...new Set([...parts.map(({ name }) => name), ...checks.map(({ part }) => part)])];
  const suites = names.map((name) =>
    suiteOf(
      name,
      checks.filter(({ part }) => part === name),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="isolation" tests="${checks.length}" failures="${failed}" skipped="0" time="${seconds}" timestamp="${at.toISOString()}">`,
    ...suites,
    "</testsuites>\n",
  ].join("\n");
}

function suiteOf(name: string, checks: Reported[]): string {
  const failed = checks.filter(({ verdict }) => verdict !== "held").length;
  const open = `  <testsuite name="${escaped(name)}" tests="${checks.length}" failures="${failed}" skipped="0">`;
  return [open, ...checks.map(testOf), "  </testsuite>"].join("\n");
}

function testOf({ title, verdict, case: id, part, expected, actual }: Reported): string {
  const open = `    <testcase classname="${escaped(id ?? part)}" name="${escaped(title)}"`;
  if (verdict === "held") return `${open}/>`;
  const message = `${verdict}: expected ${expected ?? "?"}, was ${actual ?? "?"}`;
  return `${open}><failure type="${verdict}" message="${escaped(message)}"/></testcase>`;
}

export function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "?") // eslint-disable-line no-control-regex
    .replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
