// What `npm start` remembers on this machine, in .data/local.env: secrets made at the first start, and what provisioning the emulator gave.
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readEnvFile, updateEnvFile } from "./env-file.mjs";
import { root } from "./install.mjs";

export const dataFolder = join(root, ".data");
const file = join(dataFolder, "local.env");

/** Makes the folder (0700) and the secrets when they are missing. @returns {Record<string, string>} */
export function localSettings() {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  chmodSync(dataFolder, 0o700);
  const kept = readEnvFile(file);
  const made = {
    SESSION_SECRET: kept.SESSION_SECRET ?? secret(),
    EMULATOR_PORT: kept.EMULATOR_PORT ?? "3001",
    EMULATOR_MACHINE_SECRET: kept.EMULATOR_MACHINE_SECRET ?? secret(),
  };
  updateEnvFile(file, made);
  return { ...kept, ...made };
}

/** @param {Record<string, string>} values */
export function rememberLocally(values) {
  updateEnvFile(file, values);
}

/** 33 random bytes: 44 characters. */
export const secret = () => randomBytes(33).toString("base64url");
