// The benchmark's server: the real app, and beside it the same posts page, with the same queries, at /plain-posts with no session, no guard and no wall.
import { copyFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { pathToFileURL } from "node:url";
import { createRequestHandler } from "@remix-run/express";
import type { AppLoadContext, ServerBuild } from "@remix-run/node";
import express from "express";
import type { Member } from "../../app/auth/guards.server";
import { readConfig } from "../../app/config.server";
import { builtAssets } from "../../app/http/assets.server";
import { openDoors } from "../../app/http/door.server";
import { createReadiness } from "../../app/http/health.server";
import { createLimits } from "../../app/http/limits.server";
import { createLogger, localsOf } from "../../app/http/log.server";
import { withOwnRefusals } from "../../app/http/own-refusals.server";
import type { Management } from "../../app/logto/management.server";
import { createWaiting } from "../../app/models/invitations/waiting.server";
import { createOrganizations } from "../../app/models/organizations.server";
import { createApp } from "../../app/server";
import { openStore, type ScopeOf } from "../../db";

const config = readConfig();
const log = createLogger(config.log);
const build = (await import(pathToFileURL(`${import.meta.dirname}/server/index.js`).href)) as ServerBuild;
const assets = [builtAssets(`${import.meta.dirname}/client`)];
const server = createServer();

const copy = `${config.database.file}.plain`; // a store without walls takes them down in its file
copyFileSync(config.database.file, copy);
const app = createApp({ config, log, build, assets, server });

const store = openStore(copy, { walls: false });
const { system } = store;
const now = Date.now;
const notAsked = {} as Management; // what is known is read from the store
const scopeOf: ScopeOf = (organizationId, by) => store.scope(organizationId, { by });
const organizations = createOrganizations({ system, management: notAsked, scopeOf, now });
const organization = { id: process.env.BENCH_ORGANIZATION ?? "", name: "Acme", colour: 3 };
const session = { organizations: [{ id: organization.id, roles: ["Admin"] }] };
const person = { id: process.env.BENCH_PERSON ?? "", logtoId: "", name: "Ada", email: "ada@example.com", session };
const member = {
  person,
  organization,
  roles: ["Admin"],
  can: () => true,
  readOnly: false,
  scope: store.scope(organization.id),
} as unknown as Member; // the session is a stub: nothing here may read it

const plain = express();
openDoors(plain, {
  appOrigin: config.app.origin,
  logtoOrigin: config.logto.endpoint,
  trustProxy: config.server.trustProxy,
  bodyLimit: config.limits.bodyBytes,
  log,
  readiness: createReadiness([]),
  limits: createLimits(config.limits),
  assets,
});
const context = {
  visitor: async () => ({ person, member }),
  requireMember: async () => member,
  organizations,
  session: { consentFor: () => null },
  invitations: createWaiting({ system, organizations, scopeOf, now }),
};
const getLoadContext = (_request: express.Request, response: express.Response) =>
  ({
    ...context,
    nonce: localsOf(response).nonce,
    askedAt: new Date(),
    logBug: (error: unknown) => log.error({ err: error }),
  }) as unknown as AppLoadContext;
plain.all("*", createRequestHandler({ build: withOwnRefusals(build), mode: "production", getLoadContext }));

const real = server.listeners("request")[0] as RequestListener;
server.removeAllListeners("request");
server.on("request", (request, response) =>
  (request.url?.startsWith("/plain-posts") ? plain : real)(request, response),
);
process.once("SIGTERM", () => void app.close().then(() => process.exit(0)));
await app.listen();
