// Sign-up rules, one-time tokens and joining organizations just in time, through the pages and through Logto's own API.
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, type World, signIn, startReceiver, startWorld } from "../test-driver";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.emulator.close());

const browser = () => new Browser(world.emulator.endpoint);
const organization = async (name: string) =>
  (await world.api<{ id: string }>("POST", "/organizations", { name })).body.id;
const memberIds = async (id: string) =>
  (await world.api<{ id: string }[]>("GET", `/organizations/${id}/users`)).body.map((user) => user.id);
const oneTimeToken = async (email: string, context: object = {}) =>
  (await world.api<{ id: string; token: string }>("POST", "/one-time-tokens", { email, context })).body;
const statusOf = async (id: string) =>
  (await world.api<{ status: string }>("GET", `/one-time-tokens/${id}`)).body.status;
const subject = async (end: URL) => decodeJwt((await world.exchange(end)).body.id_token).sub;
const magic = (email: string, token: string, more: Record<string, string> = {}) =>
  world.authorization({ one_time_token: token, login_hint: email, ...more });

describe("one-time tokens", () => {
  test("Ada follows her link: signed in without a password, and a member with the default roles", async () => {
    const ada = await world.person("Ada");
    const acme = await organization("Acme");
    const { body: role } = await world.api<{ id: string }>("POST", "/organization-roles", { name: "Guest" });
    await world.api("POST", `/organizations/${acme}/jit/roles`, { organizationRoleIds: [role.id] });
    const link = await oneTimeToken(ada.email, { jitOrganizationIds: [acme] });
    const end = await browser().open(magic(ada.email, link.token));
    expect(await subject(end.url)).toBe(ada.id);
    expect(await statusOf(link.id)).toBe("consumed");
    const { body: members } = await world.api<object[]>("GET", `/organizations/${acme}/users`);
    expect(members).toMatchObject([{ id: ada.id, organizationRoles: [{ name: "Guest" }] }]);
    const again = await browser().open(magic(ada.email, link.token));
    expect([again.status, again.text.includes("This link cannot be used")]).toEqual([400, true]);
  });

  test("a stranger's link registers the address, which needs no code then", async () => {
    const acme = await organization("Acme for strangers");
    const link = await oneTimeToken("stranger@example.com", { jitOrganizationIds: [acme, "no-such-organization"] });
    const chrome = browser();
    const page = await chrome.open(magic("stranger@example.com", link.token));
    expect(page.url.pathname).toBe("/register/profile");
    const end = await chrome.submit("/register/profile", { name: "Stranger", password: "long enough" });
    expect(await memberIds(acme)).toEqual([await subject(end.url)]);
  });

  test("in another person's browser the page asks; staying keeps the token, switching uses it", async () => {
    const [bob, cleo] = [await world.person("Bob"), await world.person("Cleo")];
    const { browser: chrome } = await signIn(world, bob.email);
    const link = await oneTimeToken(cleo.email);
    const asked = await chrome.open(magic(cleo.email, link.token));
    expect(asked.url.pathname).toBe("/switch-account");
    expect(asked.text).toContain(`You are signed in as <strong>${bob.email}</strong>`);
    const stayed = await chrome.submit("/switch-account", { choice: "stay" }, "Stay");
    expect([await subject(stayed.url), await statusOf(link.id)]).toEqual([bob.id, "active"]);
    await chrome.open(magic(cleo.email, link.token));
    await chrome.submit("/switch-account", { choice: "switch" }, "Continue as");
    const end = await chrome.submit("/session/end/confirm");
    expect([await subject(end.url), await statusOf(link.id)]).toEqual([cleo.id, "consumed"]);
  });

  test("with no prompt and everything consented to, the token is not looked at", async () => {
    const dan = await world.person("Dan");
    const { browser: chrome } = await signIn(world, dan.email);
    const link = await oneTimeToken(dan.email);
    const end = await chrome.open(magic(dan.email, link.token, { prompt: "" }));
    expect([await subject(end.url), await statusOf(link.id)]).toEqual([dan.id, "active"]);
  });

  test("one's own link in one's own session joins the organization", async () => {
    const eve = await world.person("Eve");
    const acme = await organization("Acme for Eve");
    const { browser: chrome } = await signIn(world, eve.email);
    const link = await oneTimeToken(eve.email, { jitOrganizationIds: [acme] });
    const end = await chrome.open(magic(eve.email, link.token));
    expect([await subject(end.url), await memberIds(acme)]).toEqual([eve.id, [eve.id]]);
  });
});

describe("registering through Logto's Experience API", () => {
  /** The calls of Logto's own page, with the cookies of this browser. */
  function experience(chrome: Browser) {
    return async (method: string, path: string, body?: object) => {
      const place = await chrome.open(`/api/experience${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: place.status, body: (place.text ? JSON.parse(place.text) : {}) as Record<string, string> };
    };
  }
  const identifier = (value: string) => ({ type: "email", value });

  test("needs the code, then a password, then submits; PostRegister, User.Created and the join are told", async () => {
    const acme = await organization("Domain");
    await world.api("POST", `/organizations/${acme}/jit/email-domains`, { emailDomain: "domain.example.com" });
    const hook = await startReceiver();
    const eventNames = () => hook.bodies().map(({ event }) => event);
    const names = ["PostRegister", "PostSignIn", "User.Created", "Organization.Membership.Updated"];
    await world.api("POST", "/hooks", { name: "all", events: names, config: { url: hook.url } });

    const email = "fay@domain.example.com";
    const chrome = browser();
    const call = experience(chrome);
    await chrome.open(world.authorization());
    expect((await call("POST", "/verification/verification-code", {})).body.code).toBe("session.interaction_not_found");
    expect((await call("PUT", "/", { interactionEvent: "Register" })).status).toBe(204);
    const sent = await call("POST", "/verification/verification-code", {
      identifier: identifier(email),
      interactionEvent: "Register",
    });
    const { verificationId } = sent.body;
    expect((await call("POST", "/identification", { verificationId })).body.code).toBe("session.verification_failed");
    const enter = (code: string) =>
      call("POST", "/verification/verification-code/verify", { identifier: identifier(email), verificationId, code });
    expect((await enter("not it")).body.code).toBe("verification_code.code_mismatch");
    const code = String((await world.mails(email))[0]?.payload.code);
    expect((await enter(code)).status).toBe(200);
    expect(await call("POST", "/identification", { verificationId })).toMatchObject({
      status: 422,
      body: { code: "user.missing_profile" },
    });
    expect((await call("POST", "/submit")).body.code).toBe("session.identifier_not_found");
    expect((await call("POST", "/profile", { type: "password", value: "short" })).body.code).toBe("password.rejected");
    expect((await call("POST", "/profile", { type: "password", value: "long enough" })).status).toBe(204);
    expect((await call("POST", "/identification", {})).status).toBe(204);
    const { body: submitted } = await call("POST", "/submit");
    const end = await chrome.open(submitted.redirectTo ?? "");
    const id = await subject(end.url);

    expect(await memberIds(acme)).toEqual([id]);
    await expect
      .poll(() => eventNames())
      .toEqual(expect.arrayContaining(["PostRegister", "User.Created", "Organization.Membership.Updated"]));
    const joined = hook.bodies().find(({ event }) => event === "Organization.Membership.Updated");
    expect(joined).toMatchObject({
      interactionEvent: "Register",
      organizationId: acme,
      addedUserIds: [id],
      application: { id: world.application.id },
    });
    expect(joined).not.toHaveProperty("path");
    expect(eventNames()).not.toContain("PostSignIn");
    hook.close();
  });

  test("is closed by signInMode SignIn at the identification, also with a verified code", async () => {
    const chrome = browser();
    const call = experience(chrome);
    await chrome.open(world.authorization());
    await call("PUT", "/", { interactionEvent: "Register" });
    const { body } = await call("POST", "/verification/verification-code", {
      identifier: identifier("gus@example.com"),
      interactionEvent: "Register",
    });
    const code = String((await world.mails("gus@example.com"))[0]?.payload.code);
    await call("POST", "/verification/verification-code/verify", {
      identifier: identifier("gus@example.com"),
      verificationId: body.verificationId,
      code,
    });
    await call("POST", "/profile", { type: "password", value: "long enough" });
    await world.api("PATCH", "/sign-in-exp", { signInMode: "SignIn" });
    expect(await call("POST", "/identification", { verificationId: body.verificationId })).toMatchObject({
      status: 403,
      body: { code: "auth.forbidden" },
    });
    await world.api("PATCH", "/sign-in-exp", { signInMode: "SignInAndRegister" });
    expect((await call("POST", "/identification", { verificationId: body.verificationId })).status).toBe(204);
  });

  test("an unknown verification is 404, and a suspended person is refused at the identification", async () => {
    const hal = await world.person("Hal");
    await world.api("PATCH", `/users/${hal.id}/is-suspended`, { isSuspended: true });
    const chrome = browser();
    const call = experience(chrome);
    await chrome.open(world.authorization());
    await call("PUT", "/", { interactionEvent: "SignIn" });
    expect((await call("POST", "/identification", { verificationId: "nope" })).body.code).toBe(
      "session.verification_session_not_found",
    );
    const verified = await call("POST", "/verification/password", {
      identifier: identifier("HAL@example.com"),
      password: "a good password",
    });
    expect(verified.status).toBe(200);
    expect(await call("POST", "/identification", { verificationId: verified.body.verificationId })).toMatchObject({
      status: 401,
      body: { code: "user.suspended" },
    });
  });
});

describe("sign-up by user name", () => {
  test("makes an account without an address", async () => {
    await world.api("PATCH", "/sign-in-exp", {
      signUp: { identifiers: ["username"], password: true, verify: false },
      signIn: {
        methods: [{ identifier: "username", password: true, verificationCode: false, isPasswordPrimary: true }],
      },
    });
    const chrome = browser();
    await chrome.open(world.authorization({ first_screen: "register" }));
    const end = await chrome.submit("/register", { username: "ivy_1", password: "long enough" });
    const { body } = await world.api("GET", `/users/${await subject(end.url)}`);
    expect(body).toMatchObject({ username: "ivy_1", primaryEmail: null });
    const second = browser();
    expect((await second.open(world.authorization())).text).toContain("E-mail address or user name");
    expect((await second.submit("/sign-in", { identifier: "ivy_1", password: "long enough" })).url.pathname).toBe(
      "/callback",
    );
  });
});
