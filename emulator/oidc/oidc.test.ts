// Sessions and tokens over time: what Logto does and the conformance suite does not assert.
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Browser, type World, redirectUri, signIn, startReceiver, startWorld } from "../test-driver";

const day = 86_400;
const organizations = "urn:logto:resource:organizations";
const oidcClientMetadata = { redirectUris: [redirectUri], postLogoutRedirectUris: ["http://127.0.0.1:9/"] };

let world: World;
let ada: { id: string; email: string };
beforeAll(async () => {
  world = await startWorld();
  ada = await world.person("Ada");
  await world.control("POST", "/baseline");
});
beforeEach(() => world.control("POST", "/reset"));
afterAll(() => world.emulator.close());

const pass = (advanceSeconds: number) => world.control("POST", "/clock", { advanceSeconds });
const configure = (changes: object) => world.api("PATCH", `/applications/${world.application.id}`, changes);
const me = (token: string) =>
  fetch(`${world.emulator.endpoint}/oidc/me`, { headers: { authorization: `Bearer ${token}` } }).then(
    ({ status }) => status,
  );
const signOut = (browser: Browser, idToken: string) => {
  const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: "http://127.0.0.1:9/" });
  return browser.open(`/oidc/session/end?${query}`).then(() => browser.submit("/session/end/confirm"));
};

describe("a refresh token near the end of its life", () => {
  test("stays the same for 70 % of it, then becomes a new one that lives in full", async () => {
    const { tokens } = await signIn(world, ada.email);
    await pass(9 * day);
    const { body: young } = await world.refresh(tokens.refresh_token);
    expect(young.refresh_token).toBe(tokens.refresh_token);
    await pass(day);
    const { body: rotated } = await world.refresh(tokens.refresh_token);
    expect(rotated.refresh_token).not.toBe(tokens.refresh_token);
    await pass(9 * day);
    expect((await world.refresh(rotated.refresh_token)).body.refresh_token).toBe(rotated.refresh_token);
  });

  test("works for parallel refreshes, each of which gets its own new one", async () => {
    const { tokens } = await signIn(world, ada.email);
    await pass(11 * day);
    const answers = await Promise.all([1, 2, 3].map(() => world.refresh(tokens.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(3);
  });

  test("is refused after three seconds more, and everything of that grant with it", async () => {
    const { tokens } = await signIn(world, ada.email);
    const { tokens: elsewhere } = await signIn(world, ada.email);
    await pass(11 * day);
    const { body: rotated } = await world.refresh(tokens.refresh_token);
    await pass(3);
    expect((await world.refresh(tokens.refresh_token)).body.error).toBe("invalid_grant");
    expect((await world.refresh(rotated.refresh_token)).body.error).toBe("invalid_grant");
    expect((await world.refresh(elsewhere.refresh_token)).status).toBe(200);
  });

  test("never changes where the application says rotateRefreshToken: false, and ends after 14 days", async () => {
    await configure({ customClientMetadata: { rotateRefreshToken: false } });
    const { tokens } = await signIn(world, ada.email);
    await pass(13 * day);
    expect((await world.refresh(tokens.refresh_token)).body.refresh_token).toBe(tokens.refresh_token);
    await pass(day);
    expect((await world.refresh(tokens.refresh_token)).body.error).toBe("invalid_grant");
  });

  test("lives as long as refreshTokenTtlInDays says", async () => {
    await configure({ customClientMetadata: { refreshTokenTtlInDays: 30, rotateRefreshToken: false } });
    const { tokens } = await signIn(world, ada.email);
    await pass(29 * day);
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    await pass(day);
    expect((await world.refresh(tokens.refresh_token)).body.error).toBe("invalid_grant");
  });

  test("lost answer at the rotation: the old token still answers within its grace", async () => {
    const { tokens } = await signIn(world, ada.email);
    await pass(11 * day);
    await world.control("POST", "/faults", [
      { kind: "reset", when: "after", times: 1, match: { path: "/oidc/token" } },
    ]);
    await expect(world.refresh(tokens.refresh_token)).rejects.toThrow("fetch failed");
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
  });
});

describe("refresh tokens that were not asked for", () => {
  test("alwaysIssueRefreshToken gives one without prompt=consent, and signing out ends it", async () => {
    const browser = new Browser(world.emulator.endpoint);
    const begin = () => browser.open(world.authorization({ prompt: "" }, "openid profile"));
    await begin();
    const first = await browser.submit("/sign-in", { identifier: ada.email, password: "a good password" });
    expect((await world.exchange(first.url)).body.refresh_token).toBeUndefined();
    await configure({ customClientMetadata: { alwaysIssueRefreshToken: true } });
    const { body: tokens } = await world.exchange((await begin()).url);
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    await signOut(browser, tokens.id_token);
    expect((await world.refresh(tokens.refresh_token)).body.error).toBe("invalid_grant");
  });
});

describe("one browser, two people", () => {
  test("prompt=login lets Bob take over; Ada's session is over, her refresh token is not", async () => {
    const bob = await world.person("Bob");
    const { browser, tokens } = await signIn(world, ada.email);
    expect((await browser.open(world.authorization({ prompt: "login consent" }))).url.pathname).toBe("/sign-in");
    await browser.submit("/sign-in", { identifier: bob.email, password: "a good password" });
    const end = await browser.submit("/session/end/confirm");
    const { body: taken } = await world.exchange(end.url);
    expect(decodeJwt(taken.id_token).sub).toBe(bob.id);
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    const silent = await browser.open(world.authorization({ login_hint: ada.email }));
    expect(decodeJwt((await world.exchange(silent.url)).body.id_token).sub).toBe(bob.id);
  });

  test("auth_time is told after prompt=login only", async () => {
    const { browser, tokens } = await signIn(world, ada.email);
    expect(decodeJwt(tokens.id_token).auth_time).toBeUndefined();
    await browser.open(world.authorization({ prompt: "login consent" }));
    const end = await browser.submit("/sign-in", { identifier: ada.email, password: "a good password" });
    const { body } = await world.exchange(end.url);
    expect(decodeJwt(body.id_token).auth_time).toBeTypeOf("number");
    expect(decodeJwt((await world.refresh(body.refresh_token)).body.id_token).auth_time).toBeTypeOf("number");
  });

  test("max_age=0 asks again, and a session of an hour ago satisfies max_age of two hours, not of one minute", async () => {
    const { browser } = await signIn(world, ada.email);
    const at = async (maxAge: number) =>
      (await browser.open(world.authorization({ max_age: String(maxAge) }))).url.pathname;
    expect(await at(0)).toBe("/sign-in");
    await pass(3600);
    expect([await at(7200), await at(60)]).toEqual(["/callback", "/sign-in"]);
  });
});

describe("organization tokens", () => {
  test("an organization that requires MFA refuses everybody; the list still names it", async () => {
    const { body: acme } = await world.api<{ id: string }>("POST", "/organizations", { name: "Acme" });
    await world.api("POST", `/organizations/${acme.id}/users`, { userIds: [ada.id] });
    const { tokens } = await signIn(world, ada.email);
    const ask = () => world.refresh(tokens.refresh_token, { organization_id: acme.id });
    expect((await ask()).status).toBe(200);
    await world.api("PATCH", `/organizations/${acme.id}`, { isMfaRequired: true });
    expect(await ask()).toMatchObject({ status: 403, body: { code: "oidc.access_denied" } });
    const { body } = await world.refresh(tokens.refresh_token);
    expect(decodeJwt(body.id_token).organizations).toEqual([acme.id]);
  });

  test("a token for the template with organization_id names the organization in a claim, not in its audience", async () => {
    const { body: acme } = await world.api<{ id: string }>("POST", "/organizations", { name: "Acme" });
    await world.api("POST", `/organizations/${acme.id}/users`, { userIds: [ada.id] });
    const { tokens } = await signIn(world, ada.email);
    const { body } = await world.refresh(tokens.refresh_token, { organization_id: acme.id, resource: organizations });
    expect(decodeJwt(body.access_token)).toMatchObject({ aud: organizations, organization_id: acme.id });
    const refused = await world.refresh(tokens.refresh_token, { organization_id: "other", resource: organizations });
    expect(refused.status).toBe(403);
  });

  test("the Management API cannot be had with a person's refresh token", async () => {
    const { tokens } = await signIn(world, ada.email);
    const answer = await world.refresh(tokens.refresh_token, { resource: "https://default.logto.app/api" });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_target" } });
  });
});

describe("the end of a session", () => {
  test("back-channel: one signed logout token with the sid of the ID token, on sign-out only", async () => {
    const receiver = await startReceiver();
    const backchannelLogoutUri = receiver.url;
    await configure({
      oidcClientMetadata: { ...oidcClientMetadata, backchannelLogoutUri, backchannelLogoutSessionRequired: true },
    });

    const { browser, tokens } = await signIn(world, ada.email);
    const { sid } = decodeJwt(tokens.id_token);
    expect(sid).toBeTypeOf("string");
    await world.api("PATCH", `/users/${ada.id}/password`, { password: "another password" });
    expect((await signOut(browser, tokens.id_token)).url.href).toBe("http://127.0.0.1:9/");
    await expect.poll(() => receiver.received).toHaveLength(1);
    const posted = new URLSearchParams(receiver.received[0]?.raw.toString());
    const keys = createRemoteJWKSet(new URL(`${world.emulator.endpoint}/oidc/jwks`));
    const { payload, protectedHeader } = await jwtVerify(posted.get("logout_token") ?? "", keys, {
      audience: world.application.id,
    });
    expect(protectedHeader.typ).toBe("logout+jwt");
    expect(payload).toMatchObject({
      sub: ada.id,
      sid,
      events: { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    receiver.close();
  });

  test("the Management API ends one browser session, with its grants only when asked", async () => {
    const { browser, tokens } = await signIn(world, ada.email);
    const sessions = () => world.api<{ sessions: { payload: { uid: string } }[] }>("GET", `/users/${ada.id}/sessions`);
    const end = async (query = "") =>
      world.api("DELETE", `/users/${ada.id}/sessions/${(await sessions()).body.sessions[0]?.payload.uid}${query}`);
    expect((await end()).status).toBe(204);
    expect((await browser.open(world.authorization())).url.pathname).toBe("/sign-in");
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    const { tokens: others } = await signIn(world, ada.email);
    expect((await end("?revokeGrantsTarget=all")).status).toBe(204);
    expect((await world.refresh(others.refresh_token)).body.error).toBe("invalid_grant");
    expect((await end()).status).toBe(404);
  });

  test("an opaque token lives for an hour, a session for 14 days", async () => {
    const { browser, tokens } = await signIn(world, ada.email);
    expect(await me(tokens.access_token)).toBe(200);
    await pass(3600);
    expect(await me(tokens.access_token)).toBe(401);
    expect((await browser.open(world.authorization())).url.pathname).toBe("/callback");
    await pass(14 * day);
    expect((await browser.open(world.authorization())).url.pathname).toBe("/sign-in");
  });
});

describe("clients", () => {
  test("a secret that has expired is 400, an unknown one 401, and a JSON body works", async () => {
    const { body: secret } = await world.api<{ value: string }>(
      "POST",
      `/applications/${world.application.id}/secrets`,
      {
        name: "short",
        expiresAt: Date.now() + 60_000,
      },
    );
    const { tokens } = await signIn(world, ada.email);
    const ask = (clientSecret: string) =>
      fetch(`${world.emulator.endpoint}/oidc/token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          grant_type: "refresh_token",
          refresh_token: tokens.refresh_token,
          client_id: world.application.id,
          client_secret: clientSecret,
        }),
      }).then(async (response) => [response.status, ((await response.json()) as { error?: string }).error]);
    expect(await ask(secret.value)).toEqual([200, undefined]);
    await pass(61);
    expect(await ask(secret.value)).toEqual([400, "invalid_request"]);
    expect(await ask("wrong")).toEqual([401, "invalid_client"]);
  });

  test("a redirect URI that oidc-provider would refuse does not spoil the others", async () => {
    const redirectUris = ["https://app.example.com/#fragment", "https://*.example.com", redirectUri];
    expect((await configure({ oidcClientMetadata: { ...oidcClientMetadata, redirectUris } })).status).toBe(200);
    const browser = new Browser(world.emulator.endpoint);
    expect((await browser.open(world.authorization())).url.pathname).toBe("/sign-in");
  });
});
