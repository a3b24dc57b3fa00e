// What the emulator's own tests drive it with: a Management API client, an application, and a browser without JavaScript.
import { createHash, randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Emulator, type EmulatorOptions, startEmulator } from "./start";

export interface Reply<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
  text: string;
}

/** Status and code of an answer: what a refusal is told by. */
export const codeOf = ({ status, body }: Reply<unknown>) => [status, (body as { code?: string } | undefined)?.code];

const machine = { id: "test-machine", secret: "test-machine-secret" };
export const redirectUri = "http://127.0.0.1:9/callback";
const base = "openid offline_access email profile urn:logto:scope:organizations urn:logto:scope:organization_roles";

export async function read<Body>(response: Response): Promise<Reply<Body>> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, body: body as Body, text };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** An emulator with one web application; `close` it at the end. */
export async function startWorld(options: Partial<EmulatorOptions> = {}) {
  const emulator = await startEmulator({ port: 0, file: ":memory:", machine, ...options });
  const world = connect(emulator);
  const made = await world.api<{ id: string }>("POST", "/applications", {
    name: "The web application",
    type: "Traditional",
    oidcClientMetadata: { redirectUris: [redirectUri], postLogoutRedirectUris: ["http://127.0.0.1:9/"] },
  });
  const { body: secrets } = await world.api<{ value: string }[]>("GET", `/applications/${made.body.id}/secrets`);
  const application = { id: made.body.id, secret: secrets[0]?.value ?? "" };
  return { ...world, application, ...tokensFor(emulator.endpoint, application) };
}

export function connect(emulator: Emulator) {
  const { endpoint } = emulator;
  let bearer: string | undefined;

  async function api<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Reply<Body>> {
    bearer ??= (
      await token<{ access_token: string }>(endpoint, machine, {
        grant_type: "client_credentials",
        resource: "https://default.logto.app/api",
        scope: "all",
      })
    ).body.access_token;
    return json<Body>(`${endpoint}/api${path}`, method, body, { authorization: `Bearer ${bearer}` });
  }

  return {
    emulator,
    api,
    /** What only the emulator has: JSON below /emulator. */
    control: <Body = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
      json<Body>(`${endpoint}/emulator${path}`, method, body),
    async person(name: string, more: object = {}) {
      const email = `${name.toLowerCase()}@example.com`;
      const { body } = await api<{ id: string }>("POST", "/users", {
        name,
        primaryEmail: email,
        password: "a good password",
        ...more,
      });
      return { id: body.id, email };
    },
    async mails(to: string) {
      const url = `${emulator.outboxUrl}?to=${encodeURIComponent(to)}`;
      return (await read<{ to: string; type: string; payload: Record<string, unknown> }[]>(await fetch(url))).body;
    },
  };
}

async function json<Body>(url: string, method: string, body: unknown, headers: Record<string, string> = {}) {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...content,
  });
  return read<Body>(response);
}

type Credentials = { id: string; secret: string };

async function token<Body>(endpoint: string, { id, secret }: Credentials, parameters: Record<string, string>) {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  const body = new URLSearchParams(parameters);
  return read<Body>(await fetch(`${endpoint}/oidc/token`, { method: "POST", headers: { authorization }, body }));
}

export interface TokenSet {
  access_token: string;
  id_token: string;
  refresh_token: string;
  scope: string;
}

function tokensFor(endpoint: string, application: Credentials) {
  const verifiers = new Map<string, string>();
  return {
    /** URL of an authorization request; with code and PKCE. */
    authorization(parameters: Record<string, string> = {}, scope = base): string {
      const verifier = randomBytes(32).toString("base64url");
      const state = randomBytes(8).toString("hex");
      verifiers.set(state, verifier);
      const query = new URLSearchParams({
        ...{
          client_id: application.id,
          redirect_uri: redirectUri,
          response_type: "code",
          scope,
          state,
          prompt: "consent",
        },
        ...{ code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256" },
        ...{ resource: "urn:logto:resource:organizations", ...parameters },
      });
      return `${endpoint}/oidc/auth?${query}`;
    },
    /** Exchanges the code of a callback. */
    exchange: (callback: URL) =>
      token<TokenSet>(endpoint, application, {
        grant_type: "authorization_code",
        code: callback.searchParams.get("code") ?? "",
        redirect_uri: redirectUri,
        code_verifier: verifiers.get(callback.searchParams.get("state") ?? "") ?? "",
      }),
    refresh: (refreshToken: string, parameters: Record<string, string> = {}) =>
      token<TokenSet & { error?: string }>(endpoint, application, {
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        ...parameters,
      }),
  };
}

/** A page, or the application's URL that the browser was sent to. */
export interface Place {
  url: URL;
  status: number;
  text: string;
}

export class Browser {
  #cookies = new Map<string, string>();
  place: Place | undefined;

  constructor(readonly endpoint: string) {}

  /** Follows redirects, stops at the application. */
  async open(url: string, init: RequestInit = {}): Promise<Place> {
    let [target, options] = [new URL(url, this.place?.status ? this.place.url : this.endpoint), init];
    for (let hop = 0; hop < 15; hop += 1) {
      if (target.origin !== this.endpoint) return (this.place = { url: target, status: 0, text: "" });
      const response = await this.#request(target, options);
      const location = response.headers.get("location");
      const text = await response.text();
      if (!location) return (this.place = { url: target, status: response.status, text });
      [target, options] = [new URL(location, target), {}];
    }
    throw new Error(`too many redirects from ${url}`);
  }

  /** Submits the form of this page that has this action, with what it holds and what is typed. */
  async submit(action: string, typed: Record<string, string> = {}, button = ""): Promise<Place> {
    const forms = [...(this.place?.text ?? "").matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
    const form = forms.find(([, tag, inner]) => attribute(tag, "action")?.endsWith(action) && inner?.includes(button));
    if (!form) throw new Error(`no form ${action} in ${this.place?.url.href} ${this.place?.text}`);
    const fields = new URLSearchParams();
    for (const [, tag] of (form[2] ?? "").matchAll(/<input\b([^>]*)>/g)) {
      const name = attribute(tag, "name");
      if (name && (attribute(tag, "type") !== "checkbox" || tag?.includes("checked")))
        fields.append(name, attribute(tag, "value") ?? "");
    }
    for (const [name, value] of Object.entries(typed)) fields.set(name, value);
    return this.open(attribute(form[1], "action") ?? "", {
      method: "POST",
      body: fields,
      headers: { origin: this.endpoint },
    });
  }

  async #request(url: URL, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { accept: "text/html", ...init.headers, cookie };
    const response = await fetch(url, { redirect: "manual", ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...rest] = line.split("; ");
      const [name = "", value = ""] = pair.split("=");
      if (value === "" || rest.includes("expires=Thu, 01 Jan 1970 00:00:00 GMT")) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

const attribute = (tag: string | undefined, name: string) =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(tag ?? "")?.[1]?.replaceAll("&amp;", "&");

/** A whole sign-in with the password of `person`. */
export async function signIn(
  world: World,
  email: string,
  { browser = new Browser(world.emulator.endpoint), scope = base } = {},
) {
  await browser.open(world.authorization({}, scope));
  const end = await browser.submit("/sign-in", { identifier: email, password: "a good password" });
  const { body } = await world.exchange(end.url);
  return { browser, tokens: body };
}

export interface Received {
  headers: IncomingHttpHeaders;
  raw: Buffer;
}

/** Listens on a free port and keeps what is posted there. */
export async function startReceiver() {
  const received: Received[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, raw: Buffer.concat(chunks) });
      response.writeHead(status).end("thanks");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/receiver`,
    received,
    /** The bodies, read as JSON. */
    bodies: <Body = Record<string, unknown>>() => received.map(({ raw }) => JSON.parse(raw.toString()) as Body),
    answerWith(next: number) {
      status = next;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
