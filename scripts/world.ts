// The command `npm run world`: a production build and the emulator on free ports, with cast and data, for as long as somebody listens.
import { mkdir, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policy } from "../app/auth/policy";
import { paths } from "../app/paths";
import { buildIfNeeded } from "./build.mjs";
import { demoPassword, makeCast } from "./cast";
import { secret } from "./local-settings.mjs";
import { defaultResource, type Machine } from "./management-api";
import { emulatorEnvironment, freePort, startProgram, untilItAnswers, type Program } from "./programs.mjs";
import { environmentFor, provision } from "./provision-logto";

export interface WorldOptions {
  /** Settings of the app beside, or instead of, the world's own. */
  environment?: Record<string, string>;
}

export interface World {
  /** What the command prints. */
  description: Awaited<ReturnType<typeof fill>>["description"];
  /** Ends the programs, the app first, and removes the folder. */
  stop(): Promise<void>;
}

/** Everything lives in a temporary folder and on loopback ports of its own, so worlds can stand side by side. */
export async function startWorld({ environment = {} }: WorldOptions = {}): Promise<World> {
  await buildIfNeeded();
  const folder = await mkdtemp(join(tmpdir(), "atrium-world-"));
  const output = await open(join(folder, "output.log"), "a");
  const running: Program[] = [];
  const stop = async () => {
    for (const program of running.toReversed()) await program.stop(12);
    await output.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const start = (name: Program["name"], settings: Record<string, string>) => {
      const program = startProgram(name, { environment: settings, output: output.fd });
      running.push(program);
      return program;
    };
    const { description } = await fill({ folder, environment, start });
    return { description, stop };
  } catch (error) {
    const said = await readFile(join(folder, "output.log"), "utf8");
    await stop();
    throw new Error(`The world did not come up.\n${said}`, { cause: error });
  }
}

interface Ground {
  folder: string;
  environment: Record<string, string>;
  start: (name: Program["name"], settings: Record<string, string>) => Program;
}

async function fill({ folder, environment, start }: Ground) {
  const [appPort, emulatorPort] = [await freePort(0), await freePort(0)];
  const baseUrl = `http://localhost:${appPort}`;
  const endpoint = `http://127.0.0.1:${emulatorPort}`;
  const machine: Machine = { appId: "world-machine", appSecret: secret() };
  const databaseFile = join(folder, "atrium.db");
  const logFile = join(folder, "atrium.log");
  const reportDir = join(folder, "reports");
  await mkdir(reportDir);

  const file = join(folder, "emulator.db");
  const emulator = start(
    "emulator",
    emulatorEnvironment({ port: Number(emulatorPort), file, machine, appUrl: baseUrl }),
  );
  await untilItAnswers(emulator, `${endpoint}/api/status`);
  const credentials = await setUp(endpoint, machine, baseUrl);
  const cast = await makeCast({ endpoint, machine, password: demoPassword, databaseFile });
  const app = start("server", {
    APP_URL: baseUrl,
    PORT: String(appPort),
    ...environmentFor(endpoint, credentials),
    LOGTO_M2M_APP_ID: machine.appId,
    LOGTO_M2M_APP_SECRET: machine.appSecret,
    SESSION_SECRET: secret(),
    DATABASE_FILE: databaseFile,
    LOG_FILE: logFile,
    ...unlimited,
    ...environment,
  });
  await untilItAnswers(app, `${baseUrl}${paths.ready}`);

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
    outboxUrl: `${endpoint}/outbox.json`,
    webhook: { url: new URL(paths.logtoWebhook, baseUrl).href, signingKey: credentials.webhookSigningKey },
    databaseFile,
    logFile,
    reportDir,
  };
  return { description };
}

async function setUp(endpoint: string, machine: Machine, baseUrl: string) {
  const lines: string[] = [];
  const { credentials } = await provision({ endpoint, machine, baseUrl, print: (line) => lines.push(line) });
  if (!credentials) throw new Error(`The emulator could not be set up.\n${lines.join("\n")}`);
  return credentials;
}

/** A test asks more in a minute than any person does. */
const unlimited = {
  RATE_LIMIT_PER_PERSON_PER_MINUTE: "1000000",
  RATE_LIMIT_PER_ADDRESS_PER_MINUTE: "1000000",
  RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE: "1000000",
};

async function main(parameters: string[]) {
  const over = untilNobodyListens(); // from now on, so that nothing is left behind by an early end
  const world = await startWorld();
  process.stdout.write(`${JSON.stringify(world.description, null, parameters.includes("--json") ? 0 : 2)}\n`);
  await over;
  await world.stop();
  process.exit(0);
}

/** Until standard input closes, or somebody asks for the end. */
function untilNobodyListens(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
    for (const event of ["end", "close", "error"]) process.stdin.once(event, () => resolve());
    process.stdin.resume();
  });
}

if (/world\.ts$/.test(process.argv[1] ?? "")) await main(process.argv.slice(2));
