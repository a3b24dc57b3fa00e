// Files of `NAME=value` lines, as .env is: read, and changed line by line so that what others wrote stays.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * @param {string} file
 * @returns {Record<string, string>} empty when there is no such file
 */
export function readEnvFile(file) {
  return existsSync(file) ? { .../** @type {Record<string, string>} */ (parseEnv(readFileSync(file, "utf8"))) } : {};
}

/**
 * What was set for this run, or else in .env. An empty value counts as not set, as everywhere.
 * @returns {Record<string, string>}
 */
export function givenSettings() {
  return { ...withoutEmpty(readEnvFile(".env")), ...withoutEmpty(process.env) };
}

/** @param {Record<string, string | undefined>} values */
function withoutEmpty(values) {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value?.trim() ? [[name, value]] : [])));
}

/**
 * Sets these names and leaves every other line. The file can be read by its owner alone (0600), and is replaced in one move.
 * @param {string} file
 * @param {Record<string, string>} values
 */
export function updateEnvFile(file, values) {
  const left = new Map(Object.entries(values));
  const before = existsSync(file) ? readFileSync(file, "utf8").replace(/\n$/, "").split("\n") : [];
  const lines = before.map((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1];
    const value = name === undefined ? undefined : left.get(name);
    if (name === undefined || value === undefined) return line;
    left.delete(name);
    return envLine(name, value);
  });
  const added = [...left].map(([name, value]) => envLine(name, value));
  const whole = `${[...lines, ...added].join("\n")}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === whole) return;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, whole, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

/**
 * @param {string} name
 * @param {string} value
 */
export function envLine(name, value) {
  return `${name}=${/[\s#"'`]/.test(value) ? `'${value}'` : value}`;
}
