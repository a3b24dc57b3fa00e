// Changes of members that are broken off after each single step, or that Logto does not answer: the retry ends in one result, here and at Logto.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGround, type App, type Fault, type Ground } from "../../e2e/ground";
import { openOffice, type Colleague, type Office } from "../../e2e/office";
import { createSteps, Died } from "../../e2e/steps";
import { createPost } from "./posts.server";

const steps = createSteps();
let ground: Ground;
let app: App;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ ...steps, line: { patience: 250, failures: 1_000 } });
});
afterAll(() => ground.close());

interface Scene {
  office: Office;
  bob: Colleague;
  invitationId: string;
}

async function prepare(): Promise<Scene> {
  const office = await openOffice(ground, app);
  const bob = await office.hire("Bob", "Admin");
  await createPost(office.scope, { userId: bob.id }, { title: "x", body: "", publish: false });
  const { id } = await office.inviteOne(`guest.${bob.id}@example.com`, { by: bob });
  return { office: { ...office, scope: steps.aroundScope(office.scope) }, bob, invitationId: id };
}

async function hasGone({ office, bob, invitationId }: Scene) {
  expect(Object.keys(await office.membersAtLogto())).toEqual([office.ada.logtoId]);
  expect(await office.member(bob.logtoId)).toMatchObject({ leftAt: expect.any(Date), leavingAt: null });
  expect(await office.scope.read((db, { posts }) => db.select().from(posts))).toEqual([]);
  expect(await office.row(invitationId)).toMatchObject({ status: "revoked", logtoId: null });
  expect((await office.invitationsAtLogto()).map(({ status }) => status)).toEqual(["Revoked"]);
}

/** How often the log says that a change was made, and what it has asked of Logto without saying what became of it. */
async function logged({ office }: Scene): Promise<{ done: number; open: string[] }> {
  const lines = await office.scope.read((db, { auditEvents }) => db.select().from(auditEvents));
  const ofMembers = lines.filter(({ action }) => action.startsWith("members."));
  const ended = new Set(ofMembers.filter(({ result }) => result !== "asked").map((line) => line.correlationId));
  const open = ofMembers.filter(({ correlationId }) => !ended.has(correlationId)).map(({ action }) => action);
  return { done: ofMembers.filter(({ result }) => result === "done").length, open };
}

const changes: [string, (scene: Scene) => Promise<{ ok: boolean }>, (scene: Scene) => Promise<void>][] = [
  [
    "a demotion",
    ({ office, bob }) => app.members.change(office.scope, office.ada, bob.logtoId, office.roleId("Collaborator")),
    async ({ office, bob }) =>
      expect(await office.membersAtLogto()).toEqual({
        [office.ada.logtoId]: ["Admin"],
        [bob.logtoId]: ["Collaborator"],
      }),
  ],
  ["a removal", ({ office, bob }) => app.members.remove(office.scope, office.ada, bob.logtoId), hasGone],
  ["a leaving", ({ office, bob }) => app.members.leave(office.scope, bob), hasGone],
];

const verdictOf = (outcome: { ok: boolean; reason?: string }) => ({
  ok: outcome.ok,
  ...(outcome.reason && { reason: outcome.reason }),
});

describe.each(changes)("%s", (_name, run, isDone) => {
  test("is finished by a retry, wherever the process died", async () => {
    const first = await prepare();
    steps.begin();
    expect(await run(first)).toMatchObject({ ok: true });
    const count = steps.taken();
    expect(count).toBeGreaterThan(6);
    await isDone(first);

    for (let step = 1; step <= count; step += 1) {
      for (const when of ["before", "after"] as const) {
        const scene = await prepare();
        steps.begin({ step, when });
        await expect(run(scene), `died ${when} step ${step}`).rejects.toBeInstanceOf(Died);
        steps.begin();
        app.clock.ahead += 60_000; // the lock of the dead is free
        expect(await run(scene), `died ${when} step ${step}`).toMatchObject({ ok: true });
        await isDone(scene);
        expect(await logged(scene), `died ${when} step ${step}`).toEqual({ done: 1, open: [] });
      }
    }
  }, 240_000);

  test("is written to its end, wherever the process died and though nobody tries again", async () => {
    const first = await prepare();
    const before = await first.office.membersAtLogto();
    steps.begin();
    await run(first);
    const count = steps.taken();
    for (let step = 1; step <= count; step += 1) {
      for (const when of ["before", "after"] as const) {
        const scene = await prepare();
        steps.begin({ step, when });
        await expect(run(scene), `died ${when} step ${step}`).rejects.toBeInstanceOf(Died);
        steps.begin();
        app.clock.ahead += 60_000; // the lock of the dead is free
        await app.members.settleAll();
        const roles = await scene.office.membersAtLogto();
        const isMade = roles[scene.bob.logtoId]?.join() !== before[first.bob.logtoId]?.join();
        expect(await logged(scene), `died ${when} step ${step}`).toEqual({ done: isMade ? 1 : 0, open: [] });
        expect(await scene.office.member(scene.bob.logtoId)).toMatchObject({ leavingAt: null });
      }
    }
  }, 240_000);

  const faults: Omit<Fault, "match">[] = [
    { kind: "status", status: 500 },
    { kind: "status", status: 429 },
    { kind: "status", status: 500, when: "after" },
    { kind: "reset" },
    { kind: "reset", when: "after" },
    { kind: "hang" },
    { kind: "malformed" },
  ];
  test.each(faults)(
    "is refused or done when Logto has trouble ($kind $status $when), and a retry ends it",
    async (fault) => {
      for (const match of [
        { method: "GET", path: "/api" },
        { method: "PUT", path: "/api" },
        { method: "DELETE", path: "/api" },
      ]) {
        const scene = await prepare();
        steps.begin();
        await ground.fault({ ...fault, match });
        expect([{ ok: true }, { ok: false, reason: "unavailable" }]).toContainEqual(verdictOf(await run(scene)));
        await ground.heal();
        expect(await run(scene)).toMatchObject({ ok: true });
        await isDone(scene);
      }
    },
    60_000,
  );
});
