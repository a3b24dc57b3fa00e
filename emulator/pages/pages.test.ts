// The pages, driven without JavaScript: what a person types, reads and presses.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, type World, redirectUri, signIn, startWorld } from "../test-driver";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.emulator.close());

const strip = "This is a local emulator of Logto, for development and tests.";
const browser = () => new Browser(world.emulator.endpoint);
const codeFor = async (email: string) => String((await world.mails(email)).at(-1)?.payload.code);

describe("signing in", () => {
  test("Ada signs in with her password and gets tokens", async () => {
    const ada = await world.person("Ada");
    const chrome = browser();
    const page = await chrome.open(world.authorization({ login_hint: ada.email }));
    expect(page.text).toContain(strip);
    expect(page.text).toContain("The web application");
    expect(page.text).toContain(`value="${ada.email}"`);
    const end = await chrome.submit("/sign-in", { password: "a good password" });
    expect(end.url.href).toContain(`${redirectUri}?code=`);
    expect((await world.exchange(end.url)).status).toBe(200);
  });

  test("a wrong password is told in a sentence, and the address stays typed", async () => {
    const bob = await world.person("Bob");
    const chrome = browser();
    await chrome.open(world.authorization());
    const refused = await chrome.submit("/sign-in", { identifier: bob.email, password: "wrong" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("The e-mail address or the password is not right.");
    expect(refused.text).toContain(`value="${bob.email}"`);
    expect((await chrome.submit("/sign-in", { password: "a good password" })).url.href).toContain("code=");
  });

  test("Cleo of the demo cast signs in with one click; nobody else has a button or can pretend to", async () => {
    const cleo = await world.person("Cleo", { customData: { demo: true } });
    const dan = await world.person("Dan");
    const chrome = browser();
    const page = await chrome.open(world.authorization());
    expect(page.text).toContain("Sign in as Cleo");
    expect(page.text).not.toContain("Sign in as Dan");
    expect((await chrome.submit("/sign-in", { demo: dan.id }, "Sign in as Cleo")).status).toBe(422);
    const end = await chrome.submit("/sign-in", { demo: cleo.id }, "Sign in as Cleo");
    expect((await world.exchange(end.url)).status).toBe(200);
  });

  test("what somebody calls themselves is text on every page, never markup", async () => {
    await world.person("Mal", { name: "<script>alert(1)</script>", customData: { demo: true } });
    const page = await browser().open(world.authorization());
    expect(page.text).toContain("Sign in as &lt;script&gt;");
    expect(page.text).not.toContain("<script>alert");
    expect((await browser().open("/emulator")).text).not.toContain("<script>alert");
  });

  test("Kay signs in with a code by mail instead of her password", async () => {
    const kay = await world.person("Kay");
    const chrome = browser();
    await chrome.open(world.authorization());
    const asked = await chrome.submit("/sign-in", { identifier: kay.email, by: "code" });
    expect(asked.text).toContain("Enter the code");
    expect((await chrome.submit("/sign-in/code", { code: "not it" })).text).toContain("This code is not right.");
    const end = await chrome.submit("/sign-in/code", { code: await codeFor(kay.email) });
    expect((await world.exchange(end.url)).status).toBe(200);
    await chrome.open(world.authorization({ prompt: "login" }));
    await chrome.submit("/sign-in", { identifier: "nobody@example.com", by: "code" });
    const unknown = await chrome.submit("/sign-in/code", { code: await codeFor("nobody@example.com") });
    expect(unknown.text).toContain("There is no account with this address.");
  });

  test("a page without an authorization request says so, and a form of another site is refused", async () => {
    expect((await browser().open("/sign-in")).text).toContain("No sign-in is under way");
    const chrome = browser();
    await chrome.open(world.authorization());
    const post = (origin: string) => chrome.open("/sign-in", { method: "POST", headers: { origin } });
    expect((await post("https://evil.example")).status).toBe(403);
    expect((await post(world.emulator.endpoint)).status).toBe(422);
  });
});

describe("registering", () => {
  test("Eve proves her address with the code from the outbox, which the page does not show", async () => {
    const chrome = browser();
    await chrome.open(world.authorization({ first_screen: "register" }));
    const asked = await chrome.submit("/register", { email: "eve@example.com" });
    const code = await codeFor("eve@example.com");
    expect(code).toMatch(/^\d{6}$/);
    expect(asked.text).not.toContain(code);
    expect(asked.text).toContain('href="/emulator/outbox"');
    const wrong = await chrome.submit("/register/code", { code: code === "000000" ? "111111" : "000000" });
    expect(wrong.text).toContain("This code is not right.");
    await chrome.submit("/register/code", { code });
    const short = await chrome.submit("/register/profile", { name: "Eve Example", password: "short" });
    expect(short.text).toContain("at least 8 characters");
    expect(short.text).toContain('value="Eve Example"');
    const end = await chrome.submit("/register/profile", { password: "long enough" });
    expect((await world.exchange(end.url)).status).toBe(200);
    const { body } = await world.api<object[]>(
      "GET",
      "/users?search.primaryEmail=eve%40example.com&mode.primaryEmail=exact",
    );
    expect(body).toMatchObject([{ name: "Eve Example", primaryEmail: "eve@example.com", hasPassword: true }]);
  });

  test("nobody gets an account without the code, or for an address that has one", async () => {
    const chrome = browser();
    await chrome.open(world.authorization({ first_screen: "register" }));
    expect((await chrome.submit("/register", { email: "not an address" })).text).toContain(
      "This is not an e-mail address.",
    );
    await chrome.submit("/register", { email: "fay@example.com" });
    expect((await chrome.open("/register/profile")).url.pathname).toBe("/register");
    const gus = await world.person("Gus");
    await chrome.submit("/register", { email: gus.email });
    await chrome.submit("/register/code", { code: await codeFor(gus.email) });
    const refused = await chrome.submit("/register/profile", { name: "Gus", password: "long enough" });
    expect(refused.text).toContain("This address has an account already.");
  });

  test("where the operator closed registration, the pages say so", async () => {
    await world.api("PATCH", "/sign-in-exp", { signInMode: "SignIn" });
    const chrome = browser();
    expect((await chrome.open(world.authorization())).text).toContain("Registration is closed here.");
    expect((await chrome.open("/register")).text).toContain("Registration is closed");
    await world.api("PATCH", "/sign-in-exp", { signInMode: "SignInAndRegister" });
    expect((await chrome.open("/register")).text).toContain("Send the code");
  });
});

describe("the console and the outbox", () => {
  test("an operator takes a role away in the console; the next organization token shows it", async () => {
    const [hal, organization] = [
      await world.person("Hal"),
      (await world.api<{ id: string }>("POST", "/organizations", { name: "Acme & Sons" })).body,
    ];
    const { body: permission } = await world.api<{ id: string }>("POST", "/organization-scopes", {
      name: "read:posts",
    });
    await world.api("POST", "/organization-roles", { name: "Reader", organizationScopeIds: [permission.id] });
    await world.api("POST", `/organizations/${organization.id}/users`, { userIds: [hal.id] });
    await world.api("PUT", `/organizations/${organization.id}/users/${hal.id}/roles`, {
      organizationRoleNames: ["Reader"],
    });
    const { tokens } = await signIn(world, hal.email, {
      scope: "openid offline_access urn:logto:scope:organizations read:posts",
    });
    const scope = async () =>
      (await world.refresh(tokens.refresh_token, { organization_id: organization.id })).body.scope;
    expect(await scope()).toBe("read:posts");

    const chrome = browser();
    const page = await chrome.open("/emulator");
    expect(page.text).toContain("Acme &amp; Sons");
    const emptied = new URLSearchParams({ organizationId: organization.id, userId: hal.id });
    const headers = { origin: world.emulator.endpoint };
    const after = await chrome.open("/emulator/member-roles", { method: "POST", body: emptied, headers });
    expect(after.text).toContain("The roles of Hal are changed.");
    expect(await scope()).toBe("");
  });

  test("an invitation lies in the outbox as a sentence with a link", async () => {
    const inviter = await world.person("Ina");
    const { body: organization } = await world.api<{ id: string }>("POST", "/organizations", { name: "Globex" });
    await world.api("POST", "/organization-invitations", {
      ...{
        organizationId: organization.id,
        invitee: "jo@example.com",
        inviterId: inviter.id,
        expiresAt: Date.now() + 60_000,
      },
      messagePayload: { link: "http://localhost:3000/invitations/1?a=1&b=2" },
    });
    const page = await browser().open("/emulator/outbox");
    expect(page.text).toContain("Ina invites you to join Globex.");
    expect(page.text).toContain('href="http://localhost:3000/invitations/1?a=1&amp;b=2"');
    expect((await world.mails("JO@example.com")).map(({ type }) => type)).toEqual(["OrganizationInvitation"]);
  });

  test("a connector that posts to the outbox over HTTP is read there, too", async () => {
    const mail = { to: "lee@example.com", type: "Generic", payload: { code: "123456" } };
    expect((await world.control("POST", "/mail", mail)).status).toBe(204);
    expect(await world.mails("lee@example.com")).toEqual([mail]);
    expect((await browser().open("/emulator/outbox")).text).toContain('<p class="code">123456</p>');
  });

  test("an operator reads an application's secret in the console", async () => {
    const page = await browser().open("/emulator");
    expect(page.text).toContain(world.application.secret);
  });

  test("only web addresses become links", async () => {
    const { body: organization } = await world.api<{ id: string }>("POST", "/organizations", { name: "Globex" });
    await world.api("POST", "/organization-invitations", {
      ...{ organizationId: organization.id, invitee: "kim@example.com", expiresAt: Date.now() + 60_000 },
      messagePayload: { link: "javascript:alert(1)" },
    });
    expect((await browser().open("/emulator/outbox")).text).not.toContain('href="javascript');
  });
});
