import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startGround, type App, type Fault, type Ground, type Person } from "../../e2e/ground";
import { Walker } from "../../e2e/walker";
import { paths } from "../paths";
import { allPermissions } from "../permissions";

let ground: Ground;
let app: App;
let acme: string;
let ada: Person;
beforeAll(async () => {
  ground = await startGround();
  acme = await ground.makeOrganization("Acme");
  ada = await ground.makePerson("Ada", [[acme, "Admin"]]);
  app = ground.openApp();
});
afterAll(() => ground.close());
afterEach(() => ground.heal());

const exchange = { path: "/oidc/token", grantType: "authorization_code" };

/** Somebody who has signed in at Logto and whose browser is about to ask for the callback. */
async function atTheCallback(person = ada, browser = app.openBrowser(), returnTo?: string) {
  const { url } = await browser.signIn(person, { stopAtCallback: true, ...(returnTo && { returnTo }) });
  return { browser, url };
}

/** What came of a callback. */
async function outcomeOf(response: Response): Promise<{ fault?: string; returnTo?: string; to?: string | null }> {
  if (response.status === 302) return { to: response.headers.get("Location") };
  return (await response.json()) as { fault: string };
}

const attempts = (browser: Walker) =>
  browser
    .cookies(paths.callback)
    .split("; ")
    .filter((cookie) => /^(oauth2|return)/.test(cookie));

/** Whether the session's tokens still work at Logto. */
async function isAlive(browser: Walker): Promise<boolean> {
  const row = await app.sessionOf(browser);
  if (!row) return false;
  await app.auth.sessions.markStale({ session: row.idHash });
  const again = await app.sessionOf(browser);
  return typeof (await app.auth.membership.check(again!, acme)) === "object";
}

function signOut(browser: Walker) {
  const headers = { Cookie: browser.cookies(paths.signOut) };
  return app.auth.session.signOut(new Request(ground.origin + paths.signOut, { method: "POST", headers }));
}

describe("the way to Logto", () => {
  test("asks for every permission, for the organizations, and for consent, with state and PKCE", async () => {
    const response = await app.openBrowser().get(paths.signIn());
    expect(response.status).toBe(302);
    const { origin, pathname, searchParams } = new URL(response.headers.get("Location") ?? "");
    expect(origin + pathname).toBe(`${ground.endpoint}/oidc/auth`);
    const { scope, state, code_challenge, ...others } = Object.fromEntries(searchParams);
    expect(scope?.split(" ").toSorted()).toEqual(
      [
        ...["openid", "offline_access", "profile", "email"],
        ...["urn:logto:scope:organizations", "urn:logto:scope:organization_roles"],
        ...allPermissions,
      ].toSorted(),
    );
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual({
      response_type: "code",
      client_id: ground.application.appId,
      redirect_uri: ground.origin + paths.callback,
      code_challenge_method: "S256",
      resource: "urn:logto:resource:organizations",
      prompt: "consent",
    });
  });

  test("leads to the registration page whoever asks for it", async () => {
    const response = await app.openBrowser().get(paths.register);
    expect(new URL(response.headers.get("Location") ?? "").searchParams.get("first_screen")).toBe("register");
  });

  test("begins anew whatever else the address says", async () => {
    const response = await app.openBrowser().get(`${paths.signIn()}?state=mine&code=mine&error=mine`);
    expect(new URL(response.headers.get("Location") ?? "").searchParams.get("state")).not.toBe("mine");
  });

  test("keeps its attempt in cookies that scripts and other paths do not see", async () => {
    const browser = app.openBrowser();
    await browser.get(paths.signIn("/posts?page=2"));
    const cookies = browser.setCookies();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/Max-Age=600.*Path=\/auth|Path=\/auth.*Max-Age=600/);
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/);
  });

  test("is known to be open or closed", async () => {
    expect(await app.auth.session.isLogtoThere()).toBe(true);
    await ground.fault({ kind: "reset" });
    expect(await app.auth.session.isLogtoThere()).toBe(false);
  });
});

describe("the way back", () => {
  test("ends where it began, in the person's organization, and leaves no trace of the attempt", async () => {
    const { browser, url } = await atTheCallback(ada, app.openBrowser(), "/posts?status=draft");
    expect(attempts(browser)).toHaveLength(2);
    expect(await outcomeOf(await browser.get(url))).toEqual({ to: "/posts?status=draft" });
    expect(attempts(browser)).toEqual([]);
    expect(await app.sessionOf(browser)).toMatchObject({ name: "Ada", logtoId: ada.id, organizationId: acme });
    expect(await isAlive(browser)).toBe(true);
  });

  test.each(["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])(
    "does not lead to %s",
    async (returnTo) => {
      const { browser, url } = await atTheCallback(ada, app.openBrowser(), returnTo);
      expect(await outcomeOf(await browser.get(url))).toEqual({ to: paths.posts });
    },
  );

  test("does not lead where a changed cookie says", async () => {
    const { browser, url } = await atTheCallback(ada, app.openBrowser(), "/posts/new");
    const [name] =
      attempts(browser)
        .find((cookie) => cookie.startsWith("return"))
        ?.split("=") ?? [];
    browser.setCookie(`${name}=${btoa('"https://evil.example/"')}; Path=/auth`);
    expect(await outcomeOf(await browser.get(url))).toEqual({ to: paths.posts });
  });

  test("works for several tabs, each to its own place, in any order", async () => {
    const browser = app.openBrowser();
    const tabs = [];
    for (const returnTo of ["/posts/one", "/posts/two", "/posts/three"]) {
      const { url } = await atTheCallback(ada, browser, returnTo);
      tabs.unshift({ url, returnTo });
    }
    for (const { url, returnTo } of tabs) expect(await outcomeOf(await browser.get(url))).toEqual({ to: returnTo });
    expect(await isAlive(browser)).toBe(true);
  });

  test("works for the newest of many tabs; the oldest are forgotten, so that no header grows too long", async () => {
    const browser = app.openBrowser();
    const oldest = await atTheCallback(ada, browser, "/posts/oldest");
    for (let tab = 0; tab < 20; tab += 1) await browser.get(paths.signIn("/posts/more"));
    const newest = await atTheCallback(ada, browser, "/posts/newest");
    expect(attempts(browser)).toHaveLength(16);
    expect(await outcomeOf(await browser.get(oldest.url))).toEqual({ ok: false, fault: "unknown-state", cookies: [] });
    expect(await outcomeOf(await browser.get(newest.url))).toEqual({ to: "/posts/newest" });
  });
});

describe("a callback that did not begin in this browser", () => {
  test.each([
    ["no state", "?code=x", "no-state"],
    ["an empty state", "?code=x&state=", "no-state"],
    ["a state that nobody drew", "?code=x&state=unknown", "unknown-state"],
    ["the word state", "?code=x&state=state", "unknown-state"],
    ["a state like a cookie's name", "?code=x&state=__proto__", "unknown-state"],
    ["nothing at all", "", "no-state"],
  ])("with %s reaches Logto in no way and spoils no other attempt", async (_name, query, fault) => {
    const { browser, url } = await atTheCallback();
    const exchanges = await ground.watch(exchange);
    app.sent.length = 0;
    expect(await outcomeOf(await browser.get(paths.callback + query))).toMatchObject({ fault });
    expect([await exchanges(), app.sent.length]).toEqual([0, 0]);
    expect(await outcomeOf(await browser.get(url)), "the control").toEqual({ to: paths.posts });
  });

  test("but in another one signs nobody in there, and still signs in where it began", async () => {
    const { browser, url } = await atTheCallback();
    const other = app.openBrowser();
    await other.get(paths.signIn());
    const exchanges = await ground.watch(exchange);
    expect(await outcomeOf(await other.get(url))).toMatchObject({ fault: "unknown-state" });
    expect(await exchanges()).toBe(0);
    expect(await app.sessionOf(other)).toBeUndefined();
    expect(await outcomeOf(await browser.get(url))).toEqual({ to: paths.posts });
  });
});

describe("a callback that comes twice", () => {
  /** The same address with the same cookies, as a browser sends it that is reloaded at a bad moment. */
  function replaying(browser: Walker, url: string) {
    const cookie = browser.cookies(url);
    return async () => outcomeOf(await app.answer(new Request(url, { headers: { Cookie: cookie } })));
  }

  test("reaches Logto once: its code is not replayed, so the grant lives", async () => {
    const { browser, url } = await atTheCallback(ada, app.openBrowser(), "/posts/new");
    const replay = replaying(browser, url);
    const exchanges = await ground.watch(exchange);
    expect(await outcomeOf(await browser.get(url))).toEqual({ to: "/posts/new" });
    for (let time = 0; time < 3; time += 1)
      expect(await replay()).toMatchObject({ fault: "spent", returnTo: "/posts/new" });
    expect(await exchanges()).toBe(1);
    expect(await isAlive(browser)).toBe(true);
  });

  test("at the same moment signs in once", async () => {
    const { browser, url } = await atTheCallback();
    const replay = replaying(browser, url);
    const exchanges = await ground.watch(exchange);
    const outcomes = await Promise.all([browser.get(url).then(outcomeOf), replay(), replay(), replay()]);
    expect(outcomes.filter(({ to }) => to)).toHaveLength(1);
    expect(outcomes.filter(({ fault }) => fault === "spent")).toHaveLength(3);
    expect(await exchanges()).toBe(1);
    expect(await isAlive(browser)).toBe(true);
  });

  test("after a failure is not tried again either", async () => {
    const { browser, url } = await atTheCallback();
    const replay = replaying(browser, url);
    await ground.fault({ kind: "status", match: exchange });
    expect(await outcomeOf(await browser.get(url))).toMatchObject({ fault: "unavailable" });
    await ground.heal();
    expect(await replay()).toMatchObject({ fault: "spent" });
  });
});

describe("a sign-in that Logto does not complete", () => {
  test.each([
    ["access_denied", "cancelled"],
    ["server_error", "refused"],
    ["anything-else", "refused"],
  ])("with %s keeps the way back and asks Logto nothing", async (error, fault) => {
    const { browser, url } = await atTheCallback(ada, app.openBrowser(), "/posts/new");
    const failed = new URL(url);
    failed.searchParams.delete("code");
    failed.searchParams.set("error", error);
    const exchanges = await ground.watch(exchange);
    expect(await outcomeOf(await browser.get(failed.href))).toMatchObject({ fault, returnTo: "/posts/new" });
    expect(await exchanges()).toBe(0);
    expect(attempts(browser)).toEqual([]);
  });

  test("because there is no code, or one that Logto does not know", async () => {
    for (const change of [
      (query: URLSearchParams) => query.delete("code"),
      (query: URLSearchParams) => query.set("code", "x"),
    ]) {
      const { browser, url } = await atTheCallback();
      const spoilt = new URL(url);
      change(spoilt.searchParams);
      expect(await outcomeOf(await browser.get(spoilt.href))).toMatchObject({ fault: "refused" });
    }
  });

  test("because somebody has spoilt the attempt's cookie", async () => {
    const { browser, url } = await atTheCallback();
    const [name, value] = attempts(browser)[0]?.split(/=(.*)/) ?? [];
    browser.setCookie(`${name}=${value?.replace(/[^=]+$/, "")}; Path=/auth`);
    expect(await outcomeOf(await browser.get(url))).toMatchObject({ fault: "refused" });
  });

  const faults: [name: string, fault: Fault, expected: string][] = [
    ["500 at the exchange", { kind: "status", match: exchange }, "unavailable"],
    ["429 at the exchange", { kind: "status", status: 429, match: exchange }, "unavailable"],
    ["a reset connection", { kind: "reset", match: exchange }, "unavailable"],
    ["a lost answer", { kind: "reset", when: "after", match: exchange }, "unavailable"],
    ["half an answer", { kind: "malformed", match: exchange }, "unavailable"],
    ["a page for an answer", { kind: "status", status: 200, answer: "<html>", match: exchange }, "unavailable"],
    ["a list for an answer", { kind: "status", status: 200, answer: [], match: exchange }, "incomplete"],
    ["no tokens", { kind: "status", status: 200, answer: {}, match: exchange }, "incomplete"],
    [
      "numbers for tokens",
      { kind: "status", status: 200, answer: { id_token: 1, refresh_token: 2 }, match: exchange },
      "incomplete",
    ],
    [
      "our secret refused",
      { kind: "status", status: 401, answer: { error: "invalid_client" }, match: exchange },
      "refused",
    ],
    ["tokens with a wrong signature", { kind: "wrong-key", match: exchange }, "incomplete"],
    ["tokens that have expired", { kind: "skew", seconds: -7_200, match: exchange }, "incomplete"],
    ["no introspection", { kind: "status", match: { path: "/oidc/token/introspection" } }, "unavailable"],
    [
      "odd introspection",
      { kind: "status", status: 200, answer: {}, match: { path: "/oidc/token/introspection" } },
      "unavailable",
    ],
    [
      "a refresh token that is dead",
      { kind: "status", status: 200, answer: { active: false }, match: { path: "/oidc/token/introspection" } },
      "incomplete",
    ],
    [
      "organizations not granted",
      {
        kind: "status",
        status: 200,
        answer: { active: true, scope: "openid read:posts" },
        match: { path: "/oidc/token/introspection" },
      },
      "incomplete",
    ],
  ];

  test.each(faults)(
    "because of %s: nobody is signed in, and the next attempt works",
    async (_name, fault, expected) => {
      const { browser, url } = await atTheCallback(ada, app.openBrowser(), "/posts/new");
      await ground.fault(fault);
      const response = await browser.get(url);
      expect(response.status).toBe(expected === "unavailable" ? 503 : 400);
      expect(await outcomeOf(response)).toMatchObject({ fault: expected, returnTo: "/posts/new" });
      expect(await app.sessionOf(browser)).toBeUndefined();
      expect(attempts(browser)).toEqual([]);
      await ground.heal();
      const again = await atTheCallback(ada, browser);
      expect(await outcomeOf(await browser.get(again.url))).toEqual({ to: paths.posts });
    },
  );

  test("because Logto does not answer at all: it is waited for five seconds", async () => {
    const { browser, url } = await atTheCallback();
    await ground.fault({ kind: "hang", match: exchange });
    const started = performance.now();
    expect(await outcomeOf(await browser.get(url))).toMatchObject({ fault: "unavailable" });
    expect(performance.now() - started).toBeLessThan(7_000);
  });

  test("because Logto's tokens lack one that is needed, or are somebody else's", async () => {
    const { browser, url } = await atTheCallback();
    await browser.get(url);
    const items = await app.auth.sessions.openItems((await app.sessionOf(browser))!);
    const whole = {
      id_token: items?.idToken,
      refresh_token: items?.refreshToken,
      access_token: "x",
      token_type: "Bearer",
    };
    const fewer = await grant({ refresh_token: items?.refreshToken ?? "", scope: "openid" });
    const organization = await grant({ refresh_token: items?.refreshToken ?? "", organization_id: acme });
    const answering = async (answer: object) => {
      const attempt = await atTheCallback();
      await ground.fault({ kind: "status", status: 200, answer, match: exchange });
      const outcome = await outcomeOf(await attempt.browser.get(attempt.url));
      await ground.heal();
      return outcome;
    };
    expect(await answering(whole), "the control").toEqual({ to: paths.posts });
    expect(await answering({ ...whole, refresh_token: undefined })).toMatchObject({ fault: "incomplete" });
    expect(await answering({ ...whole, id_token: undefined })).toMatchObject({ fault: "incomplete" });
    expect(await answering({ ...whole, id_token: organization.access_token })).toMatchObject({ fault: "incomplete" });
    expect(fewer.id_token, "it does not tell the organizations").toBeTruthy();
    expect(await answering({ ...whole, id_token: fewer.id_token })).toMatchObject({ fault: "incomplete" });
  });

  async function grant(fields: Record<string, string>): Promise<Record<string, string>> {
    const { appId, appSecret } = ground.application;
    const response = await fetch(`${ground.endpoint}/oidc/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "refresh_token", ...fields }),
    });
    return (await response.json()) as Record<string, string>;
  }
});

describe("whoever signs in again", () => {
  test("in the same browser leaves the former session behind, deleted and not revoked: both hang on one grant", async () => {
    const browser = await app.signIn(ada);
    const former = await app.sessionOf(browser);
    app.sent.length = 0;
    await browser.signIn(ada);
    const session = await app.sessionOf(browser);
    expect(session?.idHash).not.toBe(former?.idHash);
    expect(await app.auth.sessions.find(former?.idHash ?? "")).toBeUndefined();
    expect(app.sent.filter(({ path }) => path.endsWith("/revocation"))).toEqual([]);
    expect(await isAlive(browser)).toBe(true);
  });

  test("from two tabs at once ends in one live session", async () => {
    const browser = app.openBrowser();
    const one = await atTheCallback(ada, browser);
    const other = await atTheCallback(ada, browser);
    await Promise.all([browser.get(one.url), browser.get(other.url)]);
    expect(await isAlive(browser)).toBe(true);
  });

  test("as somebody else is nobody but that", async () => {
    const browser = await app.signIn(ada);
    const adas = await app.sessionOf(browser);
    browser.forget(ground.endpoint);
    await browser.signIn(await ground.makePerson("Bob", [[acme, "Collaborator"]]));
    expect(await app.sessionOf(browser)).toMatchObject({ name: "Bob" });
    expect(await app.auth.sessions.find(adas?.idHash ?? "")).toBeUndefined();
  });

  test("and fails keeps the session there was", async () => {
    const browser = await app.signIn(ada);
    const { url } = await atTheCallback(ada, browser);
    await ground.fault({ kind: "status", match: exchange });
    expect(await outcomeOf(await browser.get(url))).toMatchObject({ fault: "unavailable" });
    await ground.heal();
    expect(await isAlive(browser)).toBe(true);
  });

  test("begins where they were last, if they still belong there, and chooses if that is not known", async () => {
    const globex = await ground.makeOrganization("Globex");
    const bob = await ground.makePerson("Bob", [
      [acme, "Collaborator"],
      [globex, "Admin"],
    ]);
    const browser = app.openBrowser();
    const first = await browser.signIn(bob);
    expect(first.url).toBe(ground.origin + paths.organizations);
    expect(await app.sessionOf(browser)).toMatchObject({ organizationId: null });

    const person = await app.guards(browser).requirePerson("organizations.list");
    expect(await app.auth.session.activate(person, globex)).toBe("active");
    expect(await app.sessionOf(await app.signIn(bob))).toMatchObject({ organizationId: globex });
    await ground.removeMember(globex, bob);
    expect(await app.sessionOf(await app.signIn(bob))).toMatchObject({ organizationId: acme });
  });
});

describe("whoever signs out", () => {
  test("is signed out here and at Logto: row, tokens and Logto's own session", async () => {
    const browser = await app.signIn(ada);
    const row = (await app.sessionOf(browser))!;
    const refreshToken = (await app.auth.sessions.openItems(row))?.refreshToken ?? "";
    const { cookie, next } = await signOut(browser);
    browser.setCookie(cookie);
    expect(await app.auth.sessions.find(row.idHash)).toBeUndefined();
    expect(browser.cookies(paths.home)).toBe("");
    expect(await app.auth.membership.check(row, acme)).toBe("signed-out");

    const { origin, pathname, searchParams } = new URL(next);
    expect(origin + pathname).toBe(`${ground.endpoint}/oidc/session/end`);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: ground.application.appId,
      post_logout_redirect_uri: `${ground.origin}/`,
    });
    const page = await (await browser.send(next)).text();
    const [, xsrf = ""] = /name="xsrf" value="([^"]+)"/.exec(page) ?? [];
    const confirmed = await browser.send(`${ground.endpoint}/oidc/session/end/confirm`, {
      method: "POST",
      body: new URLSearchParams({ xsrf, logout: "yes" }),
    });
    expect(confirmed.headers.get("Location")).toMatch(`${ground.origin}/`);
    await expect(browser.signIn({ ...ada, password: "not hers" }), "Logto asks who it is").rejects.toThrow(
      "could not sign in",
    );

    const revoked = await fetch(`${ground.endpoint}/oidc/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        client_id: ground.application.appId,
        client_secret: ground.application.appSecret,
      }),
    });
    expect(await revoked.json()).toMatchObject({ error: "invalid_grant" });
  });

  test("in one browser stays signed in in another", async () => {
    const [browser, other] = [await app.signIn(ada), await app.signIn(ada)];
    await signOut(browser);
    expect(await isAlive(other)).toBe(true);
  });

  test.each<[string, Fault]>([
    ["away", { kind: "reset" }],
    ["broken", { kind: "status" }],
    ["silent", { kind: "hang" }],
  ])("while Logto is %s is signed out here all the same", async (_name, fault) => {
    const browser = await app.signIn(ada);
    await ground.fault(fault);
    expect(await signOut(browser)).toMatchObject({ next: `${ground.origin}/` });
    expect(await app.sessionOf(browser)).toBeUndefined();
  });

  test("twice, or without ever having signed in, is sent home", async () => {
    const browser = await app.signIn(ada);
    await signOut(browser);
    expect(await signOut(browser)).toMatchObject({ next: `${ground.origin}/` });
    expect(await signOut(app.openBrowser())).toMatchObject({ next: `${ground.origin}/` });
  });
});

describe("a person's organizations", () => {
  async function bob() {
    const person = await ground.makePerson("Bob", [[acme, "Collaborator"]]);
    const browser = await app.signIn(person);
    return { person, browser, asked: await app.guards(browser).requirePerson("organizations.list") };
  }

  test("are listed as Logto has them now, with their names; while it is away as it had them last", async () => {
    const { person, asked } = await bob();
    const globex = await ground.makeOrganization("Globex");
    await ground.addMember(globex, person, "Admin");
    const now = [
      { id: acme, roles: ["Collaborator"] },
      { id: globex, roles: ["Admin"] },
    ];
    const listed = await app.auth.session.organizationsOf(asked);
    expect(listed).toEqual(expect.arrayContaining(now));
    expect(listed).toHaveLength(2);
    const named = await app.organizations.listOrganizations([acme, globex]);
    expect(named.map(({ name }) => name)).toEqual(["Acme", "Globex"]);
    await ground.fault({ kind: "reset" });
    expect(await app.auth.session.organizationsOf(asked), "of the session as it was read").toEqual([now[0]]);
  });

  test("are shown to nobody whose account is suspended", async () => {
    const { person, asked } = await bob();
    await ground.api.write("PATCH", `/users/${person.id}/is-suspended`, { isSuspended: true });
    await expect(app.auth.session.organizationsOf(asked)).rejects.toMatchObject({ status: 401 });
  });

  test("can be gone to as soon as one is in them, and no others can", async () => {
    const { person, browser, asked } = await bob();
    const globex = await ground.makeOrganization("Globex");
    for (const id of [globex, "neverexisted"]) expect(await app.auth.session.activate(asked, id)).toBe("not-theirs");
    expect(await app.sessionOf(browser)).toMatchObject({ organizationId: acme });

    await ground.fault({ kind: "reset" });
    expect(await app.auth.session.activate(asked, globex)).toBe("unavailable");
    await ground.heal();
    await ground.addMember(globex, person, "Admin");
    expect(await app.auth.session.activate(asked, globex)).toBe("active");
    expect(await app.sessionOf(browser)).toMatchObject({ organizationId: globex });
    expect(await app.guards(browser).requireMember("posts.list")).toMatchObject({ organization: { name: "Globex" } });
  });
});
