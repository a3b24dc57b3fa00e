// A permission that came into being after somebody signed in: asked for silently, once, and for nobody else.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startGround, type App, type Ground } from "../../e2e/ground";
import type { Walker } from "../../e2e/walker";
import { paths } from "../paths";

const late = "export:data";
const Scopes = z.object({ id: z.string(), name: z.string() });

let ground: Ground;
let app: App;
let acme: string;
beforeAll(async () => {
  ground = await startGround();
  acme = await ground.makeOrganization("Acme");
  app = ground.openApp();
});
afterAll(() => ground.close());
afterEach(() => ground.heal());

/** Somebody who signed in while Logto had no such permission. */
async function signedInBefore() {
  const scopes = await ground.api.list("/organization-scopes", Scopes);
  const roles = await ground.api.list("/organization-roles", Scopes);
  const admin = roles.find(({ name }) => name === "Admin")?.id ?? "";
  await ground.api.write("DELETE", `/organization-scopes/${scopes.find(({ name }) => name === late)?.id}`);
  const person = await ground.makePerson("Ada", [[acme, "Admin"]]);
  const browser = await app.signIn(person);
  const before = { person, browser, idHash: (await rowOf(browser)).idHash };
  const { id } = Scopes.parse(await ground.api.write("POST", "/organization-scopes", { name: late }));
  await ground.api.write("POST", `/organization-roles/${admin}/scopes`, { organizationScopeIds: [id] });
  return before;
}

async function rowOf(browser: Walker) {
  const row = await app.sessionOf(browser);
  if (!row) throw new Error("There is no session");
  return row;
}

async function needs(browser: Walker): Promise<string | null> {
  const { person } = await app.guards(browser).requireMember("posts.list");
  return app.auth.session.consentFor(person, "/posts?status=draft");
}

const may = async (browser: Walker) => (await app.guards(browser).requireMember("posts.list")).can(late);

async function goThrough(browser: Walker, address: string) {
  return browser.follow(await browser.get(address), new URL(address, ground.origin).href);
}

describe("a permission that Logto did not have at the sign-in", () => {
  test("is not asked for again by every page, for the sign-in itself has tried", async () => {
    const { browser } = await signedInBefore();
    expect(await needs(browser)).toBeNull();
    expect(await may(browser)).toBe(false);
  });

  test("is granted without a page once it is known to exist, and the session goes on where it was", async () => {
    const { browser, idHash } = await signedInBefore();
    const refreshToken = (await app.auth.sessions.openItems(await rowOf(browser)))?.refreshToken;
    await app.auth.sessions.retry([late]);
    const address = await needs(browser);
    expect(address).toBe(paths.consent("/posts?status=draft"));
    const landed = await goThrough(browser, address ?? "");
    expect(new URL(landed.url).pathname + new URL(landed.url).search).toBe("/posts?status=draft");

    const row = await rowOf(browser);
    expect(row).toMatchObject({ idHash, organizationId: acme, consentState: null, tried: [late] });
    expect((await app.auth.sessions.openItems(row))?.refreshToken).not.toBe(refreshToken);
    expect(await may(browser)).toBe(true);
    expect(await needs(browser)).toBeNull();
    expect(
      app.sent.filter(({ path }) => path.endsWith("/revocation")),
      "nothing is revoked",
    ).toEqual([]);
  });

  test("is asked for once, whatever becomes of it", async () => {
    const { browser } = await signedInBefore();
    await app.auth.sessions.retry([late]);
    const address = (await needs(browser)) ?? "";
    await browser.get(address); // and they close the page there
    expect(await needs(browser)).toBeNull();
    const again = await browser.get(address);
    expect(again.headers.get("Location"), "straight back").toBe("/posts?status=draft");
  });

  test("is asked for once also while Logto is away, and the page comes back at once", async () => {
    const { browser } = await signedInBefore();
    await app.auth.sessions.retry([late]);
    const address = (await needs(browser)) ?? "";
    await ground.fault({ kind: "reset", match: { path: "/api/status" } });
    expect((await browser.get(address)).headers.get("Location")).toBe("/posts?status=draft");
    expect(await needs(browser)).toBeNull();
  });

  test("is not taken from somebody else who is signed in at Logto in this browser", async () => {
    const { browser, idHash } = await signedInBefore();
    const eve = await ground.makePerson("Eve", [[await ground.makeOrganization("Eve's"), "Admin"]]);
    const ada = browser.cookies(ground.origin);
    await app.auth.sessions.retry([late]);
    const address = (await needs(browser)) ?? "";
    browser.forget(ground.endpoint);
    const eves = app.openBrowser();
    await eves.signIn(eve);
    eves.forget();
    eves.setCookie(`${ada}; Path=/`); // Ada's session here, Eve's at Logto
    const before = await rowOf(eves);
    await goThrough(eves, address);
    expect(await rowOf(eves)).toMatchObject({
      idHash,
      logtoId: before.logtoId,
      items: before.items,
      version: before.version,
    });
  });

  test("comes to all of a browser's pages: what was asked before does not count, nor a renewal that was under way", async () => {
    const { browser } = await signedInBefore();
    await app.auth.sessions.retry([late]);
    const before = await rowOf(browser);
    await goThrough(browser, (await needs(browser)) ?? "");
    const after = await rowOf(browser);
    expect(after.epoch).toBeGreaterThan(before.epoch);
    const answer = { organizationId: acme, permissions: [], askedAt: Date.now(), epoch: after.epoch };
    const items = { refreshToken: "one that was renewed meanwhile" };
    expect(await app.auth.sessions.save(before, { items, organizations: [], answer })).toBe(false);
    expect(await may(browser)).toBe(true);
  });
});
