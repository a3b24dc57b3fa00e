import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startGround, type App, type Ground, type Person } from "../../e2e/ground";
import type { Walker } from "../../e2e/walker";
import { eq } from "../../db";

let ground: Ground;
let app: App;
let organizationId: string;
let ada: Person;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp();
});
beforeEach(async () => {
  organizationId = await ground.makeOrganization("Acme");
  ada = await ground.makePerson("Ada", [[organizationId, "Admin"]]);
});
afterAll(() => ground.close());

const linux = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) AppleWebKit/605.1 Version/18.5 Mobile/15E148 Safari/604.1";

/** Signs in, with that browser's name. */
async function signIn(person: Person, userAgent: string): Promise<Walker> {
  const browser = await app.signIn(person);
  await nameIt(browser, userAgent);
  return browser;
}

async function nameIt(browser: Walker, userAgent: string): Promise<void> {
  const idHash = (await app.sessionOf(browser))?.idHash ?? "";
  await app.store.system.write((tx, { sessions }) => tx.update(sessions, { userAgent }, eq(sessions.idHash, idHash)));
}

const own = () => app.auth.session.own;
const personIn = (browser: Walker) => app.guards(browser).requirePerson("account.show");
const listIn = async (browser: Walker) => own().list(await personIn(browser));

async function refreshTokenOf(browser: Walker): Promise<string> {
  const row = await app.sessionOf(browser);
  const items = row && (await app.auth.sessions.openItems(row));
  return items?.refreshToken ?? "";
}

async function isAliveAtLogto(token: string): Promise<boolean> {
  const { appId, appSecret } = ground.application;
  const headers = { Authorization: `Basic ${btoa(`${appId}:${appSecret}`)}` };
  const body = new URLSearchParams({ token });
  const answer = await fetch(`${ground.endpoint}/oidc/token/introspection`, { method: "POST", headers, body });
  return z.object({ active: z.boolean() }).parse(await answer.json()).active;
}

test("Ada finds her sessions by their devices, the one in use first, and nobody else's", async () => {
  const desk = await signIn(ada, linux);
  await signIn(ada, phone);
  await signIn(await ground.makePerson("Eve", [[organizationId, "Collaborator"]]), linux);
  const listed = await listIn(desk);
  expect(listed.map(({ device, isCurrent }) => [device, isCurrent])).toEqual([
    ["Firefox on Linux", true],
    ["Safari on iPhone", false],
  ]);
  const row = await app.sessionOf(desk);
  expect(JSON.stringify(listed), "what the row is found by stays here").not.toContain(row?.idHash);
});

test("Ada signs out on her phone: the session is over here and at Logto, and the one at her desk goes on", async () => {
  const desk = await signIn(ada, linux);
  const mobile = await signIn(ada, phone);
  const token = await refreshTokenOf(mobile);
  expect(await isAliveAtLogto(token)).toBe(true);
  const [, other] = await listIn(desk);
  expect(await own().end(await personIn(desk), other?.id ?? "")).toBe(true);
  expect(await app.sessionOf(mobile)).toBeUndefined();
  expect(await isAliveAtLogto(token)).toBe(false);
  const row = await app.sessionOf(desk);
  if (!row) throw new Error("The session at the desk is over");
  await app.auth.sessions.markStale({ session: row.idHash });
  expect((await app.guards(desk).requireMember("posts.list")).organization.id).toBe(organizationId);
  expect(await own().end(await personIn(desk), other?.id ?? ""), "asked for twice").toBe(false);
});

test("no id ends the session in use, nor somebody else's", async () => {
  const desk = await signIn(ada, linux);
  const eves = await signIn(await ground.makePerson("Eve", [[organizationId, "Collaborator"]]), phone);
  const [current] = await listIn(desk);
  const [hers] = await listIn(eves);
  for (const id of [current?.id, hers?.id, "none", "", (await app.sessionOf(eves))?.idHash])
    expect(await own().end(await personIn(desk), id ?? "")).toBe(false);
  expect(await app.sessionOf(desk)).toBeDefined();
  expect(await app.sessionOf(eves)).toBeDefined();
});

test("Ada signs out everywhere else, and Eve stays where she is", async () => {
  const desk = await signIn(ada, linux);
  const others = [await signIn(ada, phone), await signIn(ada, phone)];
  const tokens = await Promise.all(others.map(refreshTokenOf));
  const eves = await signIn(await ground.makePerson("Eve", [[organizationId, "Collaborator"]]), phone);
  expect(await own().endOthers(await personIn(desk))).toBe(2);
  expect(await listIn(desk)).toHaveLength(1);
  for (const browser of others) expect(await app.sessionOf(browser)).toBeUndefined();
  expect(
    await Promise.all(tokens.map(isAliveAtLogto)),
    "the last one on that device takes its token with it",
  ).toContain(false);
  expect(await app.sessionOf(eves)).toBeDefined();
});

test("a session of the same browser, which shares its grant at Logto, ends here alone: the one in use goes on", async () => {
  const browser = await app.signIn(ada);
  await nameIt(browser, linux);
  const first = await app.sessionOf(browser);
  const token = await refreshTokenOf(browser);
  browser.forget();
  await browser.signIn(ada);
  await nameIt(browser, linux);
  const second = await app.sessionOf(browser);
  expect(second?.idHash).not.toBe(first?.idHash);

  expect(await own().endOthers(await personIn(browser))).toBe(1);
  expect(await app.auth.sessions.find(first?.idHash ?? "")).toBeUndefined();
  expect(await isAliveAtLogto(token)).toBe(true);
  await app.auth.sessions.markStale({ session: second?.idHash ?? "" });
  expect((await app.guards(browser).requireMember("posts.list")).organization.id).toBe(organizationId);
});
