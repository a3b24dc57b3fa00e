// Makes node_modules what package-lock.json says, and only then: `npm start` and `npm test` are each the one command on a fresh clone.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Says on stderr what it does, so that stdout stays the caller's. Ends the process when it cannot install. */
export function installIfNeeded() {
  if (isInstalled()) return;
  console.error(
    "Installing what package-lock.json names. It takes one to three minutes: SQLite is compiled for this machine.",
  );
  const began = Date.now();
  // Development packages too: the build and the emulator need them, whatever NODE_ENV says.
  const { status, error } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", process.stderr, process.stderr],
  });
  if (status !== 0) {
    console.error(
      `npm ci did not work${error ? ` (${error.message})` : ""}. What it says above is the cause; then run this again.`,
    );
    process.exit(1);
  }
  console.error(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** npm keeps a copy of what it installed: the two must name the same versions. Packages for other platforms are in the lock alone. */
function isInstalled() {
  const installed = packagesIn("node_modules/.package-lock.json");
  if (!installed) return false;
  return Object.entries(packagesIn("package-lock.json") ?? {}).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    if (!found) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version: string, integrity?: string, optional?: boolean, devOptional?: boolean }> | undefined}
 */
function packagesIn(file) {
  const path = `${root}/${file}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined;
}
