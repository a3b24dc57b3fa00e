// The ground that tests of sign-in and membership stand on, in one process: the emulator over HTTP, and Atrium's sign-in over a real store, without pages.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Asked } from "../app/auth/guards.server";
import { compose } from "../app/composition.server";
import { localPath } from "../app/http/local-path.server";
import { createLine, type Line, type LineOptions } from "../app/logto/line.server";
import { paths } from "../app/paths";
import { openStore, type Store } from "../db";
import { startEmulator } from "../emulator/start";
import { createManagementApi, defaultResource } from "../scripts/management-api";
import { provision } from "../scripts/provision-logto";
import { Walker, type Credentials } from "./walker";

export interface Person extends Credentials {
  id: string;
  name: string;
}

/** What is switched on at the emulator; its README has the kinds. */
export interface Fault {
  kind: "slow" | "status" | "reset" | "hang" | "malformed" | "wrong-key" | "skew" | "mail-failure" | "invitation-race";
  match?: { method?: string; path?: string; grantType?: string; body?: string };
  times?: number;
  after?: number;
  when?: "before" | "after";
  delayMs?: number;
  status?: number;
  seconds?: number;
  answer?: unknown;
}

export type Ground = Awaited<ReturnType<typeof startGround>>;
export type App = ReturnType<typeof openApp>;

const Rules = z.array(z.object({ id: z.string(), seen: z.number() }));
const machine = { appId: "ground-machine", appSecret: "ground-machine-secret" };
const password = "atrium-demo";

export async function startGround({ origin = "http://localhost:9" }: { origin?: string } = {}) {
  const emulator = await startEmulator({
    port: 0,
    file: ":memory:",
    machine: { id: machine.appId, secret: machine.appSecret },
  });
  const { endpoint } = emulator;
  const { credentials } = await provision({ endpoint, machine, baseUrl: origin });
  if (!credentials) throw new Error("The emulator could not be set up");
  const application = { appId: credentials.appId, appSecret: credentials.appSecret };
  const folder = mkdtempSync(join(tmpdir(), "atrium-ground-"));
  const opened: App[] = [];

  return {
    endpoint,
    origin,
    application,
    machine,
    webhookSigningKey: credentials.webhookSigningKey,
    ...operating(endpoint, application.appId),

    /** Atrium without pages, on a file of its own or a given one: two over one file are two processes. */
    openApp(options: AppOptions = {}): App {
      const file = options.file ?? join(folder, `${opened.length}.db`);
      const app = openApp({ endpoint, origin, ...application }, { ...options, file });
      opened.push(app);
      return app;
    },

    async close() {
      for (const app of opened) await app.store.close();
      await emulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What an operator at Logto does, and what befalls Logto. */
function operating(endpoint: string, appId: string) {
  const api = createManagementApi({ endpoint, machine, resource: defaultResource });
  const make = async (path: string, body: object) =>
    z.object({ id: z.string() }).parse(await api.write("POST", path, body)).id;
  let people = 0;

  async function control(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<string> {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${endpoint}/emulator${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }

  /** As on the console's page, so that no webhook tells of it. */
  async function setRoles(organizationId: string, person: { id: string }, ...roles: string[]): Promise<void> {
    const path = `/organizations/${organizationId}/users/${person.id}/roles`;
    await control("PUT", path, { organizationRoleNames: roles });
  }

  async function addMember(organizationId: string, person: { id: string }, ...roles: string[]): Promise<void> {
    await api.write("POST", `/organizations/${organizationId}/users`, { userIds: [person.id] });
    await setRoles(organizationId, person, ...roles);
  }

  return {
    api,
    setRoles,
    addMember,
    makeOrganization: (name: string) => make("/organizations", { name }),

    async makePerson(name: string, memberships: [organizationId: string, ...roles: string[]][] = []): Promise<Person> {
      people += 1;
      const email = `person.${people}@example.com`;
      const person = { id: await make("/users", { name, primaryEmail: email, password }), name, email, password };
      for (const [organizationId, ...roles] of memberships) await addMember(organizationId, person, ...roles);
      return person;
    },

    async makeRole(name: string, permissions: readonly string[]): Promise<string> {
      const scopes = await api.list("/organization-scopes", z.object({ id: z.string(), name: z.string() }));
      const organizationScopeIds = scopes.flatMap((scope) => (permissions.includes(scope.name) ? scope.id : []));
      return make("/organization-roles", { name, description: "made by a test", organizationScopeIds });
    },

    async removeMember(organizationId: string, person: { id: string }): Promise<void> {
      await api.write("DELETE", `/organizations/${organizationId}/users/${person.id}`);
    },

    fault: (...faults: Fault[]) => control("POST", "/faults", faults),
    heal: () => control("DELETE", "/faults"),

    /** @returns a function that tells how many such requests have reached Logto, until it is healed. */
    async watch(match: NonNullable<Fault["match"]>): Promise<() => Promise<number>> {
      const never = { kind: "slow", after: 1_000_000, match };
      const [{ id } = { id: "" }] = Rules.parse(JSON.parse(await control("POST", "/faults", [never])));
      return async () =>
        Rules.parse(JSON.parse(await control("GET", "/faults"))).find((rule) => rule.id === id)?.seen ?? 0;
    },

    /** Lets time pass for what Logto has stored. Its JWTs keep their times. */
    age: (days: number) => control("POST", "/clock", { advanceSeconds: days * 86_400 }),

    /** Whether a refresh token is replaced by its use, once 70 % of its 14 days have passed. */
    async setRotation(rotateRefreshToken: boolean): Promise<void> {
      await api.write("PATCH", `/applications/${appId}`, { customClientMetadata: { rotateRefreshToken } });
    },
  };
}

const turns = new Map<string, Promise<unknown>>();

/** SQLite lets one process wait for the other's write. Within one process that wait would be for ever, so here they queue. */
function takingTurns(store: Store, file: string): Store {
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const mine = (turns.get(file) ?? Promise.resolve()).then(write);
    turns.set(
      file,
      mine.catch(() => undefined),
    );
    return mine;
  }
  return {
    close: store.close,
    system: { ...store.system, write: (run) => inTurn(() => store.system.write(run)) },
    scope(organizationId, options) {
      const scope = store.scope(organizationId, options);
      return { ...scope, write: (run) => inTurn(() => scope.write(run)) };
    },
  };
}

export interface AppOptions {
  file?: string;
  secrets?: string[];
  maxAge?: number;
  line?: LineOptions;
  /** Put around the line to Logto: for a test that decides when a request goes, or when its answer arrives. */
  around?: (line: Line) => Line;
  /** Put around the store: for a test that decides when a write is the last one. */
  aroundStore?: (store: Store) => Store;
  appSecret?: string;
}

type Place = { endpoint: string; origin: string; appId: string; appSecret: string };

function openApp(
  place: Place,
  { file, secrets = ["of thirty-two characters or more"], ...options }: AppOptions & { file: string },
) {
  const { origin } = place;
  const clock: { ahead: number; standsAt?: number } = { ahead: 0 };
  const now = () => (clock.standsAt ?? Date.now()) + clock.ahead;
  const store = takingTurns(openStore(file, { now }), file);
  const sent: { path: string; body: string }[] = [];
  const bare = createLine(options.line);
  const counted: Line = (url, init) => {
    sent.push({ path: new URL(url).pathname, body: String(init?.body ?? "") });
    return bare(url, init);
  };
  const line = options.around?.(counted) ?? counted;
  const composition = compose({
    store: options.aroundStore?.(store) ?? store,
    line,
    mailLine: line,
    logto: {
      ...place,
      appSecret: options.appSecret ?? place.appSecret,
      management: { resource: defaultResource, ...machine },
    },
    app: { origin, secure: origin.startsWith("https:") },
    secrets,
    maxAge: options.maxAge ?? 60_000,
    auditDays: 400,
    payee: [],
    exports: { folder: `${file}.exports`, wake: () => {} },
    now,
  });
  const { auth } = composition;

  /** What the routes of the sign-in answer, as far as HTTP can see it. */
  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === paths.signIn()) return auth.session.beginSignIn(request, localPath(searchParams.get("returnTo")));
    if (pathname === paths.consent()) {
      const person = await guardsFor(request.headers.get("Cookie") ?? "").requirePerson("auth.consent");
      return auth.session.beginConsent(person, request, localPath(searchParams.get("returnTo")) ?? paths.posts);
    }
    if (pathname !== paths.callback) return new Response(`the page ${pathname}`);
    const outcome = await auth.session.finishSignIn(request);
    const headers = new Headers(outcome.cookies.map((cookie): [string, string] => ["Set-Cookie", cookie]));
    if (!outcome.ok) return Response.json(outcome, { status: outcome.fault === "unavailable" ? 503 : 400, headers });
    headers.set("Location", outcome.landing);
    return new Response(null, { status: 302, headers });
  }

  const guardsFor = (cookie: string, asked: Partial<Asked> = {}) =>
    auth.guards({
      transport: "document",
      method: "GET",
      path: paths.posts,
      cookie,
      from: { address: "127.0.0.1", userAgent: "A walker" },
      pageOrganization: async () => undefined,
      kept: async () => undefined,
      identified: () => {},
      denied: () => {},
      guarded: () => {},
      consume: async () => {},
      ...asked,
    });

  const openBrowser = () => new Walker(origin, { app: answer });
  const sessionOf = (browser: Walker) => auth.sessions.read(browser.cookies(origin));

  return {
    ...composition,
    store,
    file,
    openBrowser,
    sessionOf,

    /** The answer to one request of the sign-in's pages. */
    answer,

    /** What was sent to Logto, but for the exchange of codes. */
    sent,
    renewals: () => sent.filter(({ path, body }) => path === "/oidc/token" && body.includes("refresh_token")).length,

    /** The app's own clock: milliseconds by which it is ahead, and the moment at which it stands still, if it does. */
    clock,

    async signIn(person: Credentials): Promise<Walker> {
      const browser = openBrowser();
      const { response, url } = await browser.signIn(person);
      if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
      return browser;
    },

    /** The guards of one request of this browser. */
    guards: (browser: Walker, asked: Partial<Asked> = {}) => guardsFor(browser.cookies(origin), asked),
  };
}
