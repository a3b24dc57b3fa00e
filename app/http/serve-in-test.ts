// For tests: an Express app on a free port of this machine, asked over real HTTP, and its log.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as ask, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import express, { type Express } from "express";
import { onTestFinished } from "vitest";
import { openDoors, type Door } from "./door.server";
import { createReadiness } from "./health.server";
import { createLimits } from "./limits.server";
import { createLogger } from "./log.server";
import { answerErrors } from "./refuse.server";

export const appOrigin = "https://app.test";

export async function serve(mount: (app: Express) => void) {
  const app = express();
  mount(app);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return { server, port: address.port, url: `http://127.0.0.1:${address.port}` };
}

/** The whole door, and behind it a handler that answers what reached it. */
export async function serveDoor(door: Partial<Door> = {}, mount: (app: Express) => void = () => {}) {
  const log = logInTest();
  const readiness = createReadiness([]);
  const limits = createLimits({ perPersonPerMinute: 1e6, perAddressPerMinute: 1e6, signInPerAddressPerMinute: 1e6 });
  const defaults = { appOrigin, logtoOrigin: "https://logto.test", trustProxy: false, bodyLimit: 1024 * 1024 } as const;
  const served = await serve((app) => {
    openDoors(app, { ...defaults, log: log.logger, readiness, limits, ...door });
    mount(app);
    app.use((request, response) => {
      const bytes = Buffer.isBuffer(request.body) ? request.body.length : undefined;
      response.json({ reached: request.method, path: request.path, bytes });
    });
    app.use(answerErrors(log.logger, { bodyLimit: door.bodyLimit ?? defaults.bodyLimit }));
  });
  return { ...served, readiness, logged: log.lines };
}

export function logInTest() {
  const folder = mkdtempSync(path.join(tmpdir(), "atrium-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "atrium.log");
  const logger = createLogger({ level: "info", file });
  const text = () => readFileSync(file, "utf8");
  const lines = () =>
    text()
      .split("\n")
      .filter(Boolean)
      .map((line): Record<string, unknown> => JSON.parse(line));
  return { logger, text, lines };
}

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

/** One request, written as it is given: fetch would set or forbid headers and tidy the path. */
export function raw(
  url: string,
  options: RequestOptions & { target?: string; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, target, ...rest } = options;
    const sent = ask(url, { agent: false, ...rest, ...(target !== undefined && { path: target }) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
