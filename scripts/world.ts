// The command `npm run world`: a production build and the emulator on free ports, with cast and data, for as long as somebody listens.
import { mkdir, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policy } from "../app/auth/policy";
import { paths } from "../app/paths";
import { untilAskedToStop } from "./asked-to-stop.mjs";
import { buildIfNeeded } from "./build.mjs";
import { demoPassword, makeCast } from "./cast";
import { secret } from "./local-settings.mjs";
import { defaultResource, type Machine } from "./management-api";
import { emulatorEnvironment, freePort, startProgram, untilItAnswers, type Program } from "./programs.mjs";
import { environmentFor, provision } from "./provision-logto";

export interface WorldOptions {
  /** Settings of the app beside, or instead of, the world's own. */
  environment?: Record<string, string>;
  /** The benchmark's build instead of the real one. */
  bench?: boolean;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Everything lives in a temporary folder and on loopback ports of its own, so worlds can stand side by side. */
export async function startWorld({ environment = {}, bench = false }: WorldOptions = {}) {
  const build = await buildIfNeeded({ bench });
  const folder = await mkdtemp(join(tmpdir(), "atrium-world-"));
  const outputFile = join(folder, "output.log");
  const output = await open(outputFile, "a");
  const running: Program[] = [];

  const start = (name: Program["name"], settings: Record<string, string>) => {
    const program = startProgram(name, { environment: settings, folder: build, output: output.fd });
    running.push(program);
    return program;
  };
  /** Ends the programs, the app first, and removes the folder. */
  const stop = async () => {
    for (const program of running.toReversed()) await program.stop(12);
    await output.close();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const { description, appEnvironment } = await furnish(folder, start);
    const settings = { ...appEnvironment, ...(bench && benchEnvironment(description)), ...environment };
    /** @returns milliseconds from the start of the app's process until it is ready. */
    const startApp = async () => {
      const began = performance.now();
      await untilItAnswers(start("server", settings), description.baseUrl + paths.ready);
      return performance.now() - began;
    };
    await startApp();
    /** Stops the app and starts it again, on the same port and file. @returns milliseconds as startApp. */
    const restartApp = async () => {
      await running.pop()?.stop(12);
      return startApp();
    };
    /** Ends the app in the middle of whatever it is doing, as a loss of power would. `startApp` begins it again. */
    const killApp = async () => running.pop()?.kill();
    return { description, startApp, restartApp, killApp, stop };
  } catch (error) {
    const said = await readFile(outputFile, "utf8");
    await stop();
    throw new Error(`The world did not come up: ${error instanceof Error ? error.message : ""}\n${said}`, {
      cause: error,
    });
  }
}

/** Everything but the app: the emulator runs, is set up and has the cast; the app's database has their posts. */
async function furnish(folder: string, start: (name: "emulator", settings: Record<string, string>) => Program) {
  const [appPort, emulatorPort] = [await anyPort(), await anyPort()];
  const baseUrl = `http://localhost:${appPort}`;
  const endpoint = `http://127.0.0.1:${emulatorPort}`;
  const machine: Machine = { appId: "world-machine", appSecret: secret() };
  const databaseFile = join(folder, "atrium.db");
  const logFile = join(folder, "atrium.log");
  const reportDir = join(folder, "reports");
  await mkdir(reportDir);

  const file = join(folder, "emulator.db");
  const emulator = start("emulator", emulatorEnvironment({ port: emulatorPort, file, machine, appUrl: baseUrl }));
  await untilItAnswers(emulator, `${endpoint}/api/status`);
  const credentials = await setUp(endpoint, machine, baseUrl);
  const cast = await makeCast({ endpoint, machine, password: demoPassword, databaseFile });

  const appEnvironment = {
    APP_URL: baseUrl,
    PORT: String(appPort),
    ...environmentFor(endpoint, credentials),
    LOGTO_M2M_APP_ID: machine.appId,
    LOGTO_M2M_APP_SECRET: machine.appSecret,
    SESSION_SECRET: secret(),
    DATABASE_FILE: databaseFile,
    LOG_FILE: logFile,
    INVOICE_FROM: "Atrium, for examples only | Nowhere",
    ...generousLimits,
  };
  const description = {
    baseUrl,
    logtoEndpoint: endpoint,
    management: { resource: defaultResource, ...machine },
    application: {
      appId: credentials.appId,
      appSecret: credentials.appSecret,
      redirectUri: new URL(paths.callback, baseUrl).href,
      postLogoutRedirectUri: new URL(paths.home, baseUrl).href,
    },
    users: cast.people.map(({ key, id, email, organizations }) => ({
      key,
      id,
      email,
      password: demoPassword,
      organizations,
    })),
    organizations: cast.organizations,
    records: cast.records,
    routes: Object.values(policy).map(({ path, method, permission }) => ({ path, method, permission })),
    outboxUrl: `${endpoint}/emulator/outbox.json`,
    webhook: { url: new URL(paths.logtoWebhook, baseUrl).href, signingKey: credentials.webhookSigningKey },
    databaseFile,
    logFile,
    reportDir,
  };
  return { description, appEnvironment };
}

async function anyPort(): Promise<number> {
  const port = await freePort(0);
  if (port === undefined) throw new Error("No port is free");
  return port;
}

async function setUp(endpoint: string, machine: Machine, baseUrl: string) {
  const lines: string[] = [];
  const { credentials } = await provision({ endpoint, machine, baseUrl, print: (line) => lines.push(line) });
  if (!credentials) throw new Error(`The emulator could not be set up.\n${lines.join("\n")}`);
  return credentials;
}

/** A test asks more in a minute than any person does. */
const generousLimits = {
  RATE_LIMIT_PER_PERSON_PER_MINUTE: "1000000",
  RATE_LIMIT_PER_ADDRESS_PER_MINUTE: "1000000",
  RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE: "1000000",
};

/** For whom the benchmark's unguarded page is shown. */
function benchEnvironment({ organizations, records }: Awaited<ReturnType<typeof furnish>>["description"]) {
  const acme = organizations.find(({ key }) => key === "acme");
  return { BENCH_ORGANIZATION: acme?.id ?? "", BENCH_PERSON: records.acme?.members ?? "" };
}

async function main(parameters: string[]) {
  const over = Promise.race([untilInputCloses(), untilAskedToStop()]); // from now on, so that nothing is left behind by an early end
  const world = await startWorld();
  process.stdout.write(`${JSON.stringify(world.description, null, parameters.includes("--json") ? 0 : 2)}\n`);
  await over;
  await world.stop();
  process.exit(0);
}

function untilInputCloses(): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["end", "close", "error"]) process.stdin.once(event, () => resolve());
    process.stdin.resume();
  });
}

if (/world\.ts$/.test(process.argv[1] ?? "")) await main(process.argv.slice(2));
