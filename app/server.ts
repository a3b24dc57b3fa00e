// The composition root: builds the services once, opens the doors in order, and hands Remix its load context.
import { createServer, type Server } from "node:http";
import { createRequestHandler } from "@remix-run/express";
import type { AppLoadContext, ServerBuild } from "@remix-run/node";
import express, { type Request, type RequestHandler, type Response } from "express";
import type { z } from "zod";
import { openStore } from "../db";
import type { Asked } from "./auth/guards.server";
import { compose, type Composition } from "./composition.server";
import type { Config } from "./config.server";
import { downloadDoor } from "./download.server";
import { eventRoutes } from "./events.server";
import { closeGracefully } from "./http/close.server";
import { openDoors } from "./http/door.server";
import { drainedOf } from "./http/download.server";
import { keptFields, parseForm, readFields } from "./http/form.server";
import { createReadiness } from "./http/health.server";
import { createLimits, type Limits } from "./http/limits.server";
import { listen } from "./http/listen.server";
import { localsOf, logDenied, type Logger } from "./http/log.server";
import { withOwnRefusals } from "./http/own-refusals.server";
import type { Kept } from "./http/refusal";
import { answerErrors } from "./http/refuse.server";
import { badRequest } from "./http/responses.server";
import { themeCookie } from "./http/theme";
import { createJobs } from "./jobs.server";
import { createStreams } from "./live/streams.server";
import { createLine } from "./logto/line.server";
import { webhookDoor } from "./logto/webhook.server";
import { createRounds } from "./models/rounds.server";
import { organizationField, organizationHeader, paths } from "./paths";

/** Milliseconds that Logto may take to hand a mail over. */
const mailPatience = 10_000;

const minute = 60_000;
const hour = 60 * minute;

/** What is kept of a browser's name for itself. */
const longestUserAgent = 200;

export interface AppOptions {
  config: Config;
  log: Logger;
  /** Remix's build, or what loads it anew for each request in development. */
  build: ServerBuild | (() => Promise<ServerBuild>);
  /** Serves the build's public files, and in development Vite's. */
  assets: RequestHandler[];
  server?: Server;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface RunningApp {
  server: Server;
  /** The port that was given, or the free one that was found for 0. */
  listen(): Promise<number>;
  /** Lets what is under way end, within ten seconds. */
  close(): Promise<void>;
}

export function createApp({
  config,
  log,
  build,
  assets,
  server = createServer(),
  now = Date.now,
}: AppOptions): RunningApp {
  const store = openStore(config.database.file, { now });
  const composition = compose({
    store,
    line: createLine(),
    mailLine: createLine({ patience: mailPatience }),
    logto: config.logto,
    app: config.app,
    secrets: config.session.secrets,
    maxAge: config.membership.maxAgeSeconds * 1_000,
    auditDays: config.audit.days,
    payee: config.invoices.from,
    exports: { ...config.exports, wake: () => jobs.wake("exports") },
    now,
  });
  const { auth, feed, landed, reconciliation, follow } = composition;
  const logBug = (err: unknown) => log.error({ err }, "unexpected error");
  const streams = createStreams({ feed, ...auth.watch, logBug });
  const rounds = createRounds({ reconciliation, watched: streams.organizations, now, logBug });
  const { members, renaming, deletion, exports, accounts, auditRetention, invoicing } = composition;
  const jobs = createJobs({
    work: {
      renames: { every: minute, run: renaming.settleAll },
      deletions: {
        every: minute,
        run: async () => {
          for (const organization of await deletion.eraseDue())
            log.info({ event: "organization.erased", organization }, "organization erased");
        },
      },
      exports: { every: minute, run: exports.makeAll },
      accounts: { every: minute, run: accounts.finishOpen },
      members: { every: 5 * minute, run: members.settleAll },
      audit: { every: hour, run: auditRetention.keepHouse },
      invoices: { every: hour, run: invoicing.run },
    },
    log,
  });
  const limits = createLimits(config.limits);
  const readiness = createReadiness([
    () => store.system.read((db, { organizations: table }) => db.select().from(table).limit(1)),
  ]);

  const app = express();
  openDoors(app, {
    appOrigin: config.app.origin,
    logtoOrigin: config.logto.endpoint,
    trustProxy: config.server.trustProxy,
    bodyLimit: config.limits.bodyBytes,
    log,
    readiness,
    limits,
    assets,
    development: config.development,
  });
  app.post(paths.logtoWebhook, webhookDoor({ signingKey: config.logto.webhookSigningKey, log, now, follow }));
  const services = { ...composition, limits, log, secure: config.app.secure };
  const getLoadContext = contextOf(services);
  const requestOf = (request: Request, response: Response) => ofRequest(request, response, services);
  app.use(eventRoutes({ auth, streams, landed, requestOf }));
  app.get(paths.downloadExport(":exportId"), downloadDoor(getLoadContext));
  app.all(
    "*",
    createRequestHandler({
      build: typeof build === "function" ? async () => withOwnRefusals(await build()) : withOwnRefusals(build),
      getLoadContext,
      mode: config.production ? "production" : "development",
    }),
  );
  app.use(answerErrors(log, { bodyLimit: config.limits.bodyBytes }));

  server.on("request", app);
  readiness.started();
  jobs.start();
  return {
    server,
    async listen() {
      const port = await listen(server, config.server);
      rounds.start();
      return port;
    },
    async close() {
      readiness.stopping();
      exports.stop();
      streams.stop();
      await Promise.all([closeGracefully(server), jobs.stop(), rounds.stop()]);
      await store.close();
    },
  };
}

interface Services extends Composition {
  limits: Limits;
  log: Logger;
  /** Whether the app is served over https. */
  secure: boolean;
}

/** Everything that is of one request. The body was read whole at the door, so the guard and the action may both look into it. */
function ofRequest(request: Request, response: Response, { limits, log }: Pick<Services, "limits" | "log">) {
  const locals = localsOf(response);
  const body = request.body instanceof Buffer ? request.body : undefined;
  let read: Promise<FormData> | undefined;
  const fields = () => (read ??= readFields(body, request.headers["content-type"]));
  const { transport, path } = addressOf(request);

  /** A page names one, in its forms and in what it asks for by itself; whoever names two has no page of ours. */
  async function pageOrganization(): Promise<string | undefined> {
    const inForm = request.method === "POST" ? (await fields()).getAll(organizationField) : [];
    const named = [request.get(organizationHeader), ...inForm].filter(isNamed);
    if (new Set(named).size > 1) throw badRequest("This request names two organizations as its page's own.");
    return named[0];
  }

  /** What cannot be read is not kept, so that a refusal stays the refusal it was. */
  async function kept(): Promise<Kept | undefined> {
    if (request.method !== "POST") return undefined;
    const typed = await fields().catch(unlessUnreadable);
    if (!typed) return undefined;
    const page = typed.get(organizationField);
    const typedFor: [string, string][] = typeof page === "string" ? [[organizationField, page]] : [];
    return { action: path, fields: [...typedFor, ...(await keptFields(typed))] };
  }

  const asked: Asked = {
    transport,
    method: request.method,
    path,
    cookie: request.headers.cookie,
    from: { address: request.ip ?? null, userAgent: request.get("user-agent")?.slice(0, longestUserAgent) ?? null },
    pageOrganization,
    kept,
    identified: (person, organization) =>
      void Object.assign(locals, { person, organization: organization ?? undefined }),
    denied: (operation, reason) => logDenied(log, locals, { operation, reason }),
    guarded: (operation) => void Object.assign(locals, { operation }),
    consume: (person) => limits.consumePerson(person, kept),
  };
  return { locals, fields, kept, asked };
}

/** What all requests share stands behind what is of one: to copy it for each would take longer than the guard. */
function contextOf({ auth, limits, log, secure, ...services }: Services) {
  const shared = { ...services, session: auth.session };
  return (request: Request, response: Response): AppLoadContext => {
    const { locals, fields, kept, asked } = ofRequest(request, response, { limits, log });
    const own = {
      ...auth.guards(asked),
      nonce: locals.nonce,
      isDocument: asked.transport === "document",
      loadsPage: asked.transport === "document" && asked.method === "GET",
      askedAt: services.feed.now(),
      drained: drainedOf(response),
      form: async <Schema extends z.ZodObject>(schema: Schema) => parseForm(await fields(), schema),
      kept,
      themeCookie: (theme) => themeCookie(theme, secure),
      logBug: (error) => log.error({ requestId: locals.requestId, err: error }, "unexpected error"),
    } satisfies Partial<AppLoadContext>;
    return Object.assign(Object.create(shared) as typeof shared, own);
  };
}

const isNamed = (id: unknown): id is string => typeof id === "string" && id !== "";

function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof globalThis.Response)) throw error;
}

/** Remix asks for the data of `/posts` at `/posts.data`, and of `/` at `/_root.data`. */
function addressOf(request: Request): Pick<Asked, "transport" | "path"> {
  const [pathname = "", query] = request.originalUrl.split("?", 2);
  if (!pathname.endsWith(".data")) return { transport: "document", path: request.originalUrl };
  const page = pathname === "/_root.data" ? "/" : pathname.slice(0, -".data".length);
  const asked = new URLSearchParams(query);
  asked.delete("_routes");
  return { transport: "data", path: asked.size > 0 ? `${page}?${asked}` : page };
}
