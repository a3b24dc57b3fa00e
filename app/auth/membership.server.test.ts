import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startGround, type App, type AppOptions, type Fault, type Ground, type Person } from "../../e2e/ground";
import type { Walker } from "../../e2e/walker";
import { eq, type Store, StoreUnavailable } from "../../db";
import type { Line } from "../logto/line.server";
import { allPermissions } from "../permissions";
import type { Refusal } from "./membership.server";

let ground: Ground;
let shared: App;
beforeAll(async () => {
  ground = await startGround();
  shared = ground.openApp();
});
afterAll(() => ground.close());
afterEach(() => ground.heal());

const admin = allPermissions.toSorted();
const collaborator = ["read:members", "read:posts", "write:posts"];

/** Somebody with these roles in an organization of their own, signed in. */
async function signedIn(roles: string[], options?: AppOptions) {
  const organization = await ground.makeOrganization("Acme");
  const person = await ground.makePerson("Ada", [[organization, ...roles]]);
  const app = options ? ground.openApp(options) : shared;
  app.clock.ahead = 0;
  const browser = await app.signIn(person);
  app.sent.length = 0; // only what comes from now on is counted
  return { organization, person, app, browser };
}

async function rowOf(app: App, browser: Walker) {
  const row = await app.sessionOf(browser);
  if (!row) throw new Error("There is no session");
  return row;
}

async function check(app: App, browser: Walker, organization?: string) {
  const row = await app.sessionOf(browser);
  if (!row) return "signed-out";
  return app.auth.membership.check(row, organization ?? row.organizationId ?? "");
}

/** What the person may do, or why nothing. */
async function may(app: App, browser: Walker, organization?: string): Promise<string[] | Refusal> {
  const checked = await check(app, browser, organization);
  return typeof checked === "string" ? checked : checked.answer.permissions.toSorted();
}

async function changed(app: App, browser: Walker): Promise<void> {
  await app.auth.sessions.markStale({ session: (await rowOf(app, browser)).idHash });
}

async function lastKnown(app: App, browser: Walker) {
  const { idHash, organizationId } = await rowOf(app, browser);
  return app.auth.membership.lastKnown(idHash, organizationId ?? "");
}

async function rolesOf(app: App, browser: Walker, organization: string) {
  const row = await rowOf(app, browser);
  return row.organizations.find(({ id }) => id === organization)?.roles.toSorted();
}

describe("a change at Logto is seen on the first check after it is known", () => {
  test("Ada is promoted, demoted, given two roles and none", async () => {
    const { organization, person, app, browser } = await signedIn(["Collaborator"]);
    expect(await may(app, browser)).toEqual(collaborator);
    const steps: [roles: string[], permissions: string[]][] = [
      [["Admin"], admin],
      [["Collaborator"], collaborator],
      [["Admin", "Collaborator"], admin],
      [[], []],
    ];
    for (const [roles, permissions] of steps) {
      await ground.setRoles(organization, person, ...roles);
      await changed(app, browser);
      expect(await may(app, browser)).toEqual(permissions);
      expect(await rolesOf(app, browser, organization)).toEqual(roles);
    }
  });

  test("Ada is removed, is refused as often as she asks, stays in her other organization, and comes back with another role", async () => {
    const { organization, person, app, browser } = await signedIn(["Collaborator"]);
    const other = await ground.makeOrganization("Globex");
    await ground.addMember(other, person, "Admin");
    expect(await may(app, browser, organization)).toEqual(collaborator);

    await ground.removeMember(organization, person);
    await changed(app, browser);
    expect(await may(app, browser, organization)).toBe("removed");
    expect(await may(app, browser, organization)).toBe("removed");
    expect((await rowOf(app, browser)).organizations.map(({ id }) => id)).toEqual([other]);
    expect(await may(app, browser, other)).toEqual(admin);

    await ground.addMember(organization, person, "Admin");
    expect(await may(app, browser, organization)).toEqual(admin);
  });

  test("a role is renamed, and its new name holds colons", async () => {
    const { organization, person, app, browser } = await signedIn([]);
    const name = `Writer ${organization}`;
    const role = await ground.makeRole(name, ["read:posts"]);
    await ground.setRoles(organization, person, name);
    expect(await may(app, browser)).toEqual(["read:posts"]);
    expect(await rolesOf(app, browser, organization)).toEqual([name]);

    const renamed = `${organization}:Writer: of posts`;
    await ground.api.write("PATCH", `/organization-roles/${role}`, { name: renamed });
    await changed(app, browser);
    expect(await may(app, browser)).toEqual(["read:posts"]);
    expect(await rolesOf(app, browser, organization)).toEqual([renamed]);
  });

  test("the organization is deleted", async () => {
    const { organization, app, browser } = await signedIn(["Admin"]);
    expect(await may(app, browser)).toEqual(admin);
    await ground.api.write("DELETE", `/organizations/${organization}`);
    await changed(app, browser);
    expect(await may(app, browser)).toBe("removed");
  });

  test("the organization asks for a second factor: that is no removal, and it passes", async () => {
    const { organization, app, browser } = await signedIn(["Admin"]);
    expect(await may(app, browser)).toEqual(admin);
    await ground.api.write("PATCH", `/organizations/${organization}`, { isMfaRequired: true });
    await changed(app, browser);
    expect(await may(app, browser)).toBe("policy");
    await ground.api.write("PATCH", `/organizations/${organization}`, { isMfaRequired: false });
    expect(await may(app, browser)).toEqual(admin);
  });

  test.each([
    ["suspended", (id: string) => ground.api.write("PATCH", `/users/${id}/is-suspended`, { isSuspended: true })],
    ["deleted", (id: string) => ground.api.write("DELETE", `/users/${id}`)],
  ])("the person is %s: the session ends, and not before that is known", async (_name, end) => {
    const { person, app, browser } = await signedIn(["Admin"]);
    expect(await may(app, browser)).toEqual(admin);
    await end(person.id);
    expect(await may(app, browser)).toEqual(admin);
    await changed(app, browser);
    expect(await may(app, browser)).toBe("signed-out");
    expect(await app.sessionOf(browser)).toBeUndefined();
  });

  test("Ada's new name and address at Logto are what the members of her organization then read", async () => {
    const { organization, person, app, browser } = await signedIn(["Admin"]);
    expect(await may(app, browser)).toEqual(admin);
    await ground.api.write("PATCH", `/users/${person.id}`, {
      name: "Ada Lovelace",
      primaryEmail: "lovelace@example.com",
    });
    await changed(app, browser);
    await check(app, browser);
    const { userId, name, email } = await rowOf(app, browser);
    const [member] = await app.store
      .scope(organization)
      .read((db, { members }) => db.select().from(members).where(eq(members.userId, userId)));
    expect([name, email]).toEqual(["Ada Lovelace", "lovelace@example.com"]);
    expect([member?.name, member?.email]).toEqual([name, email]);
  });
});

describe("an answer counts for a minute, unless a change is known", () => {
  test("a change of which nobody told is seen when the minute is over, and not before", async () => {
    const { organization, person, app, browser } = await signedIn(["Admin"]);
    expect(await may(app, browser)).toEqual(admin);
    await ground.setRoles(organization, person, "Collaborator");
    app.clock.ahead += 59_000;
    expect(await may(app, browser)).toEqual(admin);
    expect(app.renewals()).toBe(1);
    app.clock.ahead += 1_001;
    expect(await may(app, browser)).toEqual(collaborator);
    expect(app.renewals()).toBe(2);
  });

  test("to the millisecond, from the very one at which it was asked for", async () => {
    const { app, browser } = await signedIn(["Admin"], {});
    app.clock.standsAt = Date.now();
    for (const [passed, renewals] of [
      [0, 1],
      [0, 1],
      [59_999, 1],
      [60_000, 2],
    ] as const) {
      app.clock.ahead = passed;
      expect(await may(app, browser), `after ${passed}`).toEqual(admin);
      expect(app.renewals(), `after ${passed}`).toBe(renewals);
    }
  });

  test("a clock that is set back does not make it last longer", async () => {
    const { organization, person, app, browser } = await signedIn(["Admin"]);
    app.clock.ahead += 3_600_000;
    expect(await may(app, browser)).toEqual(admin);
    await ground.setRoles(organization, person, "Collaborator");
    app.clock.ahead -= 3_600_000;
    expect(await may(app, browser)).toEqual(collaborator);
  });

  test("with no minute at all every check asks", async () => {
    const { organization, person, app, browser } = await signedIn(["Admin"], { maxAge: 0 });
    expect(await may(app, browser)).toEqual(admin);
    await ground.setRoles(organization, person, "Collaborator");
    expect(await may(app, browser)).toEqual(collaborator);
    expect(app.renewals()).toBe(2);
  });

  test("whoever a known change concerns is asked about again, and nobody else", async () => {
    const { organization, app, browser } = await signedIn(["Admin"]);
    const { idHash: session, userId: user } = await rowOf(app, browser);
    const concerned = [{ session }, { user }, { user, organization }, { organization }, "everybody" as const];
    const others = [
      { session: "another" },
      { user: "another" },
      { user, organization: "another" },
      { organization: "another" },
    ];
    await check(app, browser);
    for (const [index, whose] of concerned.entries()) {
      for (const other of others) await app.auth.sessions.markStale(other);
      await check(app, browser);
      expect(app.renewals(), "before").toBe(index + 1);
      await app.auth.sessions.markStale(whose);
      await check(app, browser);
      expect(app.renewals(), "after").toBe(index + 2);
    }
  });

  test("every permission that was granted at sign-in is in the row, for the day one is missing", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    const { idHash } = await rowOf(app, browser);
    const [row] = await app.store.system.read((db, { sessions }) =>
      db.select().from(sessions).where(eq(sessions.idHash, idHash)),
    );
    expect(row?.grantedPermissions).toEqual(
      expect.arrayContaining([...allPermissions, "urn:logto:scope:organizations"]),
    );
  });
});

/** A line whose next answer to a renewal is kept back until it is let go. Logto has carried the request out by then. */
function holding() {
  let held: { of: RegExp; answered: () => void; released: Promise<void> } | undefined;
  let release = () => {};

  const around =
    (line: Line): Line =>
    async (url, init) => {
      const answer = line(url, init);
      if (!held?.of.test(String(init?.body ?? ""))) return answer;
      const { answered, released } = held;
      held = undefined;
      await answer.catch(() => undefined);
      answered();
      await released;
      return answer;
    };

  /** @returns when Logto has answered. */
  function holdNext(of = /refresh_token=/): Promise<void> {
    const released = new Promise<void>((resolve) => void (release = resolve));
    return new Promise((resolve) => void (held = { of, answered: resolve, released }));
  }

  return { around, holdNext, release: () => release() };
}

describe("checks at the same time", () => {
  test("fifty after a change ask Logto once", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    await check(app, browser);
    await changed(app, browser);
    const answers = await Promise.all(Array.from({ length: 50 }, () => may(app, browser)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify(collaborator)]));
    expect(app.renewals()).toBe(2);
  });

  test("one that comes after a change does not wait for an answer that was asked for before it", async () => {
    const hold = holding();
    const { organization, person, app, browser } = await signedIn(["Admin"], { around: hold.around });
    const carriedOut = hold.holdNext();
    const before = may(app, browser);
    await carriedOut;
    await ground.setRoles(organization, person, "Collaborator");
    await changed(app, browser);
    const after = may(app, browser);
    const alsoAfter = may(app, browser);
    hold.release();
    expect(await before).toEqual(admin);
    expect(await after).toEqual(collaborator);
    expect(await alsoAfter).toEqual(collaborator);
    expect(app.renewals()).toBe(2);
  });

  test("one that comes after Ada was added again is not told the no from before it", async () => {
    const hold = holding();
    const { organization, person, app, browser } = await signedIn(["Admin"], { around: hold.around });
    await ground.removeMember(organization, person);
    const listed = hold.holdNext(/grant_type=refresh_token$/);
    const before = may(app, browser);
    await listed;
    await ground.addMember(organization, person, "Collaborator");
    await changed(app, browser);
    const after = may(app, browser);
    hold.release();
    expect(await before).toBe("removed");
    expect(await after).toEqual(collaborator);
  });

  test("one about another organization is not told the no about this one", async () => {
    const { organization, person, app, browser } = await signedIn(["Admin"]);
    const other = await ground.makeOrganization("Globex");
    await ground.addMember(other, person, "Collaborator");
    await ground.removeMember(organization, person);
    const answers = await Promise.all([may(app, browser, organization), may(app, browser, other)]);
    expect(answers).toEqual(["removed", collaborator]);
  });

  test("two organizations asked about at once each get their own answer", async () => {
    const { organization, person, app, browser } = await signedIn(["Collaborator"]);
    const other = await ground.makeOrganization("Globex");
    await ground.addMember(other, person, "Admin");
    const answers = await Promise.all([may(app, browser, organization), may(app, browser, other)]);
    expect(answers).toEqual([collaborator, admin]);
    expect(app.renewals()).toBe(2);
  });

  test("an answer that arrives when another process has written a later one is thrown away", async () => {
    const hold = holding();
    const { organization, person, app, browser } = await signedIn(["Admin"], { around: hold.around });
    const other = ground.openApp({ file: app.file });
    const carriedOut = hold.holdNext();
    const older = may(app, browser);
    await carriedOut;
    await ground.setRoles(organization, person, "Collaborator");
    expect(await may(other, browser)).toEqual(collaborator);
    const { version } = await rowOf(app, browser);
    hold.release();
    expect(await older).toEqual(collaborator);
    expect((await rowOf(app, browser)).version).toBe(version);
  });

  test("a session that ended while Logto was asked is not brought back by the answer", async () => {
    const hold = holding();
    const { app, browser } = await signedIn(["Admin"], { around: hold.around });
    const { idHash } = await rowOf(app, browser);
    const carriedOut = hold.holdNext();
    const asked = may(app, browser);
    await carriedOut;
    await app.auth.sessions.drop(idHash);
    hold.release();
    expect(await asked).toBe("signed-out");
    expect(await app.sessionOf(browser)).toBeUndefined();
  });

  test("a fresh answer that one process wrote is enough for another that never reached Logto", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    await check(app, browser);
    const cold = ground.openApp({ file: app.file });
    expect(await may(cold, browser)).toEqual(collaborator);
    expect(cold.sent).toEqual([]);
  });

  test("whoever waited for an answer that cannot be had does not ask once more", async () => {
    const { person, app, browser } = await signedIn(["Admin"]);
    const other = await ground.makeOrganization("Globex");
    await ground.addMember(other, person, "Admin");
    await ground.fault({ kind: "status", status: 503 });
    expect(await Promise.all([may(app, browser), may(app, browser, other)])).toEqual(["unavailable", "unavailable"]);
    expect(app.renewals()).toBe(2); // the two tries of one
  });

  test("one whose answer another process replaces each time gives up after three", async () => {
    const overtaking = ground.openApp();
    let overtake: () => Promise<unknown> = async () => {};
    const around =
      (line: Line): Line =>
      async (url, init) => {
        const answer = await line(url, init);
        if (String(init?.body ?? "").includes("refresh_token=")) await overtake();
        return answer;
      };
    const { app, browser } = await signedIn(["Admin"], { file: overtaking.file, around });
    overtake = async () => {
      const row = await rowOf(overtaking, browser);
      const items = (await overtaking.auth.sessions.openItems(row))!;
      await overtaking.auth.sessions.save(row, { items, organizations: row.organizations, answer: null });
    };
    expect(await may(app, browser)).toBe("unavailable");
    expect(app.renewals()).toBe(3);
    overtake = async () => {};
    expect(await may(app, browser), "the control").toEqual(admin);
  });
});

describe("the list of somebody's organizations", () => {
  test("is asked for anew, and takes no answer about one of them away", async () => {
    const { organization, person, app, browser } = await signedIn(["Collaborator"]);
    expect(await may(app, browser)).toEqual(collaborator);
    const { idHash, answer } = await rowOf(app, browser);
    const other = await ground.makeOrganization("Globex");
    await ground.addMember(other, person, "Admin");
    expect(await app.auth.membership.organizations(idHash)).toEqual(
      expect.arrayContaining([
        { id: organization, roles: ["Collaborator"] },
        { id: other, roles: ["Admin"] },
      ]),
    );
    expect((await rowOf(app, browser)).answer).toEqual(answer);
  });

  test("is the one that another process has written meanwhile", async () => {
    const hold = holding();
    const { app, browser } = await signedIn(["Admin"], { around: hold.around });
    const { idHash } = await rowOf(app, browser);
    const carriedOut = hold.holdNext();
    const asked = app.auth.membership.organizations(idHash);
    await carriedOut;
    const row = await rowOf(app, browser);
    const later = [{ id: "later", roles: [] }];
    const items = (await app.auth.sessions.openItems(row))!;
    await app.auth.sessions.save(row, { items, organizations: later, answer: null });
    hold.release();
    expect(await asked).toEqual(later);
  });

  test("cannot be had for a session that is over, or ends meanwhile, nor while Logto is away", async () => {
    const hold = holding();
    const { app, browser } = await signedIn(["Admin"], { around: hold.around });
    const { idHash } = await rowOf(app, browser);
    await ground.fault({ kind: "status", status: 503 });
    expect(await app.auth.membership.organizations(idHash)).toBe("unavailable");
    await ground.heal();
    const carriedOut = hold.holdNext();
    const asked = app.auth.membership.organizations(idHash);
    await carriedOut;
    await app.auth.sessions.drop(idHash);
    hold.release();
    expect(await asked).toBe("signed-out");
    expect(await app.auth.membership.organizations(idHash)).toBe("signed-out");
  });
});

describe("a session that has ended", () => {
  test("is asked about in vain, and Logto is not", async () => {
    const { app, browser } = await signedIn(["Admin"]);
    const row = await rowOf(app, browser);
    await app.auth.sessions.drop(row.idHash);
    expect(await app.auth.membership.check(row, row.organizationId ?? "")).toBe("signed-out");
    expect(app.sent).toEqual([]);
  });

  test("for want of the secret that it was sealed with, is ended without asking Logto", async () => {
    const { app, browser } = await signedIn(["Admin"]);
    const other = ground.openApp({ file: app.file, secrets: ["an altogether different secret, 32."] });
    const row = await rowOf(app, browser);
    expect(await other.auth.membership.check(row, row.organizationId ?? "")).toBe("signed-out");
    expect(other.sent).toEqual([]);
    expect(await app.sessionOf(browser)).toBeUndefined();
  });

  test("at Logto, because it may not ask for this any more, is ended here too", async () => {
    const { app, browser } = await signedIn(["Admin"]);
    await ground.fault({
      kind: "status",
      status: 403,
      answer: { error: "insufficient_scope" },
      match: { path: "/oidc/token", grantType: "refresh_token" },
    });
    expect(await may(app, browser)).toBe("signed-out");
    expect(await app.sessionOf(browser)).toBeUndefined();
  });
});

test("a database that takes no write is waited for once, and reads go on with the last answer", async () => {
  let writes = 0;
  let isFull = false;
  const aroundStore = (store: Store): Store => ({
    ...store,
    system: {
      ...store.system,
      write: async (run) => {
        if (!isFull) return store.system.write(run);
        writes += 1;
        throw new StoreUnavailable("The database takes no write: SQLITE_FULL");
      },
    },
  });
  const { organization, app, browser } = await signedIn(["Admin"], { aroundStore });
  await check(app, browser);
  app.clock.ahead = 61_000;
  isFull = true;
  expect(await may(app, browser)).toBe("unavailable");
  expect(writes).toBe(1);
  expect(await lastKnown(app, browser)).toMatchObject({ answer: { organizationId: organization } });
});

describe("refresh tokens and two processes", () => {
  afterEach(() => ground.setRotation(false));

  async function refreshTokenOf(app: App, browser: Walker) {
    return (await app.auth.sessions.openItems(await rowOf(app, browser)))?.refreshToken;
  }

  /** Days and seconds pass for Logto alone: what it has handed out grows old at once. */
  async function rounds(rotation: boolean) {
    const { app, browser } = await signedIn(["Collaborator"]);
    const other = ground.openApp({ file: app.file });
    await ground.setRotation(rotation);
    const tokens = new Set([await refreshTokenOf(app, browser)]);
    for (let round = 0; round < 5; round += 1) {
      await ground.age(rotation ? 11 : 2);
      await changed(app, browser);
      const both = [app, other].flatMap((each) => Array.from({ length: 5 }, () => may(each, browser)));
      expect(new Set((await Promise.all(both)).map(String))).toEqual(new Set([String(collaborator)]));
      tokens.add(await refreshTokenOf(app, browser));
    }
    expect(app.renewals() + other.renewals()).toBeLessThanOrEqual(20);
    await ground.age(4 / 86_400); // what was replaced counts no more
    await changed(app, browser);
    expect(await may(other, browser)).toEqual(collaborator);
    return tokens.size;
  }

  test("that are replaced by their use sign nobody out", async () => {
    expect(await rounds(true)).toBe(6);
  });

  test("that are not replaced stay as they were", async () => {
    expect(await rounds(false)).toBe(1);
  });

  test("of which Logto knows nothing any more end the session, unless another process has renewed it meanwhile", async () => {
    const hold = holding();
    const gone: Fault = {
      kind: "status",
      status: 400,
      answer: { error: "invalid_grant" },
      match: { path: "/oidc/token", grantType: "refresh_token" },
      times: 1,
    };
    const { app, browser } = await signedIn(["Collaborator"], { around: hold.around });
    const other = ground.openApp({ file: app.file });
    await ground.fault(gone);
    const carriedOut = hold.holdNext();
    const refused = may(app, browser);
    await carriedOut;
    expect(await may(other, browser)).toEqual(collaborator);
    hold.release();
    expect(await refused).toEqual(collaborator);

    await changed(app, browser);
    await ground.fault(gone);
    expect(await may(app, browser)).toBe("signed-out");
    expect(await app.sessionOf(browser)).toBeUndefined();
  });
});

describe("while Logto gives no usable answer", () => {
  const renewals = { path: "/oidc/token", grantType: "refresh_token" };
  const faults: [name: string, fault: Fault][] = [
    ["429", { kind: "status", status: 429 }],
    ["500", { kind: "status", status: 500 }],
    ["503", { kind: "status", status: 503 }],
    ["a reset connection", { kind: "reset" }],
    ["a reset connection after it was carried out", { kind: "reset", when: "after" }],
    ["half an answer", { kind: "malformed" }],
    ["tokens that somebody else signed", { kind: "wrong-key" }],
    ["tokens that have expired", { kind: "skew", seconds: -7_200 }],
    ["an answer without tokens", { kind: "status", status: 200, answer: {} }],
    ["an empty answer", { kind: "status", status: 200, answer: "" }],
    ["a list for an answer", { kind: "status", status: 200, answer: [] }],
    ["a page for an answer", { kind: "status", status: 200, answer: "<html>Hello</html>" }],
    ["a no without a reason", { kind: "status", status: 403, answer: "Forbidden" }],
    ["a no to our secret", { kind: "status", status: 401, answer: { error: "invalid_client" } }],
  ];

  test.each(faults)(
    "%s: nothing is allowed that was not, and the session goes on when Logto is back",
    async (_name, fault) => {
      const { organization, person, app, browser } = await signedIn(["Collaborator"]);
      expect(await may(app, browser)).toEqual(collaborator);
      await ground.setRoles(organization, person, "Admin");
      app.clock.ahead += 61_000;
      await ground.fault({ ...fault, match: renewals });
      expect(await may(app, browser)).toBe("unavailable");
      expect(app.renewals(), "two tries").toBe(3);
      expect((await lastKnown(app, browser))?.answer.permissions.toSorted()).toEqual(collaborator);

      await ground.heal();
      await ground.fault({ ...fault, match: renewals, times: 1 });
      expect(await may(app, browser), "once only: the second try is as good").toEqual(admin);
      expect(app.renewals()).toBe(5);
    },
  );

  test("a Logto that does not answer at all is asked twice, and then waited for no longer", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    await ground.fault({ kind: "hang", match: renewals });
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => may(app, browser)));
    expect(new Set(answers)).toEqual(new Set(["unavailable"]));
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(app.renewals(), "two tries").toBe(2);
  });

  test("the last answer serves for five minutes, and for nothing once a change is known", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    expect(await lastKnown(app, browser), "before the first answer").toBeUndefined();
    await check(app, browser);
    app.clock.ahead += 299_000;
    expect((await lastKnown(app, browser))?.answer.permissions.toSorted()).toEqual(collaborator);
    await changed(app, browser);
    expect(await lastKnown(app, browser)).toBeUndefined();
    await check(app, browser);
    app.clock.ahead += 300_001;
    expect(await lastKnown(app, browser)).toBeUndefined();
  });

  test("the last answer about one organization serves for no other", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    await check(app, browser);
    const { idHash } = await rowOf(app, browser);
    expect(await app.auth.membership.lastKnown(idHash, "another")).toBeUndefined();
  });

  test("a no whose reason cannot be had takes the last answer with it", async () => {
    const { organization, person, app, browser } = await signedIn(["Admin"]);
    await check(app, browser);
    await ground.removeMember(organization, person);
    app.clock.ahead += 61_000;
    await ground.fault({ kind: "status", status: 500, match: renewals, after: 1 });
    expect(await may(app, browser)).toBe("unavailable");
    expect(await lastKnown(app, browser)).toBeUndefined();
    await ground.heal();
    expect(await may(app, browser)).toBe("removed");
  });

  test("a process with another secret than Logto's ends nobody's session", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    const wrong = ground.openApp({ file: app.file, appSecret: "not the secret" });
    expect(await may(wrong, browser)).toBe("unavailable");
    expect(await may(app, browser)).toEqual(collaborator);
  });

  test("a fault of our own is not taken for one of Logto's", async () => {
    const { app, browser } = await signedIn(["Collaborator"]);
    const row = await rowOf(app, browser);
    const broken = ground.openApp({ file: app.file });
    await broken.store.close();
    await expect(broken.auth.membership.check(row, row.organizationId ?? "")).rejects.toThrow("not open");
  });
});

describe("a token that is for something else is never believed", () => {
  /** A refresh_token grant as anybody with the session's refresh token could make it. */
  async function granted(app: App, browser: Walker, more: Record<string, string>): Promise<Record<string, string>> {
    const items = await app.auth.sessions.openItems(await rowOf(app, browser));
    const { appId, appSecret } = ground.application;
    const response = await fetch(`${ground.endpoint}/oidc/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: items?.refreshToken ?? "", ...more }),
    });
    return (await response.json()) as Record<string, string>;
  }

  async function answering(app: App, browser: Walker, answer: Record<string, string>) {
    await changed(app, browser);
    await ground.fault({
      kind: "status",
      status: 200,
      answer,
      match: { path: "/oidc/token", grantType: "refresh_token" },
    });
    const outcome = await may(app, browser);
    await ground.heal();
    return outcome;
  }

  test("not one for the whole template, for another organization, for another person, nor an ID token", async () => {
    const { organization, person, app, browser } = await signedIn(["Collaborator"]);
    const other = await ground.makeOrganization("Globex");
    await ground.addMember(other, person, "Admin");
    const eve: Person = await ground.makePerson("Eve", [[organization, "Admin"]]);
    const eves = await app.signIn(eve);

    const own = await granted(app, browser, { organization_id: organization });
    expect(await answering(app, browser, own), "the control").toEqual(collaborator);

    const template = await granted(app, browser, {
      resource: "urn:logto:resource:organizations",
      organization_id: organization,
    });
    expect(template.scope?.split(" "), "it is a wide one").toContain("manage:members");
    const elsewhere = await granted(app, browser, { organization_id: other });
    const foreign = await granted(app, eves, { organization_id: organization });
    for (const access_token of [template.access_token, elsewhere.access_token, foreign.access_token, own.id_token]) {
      expect(await answering(app, browser, { ...own, access_token: access_token ?? "" })).toBe("unavailable");
    }
    expect(await answering(app, browser, { ...own, id_token: foreign.id_token ?? "" }), "Eve's ID token").toBe(
      "unavailable",
    );
    const { id_token: _, ...withoutIdToken } = own;
    expect(await answering(app, browser, withoutIdToken), "nobody says whose it is").toBe("unavailable");
    expect(await may(app, browser)).toEqual(collaborator);
  });
});
