// The process: reads the configuration, starts the app, and stops it when it is asked to.
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { readConfig, type Config } from "./config.server";
import { builtAssets } from "./http/assets.server";
import { createLogger } from "./http/log.server";
import { createApp, type AppOptions, type RunningApp } from "./server";

const config = configOrExit();
const log = createLogger(config.log);
const app = config.development ? await fromSources() : createApp({ config, log, ...(await fromBuild()) });

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, "did not stop cleanly");
        process.exit(1);
      },
    );
  });
}

app.listen().then(
  () => console.log(`Atrium is ready: ${config.app.origin}`),
  (error: NodeJS.ErrnoException) => {
    const taken = error.code === "EADDRINUSE";
    console.error(taken ? `Port ${config.server.port} is taken. Choose another with PORT.` : error.message);
    process.exit(1);
  },
);

/** What `npm run build` made. */
async function fromBuild(): Promise<Pick<AppOptions, "build" | "assets">> {
  const folder = import.meta.dirname; // this file is bundled beside them
  const build = (await import(pathToFileURL(`${folder}/server/index.js`).href)) as ServerBuild;
  return { build, assets: [builtAssets(`${folder}/client`)] };
}

/** Its own module, loaded here alone, so that nothing of it runs in production. */
async function fromSources(): Promise<RunningApp> {
  const { createAppFromSources } = await import("./development");
  return createAppFromSources({ config, log });
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
