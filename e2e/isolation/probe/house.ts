// Atrium's probe build in this process, with a real emulator behind it: a cast that is signed in, and as many fresh copies of it as somebody needs.
import { createHmac } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Server } from "node:http";
import type { createApp } from "../../../app/server";
import type { readConfig } from "../../../app/config.server";
import type { createLogger } from "../../../app/http/log.server";
import type { ServerBuild } from "@remix-run/node";
import type { openStore } from "../../../db";
import type { runBilling } from "../../../scripts/billing";
import { paths } from "../../../app/paths";
import { startGround, type Ground, type Person } from "../../ground";
import { type Answer, type Asking } from "../../http/ask";
import { createVisitor, type Visitor } from "../../http/visitor";
import { Walker } from "../../walker";
import { inject } from "./inject";
import { installProbe } from "./probe";
import { openRestoring } from "./restoring";

export const origin = "http://localhost:9";
export const secret = "of thirty-two characters or more";

export interface BuiltApp {
  build: ServerBuild;
  createApp: typeof createApp;
  readConfig: typeof readConfig;
  createLogger: typeof createLogger;
  openStore: typeof openStore;
  runBilling: typeof runBilling;
}

/** Who lives in the house: the same in two organizations that have the same name, and some who are in neither, or in both. */
export type Inhabitant = "ada" | "abe" | "gus" | "adb" | "abel" | "gust" | "bob" | "eve" | "ivy" | "jon" | "max";

export interface OpenApp {
  /** Who sends requests here. Their sessions are of the moment when the cast had signed in. */
  visitors: Record<Inhabitant, Visitor>;
  /** Without a session. */
  nobody: Visitor;
  ask(target: string, asking?: Asking): Promise<Answer>;
  server: Server;
  file: string;
  /** Everything in the database is as it was when everybody had signed in, and no role that was given since is remembered. */
  restore(): void;
  /** `keeps` leaves the file. */
  close(options?: { keeps?: boolean }): Promise<void>;
}

export type House = Awaited<ReturnType<typeof openHouse>>;

export async function openHouse(file: string) {
  const probe = installProbe();
  const built = (await import(file)) as BuiltApp;
  const ground = await startGround({ origin });
  const folder = mkdtempSync(join(tmpdir(), "atrium-house-"));
  const template = join(folder, "template.db");
  const settings = settingsOf(ground);
  let opened = 0;

  function open(at: string, of: BuiltApp) {
    const config = of.readConfig({ ...settings, DATABASE_FILE: at });
    const log = of.createLogger(config.log);
    const app = of.createApp({ config, log, build: of.build, assets: [], now: probe.now });
    return { app, server: app.server };
  }

  const cast = await makeCast(ground);
  const first = open(template, built);
  const seats = await seat(first.server, cast);
  const began = Date.now();
  await first.app.close();
  await fetch(`${ground.endpoint}/emulator/baseline`, { method: "POST" });

  return {
    probe,
    ground,
    ...cast,
    /** The moment, in milliseconds since the epoch, in which everybody has signed in. */
    began,
    signingKey: settings.LOGTO_WEBHOOK_SIGNING_KEY,

    /** On a copy of the database as it was when everybody had signed in; of the same build, or of another one. */
    openApp(otherwiseBuilt = built, from = template): OpenApp {
      const at = join(folder, `${(opened += 1)}.db`);
      copyFileSync(from, at);
      const { app, server } = open(at, otherwiseBuilt);
      const restoring = openRestoring(at, from);
      const send = (target: string, { headers, ...asking }: Asking = {}) =>
        inject(server, target, { ...asking, headers: { Host: new URL(origin).host, ...headers } });
      const visitors = Object.fromEntries(
        Object.entries(seats).map(([key, visitor]) => [key, createVisitor(origin, visitor, send)]),
      ) as Record<Inhabitant, Visitor>;
      return {
        visitors,
        nobody: createVisitor(origin, { name: "Nobody" }, send),
        ask: send,
        server,
        file: at,
        restore() {
          restoring.restore();
          probe.forget();
        },
        async close({ keeps = false } = {}) {
          restoring.close();
          await app.close();
          if (keeps) return;
          for (const ending of ["", "-wal", "-shm"]) rmSync(at + ending, { force: true });
        },
      };
    },

    /** Each of the app's jobs runs once on that database: the app is started, and stopped. */
    async runJobs(at: string, otherwiseBuilt = built): Promise<void> {
      probe.runsJobs = true;
      const { app } = open(at, otherwiseBuilt);
      probe.runsJobs = false;
      await probe.jobs;
      await app.close();
    },

    /** The command `npm run billing` on that database. @returns its exit code */
    async operate(at: string, parameters: string[], { openStore, runBilling } = built): Promise<number> {
      const store = openStore(at, { now: probe.now, ...probe.storeOptions });
      try {
        return await runBilling(parameters, { store, now: probe.now, print: () => {} });
      } finally {
        await store.close();
      }
    },

    /** A database to open apps on, in which somebody has done something first. */
    async furnish(run: (app: OpenApp) => Promise<void>): Promise<string> {
      const app = this.openApp();
      await run(app);
      await app.close({ keeps: true });
      return app.file;
    },

    /** Who is in an organization by what Logto says, with the names of their roles. */
    async membersOf(side: "a" | "b"): Promise<{ id: string; roles: string[] }[]> {
      const members = await ground.api.list(`/organizations/${cast.organizations[side]}/users`, Member);
      return members.map(({ id, organizationRoles }) => ({ id, roles: organizationRoles.map(({ name }) => name) }));
    },

    /** A webhook as Logto sends it; of this moment, by the app's clock. */
    webhook(event: { event: string; createdAt?: string }) {
      const body = JSON.stringify({ createdAt: new Date(probe.now()).toISOString(), ...event });
      const signature = createHmac("sha256", ground.webhookSigningKey).update(body).digest("hex");
      const headers: Record<string, string> = {
        "Content-Type": "application/json",
        "logto-signature-sha-256": signature,
      };
      return { method: "POST", headers, body };
    },

    /** A browser, which may have a session already. */
    openWalker(app: OpenApp, cookie = ""): Walker {
      const walker = new Walker(origin, { app: (request) => overFetch(app.server, request) });
      for (const pair of cookie.split("; ").filter(Boolean)) walker.setCookie(`${pair}; Path=/`);
      return walker;
    },

    /** Logto, as it was when everybody had signed in. */
    resetLogto: () => fetch(`${ground.endpoint}/emulator/reset`, { method: "POST" }),

    async close() {
      await ground.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsOf(ground: Ground) {
  return {
    NODE_ENV: "production",
    APP_URL: origin,
    PORT: "9",
    LOGTO_ENDPOINT: ground.endpoint,
    LOGTO_APP_ID: ground.application.appId,
    LOGTO_APP_SECRET: ground.application.appSecret,
    LOGTO_M2M_APP_ID: ground.machine.appId,
    LOGTO_M2M_APP_SECRET: ground.machine.appSecret,
    LOGTO_WEBHOOK_SIGNING_KEY: ground.webhookSigningKey,
    SESSION_SECRET: secret,
    LOG_LEVEL: "silent",
    RATE_LIMIT_PER_PERSON_PER_MINUTE: "1000000",
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: "1000000",
    RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE: "1000000",
  };
}

const Member = z.object({ id: z.string(), organizationRoles: z.array(z.object({ name: z.string() })) });

async function makeCast(ground: Ground) {
  const a = await ground.makeOrganization("Acme");
  const b = await ground.makeOrganization("Acme");
  const elsewhere = await ground.makeOrganization("Elsewhere");
  await ground.makeRole("Guest", []);
  await ground.makeRole("Manager", ["read:posts", "write:posts", "read:members", "invite:members", "manage:members"]);
  const of = (name: string, ...memberships: [string, string][]) => ground.makePerson(name, memberships);
  const people: Record<Inhabitant, Person> = {
    ada: await of("Ada", [a, "Admin"]),
    abe: await of("Abe", [a, "Collaborator"]),
    gus: await of("Gus", [a, "Guest"]),
    adb: await of("Ada", [b, "Admin"]),
    abel: await of("Abe", [b, "Collaborator"]),
    gust: await of("Gus", [b, "Guest"]),
    bob: await of("Bob", [a, "Collaborator"], [b, "Admin"]),
    eve: await of("Eve", [elsewhere, "Admin"]),
    ivy: await of("Ivy"),
    jon: await of("Jon"),
    max: await of("Max", [a, "Manager"]),
  };
  for (const { id } of await ground.api.get("/hooks", z.array(z.object({ id: z.string() }))))
    await ground.api.write("DELETE", `/hooks/${id}`); // here nobody listens to them
  const roles = await ground.api.list("/organization-roles", z.object({ id: z.string(), name: z.string() }));
  const roleId = (name: string) => roles.find((role) => role.name === name)?.id ?? "";
  return { organizations: { a, b, elsewhere }, people, roleId };
}

const places: Partial<Record<Inhabitant, "a" | "b" | "elsewhere">> = {
  ...{ ada: "a", abe: "a", gus: "a", max: "a", adb: "b", abel: "b", gust: "b", bob: "b", eve: "elsewhere" },
};

/** Everybody through the real door, and into their organization. */
async function seat(server: Server, { organizations, people }: Awaited<ReturnType<typeof makeCast>>) {
  const seats: [Inhabitant, Visitor][] = [];
  for (const [key, person] of Object.entries(people) as [Inhabitant, Person][]) {
    const walker = new Walker(origin, { app: (request) => overFetch(server, request) });
    await walker.signIn(person);
    const place = places[key];
    const id = place && organizations[place];
    if (id) {
      const moved = await walker.post(paths.switchOrganization, { organization: id });
      if (moved.status !== 302) throw new Error(`${person.name} could not enter: ${moved.status}`);
    }
    const organization = id ? { id, name: place === "elsewhere" ? "Elsewhere" : "Acme" } : undefined;
    await walker.get(paths.posts);
    seats.push([key, createVisitor(origin, { ...person, cookie: walker.cookies(origin), organization })]);
  }
  return Object.fromEntries(seats) as Record<Inhabitant, Visitor>;
}

async function overFetch(server: Server, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = { host: new URL(origin).host, ...Object.fromEntries(request.headers) };
  const body = Buffer.from(await request.arrayBuffer());
  const answer = await inject(server, pathname + search, {
    method: request.method,
    headers,
    ...(body.length > 0 && { body }),
  });
  const { status } = answer;
  return new Response([204, 304].includes(status) ? null : answer.text, {
    status,
    headers: new Headers(answer.headers),
  });
}
