import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  startGround,
  type App,
  type AppOptions,
  type Fault,
  type Ground,
  type Person as LogtoPerson,
} from "../../e2e/ground";
import type { Store } from "../../db";
import type { Line } from "../logto/line.server";
import { paths } from "../paths";
import { allPermissions } from "../permissions";
import type { Founder } from "./organizations.server";
import { rememberPerson } from "./users.server";

let ground: Ground;
let shared: App;
beforeAll(async () => {
  ground = await startGround();
  shared = ground.openApp();
});
afterAll(() => ground.close());
afterEach(() => ground.heal());

const Named = z.object({ id: z.string(), name: z.string() });
let founders = 0;

/** Somebody who has just signed in for the first time, in the app's database and at Logto. */
async function newFounder(app: App, name = `Founder ${(founders += 1)}`): Promise<Founder> {
  const { id: logtoId, email } = await ground.makePerson(name);
  return founderIn(app, { logtoId, email, name });
}

const founderIn = (app: App, { logtoId, email, name }: { logtoId: string; email: string; name: string }) =>
  rememberPerson(app.store.system, { logtoId, email, name }, new Date());

const everyOrganization = () => ground.api.list("/organizations", Named);

/** Exactly one organization came into being, and it is as it should be. */
async function expectOne(before: { id: string }[], { logtoId }: { logtoId: string }, name: string, role = "Admin") {
  const all = await everyOrganization();
  const made = all.filter(({ id }) => before.every((one) => one.id !== id));
  expect(made.map((one) => one.name)).toEqual([name]);
  const id = made[0]?.id ?? "";
  const Member = z.object({ id: z.string(), organizationRoles: z.array(Named) });
  const members = await ground.api.list(`/organizations/${id}/users`, Member);
  expect(members.map((member) => [member.id, member.organizationRoles.map((held) => held.name)])).toEqual([
    [logtoId, [role]],
  ]);
  return id;
}

const ordersOf = (app: App, { id }: Founder) =>
  app.store.system
    .read((db, { newOrganizations }) => db.select().from(newOrganizations))
    .then((orders) => orders.filter(({ userId }) => userId === id));

describe("the first organization of somebody who has none", () => {
  test("is named after them, is theirs to look after, and is theirs alone", async () => {
    const before = await everyOrganization();
    const founder = await newFounder(shared, "Grace");
    const founding = await shared.organizations.foundFirst(founder);
    const id = await expectOne(before, founder, "Grace's organization");
    expect(founding).toEqual({
      ok: true,
      organization: { id, name: "Grace's organization", colour: expect.any(Number), deletesAt: null },
    });
    expect(await shared.organizations.listOrganizations([id])).toEqual([founding.ok && founding.organization]);
    expect(await ordersOf(shared, founder)).toMatchObject([
      { organizationId: id, leasedUntil: null, finishedAt: expect.any(Date) },
    ]);
  });

  test("is there at the end of the first sign-in, with every permission", async () => {
    const before = await everyOrganization();
    const person = await ground.makePerson("Grace");
    const browser = shared.openBrowser();
    const { url } = await browser.signIn(person, { returnTo: "/posts/new" });
    expect(url).toBe(`${ground.origin}/posts/new`);
    const id = await expectOne(before, { logtoId: person.id }, "Grace's organization");
    const member = await shared.guards(browser).requireMember("posts.list");
    expect([member.organization.id, member.roles]).toEqual([id, ["Admin"]]);
    expect(allPermissions.filter((permission) => !member.can(permission))).toEqual([]);
  });

  test.each([
    ["one process", 1],
    ["two processes", 2],
  ])("is one, though twenty sign-ins of theirs end at the same moment in %s", async (_name, processes) => {
    const before = await everyOrganization();
    const apps = [ground.openApp()];
    if (processes === 2) apps.push(ground.openApp({ file: apps[0]!.file }));
    const person = await ground.makePerson("Grace");
    const browsers = Array.from({ length: 20 }, (_, index) => apps[index % apps.length]!.openBrowser());
    const callbacks = await Promise.all(browsers.map((browser) => browser.signIn(person, { stopAtCallback: true })));
    const answers = await Promise.all(browsers.map((browser, index) => browser.get(callbacks[index]!.url)));

    const id = await expectOne(before, { logtoId: person.id }, "Grace's organization");
    const places = answers.map((answer) => answer.headers.get("Location"));
    // Whoever comes while the other process is at it is asked to choose, and finds it there.
    expect(places.filter((place) => place === paths.posts).length).toBeGreaterThanOrEqual(20 / processes);
    for (const [index, browser] of browsers.entries()) {
      const app = apps[index % apps.length]!;
      const known = await app.guards(browser).requirePerson("organizations.list");
      expect(await app.auth.session.activate(known, id)).toBe("active");
      expect(await app.guards(browser).requireMember("posts.list")).toMatchObject({ organization: { id } });
    }
  });

  test("is made of a name of any length, so that Logto takes it and no character breaks", async () => {
    const names = [
      ["A", "A's organization"],
      ["Ж".repeat(200), `${"Ж".repeat(113)}'s organization`],
      ["👩‍👩‍👧‍👦".repeat(20), `${"👩‍👩‍👧‍👦".repeat(10)}'s organization`],
      ["😀".repeat(100), `${"😀".repeat(56)}'s organization`],
    ] as const;
    for (const [name, expected] of names) {
      const before = await everyOrganization();
      const { id: logtoId, email } = await ground.makePerson("Somebody");
      const founder = await founderIn(shared, { logtoId, email, name });
      expect(await shared.organizations.foundFirst(founder)).toMatchObject({
        ok: true,
        organization: { name: expected },
      });
      await expectOne(before, founder, expected);
    }
  });

  test("is not made again when they have left it, or it was deleted", async () => {
    const founder = await newFounder(shared);
    const founding = await shared.organizations.foundFirst(founder);
    const id = founding.ok ? founding.organization.id : "";
    expect(await shared.organizations.foundFirst(founder), "while it is there").toEqual(founding);
    await ground.removeMember(id, { id: founder.logtoId });
    const before = await everyOrganization();
    expect(await shared.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "gone" });
    await ground.api.write("DELETE", `/organizations/${id}`);
    expect(await shared.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "gone" });
    expect((await everyOrganization()).length).toBe(before.length - 1);
  });

  test("is not made for somebody of whom Logto does not say that they have none", async () => {
    const person = await ground.makePerson("Grace");
    await ground.fault({ kind: "status", match: { path: "/api/organization-roles" } });
    const browser = shared.openBrowser();
    expect((await browser.signIn(person)).url, "signed in all the same").toBe(ground.origin + paths.organizations);
    const asked = await shared.guards(browser).requirePerson("organizations.list");
    await ground.heal();

    const before = await everyOrganization();
    await ground.fault({ kind: "status", match: { path: "/oidc/token", grantType: "refresh_token" } });
    expect(await shared.auth.session.foundFirst(asked)).toEqual({ ok: false, reason: "unavailable" });
    expect(await everyOrganization()).toEqual(before);
    await ground.heal();

    const acme = await ground.makeOrganization("Acme");
    await ground.addMember(acme, person, "Collaborator");
    expect(await shared.auth.session.foundFirst(asked), "invited meanwhile").toEqual({ ok: false, reason: "has-some" });
    await ground.removeMember(acme, person);
    const since = await everyOrganization();
    expect(await shared.auth.session.foundFirst(asked), "the control").toMatchObject({ ok: true });
    await expectOne(since, { logtoId: person.id }, "Grace's organization");
  });
});

/** The process is killed after so many steps: the last one is carried out, and nothing comes after it. */
function dyingAfter(steps: number) {
  let left = steps;
  let die = () => {};
  const dead = new Promise<"dead">((resolve) => void (die = () => resolve("dead")));
  const never = new Promise<never>(() => {});

  async function step<T>(run: () => PromiseLike<T>): Promise<T> {
    if (left === 0) return never;
    left -= 1;
    const isLast = left === 0;
    const outcome = await run();
    if (!isLast) return outcome;
    die();
    return never;
  }

  const around =
    (line: Line): Line =>
    (url, init) =>
      step(() => line(url, init));
  const aroundStore = (store: Store): Store => ({
    ...store,
    system: { ...store.system, write: (run) => step(() => store.system.write(run)) },
  });
  return { dead, options: { around, aroundStore } satisfies AppOptions };
}

describe("whatever stops the making of an organization half-way", () => {
  test("a kill after any step: the next attempt finishes it, once nobody else can be at it", async () => {
    let killed = 0;
    for (let steps = 1; ; steps += 1) {
      const before = await everyOrganization();
      const { dead, options } = dyingAfter(steps);
      const app = ground.openApp(options);
      const founder = await newFounder(app);
      const name = `${founder.name}'s organization`;
      const outcome = await Promise.race([app.organizations.foundFirst(founder), dead]);
      if (outcome !== "dead") break;
      killed = steps;

      const restarted = ground.openApp({ file: app.file });
      restarted.clock.ahead = 30_001;
      expect(await restarted.organizations.foundFirst(founder), `after step ${steps}`).toMatchObject({
        ok: true,
        organization: { name },
      });
      await expectOne(before, founder, name);
    }
    expect(killed, "the steps that there are").toBeGreaterThanOrEqual(13);
  });

  test("a kill leaves half a minute in which nobody else touches it", async () => {
    const { dead, options } = dyingAfter(6);
    const app = ground.openApp(options);
    const founder = await newFounder(app);
    expect(await Promise.race([app.organizations.foundFirst(founder), dead])).toBe("dead");
    const restarted = ground.openApp({ file: app.file });
    expect(await restarted.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "under-way" });
  });

  const steps: [name: string, match: Fault["match"], turn?: { after?: number; times?: number }][] = [
    ["the machine's token", { path: "/oidc/token", grantType: "client_credentials" }, { times: 2 }],
    ["the roles", { method: "GET", path: "/api/organization-roles" }, { times: 2 }],
    ["the search for what an earlier attempt left", { method: "GET", path: "/api/organizations?q=" }, { times: 2 }],
    ["the organization itself", { method: "POST", path: "^/api/organizations$" }],
    ["the member", { method: "POST", path: "^/api/organizations/[^/]+/users$" }],
    ["the role", { method: "POST", path: "^/api/organizations/[^/]+/users/.+/roles$" }],
    ["the name", { method: "PATCH", path: "/api/organizations/" }],
    ["the search for a second one", { method: "GET", path: "/api/organizations?q=" }, { after: 1, times: 2 }],
  ];
  const faults: [name: string, fault: Fault][] = (["before", "after"] as const).flatMap((when) =>
    (["status", "reset", "hang"] as const).map((kind): [string, Fault] => [`${kind} ${when}`, { kind, when }]),
  );

  describe.each(steps)("Logto fails at %s", (_step, match, { after = 0, times = 1 } = {}) => {
    test.each(faults)("%s it is carried out: the next attempt finishes it", async (_name, fault) => {
      const impatient = ground.openApp(fault.kind === "hang" ? { line: { patience: 300 } } : {});
      const app = ground.openApp({ file: impatient.file });
      const founder = await newFounder(app);
      const name = `${founder.name}'s organization`;
      const before = await everyOrganization();
      await ground.fault({ ...fault, match, after, times });
      expect(await impatient.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "unavailable" });
      await ground.heal();
      expect(await app.organizations.foundFirst(founder)).toMatchObject({ ok: true, organization: { name } });
      await expectOne(before, founder, name);
    });
  });

  test("Logto says no to our machine: that too is tried again later, and fails nothing", async () => {
    const founder = await newFounder(shared);
    const before = await everyOrganization();
    await ground.fault({ kind: "status", status: 403, answer: { code: "auth.forbidden" }, match: { path: "/api/" } });
    expect(await shared.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "unavailable" });
    await ground.heal();
    expect(await shared.organizations.foundFirst(founder)).toMatchObject({ ok: true });
    await expectOne(before, founder, `${founder.name}'s organization`);
  });

  test("somebody deletes the half-made organization: another is made in its place", async () => {
    const founder = await newFounder(shared);
    await ground.fault({ kind: "status", match: { method: "PATCH", path: "/api/organizations/" } });
    expect(await shared.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "unavailable" });
    await ground.heal();
    const [order] = await ordersOf(shared, founder);
    await ground.api.write("DELETE", `/organizations/${order?.organizationId}`);
    const before = await everyOrganization();
    expect(await shared.organizations.foundFirst(founder)).toMatchObject({ ok: true });
    await expectOne(before, founder, `${founder.name}'s organization`);
  });

  test("somebody deletes it between two steps: the next attempt makes another", async () => {
    let deleted = false;
    const around =
      (line: Line): Line =>
      async (url, init) => {
        const answer = await line(url, init);
        const [, id] = /organizations\/([^/]+)\/users$/.exec(String(url)) ?? [];
        if (id && !deleted) {
          deleted = true;
          await ground.api.write("DELETE", `/organizations/${id}`);
        }
        return answer;
      };
    const app = ground.openApp({ around });
    const founder = await newFounder(app);
    const before = await everyOrganization();
    expect(await app.organizations.foundFirst(founder)).toMatchObject({ ok: false });
    expect(await app.organizations.foundFirst(founder)).toMatchObject({ ok: true });
    await expectOne(before, founder, `${founder.name}'s organization`);
  });

  /** A line that stops after such a request until it is told to go on. */
  function pausingAt(address: RegExp) {
    let arrive = () => {};
    let goOn = () => {};
    const arrived = new Promise<void>((resolve) => void (arrive = resolve));
    const resumed = new Promise<void>((resolve) => void (goOn = resolve));
    const around =
      (line: Line): Line =>
      async (url, init) => {
        const answer = await line(url, init);
        if (!address.test(String(url))) return answer;
        arrive();
        await resumed;
        return answer;
      };
    return { around, arrived, goOn: () => goOn() };
  }

  test("what an attempt made whose answer was lost is found again: nothing is made twice", async () => {
    const founder = await newFounder(shared);
    const before = await everyOrganization();
    const creation = { method: "POST", path: "^/api/organizations$" };
    const creations = await ground.watch(creation);
    await ground.fault({ kind: "reset", when: "after", match: creation, times: 1 });
    expect(await shared.organizations.foundFirst(founder)).toMatchObject({ ok: false });
    expect(await shared.organizations.foundFirst(founder)).toMatchObject({ ok: true });
    expect(await creations()).toBe(1);
    await expectOne(before, founder, `${founder.name}'s organization`);
  });

  test("a process that comes back when another is at it, and fails, does not let a third one in", async () => {
    const before = await everyOrganization();
    const [first, second] = [pausingAt(/\/users$/), pausingAt(/\/roles$/)];
    const slow = ground.openApp({ around: first.around });
    const founder = await newFounder(slow);
    const slowly = slow.organizations.foundFirst(founder);
    await first.arrived;
    const later = (around?: AppOptions["around"]) => {
      const app = ground.openApp({ file: slow.file, ...(around && { around }) });
      app.clock.ahead = 30_001;
      return app.organizations.foundFirst(founder);
    };
    const meanwhile = later(second.around);
    await second.arrived;
    await ground.fault({ kind: "status", match: { method: "PATCH", path: "/api/organizations/" }, times: 1 });
    first.goOn();
    expect(await slowly).toEqual({ ok: false, reason: "unavailable" });
    expect(await later()).toEqual({ ok: false, reason: "under-way" });
    second.goOn();
    expect(await meanwhile).toMatchObject({ ok: true });
    await expectOne(before, founder, `${founder.name}'s organization`);
  });

  test("a process that was thought dead comes back and goes on: it is still one", async () => {
    const before = await everyOrganization();
    const pause = pausingAt(/\/users$/);
    const slow = ground.openApp({ around: pause.around });
    const founder = await newFounder(slow);
    const slowly = slow.organizations.foundFirst(founder);
    await pause.arrived;
    const other = ground.openApp({ file: slow.file });
    other.clock.ahead = 30_001;
    expect(await other.organizations.foundFirst(founder)).toMatchObject({ ok: true });
    pause.goOn();
    expect(await slowly).toMatchObject({ ok: true });
    await expectOne(before, founder, `${founder.name}'s organization`);
  });
});

describe("another organization, asked for by a form", () => {
  test("is one for a form that is sent twice, at once or later, and another for another form", async () => {
    const founder = await newFounder(shared);
    const before = await everyOrganization();
    const send = (key: string, name: string) => shared.organizations.foundAnother(founder, key, name);
    const [first, second] = await Promise.all([send("form-one", "Acme"), send("form-one", "Acme")]);
    expect(first).toMatchObject({ ok: true, organization: { name: "Acme" } });
    expect(second).toEqual(first);
    expect(await send("form-one", "Acme")).toEqual(first);
    await expectOne(before, founder, "Acme");

    const since = await everyOrganization();
    expect(await send("form-two", "Acme"), "names need not be unique").toMatchObject({ ok: true });
    await expectOne(since, founder, "Acme");
  });

  test("is one for a form that two processes get at once, and each person's form is their own", async () => {
    const founder = await newFounder(shared);
    const other = ground.openApp({ file: shared.file });
    const before = await everyOrganization();
    const outcomes = await Promise.all(
      [shared, other].map(({ organizations }) => organizations.foundAnother(founder, "same-key", "Acme")),
    );
    expect(outcomes.some(({ ok }) => ok)).toBe(true);
    await expectOne(before, founder, "Acme");

    const somebodyElse = await newFounder(shared);
    const since = await everyOrganization();
    expect(await shared.organizations.foundAnother(somebodyElse, "same-key", "Globex")).toMatchObject({ ok: true });
    await expectOne(since, somebodyElse, "Globex");
  });

  test("after a failure has the name that was typed last", async () => {
    const founder = await newFounder(shared);
    const before = await everyOrganization();
    await ground.fault({ kind: "status", match: { method: "PATCH", path: "/api/organizations/" }, times: 1 });
    expect(await shared.organizations.foundAnother(founder, "renamed", "Acmee")).toMatchObject({ ok: false });
    expect(await shared.organizations.foundAnother(founder, "renamed", "Acme")).toMatchObject({ ok: true });
    await expectOne(before, founder, "Acme");
  });

  test.each([
    "x",
    "a name of exactly 128 characters ".repeat(4).slice(0, 128),
    "😀".repeat(64),
    "%_' \" \\ <b> 名前",
    "0",
  ])("can be called %s", async (name) => {
    const founder = await newFounder(shared);
    const before = await everyOrganization();
    expect(await shared.organizations.foundAnother(founder, "named", name)).toMatchObject({ organization: { name } });
    await expectOne(before, founder, name);
  });
});

describe("the role of whoever founds an organization", () => {
  const Role = Named.extend({ scopes: z.array(Named) });
  const adminRole = async () => {
    const roles = await ground.api.list("/organization-roles", Role);
    return roles.find(({ scopes }) => scopes.length === allPermissions.length)!;
  };

  test("is told by its permissions: it may be called anything", async () => {
    const { id, name } = await adminRole();
    await ground.makeRole("Member care", ["manage:members", "read:members"]);
    await ground.makeRole("Half an owner", ["manage:members", "manage:organization"]);
    await ground.api.write("PATCH", `/organization-roles/${id}`, { name: "Propriétaire" });
    try {
      const founder = await newFounder(shared);
      const before = await everyOrganization();
      expect(await shared.organizations.foundFirst(founder)).toMatchObject({ ok: true });
      await expectOne(before, founder, `${founder.name}'s organization`, "Propriétaire");
    } finally {
      await ground.api.write("PATCH", `/organization-roles/${id}`, { name });
    }
  });

  test("is missing where Logto was not set up: nothing is made, and the answer says so", async () => {
    const roles = await ground.api.list("/organization-roles", Role);
    const withRoles = async (keep: (scope: string) => boolean) => {
      for (const { id, scopes } of roles) {
        const organizationScopeIds = scopes.flatMap((scope) => (keep(scope.name) ? scope.id : []));
        await ground.api.write("PUT", `/organization-roles/${id}/scopes`, { organizationScopeIds });
      }
    };
    const founder = await newFounder(shared);
    const before = await everyOrganization();
    await withRoles((scope) => scope !== "manage:organization");
    expect(await shared.organizations.foundFirst(founder)).toEqual({ ok: false, reason: "no-role" });
    expect(await everyOrganization()).toEqual(before);
    await withRoles(() => true);
    expect(await shared.organizations.foundFirst(founder), "once it is").toMatchObject({ ok: true });
    await expectOne(before, founder, `${founder.name}'s organization`);
  });
});

describe("what is known here of organizations", () => {
  test("is asked for when it is not known yet, of one's own alone", async () => {
    const app = ground.openApp();
    const [acme, globex] = [await ground.makeOrganization("Acme"), await ground.makeOrganization("Globex")];
    const ada: LogtoPerson = await ground.makePerson("Ada", [[acme, "Admin"]]);
    expect(await app.organizations.listOrganizations([acme, globex])).toEqual([]);
    expect(await app.organizations.findOrganization(globex, ada.id), "somebody else's").toBeUndefined();
    const found = await app.organizations.findOrganization(acme, ada.id);
    expect(found).toMatchObject({ id: acme, name: "Acme" });
    app.sent.length = 0;
    expect(await app.organizations.findOrganization(acme, ada.id)).toEqual(found);
    expect(app.sent).toEqual([]);
    expect(await app.organizations.listOrganizations([])).toEqual([]);
  });

  test("is its name of today, once it is asked for again, and its colour for good", async () => {
    const acme = await ground.makeOrganization("Zeta");
    const ada = await ground.makePerson("Ada", [[acme, "Admin"]]);
    await shared.organizations.learnNames(ada.id);
    const [before] = await shared.organizations.listOrganizations([acme]);
    await ground.api.write("PATCH", `/organizations/${acme}`, { name: "Alpha" });
    await shared.organizations.learnNames(ada.id);
    const other = await ground.makeOrganization("Beta");
    await ground.addMember(other, ada, "Admin");
    await shared.organizations.learnNames(ada.id);
    const known = await shared.organizations.listOrganizations([other, acme]);
    expect(
      known.map(({ name }) => name),
      "by name",
    ).toEqual(["Alpha", "Beta"]);
    expect(known[0]?.colour).toBe(before?.colour);
    expect(known.every(({ colour }) => Number.isInteger(colour) && colour >= 0 && colour < 12)).toBe(true);
  });
});
