// The app while it is developed: Vite in this process and on the app's own port, and a saved file in force with the next request.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { closeGracefully } from "./http/close.server";
import { listen } from "./http/listen.server";
import type { AppOptions, RunningApp } from "./server";

type CreateApp = typeof import("./server").createApp;
type Made = { by: CreateApp; app: RunningApp; /** Requests under way. */ open: number };

export async function createAppFromSources({ config, log }: Pick<AppOptions, "config" | "log">): Promise<RunningApp> {
  const { createServer: createVite } = await import("vite");
  const server = createServer();
  const vite = await createVite({ server: { middlewareMode: true, hmr: { server } } });
  const build = () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>;
  let current: Made | undefined;

  /** Made of the sources as they are now: Vite loads what was saved since, and answers what it has if nothing was. */
  async function made(): Promise<Made> {
    const { createApp: by } = (await vite.ssrLoadModule("/app/server.ts")) as { createApp: CreateApp };
    if (current?.by === by) return current;
    const former = current;
    current = { by, app: by({ config, log, build, assets: [vite.middlewares] }), open: 0 };
    if (former) await leave(former);
    return current;
  }

  /** One that was replaced lets go of its database when nobody needs its answer any more. */
  async function leave(former: Made): Promise<void> {
    if (former !== current && former.open === 0) await former.app.close();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chosen = await made();
    chosen.open += 1;
    response.once("close", () => {
      chosen.open -= 1;
      void leave(chosen);
    });
    chosen.app.server.emit("request", request, response);
  }

  server.on("request", (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Error) vite.ssrFixStacktrace(error);
      console.error(error);
      response
        .writeHead(500, { "Content-Type": "text/plain" })
        .end("The sources cannot be loaded. The terminal says why.");
    });
  });

  return {
    server,
    async listen() {
      await made(); // a fault in the configuration or the database is one at the start
      return listen(server, config.server);
    },
    async close() {
      await closeGracefully(server);
      await current?.app.close();
    },
  };
}
