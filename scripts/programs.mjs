// Runs the emulator and the app as programs of their own: started, waited for, and stopped in order, with none left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { root } from "./install.mjs";

/** @typedef {{ name: "server" | "emulator", stop: (graceSeconds: number) => Promise<void>, kill: () => Promise<void>, ended: Promise<string> }} Program */

const sourceOf = { server: "app/main.ts", emulator: "emulator/main.ts" };

/**
 * Starts a program of its own process group, so that Ctrl-C reaches only the one that started it, which then decides the order.
 * @param {"server" | "emulator"} name
 * @param {{ environment: Record<string, string>, folder?: string, output?: number }} options folder: of the build, none in development;
 * output: a file descriptor, else our own
 * @returns {Program}
 */
export function startProgram(name, { environment, folder, output }) {
  const follow = ["--import", pathToFileURL(join(root, "scripts/follow-parent.mjs")).href];
  const file = folder ? [join(folder, `${name}.js`)] : ["--import", "tsx", sourceOf[name]];
  const child = spawn(process.execPath, [...follow, ...file], {
    cwd: root,
    env: { ...process.env, ...environment, NODE_ENV: folder ? "production" : "development" },
    detached: true,
    stdio: ["ignore", output ?? "inherit", output ?? "inherit", "ipc"],
  });
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  return {
    name,
    ended,
    async stop(graceSeconds) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const deadline = setTimeout(() => child.kill("SIGKILL"), graceSeconds * 1_000);
      await ended;
      clearTimeout(deadline);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * @param {{ port: number, file: string, machine: { appId: string, appSecret: string }, appUrl: string }} options
 * @returns {Record<string, string>}
 */
export function emulatorEnvironment({ port, file, machine, appUrl }) {
  return {
    EMULATOR_PORT: String(port),
    EMULATOR_FILE: file,
    EMULATOR_MACHINE_ID: machine.appId,
    EMULATOR_MACHINE_SECRET: machine.appSecret,
    EMULATOR_APP_URL: appUrl,
  };
}

/**
 * Waits until a program answers 2xx. Throws when it ends instead, or takes too long.
 * @param {Program} program
 * @param {string} url
 * @param {number} seconds
 */
export async function untilItAnswers(program, url, seconds = 30) {
  let end;
  void program.ended.then((how) => (end = how));
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (response?.ok) return;
    if (end) throw new Error(`The ${program.name} ended before it was ready (${end}). What it printed says why.`);
    if (Date.now() > deadline) throw new Error(`The ${program.name} was not ready after ${seconds} s (${url}).`);
    await pause(50);
  }
}

/**
 * @param {number} port 0: any
 * @returns {Promise<number | undefined>} the port if it is free on the loopback addresses
 */
export async function freePort(port) {
  for (const host of port === 0 ? ["127.0.0.1"] : ["127.0.0.1", "::1"]) {
    const server = createServer().listen(port, host);
    try {
      await once(server, "listening");
      const address = server.address();
      if (port === 0 && address !== null && typeof address === "object") port = address.port;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EADDRINUSE" || code === "EACCES") return undefined;
    } finally {
      server.close();
    }
  }
  return port;
}
