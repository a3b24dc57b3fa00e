// The commands `npm start` and `npm run dev`: the one command on a fresh clone. Installs, builds and sets up what is missing, then serves.
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { untilAskedToStop } from "./asked-to-stop.mjs";
import { buildIfNeeded } from "./build.mjs";
import { givenSettings } from "./env-file.mjs";
import { installIfNeeded, root } from "./install.mjs";
import { dataFolder, localSettings, rememberLocally } from "./local-settings.mjs";
import { checkNode } from "./node-version.mjs";
import { emulatorEnvironment, freePort, startProgram, untilItAnswers } from "./programs.mjs";

const emulatorFile = join(dataFolder, "emulator.db");
const dev = process.argv.includes("--dev");

/** @type {string | undefined} the build's folder, none in development */
let folder;

/** @type {import("./programs.mjs").Program[]} in the order in which they are stopped */
const running = [];
let stopping = false;

async function main() {
  checkNode();
  process.chdir(root);
  void untilAskedToStop().then(() => stop(0));

  const given = givenSettings();
  const port = Number(given.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return fail(`PORT is ${given.PORT}: it must be a number from 1 to 65535.`);
  if ((await freePort(port)) === undefined) {
    return fail(
      `Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 100} npm start`,
    );
  }
  installIfNeeded();
  if (!dev) folder = await buildIfNeeded();

  const local = localSettings();
  const settings = { PORT: String(port), SESSION_SECRET: local.SESSION_SECRET, ...given };
  await (given.LOGTO_ENDPOINT ? serve(settings) : serveWithEmulator(settings, local));
}

/** @param {Record<string, string>} settings */
async function serve(settings) {
  const url = settings.APP_URL ?? `http://localhost:${settings.PORT}`;
  await startApp({ ...settings, APP_URL: url });
  console.log(`People sign in at ${settings.LOGTO_ENDPOINT}. Stop with Ctrl-C.`);
}

/**
 * @param {Record<string, string>} settings
 * @param {Record<string, string>} local
 */
async function serveWithEmulator(settings, local) {
  const appUrl = localUrl(settings);
  const databaseFile = settings.DATABASE_FILE ?? join(dataFolder, "atrium.db");
  const begunAnew = !existsSync(emulatorFile) || !existsSync(databaseFile);
  const emulator = await startEmulator(appUrl, local);
  const { provision, environmentFor } = await load("provision-logto");
  const lines = [];
  const result = await provision({
    ...emulator,
    baseUrl: appUrl,
    print: (/** @type {string} */ line) => lines.push(line),
  });
  if (!result.credentials || result.exitCode !== 0)
    throw new Error(`The emulator could not be set up.\n${lines.join("\n")}`);

  const { endpoint, machine } = emulator;
  const environment = {
    LOG_FILE: join(dataFolder, "atrium.log"),
    ...settings,
    DATABASE_FILE: databaseFile,
    ...environmentFor(endpoint, result.credentials),
    LOGTO_M2M_APP_ID: machine.appId,
    LOGTO_M2M_APP_SECRET: machine.appSecret,
    APP_URL: appUrl,
  };
  const { makeCast, demoPassword, introduce } = await load("cast");
  // Once: whoever was renamed or removed in the console stays so.
  if (begunAnew || local.DEMO_CAST !== "made") {
    await makeCast({ endpoint, machine, password: demoPassword, databaseFile });
    rememberLocally({ DEMO_CAST: "made" });
  }
  await startApp(environment);
  console.log(
    [
      "",
      `Sign in, each with the password ${demoPassword}:`,
      ...introduce(),
      "",
      "This machine plays Logto's part:",
      `  people and roles   ${endpoint}/emulator`,
      `  mail that it sent  ${endpoint}/emulator/outbox`,
      "",
      "Everything is kept in .data, the log too: delete that folder to begin anew. Stop with Ctrl-C.",
      "",
    ].join("\n"),
  );
}

/**
 * @param {string} appUrl
 * @param {Record<string, string>} local
 */
async function startEmulator(appUrl, local) {
  const port = await nextFreePort(Number(local.EMULATOR_PORT), Number(new URL(appUrl).port));
  rememberLocally({ EMULATOR_PORT: String(port) });
  const machine = { appId: "emulator-machine", appSecret: local.EMULATOR_MACHINE_SECRET };
  const endpoint = `http://127.0.0.1:${port}`;
  const output = openSync(join(dataFolder, "emulator.log"), "a", 0o600);
  const emulator = begin("emulator", emulatorEnvironment({ port, file: emulatorFile, machine, appUrl }), output);
  await untilItAnswers(emulator, `${endpoint}/api/status`);
  return { endpoint, machine };
}

/** @param {Record<string, string>} environment */
async function startApp(environment) {
  const { HOST = "127.0.0.1", PORT } = environment;
  const host = ["0.0.0.0", "::"].includes(HOST) ? "127.0.0.1" : HOST;
  await untilItAnswers(
    begin("server", environment),
    `http://${host.includes(":") ? `[${host}]` : host}:${PORT}/healthz`,
  );
}

/**
 * @param {"server" | "emulator"} name
 * @param {Record<string, string>} environment
 * @param {number} [output]
 */
function begin(name, environment, output) {
  const program = startProgram(name, { environment, folder, output });
  running.unshift(program);
  const where = output === undefined ? "" : ` ${join(dataFolder, `${name}.log`)} says why.`;
  void program.ended.then((how) => stopping || fail(`The ${name} ended (${how}).${where}`));
  return program;
}

/** @param {number} exitCode */
async function stop(exitCode) {
  if (stopping) return;
  stopping = true;
  for (const program of running) await program.stop(12);
  process.exit(exitCode);
}

/** @param {string} sentence */
async function fail(sentence) {
  if (!stopping) console.error(sentence);
  await stop(1);
}

/**
 * Provisioning and the cast are TypeScript: bundled by the build, or read from the source in development.
 * @param {string} name
 */
async function load(name) {
  if (folder) return import(pathToFileURL(join(folder, `${name}.js`)).href);
  const { tsImport } = await import("tsx/esm/api");
  return tsImport(`./${name}.ts`, import.meta.url);
}

/** With the emulator no proxy stands in front: the address follows the port. @param {Record<string, string>} settings */
function localUrl({ APP_URL, PORT }) {
  const url = new URL(APP_URL ?? "http://localhost");
  url.port = PORT ?? "3000";
  return url.origin;
}

/**
 * @param {number} first
 * @param {number} except
 */
async function nextFreePort(first, except) {
  for (let port = first; port < first + 100; port += 1) {
    if (port !== except && (await freePort(port)) !== undefined) return port;
  }
  throw new Error(`No port from ${first} to ${first + 99} is free for the emulator.`);
}

main().catch((error) => fail(error instanceof Error ? error.message : String(error)));
