import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGround, type App, type Ground, type Person } from "../../e2e/ground";
import { eq } from "../../db";
import { paths } from "../paths";
import { allPermissions } from "../permissions";
import type { NewSession } from "./session.server";

const secrets = ["the newest secret, 32 characters.", "an older secret of 32 characters."];

let ground: Ground;
let app: App;
let ada: Person;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ secrets });
  ada = await ground.makePerson("Ada", [[await ground.makeOrganization("Acme"), "Admin"]]);
});
afterAll(() => ground.close());

/** Of a signed-in person's browser: the session's cookie, as the header that set it. */
async function sessionCookie(of: App = app, person: Person = ada) {
  const browser = await of.signIn(person);
  const header = browser.setCookies().find((one) => one.includes("session="));
  const [pair = "", ...attributes] = (header ?? "").split("; ");
  const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
  return { browser, name, value, attributes, read: (changed: string) => of.auth.sessions.read(`${name}=${changed}`) };
}

/** Everything in the database's file, as somebody would find it who has a copy. */
function copyOf(file: string): string {
  const database = new Database(file);
  database.pragma("wal_checkpoint(truncate)");
  database.close();
  return readFileSync(file, "latin1");
}

describe("the cookie", () => {
  test("is out of reach for scripts and other sites, and for two weeks", async () => {
    const { name, attributes } = await sessionCookie();
    expect(name).toBe("__session");
    expect(attributes.toSorted()).toEqual(["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax"]);
  });

  test("is bound to its host and to https where the app is served so", async () => {
    const secure = await startGround({ origin: "https://localhost:9" });
    try {
      const at = secure.openApp();
      const person = await secure.makePerson("Ada", [[await secure.makeOrganization("Acme"), "Admin"]]);
      const { name, value, attributes, read } = await sessionCookie(at, person);
      expect(name).toBe("__Host-session");
      expect(attributes.toSorted()).toEqual(["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax", "Secure"]);
      expect(await read(value)).toMatchObject({ name: "Ada" });
      expect(await at.auth.sessions.forget()).toMatch(/^__Host-session=; Max-Age=0; Path=\/;.*Secure/);
    } finally {
      await secure.close();
    }
  });

  test("says nothing: a random id, signed", async () => {
    const [one, other] = [await sessionCookie(), await sessionCookie()];
    const [text = ""] = decodeURIComponent(one.value).split(".");
    const id: unknown = JSON.parse(Buffer.from(text, "base64").toString());
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(one.value).not.toBe(other.value);
  });

  test("that was changed in any one character, cut anywhere, or made up names no session", async () => {
    const { value, read } = await sessionCookie();
    expect(await read(value), "the control").toMatchObject({ name: "Ada" });
    const plain = decodeURIComponent(value);
    for (let at = 0; at < plain.length - 1; at += 1) {
      const other = plain[at] === "A" ? "B" : "A";
      const changed = encodeURIComponent(plain.slice(0, at) + other + plain.slice(at + 1));
      const opened = await read(changed);
      expect(opened, `character ${at}`).toBeUndefined();
      expect(await read(encodeURIComponent(plain.slice(0, at))), `cut at ${at}`).toBeUndefined();
    }
    const madeUp = [
      "",
      "%",
      "%E0%A4%A",
      "=",
      "null",
      "a.b",
      `${randomBytes(32).toString("base64url")}`,
      "A".repeat(100_000),
    ];
    for (const cookie of madeUp) expect(await read(cookie), cookie.slice(0, 20)).toBeUndefined();
    for (const header of [undefined, null, "", ";;;", "__session", `x${value}`])
      expect(await app.auth.sessions.read(header)).toBeUndefined();
  });

  test("whose session was deleted, or is over, names none", async () => {
    const { value, read, browser } = await sessionCookie();
    app.clock.ahead = 14 * 24 * 3_600_000 + 1_000;
    expect(await read(value)).toBeUndefined();
    app.clock.ahead = 0;
    const row = await app.sessionOf(browser);
    await app.auth.sessions.drop(row?.idHash ?? "");
    expect(await read(value)).toBeUndefined();
  });

  test("whose two weeks end counts to the millisecond before", async () => {
    const at = ground.openApp();
    at.clock.standsAt = Date.now();
    const browser = await at.signIn(ada);
    at.clock.ahead = 14 * 24 * 3_600_000 - 1;
    expect(await at.sessionOf(browser)).toMatchObject({ name: "Ada" });
    at.clock.ahead += 1;
    expect(await at.sessionOf(browser)).toBeUndefined();
  });

  test("of sessions that are over leaves nothing behind once somebody signs in", async () => {
    const at = ground.openApp();
    const count = () => at.store.system.read((db, { sessions }) => db.select().from(sessions));
    await at.signIn(ada);
    at.clock.ahead = 14 * 24 * 3_600_000 + 1_000;
    await at.signIn(ada);
    expect(await count()).toHaveLength(1);
  });
});

describe("the secrets", () => {
  test("may be followed by newer ones: whoever is signed in stays so", async () => {
    const { browser } = await sessionCookie();
    const later = ground.openApp({ file: app.file, secrets: ["a secret newer than all the others.", ...secrets] });
    const row = await later.sessionOf(browser);
    expect(row).toMatchObject({ name: "Ada" });
    expect(await later.auth.membership.check(row!, row?.organizationId ?? "")).toHaveProperty("answer");
    const renewed = await later.sessionOf(browser);
    expect((await later.auth.sessions.openItems(renewed!))?.refreshToken).toBeTruthy();
    expect(await app.auth.sessions.openItems(renewed!), "now sealed with the newest").toBeUndefined();
  });

  test("that are gone sign people out, and fail nothing", async () => {
    const { browser } = await sessionCookie();
    const other = ground.openApp({ file: app.file, secrets: ["an altogether different secret, 32."] });
    expect(await other.sessionOf(browser)).toBeUndefined();
    await expect(other.guards(browser).requirePerson("organizations.list")).rejects.toMatchObject({ status: 302 });
  });

  test("that are gone for the seal alone end the session when its tokens are needed", async () => {
    const { browser } = await sessionCookie();
    const row = await app.sessionOf(browser);
    const other = ground.openApp({ file: app.file, secrets: ["an altogether different secret, 32."] });
    expect(await other.auth.membership.check(row!, row?.organizationId ?? "")).toBe("signed-out");
    expect(await app.sessionOf(browser)).toBeUndefined();
  });
});

describe("the row", () => {
  test("holds a hash of the id, and neither the id nor any token in clear", async () => {
    const { browser, value } = await sessionCookie();
    const row = await app.sessionOf(browser);
    await app.auth.membership.check(row!, row?.organizationId ?? "");
    const items = await app.auth.sessions.openItems((await app.sessionOf(browser))!);
    const id = JSON.parse(Buffer.from(decodeURIComponent(value).split(".")[0] ?? "", "base64").toString()) as string;
    const copy = copyOf(app.file);
    expect(copy).toContain(row?.idHash);
    for (const secret of [id, items?.refreshToken, items?.idToken, items?.idToken?.split(".")[1]]) {
      expect(secret?.length).toBeGreaterThan(20);
      expect(copy.includes(secret ?? "")).toBe(false);
    }
  });

  test("opens for its own session alone", async () => {
    const [one, other] = [await sessionCookie(), await sessionCookie()];
    const rows = [(await app.sessionOf(one.browser))!, (await app.sessionOf(other.browser))!] as const;
    expect(await app.auth.sessions.openItems(rows[0])).toHaveProperty("refreshToken");
    expect(await app.auth.sessions.openItems({ ...rows[0], items: rows[1].items })).toBeUndefined();
  });

  test("is written by whoever read it last: an older version changes nothing", async () => {
    const { browser } = await sessionCookie();
    const row = (await app.sessionOf(browser))!;
    const renewal = { items: { refreshToken: "another" }, organizations: [], answer: null };
    expect(await app.auth.sessions.save(row, renewal)).toBe(true);
    expect(await app.auth.sessions.save(row, { ...renewal, items: { refreshToken: "late" } })).toBe(false);
    expect(await app.auth.sessions.drop(row.idHash, row.version)).toBe(false);
    expect(await app.auth.sessions.openItems((await app.sessionOf(browser))!)).toEqual({ refreshToken: "another" });
  });
});

describe("what begins with a session", () => {
  const begin = async (more: Partial<NewSession>) => {
    const { browser } = await sessionCookie();
    const { userId } = (await app.sessionOf(browser))!;
    const begun = { userId, items: {}, organizations: [], organizationId: null, granted: [], userAgent: undefined };
    const cookie = await app.auth.sessions.start({ ...begun, ...more });
    const row = (await app.auth.sessions.read(cookie))!;
    const [kept] = await app.store.system.read((db, { sessions }) =>
      db.select().from(sessions).where(eq(sessions.idHash, row.idHash)),
    );
    return { row, kept: kept! };
  };

  test("counts what Logto did not grant as asked for: it is not asked for again", async () => {
    const { row } = await begin({ granted: ["read:posts", "write:posts"] });
    expect(row.granted).toEqual(["read:posts", "write:posts"]);
    expect(row.tried).toEqual(allPermissions.filter((one) => one !== "read:posts" && one !== "write:posts"));
  });

  test("and is, once it has come into being there: that alone", async () => {
    const { row } = await begin({ granted: ["read:posts"] });
    await app.auth.sessions.retry(["write:posts"]);
    const { tried } = (await app.auth.sessions.find(row.idHash))!;
    expect(tried).toEqual(row.tried.filter((one) => one !== "write:posts"));
    expect(tried).not.toEqual([]);
  });

  test("keeps what the browser calls itself, up to 400 characters, and does without", async () => {
    expect((await begin({ userAgent: "A browser" })).kept.userAgent).toBe("A browser");
    expect((await begin({ userAgent: "x".repeat(401) })).kept.userAgent).toBe("x".repeat(400));
    expect((await begin({})).kept.userAgent).toBeNull();
  });
});

describe("where sessions are", () => {
  test("is answered for many at once, without those that are over, gone or made up", async () => {
    const at = ground.openApp();
    const rows = [];
    for (let each = 0; each < 3; each += 1) rows.push((await at.sessionOf((await sessionCookie(at)).browser))!);
    const [here, moved, gone] = rows;
    await at.auth.sessions.activate(moved!.idHash, null);
    expect(await at.auth.sessions.drop(gone!.idHash)).toBe(true);
    expect(await at.auth.sessions.drop(gone!.idHash), "a second time").toBe(false);
    const asked = [...rows.map(({ idHash }) => idHash), "never"];
    expect(await at.auth.sessions.glance(asked)).toEqual(
      new Map([
        [here!.idHash, { organization: here!.organizationId, epoch: here!.epoch }],
        [moved!.idHash, { organization: null, epoch: moved!.epoch + 1 }],
      ]),
    );
    at.clock.ahead = 14 * 24 * 3_600_000 + 1_000;
    expect(await at.auth.sessions.glance(asked)).toEqual(new Map());
  });

  test("is nowhere any more, once the organization is gone: they are told, and nobody else is", async () => {
    const [doomed, kept] = [await ground.makeOrganization("Doomed"), await ground.makeOrganization("Kept")];
    const bob = await ground.makePerson("Bob", [
      [doomed, "Admin"],
      [kept, "Admin"],
    ]);
    const inside = async (organization: string) => {
      const { browser } = await sessionCookie(app, bob);
      await app.auth.sessions.activate((await app.sessionOf(browser))!.idHash, organization);
      await app.guards(browser).requireMember("posts.list");
      return { browser, before: (await app.sessionOf(browser))! };
    };
    const [one, other] = [await inside(doomed), await inside(kept)];
    await app.auth.sessions.forgetOrganization(doomed, "Doomed is deleted.");
    const [left, stayed] = [(await app.sessionOf(one.browser))!, (await app.sessionOf(other.browser))!];
    expect(left).toMatchObject({ organizationId: null, notice: "Doomed is deleted.", answer: null });
    expect(left.epoch).toBe(one.before.epoch + 1);
    expect(stayed).toMatchObject({ organizationId: kept, notice: null, epoch: other.before.epoch });
    expect(stayed.answer, "still counts").toEqual(other.before.answer);
    for (const { organizations } of [left, stayed]) expect(organizations.map(({ id }) => id)).toEqual([kept]);
  });
});

describe("signing in and out", () => {
  test("gives a new id each time: a planted or captured cookie opens nothing", async () => {
    const eve = await sessionCookie();
    const browser = app.openBrowser();
    browser.setCookie(`__session=${eve.value}; Path=/`);
    const eves = await app.sessionOf(browser);
    await browser.signIn(await ground.makePerson("Bob", [[await ground.makeOrganization("Globex"), "Admin"]]));
    const bobs = await app.sessionOf(browser);
    expect(bobs?.name).toBe("Bob");
    expect(bobs?.idHash).not.toBe(eves?.idHash);
    expect(await eve.read(eve.value), "the planted one").toBeUndefined();
    expect(bobs?.organizationId, "and what it was in").not.toBe(eves?.organizationId);
  });

  test("out deletes the row: the captured cookie is dead at once", async () => {
    const { browser, value, read } = await sessionCookie();
    const other = await sessionCookie();
    const headers = { Cookie: browser.cookies(paths.home) };
    const { cookie } = await app.auth.session.signOut(new Request(ground.origin + paths.signOut, { headers }));
    expect(cookie).toMatch(/^__session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await read(value)).toBeUndefined();
    expect(await other.read(other.value), "another browser of hers").toBeDefined();
  });

  test("twice in two browsers keeps both", async () => {
    const [one, other] = [await sessionCookie(), await sessionCookie()];
    expect(await one.read(one.value)).toMatchObject({ name: "Ada" });
    expect(await other.read(other.value)).toMatchObject({ name: "Ada" });
  });
});
