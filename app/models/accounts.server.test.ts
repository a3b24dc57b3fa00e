// The end of an account: refused while an organization needs its owner, whole when it is done, and finished by a retry wherever it was broken off.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { startGround, type App, type Fault, type Ground } from "../../e2e/ground";
import { newcomer, openOffice, type Colleague, type Office } from "../../e2e/office";
import { createSteps, Died } from "../../e2e/steps";
import { eq } from "../../db";
import { createPost } from "./posts.server";

const steps = createSteps();
let ground: Ground;
let app: App;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ ...steps, line: { failures: 1_000 } });
});
beforeEach(() => steps.begin());
afterEach(() => ground.heal());
afterAll(() => ground.close());

/** Ben is a Collaborator of Ada's organization, and alone in another one. */
interface Scene {
  office: Office;
  ben: Colleague;
  alone: string;
}

async function prepare(): Promise<Scene> {
  steps.begin();
  const office = await openOffice(ground, app);
  const ben = await office.hire("Ben", "Collaborator");
  const alone = await ground.makeOrganization("Ben's own");
  await ground.addMember(alone, { id: ben.logtoId }, "Admin");
  for (const [title, publish] of [
    ["Half done", false],
    ["By Ben", true],
  ] as const)
    await createPost(office.scope, { userId: ben.id }, { title, body: "", publish });
  await app.signIn({ email: ben.email, password: "atrium-demo" });
  return { office, ben, alone };
}

const isAtLogto = (path: string) =>
  ground.api.get(path, z.object({ id: z.string() })).then(
    () => true,
    () => false,
  );

async function rowsOf({ id }: Colleague) {
  return app.store.system.read(async (db, { users, sessions, accountDeletions }) => ({
    users: (await db.select().from(users).where(eq(users.id, id))).length,
    sessions: (await db.select().from(sessions).where(eq(sessions.userId, id))).length,
    deletions: (await db.select().from(accountDeletions).where(eq(accountDeletions.userId, id))).length,
  }));
}

const titles = ({ scope }: Office) =>
  scope.read(async (db, { posts }) => (await db.select().from(posts)).map(({ title }) => title));

async function expectEnded({ office, ben, alone }: Scene) {
  expect(await rowsOf(ben)).toEqual({ users: 0, sessions: 0, deletions: 0 });
  expect(await isAtLogto(`/users/${ben.logtoId}`)).toBe(false);
  expect(await isAtLogto(`/organizations/${alone}`)).toBe(false);
  expect(Object.keys(await office.membersAtLogto())).toEqual([office.ada.logtoId]);
  expect(await office.member(ben.logtoId)).toMatchObject({ name: "Ben", leftAt: expect.any(Date), leavingAt: null });
  expect(await titles(office)).toEqual(["By Ben"]);
  expect((await linesOf(office)).filter(([action]) => action === "account.left")).toContainEqual([
    "account.left",
    "done",
  ]);
}

const linesOf = ({ scope }: Office) =>
  scope.read(async (db, { auditEvents }) =>
    (await db.select().from(auditEvents)).map(({ action, result }) => [action, result]),
  );

describe("Ben's account", () => {
  test("shows beforehand what becomes of each of his organizations", async () => {
    const { office, ben, alone } = await prepare();
    const end = await app.accounts.end(ben);
    if (end === "unavailable") throw new Error(end);
    expect(end.isUnderWay).toBe(false);
    expect(end.organizations.map(({ id, fate }) => [id, fate])).toEqual([
      [office.organizationId, "left"],
      [alone, "goes"],
    ]);
    expect(end.organizations[0]?.goes).toEqual({ drafts: 1, invitations: 0, publishedPosts: 1 });
  });

  test("ends: what he published stays with its organization under his name, and nobody else's account is touched", async () => {
    const scene = await prepare();
    expect(await app.accounts.remove(scene.ben, [scene.alone])).toEqual({ ok: true });
    await expectEnded(scene);
    expect(await isAtLogto(`/users/${scene.office.ada.logtoId}`)).toBe(true);
    expect(await rowsOf(scene.office.ada)).toMatchObject({ users: 1 });
    expect(await app.accounts.remove(scene.ben, [scene.alone]), "asked for twice").toEqual({ ok: true });
  });

  test("is not ended while it takes an organization along that he was not told of", async () => {
    const scene = await prepare();
    expect(await app.accounts.remove(scene.ben, [])).toEqual({ ok: false, reason: "changed" });
    expect(await rowsOf(scene.ben)).toEqual({ users: 1, sessions: 1, deletions: 0 });
    expect(Object.keys(await scene.office.membersAtLogto())).toHaveLength(2);
    expect(await isAtLogto(`/organizations/${scene.alone}`)).toBe(true);
  });

  test("leaves an organization standing that somebody has joined since he was told that it goes", async () => {
    const { office, ben, alone } = await prepare();
    const cleo = await newcomer(ground, app, "Cleo");
    await ground.addMember(alone, { id: cleo.logtoId }, "Collaborator");
    expect(await app.accounts.remove(ben, [alone])).toEqual({ ok: false, reason: "held" });
    expect(Object.keys(await office.membersAtLogto())).toHaveLength(2);
    await ground.setRoles(alone, { id: cleo.logtoId }, "Admin");
    expect(await app.accounts.remove(ben, [alone])).toEqual({ ok: true });
    expect(await isAtLogto(`/organizations/${alone}`)).toBe(true);
    expect(await isAtLogto(`/users/${ben.logtoId}`)).toBe(false);
  });

  test("is told of by the next sign-in while it is not at its end", async () => {
    const { ben, alone } = await prepare();
    await ground.fault({ kind: "status", status: 500, match: { method: "DELETE", path: "/api/users" } });
    expect(await app.accounts.remove(ben, [alone])).toEqual({ ok: false, reason: "unavailable" });
    expect(await rowsOf(ben)).toMatchObject({ deletions: 1 });
    const browser = app.openBrowser();
    expect((await browser.signIn({ email: ben.email, password: "atrium-demo" })).url).toContain("/account/delete");
    await ground.heal();
    await app.accounts.finishOpen();
    expect(await rowsOf(ben)).toEqual({ users: 0, sessions: 0, deletions: 0 });
  });
});

test("Ada's account is not ended while she is the only one who manages the members of an organization", async () => {
  const { office, ben } = await prepare();
  const { ada } = office;
  expect(await app.accounts.end(ada)).toMatchObject({ organizations: [{ fate: "held" }] });
  expect(await app.accounts.remove(ada, [office.organizationId])).toEqual({ ok: false, reason: "held" });
  expect(await rowsOf(ada)).toMatchObject({ users: 1, deletions: 0 });

  await ground.setRoles(office.organizationId, { id: ben.logtoId }, "Admin");
  expect(await app.accounts.remove(ada, [])).toEqual({ ok: true });
  expect(Object.keys(await office.membersAtLogto())).toEqual([ben.logtoId]);
});

describe("broken off", () => {
  test("it is finished by a retry, or by nobody's doing, wherever the process died", async () => {
    const first = await prepare();
    steps.begin();
    expect(await app.accounts.remove(first.ben, [first.alone])).toEqual({ ok: true });
    const count = steps.taken();
    expect(count).toBeGreaterThan(15);

    for (let step = 1; step <= count; step += 1) {
      for (const when of ["before", "after"] as const) {
        const scene = await prepare();
        steps.begin({ step, when });
        await expect(app.accounts.remove(scene.ben, [scene.alone])).rejects.toBeInstanceOf(Died);
        steps.begin();
        app.clock.ahead += 60_000; // the lock of the dead is free
        const isBegun = (await rowsOf(scene.ben)).deletions > 0;
        if (isBegun && when === "after") await app.accounts.finishOpen();
        else await app.accounts.remove(scene.ben, [scene.alone]);
        await expectEnded(scene);
      }
    }
  }, 240_000);

  const faults: Omit<Fault, "match">[] = [
    { kind: "status", status: 500 },
    { kind: "status", status: 500, when: "after" },
    { kind: "reset", when: "after" },
    { kind: "malformed" },
  ];
  test.each(faults)(
    "it is refused or done when Logto has trouble ($kind $status $when), and a retry ends it",
    async (fault) => {
      for (const match of [
        { method: "GET", path: "/api" },
        { method: "DELETE", path: "/api/organizations" },
        { method: "DELETE", path: "/api/users" },
      ]) {
        const scene = await prepare();
        await ground.fault({ ...fault, match });
        const answer = await app.accounts.remove(scene.ben, [scene.alone]);
        expect([{ ok: true }, { ok: false, reason: "unavailable" }]).toContainEqual(answer);
        await ground.heal();
        expect(await app.accounts.remove(scene.ben, [scene.alone])).toEqual({ ok: true });
        await expectEnded(scene);
      }
    },
    60_000,
  );
});
