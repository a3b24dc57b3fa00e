// The Management API as an Express router: token, page, body, route, answer, webhooks. In this order, as Logto does.
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { LogtoError, constraintError } from "../errors";
import type { Webhooks } from "../webhooks/webhooks";
import type { Answer, Call, Route } from "./api";
import type { Authorize } from "./authorization";
import { managementEvents } from "./events";
import { linkHeader, pageOf, parse } from "./validation";

interface Parts {
  endpoint: string;
  routes: readonly Route[];
  authorize: Authorize;
  webhooks: Webhooks;
}

export function managementApi({ endpoint, routes, authorize, webhooks }: Parts): Router {
  const router = express.Router();
  router.use(express.json({ limit: "1mb", strict: false }));

  for (const route of routes) {
    router[route.method](route.path, (request, response, next) => {
      serve(route, request, response).catch(next);
    });
  }

  async function serve(route: Route, request: Request, response: Response) {
    if (!route.open) await authorize(request.headers.authorization);
    const url = new URL(request.originalUrl, endpoint);
    const extra: { event: string; more: Record<string, unknown> }[] = [];
    const call: Call<unknown> = {
      params: request.params,
      query: url.searchParams,
      page: pageOf(url.searchParams, route.paged),
      body: route.schema && parse(route.schema, request.body),
      ip: request.ip ?? "",
      userAgent: request.headers["user-agent"],
      emit: (event, more = {}) => void extra.push({ event, more }),
    };
    const answer = await route.run(call as Call<never>); // `body` was parsed with the route's own schema.
    send(response, answer, url, call.page);
    webhooks.ofCall(managementEvents(route, call, answer, url.pathname.replace(/^\/api/, ""), extra));
  }

  for (const path of new Set(routes.map((route) => route.path))) {
    router.all(path, (_request, response) => void response.status(405).type("text").send("Method Not Allowed"));
  }
  router.use((_request, response) => void response.status(404).type("text").send("Not Found"));
  router.use(refuse);
  return router;
}

function send(response: Response, { status, body, total }: Answer, url: URL, page: Call["page"]) {
  response.status(status);
  if (page && total !== undefined) {
    response.set("Total-Number", String(total)).set("Link", linkHeader(url, page, total));
  }
  if (body === undefined) response.end();
  else if (typeof body === "string") response.type("text").send(body);
  else response.json(body);
}

/** Every error as Logto words it; what nobody thought of is a 500 and stops nothing. */
export function refuse(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error);
  const known = error instanceof LogtoError ? error : constraintError(error);
  if (known) return void response.status(known.status).json(known.body);
  const status = error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : 500;
  if (status < 500) return void response.status(status).json({ message: (error as Error).message });
  console.error(error);
  response.status(500).json({ message: "Internal server error." });
}
