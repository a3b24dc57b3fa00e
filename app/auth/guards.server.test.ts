import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startGround, type App, type Ground, type Person } from "../../e2e/ground";
import type { Walker } from "../../e2e/walker";
import { eq, newId, type Store } from "../../db";
import type { Kept, Refusal } from "../http/refusal";
import type { Line } from "../logto/line.server";
import { paths } from "../paths";
import { writeAudit } from "../models/audit.server";
import { templateRoles } from "../permissions";
import type { Asked, Member } from "./guards.server";
import type { Whose } from "./session.server";

let ground: Ground;
let app: App;
let acme: string;
let globex: string;
beforeAll(async () => {
  ground = await startGround();
  acme = await ground.makeOrganization("Acme");
  globex = await ground.makeOrganization("Globex");
  await ground.makeRole("Reader", ["read:posts"]);
  app = ground.openApp();
});
afterAll(() => ground.close());
afterEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
});

/** Somebody with a role, or with none, in each of these organizations, who is in the first. */
async function signedIn(name: string, ...memberships: [organization: string, ...roles: string[]][]) {
  const person = await ground.makePerson(name, memberships);
  const browser = await app.signIn(person);
  const [[first]] = memberships as [[string]];
  const { idHash } = await rowOf(browser);
  await app.auth.sessions.activate(idHash, first);
  app.sent.length = 0;
  return { person, browser, idHash };
}

async function rowOf(browser: Walker) {
  const row = await app.sessionOf(browser);
  if (!row) throw new Error("There is no session");
  return row;
}

const typed: Kept = { action: paths.newPost, fields: [["title", "What I typed"]] };

/** A form that is sent from a page of that organization. */
const form = (page: string | undefined): Partial<Asked> => ({
  method: "POST",
  path: paths.newPost,
  pageOrganization: async () => page,
  kept: async () => typed,
});

/** What a guard tells the log. */
function listening() {
  const told: string[] = [];
  const asked: Partial<Asked> = {
    guarded: (operation) => void told.push(`${operation} is not for everybody`),
    denied: (operation, reason) => void told.push(`${operation}: ${reason}`),
  };
  return { told, asked };
}

/** How a guard refuses: the Response that it throws. */
async function refused(guarded: Promise<unknown>) {
  const thrown: unknown = await guarded.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw thrown ?? new Error("Nothing was refused");
  const text = await thrown.text();
  const body: Partial<Extract<Refusal, { kind: "stale-organization" }>> = text ? JSON.parse(text) : {};
  return { status: thrown.status, location: thrown.headers.get("Location"), headers: thrown.headers, body, text };
}

function writePost({ scope, person }: Member, title: string) {
  const at = new Date();
  const values = { authorId: person.id, title, body: "", status: "draft" as const, createdAt: at, updatedAt: at };
  return scope.write((tx, { posts }) => tx.insert(posts, { id: newId(), ...values }));
}

/** A store that tells each reading outside any organization. */
function countingStore(store: Store, readings: string[]): Store {
  const { system } = store;
  return {
    ...store,
    system: {
      ...system,
      query: (...asked) => (readings.push("query"), system.query(...asked)),
      read: (run) => (readings.push("read"), system.read(run)),
    },
  };
}

const titlesIn = async (organization: string) => {
  const rows = await app.store
    .scope(organization)
    .read((db, { posts }) => db.select({ title: posts.title }).from(posts));
  return rows.map(({ title }) => title);
};

describe("somebody without a session", () => {
  test.each(["GET", "HEAD"])(
    "who asks for a page by %s is sent to sign in, and to nowhere but back to it",
    async (method) => {
      const guards = app.guards(app.openBrowser(), { method, path: "/posts?status=draft" });
      const { status, location } = await refused(guards.requireMember("posts.list"));
      expect(status).toBe(302);
      expect(location).toBe("/auth/sign-in?returnTo=%2Fposts%3Fstatus%3Ddraft");
    },
  );

  test("whose page asks for its data gets 401", async () => {
    const guards = app.guards(app.openBrowser(), { transport: "data" });
    expect(await refused(guards.requireMember("posts.list"))).toMatchObject({
      status: 401,
      body: { kind: "signed-out" },
    });
  });

  test.each(["document", "data"] as const)(
    "who sends a form (%s) gets 401 and keeps what was typed",
    async (transport) => {
      const guards = app.guards(app.openBrowser(), { ...form(acme), transport });
      expect(await refused(guards.requireMember("posts.create"))).toMatchObject({
        status: 401,
        body: { kind: "signed-out", kept: typed },
      });
      expect(await refused(guards.requirePerson("organizations.create"))).toMatchObject({ status: 401 });
    },
  );

  test("is refused in the log too, with what they asked for", async () => {
    const { told, asked } = listening();
    await refused(app.guards(app.openBrowser(), asked).requireMember("posts.list"));
    await refused(app.guards(app.openBrowser(), { ...asked, method: "PUT" }).requireMember("posts.create"));
    await app.guards(app.openBrowser(), asked).visitor("root");
    expect(told).toEqual([
      "posts.list is not for everybody",
      "posts.list: signed out",
      "posts.create is not for everybody",
      "posts.create: method",
    ]);
  });

  test("is a visitor where anyone may be", async () => {
    expect(await app.guards(app.openBrowser()).visitor("root")).toEqual({
      acting: { id: null, name: "Somebody signed out", email: null, address: "127.0.0.1", userAgent: "A walker" },
    });
  });

  test("has none any more after two weeks", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    app.clock.ahead = 14 * 24 * 3_600_000 - 1_000;
    expect(await app.guards(browser).requirePerson("organizations.list")).toMatchObject({ name: "Ada" });
    app.clock.ahead += 1_000;
    expect(await refused(app.guards(browser).requirePerson("organizations.list"))).toMatchObject({ status: 302 });
  });
});

describe("a member", () => {
  test("gets their organization, their roles and permissions, and a scope to it", async () => {
    const { person, browser } = await signedIn("Ada", [acme, "Collaborator"], [globex, "Admin"]);
    const heard: unknown[] = [];
    const guards = app.guards(browser, { identified: (...who) => void heard.push(who) });
    const member = await guards.requireMember("posts.list");
    expect(member.organization).toMatchObject({ id: acme, name: "Acme" });
    expect(member.person).toMatchObject({ name: person.name, email: person.email, logtoId: person.id });
    expect([member.roles, member.readOnly]).toEqual([["Collaborator"], false]);
    expect(["write:posts", "delete:posts", "manage:members"].map((one) => member.can(one as "write:posts"))).toEqual([
      true,
      false,
      false,
    ]);
    expect(member.scope.organizationId).toBe(acme);
    expect(heard).toEqual([[member.person.id, acme]]);
  });

  test("is looked up once however many loaders of a page ask", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    let consumed = 0;
    const guards = app.guards(browser, { consume: async () => void (consumed += 1) });
    const asked = [
      guards.visitor("root"),
      guards.requireMember("posts.list"),
      guards.requirePerson("organizations.list"),
    ];
    await Promise.all(asked);
    expect([app.renewals(), consumed]).toEqual([1, 1]);
  });

  test("has the roles of the organization that they are in, wherever it stands among theirs", async () => {
    const { browser, idHash } = await signedIn("Ada", [acme, "Collaborator"], [globex, "Admin"]);
    const rolesIn = async (organization: string) => {
      await app.auth.sessions.activate(idHash, organization);
      return (await app.guards(browser).requireMember("posts.list")).roles;
    };
    expect([await rolesIn(acme), await rolesIn(globex)]).toEqual([["Collaborator"], ["Admin"]]);
  });

  test("has no role that a list of theirs does not name, and what Logto allows all the same", async () => {
    const { browser, idHash } = await signedIn("Ada", [acme, "Collaborator"]);
    await app.guards(browser).requireMember("posts.list");
    await app.store.system.write((db, { sessions }) =>
      db.update(sessions, { organizations: [] }, eq(sessions.idHash, idHash)),
    );
    const member = await app.guards(browser).requireMember("posts.list");
    expect([member.roles, member.can("write:posts")]).toEqual([[], true]);
  });

  test("costs one reading of the database while Logto's answer is fresh", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    await app.guards(browser).requireMember("posts.list");
    const readings: string[] = [];
    const counted = ground.openApp({ file: app.file, aroundStore: (store) => countingStore(store, readings) });
    await counted.guards(browser).requireMember("posts.list");
    expect(readings).toEqual(["query"]);
  });

  test("who has sent too much is refused before anything else is looked at", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    const tooMany = async () => Promise.reject(new Response(null, { status: 429 }));
    const guards = app.guards(browser, { ...form(undefined), consume: tooMany });
    expect(await refused(guards.requireMember("posts.create"))).toMatchObject({ status: 429 });
    expect(app.renewals()).toBe(0);
  });

  test("who signs out waits for no answer of Logto", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    expect(await app.guards(browser, form(acme)).visitor("auth.sign-out")).toMatchObject({ person: { name: "Ada" } });
    expect(app.sent).toEqual([]);
  });

  test("with a role that a customer has made may do what it holds, and is told in words what it does not", async () => {
    const { browser } = await signedIn("Ada", [acme, "Reader"]);
    expect((await app.guards(browser).requireMember("posts.list")).roles).toEqual(["Reader"]);
    const denied: unknown[] = [];
    const guards = app.guards(browser, { ...form(acme), denied: (...what) => void denied.push(what) });
    const { status, body } = await refused(guards.requireMember("posts.create"));
    expect([status, body.kind, body.kept]).toEqual([403, "forbidden", typed]);
    expect(body.sentence).toContain("write posts and comments");
    expect(denied).toEqual([["posts.create", "needs write:posts"]]);
  });

  test("without any role may do nothing", async () => {
    const person = await ground.makePerson("Ada", [[acme]]);
    const browser = await app.signIn(person);
    expect(await refused(app.guards(browser).requireMember("posts.list"))).toMatchObject({ status: 403 });
    await ground.setRoles(acme, person, "Reader");
    await app.auth.sessions.markStale({ organization: acme });
    expect(await app.guards(browser).requireMember("posts.list")).toMatchObject({ roles: ["Reader"] });
  });
});

describe("a missing permission", () => {
  const refusals = (organization: string) =>
    app.store.scope(organization).read((db, { auditEvents }) => db.select().from(auditEvents));

  test("is written into the organization's log: whose, for what, and where from", async () => {
    const organization = await ground.makeOrganization("Written down");
    const { person, browser } = await signedIn("Ada", [organization, "Reader"]);
    expect(await refused(app.guards(browser, form(organization)).requireMember("posts.create"))).toMatchObject({
      status: 403,
    });
    expect(await refusals(organization)).toMatchObject([
      {
        action: "posts.create",
        result: "refused",
        reason: "missing-permission",
        actorEmail: person.email,
        address: "127.0.0.1",
        userAgent: "A walker",
        targetType: "page",
        targetName: paths.newPost,
      },
    ]);
  });

  test("is not when somebody only looked, nor for what the log does not tell of", async () => {
    const organization = await ground.makeOrganization("Not written down");
    const { browser } = await signedIn("Ada", [organization]);
    expect(await refused(app.guards(browser).requireMember("billing.invoice"))).toMatchObject({ status: 403 });
    expect(await refused(app.guards(browser, form(organization)).requireMember("events.confirm"))).toMatchObject({
      status: 403,
    });
    expect(await refusals(organization)).toEqual([]);
  });
});

describe("an answer that takes its time", () => {
  test("goes on for whoever may have it", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    const guards = app.guards(browser);
    await guards.requireMember("audit.csv");
    expect(await guards.stillMay("audit.csv")).toBe(true);
  });

  const ends: [
    name: string,
    end: (of: { person: { id: string }; browser: Walker; idHash: string }) => Promise<unknown>,
  ][] = [
    ["has lost the permission", ({ person }) => ground.setRoles(acme, person, "Reader")],
    ["is no member any more", ({ person }) => ground.removeMember(acme, person)],
    ["has gone to another organization", ({ idHash }) => app.auth.sessions.activate(idHash, globex)],
    ["has signed out", ({ browser }) => app.auth.session.signOut(request(browser))],
  ];
  test.each(ends)("ends for whoever %s", async (_, end) => {
    const { person, browser, idHash } = await signedIn("Ada", [acme, "Admin"], [globex, "Admin"]);
    const guards = app.guards(browser);
    await guards.requireMember("audit.csv");
    await end({ person, browser, idHash });
    await app.auth.sessions.markStale({ session: idHash });
    expect(await guards.stillMay("audit.csv")).toBe(false);
  });

  test("does not begin for whoever is in no organization", async () => {
    const { browser, idHash } = await signedIn("Ada", [acme, "Admin"]);
    await app.auth.sessions.leave(idHash, acme, "Somebody has left.");
    expect(await app.guards(browser).stillMay("audit.csv")).toBe(false);
  });
});

describe("a page that belongs to another organization than the session", () => {
  test("is refused, with the names of both for somebody who is in both", async () => {
    const { browser } = await signedIn("Bob", [acme, "Collaborator"], [globex, "Admin"]);
    const asks: [Partial<Asked>, (guards: ReturnType<App["guards"]>) => Promise<unknown>][] = [
      [{ transport: "data", pageOrganization: async () => globex }, (guards) => guards.requireMember("posts.list")],
      [
        { transport: "data", pageOrganization: async () => globex },
        (guards) => guards.requirePerson("organizations.list"),
      ],
      [{ transport: "data", pageOrganization: async () => globex }, (guards) => guards.visitor("root")],
      [form(globex), (guards) => guards.requireMember("posts.create")],
    ];
    for (const [asked, guard] of asks) {
      const { status, headers, body } = await refused(guard(app.guards(browser, asked)));
      expect([status, headers.get("X-Atrium-Stale"), body.kind]).toEqual([409, "organization", "stale-organization"]);
      expect(body.page).toEqual({ id: globex, name: "Globex" });
      expect(body.session).toEqual({ id: acme, name: "Acme" });
      expect(body.kept).toEqual(asked.method === "POST" ? typed : undefined);
    }
    expect(app.sent, "nobody had to ask Logto").toEqual([]);
    expect(await app.guards(browser, form(acme)).requireMember("posts.create"), "the control").toBeTruthy();
  });

  test("tells Eve as little of an organization that is there as of one that never was", async () => {
    const own = await ground.makeOrganization("Eve's own");
    const { browser } = await signedIn("Eve", [own, "Admin"]);
    const answers = [];
    for (const id of [globex, "neverexisted"]) {
      const { status, text } = await refused(app.guards(browser, form(id)).requireMember("posts.create"));
      expect(status).toBe(409);
      answers.push(text.replaceAll(id, "the id that she sent"));
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).not.toContain("Globex");
  });

  test("is refused in the log too", async () => {
    const { browser } = await signedIn("Bob", [acme, "Collaborator"], [globex, "Admin"]);
    const { told, asked } = listening();
    await refused(app.guards(browser, { ...form(globex), ...asked }).requireMember("posts.create"));
    expect(told).toEqual([
      "posts.create is not for everybody",
      "posts.create: the page belongs to another organization",
    ]);
  });

  test("keeps nobody from what is done outside any organization, nor the page that answers it from its loaders", async () => {
    const { browser } = await signedIn("Bob", [acme, "Collaborator"], [globex, "Admin"]);
    const guards = app.guards(browser, form(globex));
    expect(await guards.requirePerson("organizations.switch")).toMatchObject({ name: "Bob" });
    expect(await guards.visitor("root")).toMatchObject({ member: { organization: { id: acme } } });
  });

  test("names the session's organization in some way, when its name is not known", async () => {
    const { browser, idHash } = await signedIn("Bob", [acme, "Collaborator"]);
    await app.store.system.write((db, { sessions }) =>
      db.update(sessions, { organizationId: "unheard-of" }, eq(sessions.idHash, idHash)),
    );
    const { body } = await refused(app.guards(browser, form(acme)).requireMember("posts.create"));
    expect(body.session).toEqual({ id: "unheard-of", name: "another organization" });
  });

  test("refuses a form that does not say whose page it is from", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    const { status, body } = await refused(app.guards(browser, form(undefined)).requireMember("posts.create"));
    expect([status, body.kind, body.kept]).toEqual([428, "precondition-missing", typed]);
  });
});

describe("methods", () => {
  test.each(["PUT", "PATCH", "DELETE"])(
    "%s is refused wherever a form is posted, even with the page's organization",
    async (method) => {
      const { browser } = await signedIn("Ada", [acme, "Admin"]);
      const guards = app.guards(browser, { ...form(acme), method });
      const asked = [
        [guards.requireMember("posts.create"), "GET, HEAD, POST"],
        [guards.requirePerson("organizations.create"), "GET, HEAD, POST"],
        [guards.visitor("auth.sign-out"), "POST"],
      ] as const;
      for (const [guarded, allow] of asked) {
        const { status, headers, body } = await refused(guarded);
        expect([status, headers.get("Allow"), body.kind]).toEqual([405, allow, "unsupported-method"]);
      }
    },
  );

  test("GET does not reach what a form is for", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    expect(await refused(app.guards(browser).requireMember("posts.delete"))).toMatchObject({ status: 405 });
  });

  test("the page that answers a form without JavaScript is read by its loaders", async () => {
    const { browser } = await signedIn("Ada", [acme, "Admin"]);
    const guards = app.guards(browser, form(acme));
    await guards.requireMember("posts.create");
    expect(await guards.requireMember("posts.new")).toMatchObject({ organization: { id: acme } });
    expect(await guards.visitor("root")).toMatchObject({ member: { organization: { id: acme } } });
  });
});

describe("somebody who is no member any more", () => {
  async function removed() {
    const { person, browser, idHash } = await signedIn("Bob", [acme, "Admin"], [globex, "Admin"]);
    const member = await app.guards(browser).requireMember("posts.list");
    await ground.removeMember(acme, person);
    await app.auth.sessions.markStale({ session: idHash });
    return { person, browser, idHash, member };
  }

  test.each(["document", "data"] as const)(
    "is led from a page (%s) to the list of their organizations and told why",
    async (transport) => {
      const { browser } = await removed();
      const { status, location } = await refused(app.guards(browser, { transport }).requireMember("posts.list"));
      expect([status, location]).toEqual([302, "/organizations"]);
      expect(await rowOf(browser)).toMatchObject({
        organizationId: null,
        notice: "You no longer have access to Acme.",
      });
    },
  );

  test("keeps what was typed in a form, and is in no other organization by that", async () => {
    const { browser } = await removed();
    const { status, body } = await refused(app.guards(browser, form(acme)).requireMember("posts.create"));
    expect([status, body.kind, body.kept]).toEqual([403, "removed", typed]);
    expect(body.sentence).toContain("Acme");
    expect(await rowOf(browser)).toMatchObject({ organizationId: null });

    const { told, asked } = listening();
    const next = app.guards(browser, asked);
    const visitor = await next.visitor("root");
    expect(visitor).toMatchObject({ person: { name: "Bob" }, acting: { name: "Bob" } });
    expect(visitor).not.toHaveProperty("member");
    expect(await refused(next.requireMember("posts.list"))).toMatchObject({ status: 302, location: "/organizations" });
    expect(told).toContain("posts.list: none-active");
    const again = await refused(app.guards(browser, form(globex)).requireMember("posts.create"));
    expect([again.status, again.body.kept], "not in Globex either, which they are still in").toEqual([403, typed]);
    expect(again.body.sentence).toContain("the organization of this page");
  });

  test("is told who has removed them", async () => {
    const { browser, idHash, member } = await removed();
    await app.store.scope(acme).write(async (tx, { members }) => {
      await tx.update(members, { leavingAt: tx.at }, eq(members.userId, member.person.id));
      const target = { type: "member" as const, id: member.person.logtoId, name: "Bob" };
      await writeAudit({ ...tx, by: { ...tx.by, id: "carol", name: "Carol" } }, { action: "members.remove", target });
    });
    await app.auth.sessions.markStale({ session: idHash });
    await refused(app.guards(browser).requireMember("posts.list"));
    expect(await rowOf(browser)).toMatchObject({
      notice: "You no longer have access to Acme. Carol has removed you.",
    });
  });

  test("is told before a missing permission is", async () => {
    const { person, browser, idHash } = await signedIn("Bob", [acme, "Reader"]);
    await ground.removeMember(acme, person);
    await app.auth.sessions.markStale({ session: idHash });
    const { body } = await refused(app.guards(browser, form(acme)).requireMember("posts.create"));
    expect(body.kind).toBe("removed");
  });

  test("is not led away from where another tab has gone meanwhile", async () => {
    const { browser, idHash } = await removed();
    const guards = app.guards(browser);
    await guards.requirePerson("organizations.list"); // the request has read its session
    await app.auth.sessions.activate(idHash, globex);
    await refused(guards.requireMember("posts.list"));
    expect(await rowOf(browser)).toMatchObject({ organizationId: globex, notice: null });
  });

  test("sees why an organization refuses a member that it wants more proof of, and stays in it", async () => {
    const strict = await ground.makeOrganization("Strict");
    const { browser } = await signedIn("Ada", [strict, "Admin"]);
    await ground.api.write("PATCH", `/organizations/${strict}`, { isMfaRequired: true });
    for (const guarded of [
      app.guards(browser).requireMember("posts.list"),
      app.guards(browser, form(strict)).requireMember("posts.create"),
    ]) {
      const { status, body } = await refused(guarded);
      expect([status, body.kind]).toEqual([403, "policy-refused"]);
      expect(body.sentence).toContain("Strict");
    }
    expect(await rowOf(browser)).toMatchObject({ organizationId: strict });
  });

  test("and whose account is suspended is signed out", async () => {
    const { person, browser } = await signedIn("Ada", [acme, "Admin"]);
    await ground.api.write("PATCH", `/users/${person.id}/is-suspended`, { isSuspended: true });
    expect(await refused(app.guards(browser, form(acme)).requireMember("posts.create"))).toMatchObject({ status: 401 });
    const { location } = await refused(app.guards(browser).requireMember("posts.list"));
    expect(location).toBe("/auth/sign-in?returnTo=%2Fposts");
  });
});

describe("while Logto is away", () => {
  const away = () => ground.fault({ kind: "status", status: 503 });

  test("one reads on with what one was allowed last, and changes nothing", async () => {
    const { person, browser } = await signedIn("Ada", [acme, "Collaborator"]);
    await app.guards(browser).requireMember("posts.list");
    await ground.setRoles(acme, person, "Admin");
    app.clock.ahead = 61_000;
    await away();
    const member = await app.guards(browser, { kept: async () => typed }).requireMember("posts.list");
    expect([member.readOnly, member.can("write:posts"), member.can("manage:members")]).toEqual([true, true, false]);
    expect(await refused(writePost(member, "While Logto was away"))).toMatchObject({
      status: 503,
      body: { kept: typed },
    });

    const { status, headers, body } = await refused(app.guards(browser, form(acme)).requireMember("posts.create"));
    expect([status, body.kind, body.kept]).toEqual([503, "unavailable", typed]);
    expect(Number(headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await titlesIn(acme)).not.toContain("While Logto was away");

    app.clock.ahead = 300_001;
    expect(await refused(app.guards(browser).requireMember("posts.list")), "five minutes later").toMatchObject({
      status: 503,
    });
  });

  test("nobody reads on of whom a change is known", async () => {
    const { browser, idHash } = await signedIn("Ada", [acme, "Admin"]);
    await app.guards(browser).requireMember("posts.list");
    await app.auth.sessions.markStale({ session: idHash });
    await away();
    expect(await refused(app.guards(browser).requireMember("posts.list"))).toMatchObject({ status: 503 });
  });

  test("nobody reads on of whom a change becomes known while Logto is asked in vain", async () => {
    const { browser, idHash } = await signedIn("Ada", [acme, "Admin"]);
    await app.guards(browser).requireMember("posts.list");
    app.clock.ahead = 61_000;
    const slow = ground.openApp({
      file: app.file,
      around:
        (line: Line): Line =>
        async (...asked) => {
          await app.auth.sessions.markStale({ session: idHash });
          return line(...asked);
        },
    });
    slow.clock.ahead = 61_000;
    await away();
    expect(await refused(slow.guards(browser).requireMember("posts.list"))).toMatchObject({ status: 503 });
  });

  test("an organization whose name nobody knows yet is not shown without it, and is as soon as the name can be had", async () => {
    const nameless = await ground.makeOrganization("Nameless");
    const person = await ground.makePerson("Ada", [[nameless, "Admin"]]);
    await ground.fault({ kind: "status", status: 500, match: { path: "/api/users" } });
    const browser = await app.signIn(person);
    expect(await refused(app.guards(browser).requireMember("posts.list"))).toMatchObject({ status: 503 });
    await ground.heal();
    const { organization } = await app.guards(browser).requireMember("posts.list");
    expect(organization.name).toBe("Nameless");
  });

  test("that the names of other organizations cannot be had keeps nobody out of their own", async () => {
    const { person, browser, idHash } = await signedIn("Ada", [acme, "Admin"]);
    await ground.addMember(await ground.makeOrganization("New to us"), person, "Admin");
    await app.auth.sessions.markStale({ session: idHash });
    await ground.fault({ kind: "status", status: 500, match: { path: "/api/users" } });
    expect(await app.guards(browser).requireMember("posts.list")).toMatchObject({ readOnly: false });
  });
});

describe("a change between the guard and the write", () => {
  async function atTheWrite(title: string) {
    const bob = await signedIn("Bob", [acme, "Collaborator"], [globex, "Admin"]);
    const member = await app.guards(bob.browser, form(acme)).requireMember("posts.create");
    return { ...bob, member, write: () => writePost(member, title) };
  }
  type Situation = Awaited<ReturnType<typeof atTheWrite>>;

  const markStale = (whose: Whose) => app.auth.sessions.markStale(whose);
  const changes: [name: string, change: (situation: Situation) => Promise<unknown>][] = [
    ["of the session", ({ idHash }) => markStale({ session: idHash })],
    ["of the person", ({ member }) => markStale({ user: member.person.id })],
    ["of the person in the organization", ({ member }) => markStale({ user: member.person.id, organization: acme })],
    ["of the organization", () => markStale({ organization: acme })],
    ["of everybody", () => markStale("everybody")],
    ["to another organization", ({ idHash }) => app.auth.sessions.activate(idHash, globex)],
    [
      "to another organization, written into the row by whatever means",
      ({ idHash }) =>
        app.store.system.write((db, { sessions }) =>
          db.update(sessions, { organizationId: globex }, eq(sessions.idHash, idHash)),
        ),
    ],
    [
      "there and back again",
      async ({ idHash }) => {
        await app.auth.sessions.activate(idHash, globex);
        await app.auth.sessions.activate(idHash, acme);
      },
    ],
    ["out of the app", ({ browser }) => app.auth.session.signOut(request(browser))],
  ];

  test.each(changes)("%s refuses the write, and nothing is written", async (name, change) => {
    const situation = await atTheWrite(name);
    await change(situation);
    const { status, body } = await refused(situation.write());
    expect([status, body.kind, body.kept]).toEqual([409, "access-changed", typed]);
    expect(await titlesIn(acme)).not.toContain(name);
    expect(await titlesIn(globex)).not.toContain(name);
  });

  test("that concerns somebody or something else, or none at all, lets it through", async () => {
    const { write, member } = await atTheWrite("The control");
    const others: Whose[] = [
      { session: "another" },
      { user: "another" },
      { organization: globex },
      { user: member.person.id, organization: globex },
      { user: "another", organization: acme },
    ];
    for (const whose of others) await markStale(whose);
    await write();
    expect(await titlesIn(acme)).toContain("The control");
  });

  test("refuses it inside the transaction too, when it comes after the write was asked for", async () => {
    const { idHash, write } = await atTheWrite("Too late");
    const change = markStale({ session: idHash });
    const written = write();
    await change;
    expect(await refused(written)).toMatchObject({ status: 409 });
    expect(await titlesIn(acme)).not.toContain("Too late");
  });

  test.each([
    [
      "a demotion",
      async (bob: Person, idHash: string) => {
        await ground.setRoles(acme, bob, "Reader");
        await markStale({ session: idHash });
      },
    ],
    ["a switch", (_bob: Person, idHash: string) => app.auth.sessions.activate(idHash, globex)],
  ])("refuses it when it became known while Logto was asked: %s", async (name, change) => {
    const { person, browser, idHash } = await signedIn("Bob", [acme, "Collaborator"], [globex, "Admin"]);
    let once = false;
    const asking = ground.openApp({
      file: app.file,
      around:
        (line: Line): Line =>
        async (url, init) => {
          const answer = await line(url, init);
          if (!once && String(init?.body ?? "").includes(acme)) {
            once = true;
            await change(person, idHash);
          }
          return answer;
        },
    });
    const member = await asking.guards(browser, form(acme)).requireMember("posts.create");
    expect(member.organization.id).toBe(acme);
    expect(await refused(writePost(member, name))).toMatchObject({ status: 409 });
    expect([...(await titlesIn(acme)), ...(await titlesIn(globex))]).not.toContain(name);
  });

  test("fifty switches at once with writes from pages of both: each write is in the organization of its page", async () => {
    const { browser, idHash } = await signedIn("Bob", [acme, "Admin"], [globex, "Admin"]);
    let written = 0;
    const attempts = Array.from({ length: 50 }, async (_, index) => {
      const [page, name] = index % 2 ? [acme, "for Acme"] : [globex, "for Globex"];
      await app.auth.sessions.activate(idHash, page);
      const guarded = app.guards(browser, form(page)).requireMember("posts.create");
      await guarded
        .then((member) => writePost(member, `${name} ${idHash}`))
        .then(
          () => void (written += 1),
          (error: unknown) => expect((error as Response).status).toBe(409),
        );
    });
    await Promise.all(attempts);
    expect(written).toBeGreaterThan(0);
    const ofBob = (titles: string[]) => titles.filter((title) => title.endsWith(idHash));
    const [inAcme, inGlobex] = [ofBob(await titlesIn(acme)), ofBob(await titlesIn(globex))];
    expect(inAcme.length + inGlobex.length).toBe(written);
    expect(new Set(inAcme)).not.toContain(`for Globex ${idHash}`);
    expect(new Set(inGlobex)).not.toContain(`for Acme ${idHash}`);
  });
});

test("the two roles of the template hold what the table says", async () => {
  for (const { name, permissions } of templateRoles) {
    const { browser } = await signedIn("Ada", [acme, name]);
    const member = await app.guards(browser).requireMember("posts.list");
    expect(
      templateRoles.flatMap((role) => role.permissions).filter((one) => member.can(one) !== permissions.includes(one)),
    ).toEqual([]);
  }
});

function request(browser: Walker): Request {
  return new Request(`${ground.origin}${paths.signOut}`, { headers: { Cookie: browser.cookies(paths.home) } });
}
