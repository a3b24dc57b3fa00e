// The process: reads the configuration, starts the app, and stops it when it is asked to.
import { createServer, type Server } from "node:http";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { readConfig, type Config } from "./config.server";
import { builtAssets } from "./http/assets.server";
import { createLogger } from "./http/log.server";
import { createApp, type AppOptions } from "./server";

const config = configOrExit();
const log = createLogger(config.log);
const server = createServer();
const app = createApp({ config, log, server, ...(config.development ? await fromSources(server) : await fromBuild()) });

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

type Sources = Pick<AppOptions, "build" | "assets">;

/** What `npm run build` made. */
async function fromBuild(): Promise<Sources> {
  const folder = import.meta.dirname; // this file is bundled beside them
  const build = (await import(pathToFileURL(`${folder}/server/index.js`).href)) as ServerBuild;
  return { build, assets: [builtAssets(`${folder}/client`)] };
}

/** Vite inside this process, on the same port: pages change as their files are saved. */
async function fromSources(hmrServer: Server): Promise<Sources> {
  const { createServer: createVite } = await import("vite");
  const vite = await createVite({ server: { middlewareMode: true, hmr: { server: hmrServer } } });
  const build = () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>;
  return { build, assets: [vite.middlewares] };
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
