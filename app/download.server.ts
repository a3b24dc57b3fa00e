// Where the file of an export is fetched. Beside Remix, which would hold in memory what a slow browser has not taken yet.
import { pipeline } from "node:stream/promises";
import type { AppLoadContext } from "@remix-run/node";
import type { Request, RequestHandler, Response } from "express";
import { isRefusal } from "./http/refusal";
import { refuse } from "./http/refuse.server";
import { notFound } from "./http/responses.server";

const operation = "settings.export.download";

/** The rest of the file is refused: the browser must not take the part for the whole, so the connection breaks off. */
class NoLongerAllowed extends Error {}

export function downloadDoor(contextOf: (request: Request, response: Response) => AppLoadContext): RequestHandler {
  return (request, response, next) => {
    const context = contextOf(request, response);
    send(context, request, response)
      .catch((error: unknown) => answerRefusal(error, request, response))
      .catch(next);
  };
}

async function send(context: AppLoadContext, request: Request, response: Response): Promise<void> {
  const { scope, person } = await context.requireMember(operation);
  const file = await context.exports.open(scope, person.id, String(request.params.exportId).replace(/\.data$/, ""));
  if (!file) throw notFound();
  response.set({
    "Content-Type": "application/zip",
    "Content-Length": String(file.bytes),
    "Content-Disposition": `attachment; filename="${file.name}"`,
  });
  if (request.method === "HEAD") return void response.end();
  await pipeline(file.open(), (chunks: AsyncIterable<Buffer>) => whileAllowed(context, chunks), response);
}

/** Asked before each part of it, as for a request of its own: whoever loses the permission gets no more. */
async function* whileAllowed(context: AppLoadContext, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (!(await context.stillMay(operation))) throw new NoLongerAllowed();
    yield chunk;
  }
}

/** What the guard refuses is shown as at the door. A browser that has gone, and one that was broken off, are told nothing. */
async function answerRefusal(error: unknown, request: Request, response: Response): Promise<void> {
  if (error instanceof NoLongerAllowed || response.destroyed) return void response.destroy();
  if (!(error instanceof globalThis.Response)) throw error;
  const location = error.headers.get("Location");
  if (location) return response.redirect(error.status, location);
  const refusal: unknown = await error.json();
  if (!isRefusal(refusal)) throw error;
  refuse(request, response, refusal);
}
