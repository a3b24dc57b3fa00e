// The log: one line per finished request and per refusal of access. Never a query, a body, a header, a cookie, a token or the link of an invitation.
import { randomUUID } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import { destination, pino, stdTimeFunctions, type Logger } from "pino";
import { paths } from "../paths";
import { plainPath } from "./spelling.server";

export type { Logger };

/**
 * What a request gathers on its way: the door sets the first two, the guard the ids of who asks and in which organization, and for which operation it was
 * asked. `isDenied`: the refusal has been written down.
 */
export type RequestLocals = {
  requestId: string;
  nonce: string;
  person?: string;
  organization?: string | null;
  operation?: string;
  isDenied?: boolean;
};

export function localsOf(response: Response): RequestLocals {
  return response.locals as RequestLocals; // Express has no type for locals that the door has set for everyone after it
}

/** Lines of JSON to the file, or to standard output without one. Written at once: the line before a crash is the one that is needed. */
export function createLogger({ level, file }: { level: string; file?: string }): Logger {
  const options = { level, base: undefined, timestamp: stdTimeFunctions.isoTime };
  return pino(
    options,
    file ? destination({ dest: file, mkdir: true, sync: true }) : destination({ dest: 1, sync: true }),
  );
}

/** Gives the request an id of ours (a header that came with it is not believed) and writes one line when it has ended. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const { method } = request;
    const path = pathOf(request);
    const locals = localsOf(response);
    locals.requestId = randomUUID();
    response.setHeader("X-Request-Id", locals.requestId);
    response.once("close", () => {
      const { requestId, person, organization, operation } = locals;
      const reason = refusals[response.statusCode];
      if (operation && reason && !locals.isDenied) logDenied(log, locals, { operation, reason });
      const ms = Math.round((performance.now() - started) * 10) / 10;
      const aborted = response.writableFinished ? undefined : true;
      log.info({ requestId, method, path, status: response.statusCode, ms, person, organization, aborted }, "request");
    });
    next();
  };
}

/** What an answer says of a refusal that the guard left to the operation itself. */
const refusals: Record<number, string> = { 403: "not theirs", 404: "nothing there" };

/** Writes down that somebody was refused: which operation, and why, in one of the guard's own words. */
export function logDenied(log: Logger, locals: RequestLocals, denied: { operation: string; reason: string }): void {
  locals.isDenied = true;
  const { requestId, person, organization } = locals;
  const { operation, reason } = denied;
  log.warn({ event: "authz.denied", requestId, person, organization, operation, reason }, "authz.denied");
}

function pathOf(request: Request): string {
  return withoutToken(request.originalUrl.split(/[?#]/, 1)[0] ?? "").slice(0, 1000);
}

/** Whoever reads the link of an invitation can use it, however it is spelled: of its token nothing is written. */
function withoutToken(path: string): string {
  const after = /^\/join\/[^/]*(.*)/is.exec(plainPath(path))?.[1];
  return after === undefined ? path : paths.join(":token") + after;
}
