// Driver of the conformance suite: configuration, Management API client, a small browser, token helpers,
// JWT verification, a webhook listener and a mail probe. Node >= 20, no dependencies.
import test, { after, before } from "node:test";
import assert from "node:assert/strict";
import crypto from "node:crypto";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export { after, assert, before, crypto, sleep };

// ---------------------------------------------------------------- configuration

const required = [
  "LOGTO_ENDPOINT",
  "LOGTO_M2M_APP_ID",
  "LOGTO_M2M_APP_SECRET",
  "LOGTO_APP_ID",
  "LOGTO_APP_SECRET",
  "LOGTO_REDIRECT_URI",
  "LOGTO_POST_LOGOUT_REDIRECT_URI",
];
export const missingVariables = () => required.filter((name) => !process.env[name]);
if (missingVariables().length > 0)
  throw new Error(`environment variables not set: ${missingVariables().join(", ")} (see README.md)`);

export const endpoint = process.env.LOGTO_ENDPOINT.replace(/\/+$/, "");
export const issuer = `${endpoint}/oidc`;
export const managementResource = process.env.LOGTO_MANAGEMENT_RESOURCE || "https://default.logto.app/api";
export const m2m = { id: process.env.LOGTO_M2M_APP_ID, secret: process.env.LOGTO_M2M_APP_SECRET };
export const app = { id: process.env.LOGTO_APP_ID, secret: process.env.LOGTO_APP_SECRET };
export const redirectUri = process.env.LOGTO_REDIRECT_URI;
export const postLogoutRedirectUri = process.env.LOGTO_POST_LOGOUT_REDIRECT_URI;

export const organizationsScope = "urn:logto:scope:organizations";
export const organizationRolesScope = "urn:logto:scope:organization_roles";
export const organizationsResource = "urn:logto:resource:organizations";
export const organizationAudience = (id) => `urn:logto:organization:${id}`;
export const baseScope = `openid offline_access email profile ${organizationsScope} ${organizationRolesScope}`;
export const unknownId = "no-such-id-0";

// ---------------------------------------------------------------- checks

/** One check = one observable behaviour. The id is the first word of the test's name. */
export const check = (id, title, fn) => test(`${id} ${title}`, { timeout: 30_000 }, fn);

/** A value in a failure message: short, and without tokens or keys. */
const brief = (value) => {
  const hide = (key, item) =>
    typeof item === "string" && item.length > 12 && /(^|_)token$|secret|authorization|signingKey/i.test(key)
      ? `${item.slice(0, 6)}...`
      : item;
  const text = typeof value === "string" ? value : JSON.stringify(value, hide);
  return text === undefined ? "undefined" : text.length > 400 ? `${text.slice(0, 400)}...` : text;
};

/** Asserts the status and, when given, the `code` of an error body (with a string `message`). */
export function expectStatus(response, status, code) {
  assert.equal(
    response.status,
    status,
    `expected ${status}${code ? ` ${code}` : ""}, got ${response.status} ${brief(response.body)}`,
  );
  if (code === undefined) return response.body;
  assert.equal(response.body?.code, code, `expected code ${code}, got ${response.status} ${brief(response.body)}`);
  assert.equal(typeof response.body.message, "string", `an error body has a string message: ${brief(response.body)}`);
  return response.body;
}

/** An error of the OIDC endpoints: `code` is "oidc.<error>", next to `error` and `error_description`. */
export function expectOidcError(response, status, error) {
  const body = expectStatus(response, status, `oidc.${error}`);
  assert.equal(body.error, error, `expected error ${error}, got ${brief(body)}`);
  assert.equal(typeof body.error_description, "string", `error_description is missing: ${brief(body)}`);
  return body;
}

/** 400 guard.invalid_input with zod-like issues and a details string. `path` is looked for among the issues. */
export function expectValidationError(response, path) {
  const body = expectStatus(response, 400, "guard.invalid_input");
  shape(body, { code: "string", message: "string", details: "string", data: "object" });
  assert.ok(Array.isArray(body.data.issues) && body.data.issues.length > 0, `data.issues is missing: ${brief(body)}`);
  if (path)
    assert.ok(
      body.data.issues.some((issue) => Array.isArray(issue.path) && issue.path[0] === path),
      `no issue for "${path}": ${brief(body)}`,
    );
  return body;
}

const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** Asserts that the keys exist with one of the given types ('string|null'). More keys are allowed. */
export function shape(value, types, label = "body") {
  assert.equal(typeOf(value), "object", `${label} is not an object: ${brief(value)}`);
  for (const [key, type] of Object.entries(types)) {
    assert.ok(key in value, `${label}.${key} is missing: ${brief(value)}`);
    assert.ok(
      type.split("|").includes(typeOf(value[key])),
      `${label}.${key} is ${typeOf(value[key])}, expected ${type}: ${brief(value)}`,
    );
  }
  return value;
}

/** Asserts that a key is not in the object at all. */
export const absent = (value, ...keys) => {
  for (const key of keys) assert.ok(!(key in value), `${key} should be absent: ${brief(value)}`);
};

export const sorted = (list) => [...list].sort();
/** Asserts that two lists (or space-separated strings) hold the same members, in any order. */
export function sameSet(actual, expected, label = "set") {
  const list = (value) => sorted(typeof value === "string" ? value.split(" ").filter(Boolean) : (value ?? []));
  assert.deepEqual(
    list(actual),
    list(expected),
    `${label}: expected ${brief(list(expected))}, got ${brief(list(actual))}`,
  );
}

export const shapes = {
  organization: {
    tenantId: "string",
    id: "string",
    name: "string",
    description: "string|null",
    customData: "object",
    isMfaRequired: "boolean",
    color: "object",
    branding: "object",
    createdAt: "number",
  },
  user: {
    id: "string",
    username: "string|null",
    primaryEmail: "string|null",
    primaryPhone: "string|null",
    name: "string|null",
    avatar: "string|null",
    customData: "object",
    identities: "object",
    lastSignInAt: "number|null",
    createdAt: "number",
    updatedAt: "number",
    profile: "object",
    applicationId: "string|null",
    isSuspended: "boolean",
  },
  role: { tenantId: "string", id: "string", name: "string", description: "string|null", type: "string" },
  scope: { tenantId: "string", id: "string", name: "string", description: "string|null" },
  invitation: {
    tenantId: "string",
    id: "string",
    inviterId: "string|null",
    invitee: "string",
    acceptedUserId: "string|null",
    organizationId: "string",
    status: "string",
    createdAt: "number",
    updatedAt: "number",
    expiresAt: "number",
    organizationRoles: "array",
  },
  oneTimeToken: {
    tenantId: "string",
    id: "string",
    email: "string",
    token: "string",
    context: "object",
    status: "string",
    createdAt: "number",
    expiresAt: "number",
  },
};
/** Organization roles inside members, invitations and a user's organizations are exactly {id, name}. */
export const roleRefs = (list, expected) =>
  assert.deepEqual(
    list.map(({ id, name, ...rest }) => ({ id, name, ...rest })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    expected.map(({ id, name }) => ({ id, name })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  );

// ---------------------------------------------------------------- HTTP

async function readBody(response) {
  const text = await response.text();
  let body = text;
  try {
    body = JSON.parse(text);
  } catch {
    /* not JSON */
  }
  return { status: response.status, headers: response.headers, body, text };
}

const formOf = (parameters) => {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) form.append(key, String(item));
  }
  return form;
};
export const basic = ({ id, secret }) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;

/** POST to an OIDC endpoint with client authentication: 'basic' (default), 'post' or 'json'. */
export async function oidcPost(path, parameters, { client = app, auth = "basic" } = {}) {
  const credentials = auth === "basic" ? {} : { client_id: client.id, client_secret: client.secret };
  const headers = {
    accept: "application/json",
    ...(auth === "basic" ? { authorization: basic(client) } : {}),
    ...(auth === "json" ? { "content-type": "application/json" } : {}),
  };
  const body =
    auth === "json" ? JSON.stringify({ ...parameters, ...credentials }) : formOf({ ...parameters, ...credentials });
  return readBody(await fetch(`${issuer}${path}`, { method: "POST", headers, body }));
}
export const tokenRequest = (parameters, options) => oidcPost("/token", parameters, options);
export const refresh = (refreshToken, parameters = {}, options) =>
  tokenRequest({ grant_type: "refresh_token", refresh_token: refreshToken, ...parameters }, options);
export const organizationToken = (tokens, organizationId, parameters = {}) =>
  refresh(tokens.refresh_token, { organization_id: organizationId, ...parameters });
export const revoke = (token) => oidcPost("/token/revocation", { token });
export const userinfo = async (token) =>
  readBody(await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } }));
export const getJson = async (url) => readBody(await fetch(url));

let managementToken;
export async function machineToken(parameters = { resource: managementResource, scope: "all" }, options = {}) {
  return tokenRequest({ grant_type: "client_credentials", ...parameters }, { client: m2m, ...options });
}
async function cachedManagementToken() {
  if (!managementToken || managementToken.expires < Date.now()) {
    const response = await machineToken();
    if (response.status !== 200) throw new Error(`no management token: ${response.status} ${brief(response.body)}`);
    managementToken = {
      value: response.body.access_token,
      expires: Date.now() + (response.body.expires_in - 60) * 1000,
    };
  }
  return managementToken.value;
}

/** A Management API call. `token: null` sends no Authorization header; `raw` sends a body as it is. */
export async function api(method, path, body, { token, headers, raw } = {}) {
  const bearer = token === undefined ? await cachedManagementToken() : token;
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return readBody(
    await fetch(`${endpoint}/api${path}`, {
      method,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(content === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: content,
    }),
  );
}
export const get = (path, options) => api("GET", path, undefined, options);
export const post = (path, body, options) => api("POST", path, body, options);
export const put = (path, body, options) => api("PUT", path, body, options);
export const patch = (path, body, options) => api("PATCH", path, body, options);
export const del = (path, options) => api("DELETE", path, undefined, options);
/** A call that must succeed (set-up of a check): returns the body. */
export async function must(promise) {
  const response = await promise;
  if (response.status >= 300) throw new Error(`set-up failed: ${response.status} ${brief(response.body)}`);
  return response.body;
}
export const total = (response) => {
  const value = response.headers.get("total-number");
  assert.ok(value !== null && /^\d+$/.test(value), `Total-Number is missing (${value})`);
  return Number(value);
};
/** The Link header as {first, prev, last, next} of URLs. */
export const links = (response) =>
  Object.fromEntries(
    [...(response.headers.get("link") ?? "").matchAll(/<([^>]+)>;\s*rel="(\w+)"/g)].map(([, url, rel]) => [
      rel,
      new URL(url, endpoint),
    ]),
  );

// ---------------------------------------------------------------- JWT

export function decodeJwt(token) {
  const parts = String(token).split(".");
  assert.equal(parts.length, 3, `not a JWT: ${brief(String(token).slice(0, 60))}`);
  const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { header, claims, input: `${parts[0]}.${parts[1]}`, signature: Buffer.from(parts[2], "base64url") };
}
export const isJwt = (token) => typeof token === "string" && token.split(".").length === 3;

export const jwks = async () => (await getJson(`${issuer}/jwks`)).body;
const algorithms = { ES384: { hash: "sha384", dsaEncoding: "ieee-p1363" }, RS256: { hash: "sha256" } };

/** Verifies the signature against the JWKS, issuer, lifetime and (when given) the audience. Returns {header, claims}. */
export async function verifyJwt(token, { audience, type } = {}) {
  const { header, claims, input, signature } = decodeJwt(token);
  const algorithm = algorithms[header.alg];
  assert.ok(algorithm, `unexpected signing algorithm ${header.alg} (ES384 or RS256)`);
  const jwk = (await jwks()).keys.find(({ kid }) => kid === header.kid);
  assert.ok(jwk, `no key ${header.kid} in the JWKS`);
  const key = crypto.createPublicKey({ key: jwk, format: "jwk" });
  assert.ok(
    crypto.verify(algorithm.hash, Buffer.from(input), { key, dsaEncoding: algorithm.dsaEncoding }, signature),
    "the signature does not verify",
  );
  const now = Date.now() / 1000;
  assert.equal(claims.iss, issuer, "iss");
  assert.ok(claims.iat <= now + 60 && claims.exp > now, `iat ${claims.iat} / exp ${claims.exp} are not around now`);
  if (audience !== undefined) assert.equal(claims.aud, audience, "aud");
  if (type !== undefined) assert.equal(header.typ, type, "typ");
  return { header, claims };
}

// ---------------------------------------------------------------- browser

/** A browser without JavaScript engine: cookies, redirects, and self-submitting forms. */
export class Browser {
  #cookies = new Map();

  #store(response, url) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";").map((part) => part.trim());
      const at = pair.indexOf("=");
      const name = pair.slice(0, at);
      const value = pair.slice(at + 1);
      const attribute = (key) =>
        attributes.find((item) => item.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const path = attribute("path") ?? (new URL(url).pathname.replace(/\/[^/]*$/, "") || "/");
      const expires = attribute("expires");
      const maxAge = attribute("max-age");
      const gone =
        (maxAge !== undefined && Number(maxAge) <= 0) ||
        (maxAge === undefined && expires !== undefined && new Date(expires) < new Date());
      if (gone) this.#cookies.delete(`${name};${path}`);
      else this.#cookies.set(`${name};${path}`, { name, value, path });
    }
  }

  #header(url) {
    const { pathname } = new URL(url);
    return [...this.#cookies.values()]
      .filter(
        ({ path }) => pathname === path || path === "/" || pathname.startsWith(path.endsWith("/") ? path : `${path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  /** One request, no redirect followed. Cookies go only to the tested server. */
  async request(url, init = {}) {
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { accept: "text/html,*/*", ...init.headers, cookie: this.#header(url) },
    });
    this.#store(response, url);
    return response;
  }

  /**
   * Follows redirects and self-submitting forms. Ends at
   * {callback, params}: a URL outside the tested server (the app's), not requested; or
   * {page, status, body}: a page of the tested server (the sign-in pages are not requested).
   */
  async visit(url, init) {
    let next = { url, init };
    for (let hop = 0; hop < 15; hop += 1) {
      const response = await this.request(next.url, next.init);
      const location = response.headers.get("location");
      if (location) {
        await response.arrayBuffer();
        const target = new URL(location, next.url);
        if (target.origin !== new URL(endpoint).origin || isApp(target))
          return { callback: target, params: Object.fromEntries(target.searchParams) };
        if (/^\/(sign-in|register|identifier-|single-sign-on|reset-password|switch-account)/.test(target.pathname))
          return { page: target, status: 200, body: "" };
        next = { url: target.href };
        continue;
      }
      const { status, body, text } = await readBody(response);
      const form = status === 200 ? selfSubmittingForm(text, next.url) : undefined;
      if (!form) return { page: new URL(next.url), status, body };
      next = form;
    }
    throw new Error(`too many redirects from ${url}`);
  }

  /** An Experience API call of the sign-in page. */
  async experience(method, path, body) {
    return readBody(
      await this.request(`${endpoint}/api/experience${path}`, {
        method,
        headers: {
          accept: "application/json",
          "logto-app-id": app.id,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    );
  }
}

const isApp = (target) => [redirectUri, postLogoutRedirectUri].some((uri) => target.origin === new URL(uri).origin);

function selfSubmittingForm(html, base) {
  if (typeof html !== "string" || !/\.submit\(\)/.test(html)) return undefined;
  const form = /<form\b([^>]*)>/i.exec(html);
  if (!form) return undefined;
  const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`, "i").exec(tag)?.[1]?.replaceAll("&amp;", "&");
  const fields = new URLSearchParams();
  for (const [, tag] of html.matchAll(/<input\b([^>]*)>/gi))
    if (attribute(tag, "name")) fields.append(attribute(tag, "name"), attribute(tag, "value") ?? "");
  return { url: new URL(attribute(form[1], "action") ?? "", base).href, init: { method: "POST", body: fields } };
}

/**
 * Starts an authorization request (authorization code + PKCE) and follows it to a page or to the callback.
 * `extra` adds or overrides parameters; undefined removes one.
 */
export async function authorize(
  browser,
  { scope = baseScope, resource = organizationsResource, prompt, extra = {} } = {},
) {
  const verifier = crypto.randomBytes(32).toString("base64url");
  const state = crypto.randomBytes(8).toString("hex");
  const nonce = crypto.randomBytes(8).toString("hex");
  const parameters = {
    client_id: app.id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope,
    resource,
    prompt,
    state,
    nonce,
    code_challenge: crypto.createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...extra,
  };
  return { ...(await browser.visit(`${issuer}/auth?${formOf(parameters)}`)), verifier, state, nonce };
}

/** The four calls of the sign-in page. Stops at the first refusal and returns it. */
export async function submitPassword(browser, { email, password }) {
  const steps = [
    () => browser.experience("PUT", "", { interactionEvent: "SignIn" }),
    () =>
      browser.experience("POST", "/verification/password", { identifier: { type: "email", value: email }, password }),
    (previous) => browser.experience("POST", "/identification", { verificationId: previous.body.verificationId }),
    () => browser.experience("POST", "/submit"),
  ];
  let response;
  for (const step of steps) {
    response = await step(response);
    if (response.status >= 300) break;
  }
  return response;
}

/** Authorization request, with the password when a page is shown. Returns the callback. */
export async function signInForCode(user, { browser = new Browser(), ...options } = {}) {
  let end = await authorize(browser, options);
  if (end.page) {
    const submitted = await submitPassword(browser, user);
    if (submitted.status !== 200) throw new Error(`sign-in failed: ${submitted.status} ${brief(submitted.body)}`);
    end = { ...end, page: undefined, ...(await browser.visit(submitted.body.redirectTo)) };
  }
  if (!end.params?.code) throw new Error(`no code: ${brief(end.params ?? String(end.page))} ${brief(end.body)}`);
  return { ...end, browser, code: end.params.code };
}
export const exchange = (signedIn, parameters = {}, options) =>
  tokenRequest(
    {
      grant_type: "authorization_code",
      code: signedIn.code,
      redirect_uri: redirectUri,
      code_verifier: signedIn.verifier,
      ...parameters,
    },
    options,
  );

/** A whole sign-in: {browser, tokens, ...}. With prompt=consent by default (as Logto's SDKs do). */
export async function signIn(user, options = {}) {
  const signedIn = await signInForCode(user, { prompt: "consent", ...options });
  const response = await exchange(signedIn);
  if (response.status !== 200) throw new Error(`code exchange failed: ${response.status} ${brief(response.body)}`);
  return { ...signedIn, tokens: response.body };
}
/** A second authorization in a browser that has a session: no page expected. */
export const silentSignIn = (browser, options = {}) => signIn({}, { browser, ...options });

export const endSession = (browser, parameters) => browser.visit(`${issuer}/session/end?${formOf(parameters)}`);
export const signedOutAt = (end) => {
  assert.ok(end.callback, `not sent back to the app: ${end.status} ${brief(end.body)}`);
  const expected = new URL(postLogoutRedirectUri);
  assert.equal(`${end.callback.origin}${end.callback.pathname}`, `${expected.origin}${expected.pathname}`);
  return end.params;
};

// ---------------------------------------------------------------- listeners

async function listen(port, handler) {
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      let json;
      try {
        json = JSON.parse(raw.toString());
      } catch {
        /* not JSON */
      }
      response.statusCode = handler({ headers: request.headers, method: request.method, path: request.url, raw, json });
      response.end("ok");
    });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: server.address().port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** A webhook receiver on loopback, with a hook of the tested server pointing at it. */
export async function webhook(world, { events = allEvents, config = {} } = {}) {
  const received = [];
  const state = { status: () => 200 };
  const listener = await listen(0, (request) => {
    received.push({ ...request, at: Date.now() });
    return state.status(request);
  });
  world.onCleanup(listener.close);
  const url = `http://127.0.0.1:${listener.port}/hook`;
  const response = await post("/hooks", { name: `${world.tag}-hook`, events, config: { url, ...config } });
  if (response.status === 201) world.created("/hooks", response.body.id);
  const hook = response.body;
  const mentions =
    (ids) =>
    ({ raw }) => {
      const text = raw.toString();
      return ids.some((id) => text.includes(id));
    };
  return {
    response,
    hook,
    url,
    received,
    answerWith: (status) => {
      state.status = status;
    },
    /** The first delivery of that event that mentions all ids; waits for it. */
    async waitFor(event, ...ids) {
      const limit = Date.now() + 5000;
      for (;;) {
        const found = received.find(
          (item) => item.json?.event === event && ids.every((id) => item.raw.toString().includes(id)),
        );
        if (found) return found;
        if (Date.now() > limit)
          assert.fail(
            `no ${event} for ${ids} within 5 s; received ${brief(received.filter(mentions(ids)).map(({ json }) => json?.event))}`,
          );
        await sleep(20);
      }
    },
    /** Names of the events that mention any of the ids, after a later change of `organizationId` has been delivered. */
    async eventsFor(organizationId, ...ids) {
      const marker = `marker ${crypto.randomUUID()}`;
      await must(patch(`/organizations/${organizationId}`, { description: marker }));
      await this.waitFor("Organization.Data.Updated", marker);
      await sleep(200);
      return received
        .filter(mentions([organizationId, ...ids]))
        .filter(({ raw }) => !raw.toString().includes("marker "))
        .map(({ json }) => json.event);
    },
  };
}
export const signatureOf = (key, raw) => crypto.createHmac("sha256", key).update(raw).digest("hex");

export const allEvents = [
  "PostRegister",
  "PostSignIn",
  "PostResetPassword",
  ...["Created", "Deleted", "Data.Updated", "SuspensionStatus.Updated"].map((name) => `User.${name}`),
  ...["Created", "Deleted", "Data.Updated", "Membership.Updated"].map((name) => `Organization.${name}`),
  ...["Created", "Deleted", "Data.Updated", "Scopes.Updated"].map((name) => `OrganizationRole.${name}`),
  ...["Created", "Deleted", "Data.Updated"].map((name) => `OrganizationScope.${name}`),
];

/** Where the mails of the tested server arrive, or null. `failWith` works with a listener only. */
export const mailMode = process.env.LOGTO_MAIL_LISTENER_PORT
  ? "listener"
  : process.env.LOGTO_MAIL_OUTBOX_URL
    ? "outbox"
    : null;
export async function mailProbe() {
  const received = [];
  let status = 200;
  let listener;
  if (mailMode === "listener") {
    const port = Number(process.env.LOGTO_MAIL_LISTENER_PORT);
    for (const limit = Date.now() + 60_000; !listener;) {
      try {
        listener = await listen(port, ({ json }) => {
          received.push(json);
          return status;
        });
      } catch (error) {
        // another file of this suite has the port: wait for it
        if (error.code !== "EADDRINUSE" || Date.now() > limit)
          throw new Error(`mail listener on port ${port}: ${error.message}`, { cause: error });
        await sleep(100);
      }
    }
  }
  const outbox = async () =>
    mailMode === "listener" ? received : (await getJson(process.env.LOGTO_MAIL_OUTBOX_URL)).body;
  return {
    failWith: (value) => {
      status = value;
    },
    /** The mails to that address, once there are at least `count`. */
    async to(address, count = 1) {
      for (const limit = Date.now() + 3000; ;) {
        const mails = (await outbox()).filter(({ to }) => to === address);
        if (mails.length >= count) return mails;
        if (Date.now() > limit) assert.fail(`${mails.length} mails to ${address} within 3 s, expected ${count}`);
        await sleep(30);
      }
    },
    close: async () => listener?.close(),
  };
}
/** A check that needs the mail probe: reported as skipped without one. */
export const mailCheck = (id, title, fn, { needsListener = false } = {}) => {
  const skip =
    mailMode === null
      ? "no mail probe configured"
      : needsListener && mailMode !== "listener"
        ? "needs LOGTO_MAIL_LISTENER_PORT"
        : false;
  return test(`${id} ${title}`, { timeout: 30_000, skip }, fn);
};

// ---------------------------------------------------------------- fixtures

/** Makes uniquely named users, organizations, ... and deletes them when the file's checks are done. */
export class World {
  tag = `cf-${crypto.randomBytes(5).toString("hex")}`;
  #count = 0;
  #created = [];
  #cleanups = [];

  next() {
    this.#count += 1;
    return this.#count;
  }
  created(collection, id) {
    this.#created.push([collection, id]);
  }
  onCleanup(fn) {
    this.#cleanups.push(fn);
  }
  email(name = "user") {
    return `${this.tag}-${name}${this.next()}@example.com`;
  }

  async user({
    email = this.email(),
    password = `Pw-${crypto.randomBytes(9).toString("base64url")}-1a`,
    ...rest
  } = {}) {
    const body = await must(
      post("/users", {
        primaryEmail: email,
        name: `Conformance ${this.next()}`,
        ...(password === null ? {} : { password }),
        ...rest,
      }),
    );
    this.created("/users", body.id);
    return { id: body.id, email, password, body };
  }

  /** An organization; `members` is a list of users, or of [user, ...roles]. */
  async organization({ members = [], ...data } = {}) {
    const body = await must(post("/organizations", { name: `${this.tag} org ${this.next()}`, ...data }));
    this.created("/organizations", body.id);
    for (const member of members) {
      const [user, ...roles] = Array.isArray(member) ? member : [member];
      await this.join(body, user, ...roles);
    }
    return body;
  }
  async join(organization, user, ...roles) {
    await must(post(`/organizations/${organization.id}/users`, { userIds: [user.id] }));
    if (roles.length > 0) await this.setRoles(organization, user, ...roles);
  }
  async setRoles(organization, user, ...roles) {
    await must(
      put(`/organizations/${organization.id}/users/${user.id}/roles`, {
        organizationRoleIds: roles.map(({ id }) => id),
      }),
    );
  }
  async leave(organization, user) {
    await must(del(`/organizations/${organization.id}/users/${user.id}`));
  }

  async scope(name = `scope${this.next()}`) {
    const body = await must(post("/organization-scopes", { name: `${this.tag}:${name}` }));
    this.created("/organization-scopes", body.id);
    return body;
  }
  async role(scopes = [], name = `role${this.next()}`) {
    const body = await must(
      post("/organization-roles", { name: `${this.tag}-${name}`, organizationScopeIds: scopes.map(({ id }) => id) }),
    );
    this.created("/organization-roles", body.id);
    return body;
  }
  /** Four permission scopes and two roles: admin (all four) and collaborator (read, write). */
  async template() {
    const [read, write, manage, billing] = await Promise.all(
      ["read", "write", "manage", "billing"].map((name) => this.scope(name)),
    );
    const [admin, collaborator] = await Promise.all([
      this.role([read, write, manage, billing], "admin"),
      this.role([read, write], "collaborator"),
    ]);
    const names = [read, write, manage, billing].map(({ name }) => name);
    return {
      read,
      write,
      manage,
      billing,
      admin,
      collaborator,
      names,
      memberNames: names.slice(0, 2),
      signInScope: `${baseScope} ${names.join(" ")}`,
    };
  }

  async invite(organization, data = {}) {
    const body = await must(
      post("/organization-invitations", {
        organizationId: organization.id,
        invitee: this.email("invitee"),
        expiresAt: Date.now() + 3_600_000,
        ...data,
      }),
    );
    this.created("/organization-invitations", body.id);
    return body;
  }

  async cleanup() {
    // newest first; what was deleted by a check or by a cascade answers 404
    for (const [collection, id] of this.#created.reverse()) {
      const response = await del(`${collection}/${id}`);
      if (response.status >= 300 && response.status !== 404)
        console.error(`clean-up: DELETE ${collection}/${id} answered ${response.status}`);
    }
    for (const cleanup of this.#cleanups) await cleanup();
  }
}

/** A value made at its first use. */
export const once = (make) => {
  let made;
  return () => (made ??= make());
};

/** The fixtures of a file: `fixture(async (world) => ({...}))` returns an object filled before the first check. */
export function fixture(build = async () => ({})) {
  const world = new World();
  const values = { world };
  before(
    async () => {
      Object.assign(values, await build(world));
    },
    { timeout: 90_000 },
  );
  after(() => world.cleanup(), { timeout: 60_000 });
  return values;
}
