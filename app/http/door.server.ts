// The door: what every request passes before it reaches a handler, in this order.
//
//   1 request id and log    nothing is answered that is not written down
//   2 health                never limited
//   3 assets                public files of the build; the caller's
//   4 security headers      from here on also on every refusal
//   5 request line          what Remix could not read
//   6 address limit         before anything that costs
//   7 origin                before the body is read
//   8 body                  read whole, once
//
// After it the caller mounts webhooks, streams and Remix, and last `answerErrors`.
import type { Express, RequestHandler } from "express";
import { paths } from "../paths";
import { readBody } from "./body.server";
import { privateByDefault, securityHeaders } from "./headers.server";
import { healthRoutes, type Readiness } from "./health.server";
import type { Limits } from "./limits.server";
import { requestLog, type Logger } from "./log.server";
import { sameOriginOnly } from "./origin.server";
import { readableRequestLine } from "./request-line.server";

export type Door = {
  appOrigin: string;
  logtoOrigin: string;
  trustProxy: false | number | string[];
  bodyLimit: number;
  log: Logger;
  readiness: Readiness;
  limits: Limits;
  assets?: RequestHandler[];
  development?: boolean;
};

export function openDoors(app: Express, door: Door): void {
  app.disable("x-powered-by").disable("etag").set("trust proxy", door.trustProxy);
  app.use(requestLog(door.log));
  app.use(healthRoutes(door.readiness));
  for (const assets of door.assets ?? []) app.use(assets);
  app.use(securityHeaders(door), privateByDefault());
  app.use(readableRequestLine(door));
  app.use(door.limits.perAddress);
  app.use(door.limits.signInPerAddress);
  app.use(sameOriginOnly({ appOrigin: door.appOrigin, exemptPaths: [paths.logtoWebhook] }));
  app.use(readBody({ limit: door.bodyLimit }));
}
