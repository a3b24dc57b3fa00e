// When a change is in force: the table of what can change x where it is made x what notices. Bounds by the app's clock; nothing is waited for but events.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { startGround, type App, type Ground, type Person } from "../e2e/ground";
import { openPages, type OpenPages } from "../e2e/open-pages";
import { atMost } from "./models/queue.server";
import { createPost } from "./models/posts.server";
import { openOffice, type Office } from "../e2e/office";
import { paths } from "./paths";
import type { Permission } from "./permissions";
import type { Walker } from "../e2e/walker";

const Named = z.object({ id: z.string(), name: z.string() });

vi.setConfig({ testTimeout: 120_000 }); // each has an organization of its own, and the passes look at them all

let ground: Ground;
let app: App;
let number = 0;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp();
});
beforeEach(() => {
  app.clock.ahead = 0;
  number += 1;
});
afterAll(() => ground.close());

/** Bob, in a role of his own making, and Cleo beside him, whom none of it concerns. */
async function scene(pages: OpenPages, first: Permission[]) {
  const acme = await ground.makeOrganization(`Acme ${number}`);
  const roleName = `Role ${number}`;
  const roleId = await ground.makeRole(roleName, ["read:posts", ...first]);
  const more = `More ${number}`;
  await ground.makeRole(more, ["read:posts", "invite:members"]);
  const bob = await ground.makePerson("Bob", [[acme, roleName]]);
  const cleo = await ground.makePerson("Cleo", [[acme, "Collaborator"]]);
  const { browser, listener } = await pages.open(bob, acme);
  const beside = await pages.open(cleo, acme);
  return { acme, roleId, roleName, more, bob, browser, listener, cleo: beside.browser };
}
type Scene = Awaited<ReturnType<typeof scene>>;

const scopeId = async (permission: Permission) =>
  (await ground.api.list("/organization-scopes", Named)).find(({ name }) => name === permission)?.id;

interface Change {
  /** What Bob's role allows beside reading, before. */
  first?: Permission[];
  /** At Logto, by its console or its API. */
  make(where: Scene): Promise<unknown>;
  /** Webhooks that Logto fires for it. */
  webhooks: number;
  /** What his requests find. */
  finds: string;
  /** How his stream tells of it. */
  hears: string;
  /** Whether it concerns Cleo too. */
  concernsAll?: boolean;
}

const memberOf = (acme: string, { id }: Person) => `/organizations/${acme}/users/${id}`;
const mayInvite = "may invite";

const changes: Record<string, Change> = {
  promoted: {
    make: ({ acme, bob, more }) => ground.setRoles(acme, bob, more),
    webhooks: 0,
    finds: mayInvite,
    hears: "change",
  },
  demoted: {
    first: ["invite:members"],
    make: ({ acme, bob }) => ground.setRoles(acme, bob, "Collaborator"),
    webhooks: 0,
    finds: "may read",
    hears: "change",
  },
  removed: {
    make: ({ acme, bob }) => ground.api.write("DELETE", memberOf(acme, bob)),
    webhooks: 1,
    finds: paths.organizations,
    hears: "removed",
  },
  suspended: {
    make: ({ bob }) => ground.api.write("PATCH", `/users/${bob.id}/is-suspended`, { isSuspended: true }),
    webhooks: 1,
    finds: "signed out",
    hears: "suspended",
  },
  "deleted as a user": {
    make: ({ bob }) => ground.api.write("DELETE", `/users/${bob.id}`),
    webhooks: 1,
    finds: "signed out",
    hears: "signed-out",
  },
  "left without an organization, which is deleted": {
    make: ({ acme }) => ground.api.write("DELETE", `/organizations/${acme}`),
    webhooks: 1,
    finds: paths.organizations,
    hears: "deleted",
    concernsAll: true,
  },
  "in a role that is renamed": {
    make: ({ roleId }) => ground.api.write("PATCH", `/organization-roles/${roleId}`, { name: `Renamed ${number}` }),
    webhooks: 1,
    finds: "may read as Renamed",
    hears: "change",
  },
  "in a role that gains a permission": {
    make: async ({ roleId }) =>
      ground.api.write("POST", `/organization-roles/${roleId}/scopes`, {
        organizationScopeIds: [await scopeId("invite:members")],
      }),
    webhooks: 1,
    finds: mayInvite,
    hears: "change",
  },
  "in a role that loses a permission": {
    first: ["invite:members"],
    make: async ({ roleId }) =>
      ground.api.write("DELETE", `/organization-roles/${roleId}/scopes/${await scopeId("invite:members")}`),
    webhooks: 1,
    finds: "may read",
    hears: "change",
  },
};

/** One request of his: a page, or what an open page asks for by itself. */
async function found(browser: Walker, transport: "document" | "data", acme: string): Promise<string> {
  const guards = app.guards(browser, {
    transport,
    pageOrganization: async () => (transport === "data" ? acme : undefined),
  });
  const answer = await guards.requireMember("posts.list").catch((thrown: unknown) => {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  });
  if (!(answer instanceof Response)) {
    const renamed = answer.roles.some((role) => role.startsWith("Renamed")) ? " as Renamed" : "";
    return (answer.can("invite:members") ? mayInvite : "may read") + renamed;
  }
  const location = answer.headers.get("Location");
  if (answer.status === 401 || location?.startsWith(paths.signIn())) return "signed out";
  return location ?? String(answer.status);
}

async function heard({ listener }: Pick<Scene, "listener">, hears: string): Promise<unknown> {
  const told = await (hears === "change" ? listener.change("membership") : listener.next("end"));
  return told?.event === "end" ? told.data.why : told?.event;
}

const epochOf = async (browser: Walker) => (await app.sessionOf(browser))?.epoch;

const standing = (first: readonly string[]) => (first.includes("invite:members") ? mayInvite : "may read");

const whatIsHooked = Object.entries(changes).filter(([, { webhooks }]) => webhooks > 0);

test.each(whatIsHooked)(
  "whoever is %s at Logto, with its webhook, finds it at once, by a page, by its data and by a stream",
  async (_name, { first = [], make, webhooks, finds, hears, concernsAll }) => {
    const pages = await openPages(ground, app, { webhooks: true });
    try {
      const where = await scene(pages, first);
      expect(await found(where.browser, "document", where.acme)).toBe(standing(first));
      const cleos = await epochOf(where.cleo);
      await pages.told(webhooks, () => make(where));
      expect(await heard(where, hears)).toBe(hears);
      expect(await found(where.browser, "data", where.acme)).toBe(finds);
      expect(await found(where.browser, "document", where.acme)).toBe(finds);
      expect(concernsAll || (await epochOf(where.cleo)) === cleos, "nobody else has to ask").toBe(true);
      expect(pages.bugs).toEqual([]);
    } finally {
      await pages.close();
    }
  },
);

describe.each(Object.entries(changes))("whoever is %s", (_name, { first = [], make, finds, hears, concernsAll }) => {
  const before = standing(first);

  test.each(["document", "data"] as const)(
    "at Logto, with its webhook lost, finds it by a %s when a minute is over",
    async (transport) => {
      const pages = await openPages(ground, app, { webhooks: false });
      try {
        const where = await scene(pages, first);
        await make(where);
        app.clock.ahead += 50_000;
        expect(await found(where.browser, transport, where.acme), "within the minute it may be unknown").toBe(before);
        app.clock.ahead += 10_000;
        expect(await found(where.browser, transport, where.acme)).toBe(finds);
      } finally {
        await pages.close();
      }
    },
  );

  test("at Logto, with its webhook lost, hears of it by an idle page's stream when a minute is over", async () => {
    const pages = await openPages(ground, app, { webhooks: false });
    try {
      const where = await scene(pages, first);
      await pages.rounds.run();
      const cleos = await epochOf(where.cleo);
      await make(where);
      app.clock.ahead += 60_000;
      await pages.rounds.run();
      await pages.streams.tick();
      expect(await heard(where, hears)).toBe(hears);
      expect(concernsAll || (await epochOf(where.cleo)) === cleos, "nobody else has to ask").toBe(true);
      expect(pages.bugs).toEqual([]);
    } finally {
      await pages.close();
    }
  });

  test("is found by one pass over everything, whether or not somebody looks", async () => {
    const pages = await openPages(ground, app, { webhooks: false });
    try {
      const where = await scene(pages, first);
      pages.streams.stop(); // nobody looks
      await make(where);
      const epoch = await epochOf(where.browser);
      await app.reconciliation.pass();
      expect(await epochOf(where.browser)).toBe((epoch ?? 0) + 1);
      expect(await found(where.browser, "document", where.acme)).toBe(finds);
      const after = await epochOf(where.browser);
      await app.reconciliation.pass();
      expect(await epochOf(where.browser), "and nothing is left to repair").toBe(after);
    } finally {
      await pages.close();
    }
  });
});

describe("whoever is taken back in", () => {
  /** Bob was removed from Acme, where Cleo still has a page open, and works at home since. */
  async function goneHome(pages: OpenPages) {
    const where = await scene(pages, []);
    await ground.removeMember(where.acme, where.bob);
    await app.auth.sessions.markStale({ session: (await app.sessionOf(where.browser))?.idHash ?? "" });
    expect(await found(where.browser, "document", where.acme)).toBe(paths.organizations);
    const home = await ground.makeOrganization(`Home ${number}`);
    await ground.addMember(home, where.bob, "Admin");
    const { browser, listener } = await pages.open(where.bob, home);
    return { ...where, browser, listener, home };
  }
  const takeBack = ({ acme, bob, roleName }: Scene) => ground.addMember(acme, bob, roleName);

  async function isListed(browser: Walker, acme: string): Promise<boolean> {
    const { person } = await app.guards(browser).requireMember("posts.list");
    return person.session.organizations.some(({ id }) => id === acme);
  }

  test("at Logto, with its webhook, hears of it by a stream at once, and finds it", async () => {
    const pages = await openPages(ground, app, { webhooks: true });
    const where = await goneHome(pages);
    expect(await isListed(where.browser, where.acme)).toBe(false);
    await pages.told(1, () => takeBack(where));
    expect(await where.listener.change("organizations")).toBeDefined();
    expect(await isListed(where.browser, where.acme)).toBe(true);
    await pages.close();
  });

  test("at Logto, with its webhook lost, finds it by the next request when a minute is over", async () => {
    const pages = await openPages(ground, app, { webhooks: false });
    const where = await goneHome(pages);
    await takeBack(where);
    app.clock.ahead += 50_000;
    expect(await isListed(where.browser, where.acme), "within the minute it may be unknown").toBe(false);
    app.clock.ahead += 10_000;
    expect(await isListed(where.browser, where.acme)).toBe(true);
    await pages.close();
  });

  test("at Logto, with its webhook lost, finds it on the page of their organizations at once", async () => {
    const pages = await openPages(ground, app, { webhooks: false });
    const where = await goneHome(pages);
    const list = async () => {
      const person = await app.guards(where.browser).requirePerson("organizations.list");
      return (await app.auth.session.organizationsOf(person)).map(({ id }) => id);
    };
    expect(await list()).not.toContain(where.acme);
    await takeBack(where);
    expect(await list()).toContain(where.acme);
    await pages.close();
  });

  test("at Logto, with its webhook lost, hears of it by an idle page's stream when a minute is over", async () => {
    const pages = await openPages(ground, app, { webhooks: false });
    const where = await goneHome(pages);
    await pages.rounds.run();
    const cleos = await epochOf(where.cleo);
    await takeBack(where);
    app.clock.ahead += 60_000;
    await pages.rounds.run();
    await pages.streams.tick();
    expect(await where.listener.change("organizations")).toBeDefined();
    expect(await epochOf(where.cleo), "nobody else has to ask").toBe(cleos);
    expect(await isListed(where.browser, where.acme)).toBe(true);

    const after = await epochOf(where.browser);
    app.clock.ahead += 60_000;
    await pages.rounds.run();
    expect(await epochOf(where.browser), "and once").toBe(after);
    await pages.close();
  });
});

describe("in our app", () => {
  let pages: OpenPages;
  let office: Office;
  beforeEach(async () => {
    pages = await openPages(ground, app, { webhooks: false });
    office = await openOffice(ground, app);
  });

  async function bobIn(role: string) {
    const bob = await office.hire("Bob", role);
    const person = { ...bob, id: bob.logtoId };
    return { bob, ...(await pages.open(person, office.organizationId)) };
  }

  test.each([
    ["promoted", "Collaborator", "Admin", mayInvite],
    ["demoted", "Admin", "Collaborator", "may read"],
  ])("whoever is %s finds it at once, and their page is told by whom", async (_what, from, to, finds) => {
    const { bob, browser, listener } = await bobIn(from);
    expect(await found(browser, "document", office.organizationId)).not.toBe(finds);
    await app.members.change(office.scope, office.ada, bob.logtoId, office.roleId(to));
    const told = await listener.change("membership");
    const landed = app.members.landed(office.scope, office.ada);
    expect(landed).toEqual({ changeId: told?.data.id, name: "Bob", role: to, pages: 0 });
    expect(await found(browser, "data", office.organizationId)).toBe(finds);
    expect(await found(browser, "document", office.organizationId)).toBe(finds);
    await pages.close();
  });

  test("whoever is removed finds it at once, and their stream ends with that", async () => {
    const { bob, browser, listener } = await bobIn("Admin");
    await app.members.remove(office.scope, office.ada, bob.logtoId);
    expect((await listener.end()).at(-1)).toEqual({ event: "end", data: { why: "removed" } });
    expect(await found(browser, "data", office.organizationId)).toBe(paths.organizations);
    await pages.close();
  });

  test("whoever's organization is deleted finds it at once, and their stream ends with that", async () => {
    const { browser, listener } = await bobIn("Collaborator");
    await app.deletion.eraseNow(office.organizationId);
    expect(["deleted", "removed"], "as it was found").toContain((await listener.end()).at(-1)?.data.why);
    expect((await app.sessionOf(browser))?.notice).toBe("Acme was deleted.");
    expect(await found(browser, "document", office.organizationId)).toBe(paths.organizations);
    await pages.close();
  });

  test("whoever deletes their account is signed out everywhere, and their stream ends with that", async () => {
    const { bob, browser, listener } = await bobIn("Collaborator");
    const other = await pages.open({ ...bob, id: bob.logtoId }, office.organizationId);
    expect(await app.accounts.remove(bob, [])).toEqual({ ok: true });
    for (const stream of [listener, other.listener]) expect((await stream.end()).at(-1)?.event).toBe("end");
    for (const theirs of [browser, other.browser])
      expect(await found(theirs, "document", office.organizationId)).toBe("signed out");
    await pages.close();
  });

  test("whoever is taken back in hears of it where they are, and finds the organization in their list", async () => {
    const { bob, listener } = await bobIn("Admin");
    await app.members.remove(office.scope, office.ada, bob.logtoId);
    await listener.end();
    const home = await ground.makeOrganization("Home");
    await ground.addMember(home, { id: bob.logtoId }, "Admin");
    const again = await pages.open({ ...bob, id: bob.logtoId }, home);
    const [sent] = await office.invite([bob.email]);
    const [waiting] = await app.invitations.waitingFor(bob);
    expect(sent?.result).toBe("sent");
    expect(await app.invitations.acceptWaiting(bob, waiting?.id ?? "")).toMatchObject({ ok: true });
    expect(await again.listener.change("organizations")).toBeDefined();
    const { person } = await app.guards(again.browser).requireMember("posts.list");
    expect(person.session.organizations.map(({ id }) => id)).toContain(office.organizationId);
    await pages.close();
  });

  test("whoever is removed between the guard and the write has written nothing", async () => {
    const { bob, browser } = await bobIn("Admin");
    const form = { method: "POST", pageOrganization: async () => office.organizationId };
    const member = await app.guards(browser, form).requireMember("posts.create");
    const right = await app.guards(browser, form).requireMember("posts.create");
    const post = { title: "Before", body: "", publish: true };
    await createPost(right.scope, { userId: right.person.id }, post);

    await app.members.remove(office.scope, office.ada, bob.logtoId); // the guard has let them in
    const refused = await createPost(member.scope, { userId: member.person.id }, { ...post, title: "After" }).catch(
      (thrown: unknown) => thrown,
    );
    expect(refused).toBeInstanceOf(Response);
    expect((refused as Response).status).toBe(409);
    const titles = await office.scope.read((db, { posts }) => db.select({ title: posts.title }).from(posts));
    expect(titles).toEqual([{ title: "Before" }]);
    await pages.close();
  });
});

describe("two processes on one database", () => {
  test("what is changed in one is in force in the other: by its next request at once, by its streams at their next look", async () => {
    const other = ground.openApp({ file: app.file });
    const pages = await openPages(ground, other, { webhooks: false });
    const office = await openOffice(ground, app);
    const bob = await office.hire("Bob", "Collaborator");
    const { browser, listener } = await pages.open({ ...bob, id: bob.logtoId }, office.organizationId);
    const guards = () => other.guards(browser).requireMember("posts.list");
    expect((await guards()).can("invite:members")).toBe(false);

    await app.members.change(office.scope, office.ada, bob.logtoId, office.roleId("Admin"));
    expect((await guards()).can("invite:members")).toBe(true);
    await pages.streams.tick();
    expect(await listener.change("membership")).toBeDefined();

    await app.members.remove(office.scope, office.ada, bob.logtoId);
    await pages.streams.tick();
    expect((await listener.end()).at(-1)).toEqual({ event: "end", data: { why: "removed" } });
    await pages.close();
  });
});

describe("while Logto is away", () => {
  test("a stream stays open and silent, and tells what has happened when Logto is back", async () => {
    const pages = await openPages(ground, app, { webhooks: false });
    const { acme, bob, listener, browser, more } = await scene(pages, []);
    const user = (await app.sessionOf(browser))?.userId ?? "";
    await ground.setRoles(acme, bob, more);
    await ground.fault({ kind: "reset", match: { path: "/oidc/token" } });
    await app.changes.known({ user, organization: acme }, { to: { user }, about: ["membership"] });
    await pages.streams.tick();
    expect(listener.heard.map(({ event }) => event)).toEqual(["ready"]);
    expect(pages.streams.count()).toBe(2);
    await ground.heal();
    await expect
      .poll(async () => {
        await pages.streams.tick(); // the circuit to Logto stays open for a while
        return listener.heard.map(({ event }) => event);
      })
      .toContain("change");
    await pages.close();
  });
});

test("a thousand copies of a webhook at once have one effect, and ask Logto a handful of times", async () => {
  const pages = await openPages(ground, app, { webhooks: true });
  const { acme, bob, listener, browser } = await scene(pages, []);
  const body = JSON.stringify({
    event: "Organization.Membership.Updated",
    createdAt: new Date().toISOString(),
    organizationId: acme,
    removedUserIds: [bob.id],
  });
  const headers = {
    "Content-Type": "application/json",
    "logto-signature-sha-256": createHmac("sha256", pages.signingKey).update(body).digest("hex"),
  };
  await ground.api.write("DELETE", memberOf(acme, bob));
  await listener.end();
  app.sent.length = 0;
  const send = () => fetch(pages.webhookUrl, { method: "POST", headers, body });
  const answers = await atMost(100, Array.from({ length: 1_000 }), send);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
  const hint = { event: "Organization.Membership.Updated", organization: acme, people: [bob.id] };
  const raised = await epochOf(browser);
  await Promise.all(Array.from({ length: 1_000 }, () => app.follow(hint)));
  expect(((await epochOf(browser)) ?? 0) - (raised ?? 0), "of a thousand at the same moment").toBeLessThanOrEqual(2);
  expect(app.sent.length).toBeLessThan(50);
  expect(await found(browser, "document", acme)).toBe(paths.organizations);
  expect(pages.streams.count(), "Cleo's").toBe(1);
  await pages.close();
});
