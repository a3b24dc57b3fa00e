// What is done with invitations, broken off after each single step, or at each call that Logto does not answer: a retry ends it, here and at Logto.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Fault, type Ground } from "../../../e2e/ground";
import { type Colleague, newBatch, newcomer, openOffice, type Office, tokenOf } from "../../../e2e/office";
import { createSteps, Died } from "../../../e2e/steps";
import { claimAge } from "./invitation.server";
import type { Batch } from "./invitations.server";

const steps = createSteps();
let ground: Ground;
let app: App;
/** Over the same file, with no patience. */
let hasty: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 }, ...steps });
  hasty = ground.openApp({ line: { patience: 150, failures: 1_000 }, file: app.file });
  await (await openOffice(ground, app)).inviteOne("first@example.com"); // the machine's token is no step of what follows
});
beforeEach(async () => {
  app.clock.ahead = 0;
  const acme = await openOffice(ground, app);
  office = { ...acme, scope: steps.aroundScope(acme.scope) };
});
afterAll(() => ground.close());

interface Scene {
  guest: Colleague;
  /** What `send` is asked for; everything else happens to an invitation that was sent before. */
  batch: Batch;
  id: string;
  token: string;
}

interface Change {
  run: (by: App, scene: Scene) => Promise<unknown>;
  /** What a finished one answers. */
  answer: object;
  isDone: (scene: Scene) => Promise<void>;
  isNew?: true;
  /** Whether Logto is asked the same as for the one before. */
  asksTheSame?: true;
}

async function prepare(isNew = false): Promise<Scene> {
  steps.begin();
  await ground.heal();
  const guest = await newcomer(ground, app, "guest");
  const entries = [{ address: guest.email, roleId: office.roleId("Collaborator") }];
  const batch = { batch: newBatch(), entries, note: "", days: 7 };
  const { id, token } = isNew ? { id: "", token: "" } : await office.inviteOne(guest.email);
  steps.begin();
  return { guest, batch, id, token };
}

async function isClosed({ id, guest }: Scene, here: string) {
  expect(await office.standing(id)).toEqual({ here, atLogto: ["Revoked"], roles: undefined });
  expect(await office.row(id)).toMatchObject({ logtoId: null, acceptedBy: null });
  expect(await office.member(guest.logtoId)).toBeUndefined();
}

async function hasJoined({ id, guest }: Scene) {
  expect(await office.standing(id)).toEqual({ here: "accepted", atLogto: ["Accepted"], roles: ["Collaborator"] });
  expect(await office.member(guest.logtoId)).toMatchObject({ userId: guest.id, leftAt: null });
}

/** Logto has exactly what ours wishes. @returns how many mails went out. */
async function waits({ guest }: Scene, role = "Collaborator"): Promise<number> {
  const rows = (await office.rows()).filter(({ address }) => address === guest.email);
  expect(rows).toMatchObject([{ status: "pending", roleName: role, delivery: "sent" }]);
  const [row] = rows;
  expect(row?.made).toBe(row?.wanted);
  const expiresAt = row?.expiresAt.getTime();
  expect(await office.invitationsAtLogto(guest.email)).toMatchObject([
    { id: row?.logtoId, status: "Pending", expiresAt, organizationRoles: [{ name: role }] },
  ]);
  return (await office.mailsTo(guest.email.toLowerCase())).length;
}

const changes: Record<string, Change> = {
  sending: {
    isNew: true,
    run: (by, { batch }) => by.invitations.send(office.scope, office.ada, batch),
    answer: [{ result: "sent" }],
    isDone: async (scene) => expect(await waits(scene)).toBe(1),
  },
  "sending again": {
    run: (by, { id }) => by.invitations.resend(office.scope, office.ada, [id]),
    answer: [{ ok: true, result: "sent" }],
    async isDone(scene) {
      const mails = await waits(scene);
      expect([2, 3]).toContain(mails); // three when the first answer was lost after all was done
      expect(await office.row(scene.id)).toMatchObject({ sentCount: mails, generation: 1 });
      expect(await app.invitations.open(scene.token)).toMatchObject({ kind: "usable" });
    },
  },
  "a new link": {
    run: (by, { id }) => by.invitations.renewLink(office.scope, office.ada, id),
    answer: { ok: true, result: "sent" },
    async isDone(scene) {
      expect([2, 3]).toContain(await waits(scene));
      const newest = (await office.mailsTo(scene.guest.email.toLowerCase())).at(-1) ?? "";
      expect(await app.invitations.open(tokenOf(newest))).toMatchObject({ kind: "usable" });
      expect(await app.invitations.open(scene.token)).toEqual({ kind: "unusable" });
    },
  },
  "another role": {
    run: (by, { id }) => by.invitations.changeRole(office.scope, office.ada, id, office.roleId("Admin")),
    answer: { ok: true, roleName: "Admin" },
    isDone: async (scene) => expect(await waits(scene, "Admin")).toBe(1),
  },
  revoking: {
    run: (by, { id }) => by.invitations.revoke(office.scope, office.ada, [id]),
    answer: [{ ok: true }],
    isDone: (scene) => isClosed(scene, "revoked"),
  },
  declining: {
    run: (by, { token }) => by.invitations.decline(token),
    answer: { ok: true },
    isDone: (scene) => isClosed(scene, "declined"),
  },
  accepting: {
    run: (by, { token, guest }) => by.invitations.accept(token, guest),
    answer: { ok: true },
    isDone: hasJoined,
  },
  "accepting without the link": {
    run: (by, { guest, id }) => by.invitations.acceptWaiting(guest, id),
    answer: { ok: true },
    isDone: hasJoined,
    asksTheSame: true,
  },
};

const faults: Record<string, Omit<Fault, "match">> = {
  "answers 500": { kind: "status", status: 500 },
  "answers 429": { kind: "status", status: 429 },
  "breaks the connection": { kind: "reset" },
  "does it and breaks the connection": { kind: "reset", when: "after" },
  "answers half of the JSON": { kind: "malformed" },
  "does not answer in time": { kind: "hang" },
};

describe.each(Object.entries(changes))("%s", (_name, { run, answer, isDone, isNew, asksTheSame }) => {
  let counted: { taken: number; calls: number };
  beforeAll(async () => {
    office = await openOffice(ground, app);
    const scene = await prepare(isNew);
    const before = app.sent.length;
    await run(app, scene);
    counted = { taken: steps.taken(), calls: app.sent.length - before };
  });

  test("is finished by a retry, wherever the process died", async () => {
    const { taken } = counted;
    const undisturbed = await prepare(isNew);
    expect(await run(app, undisturbed)).toMatchObject(answer);
    await isDone(undisturbed);
    for (let step = 1; step <= taken; step += 1) {
      for (const when of ["before", "after"] as const) {
        const scene = await prepare(isNew);
        steps.begin({ step, when });
        await expect(run(app, scene), `died ${when} step ${step} of ${taken}`).rejects.toBeInstanceOf(Died);
        steps.begin();
        expect(await run(app, scene), `died ${when} step ${step} of ${taken}`).toMatchObject(answer);
        await isDone(scene);
      }
    }
  }, 60_000);

  test.each(asksTheSame ? [] : Object.entries(faults))(
    "is finished by a retry, at whichever call Logto %s",
    async (_what, fault) => {
      const { calls } = counted;
      for (let after = 0; after < calls; after += 1) {
        const scene = await prepare(isNew);
        await ground.fault({ ...fault, after, match: { path: "/api" } });
        await run(fault.kind === "hang" ? hasty : app, scene);
        await ground.heal();
        expect(await run(app, scene), `call ${after + 1} of ${calls}`).toMatchObject(answer);
        await isDone(scene);
      }
    },
    60_000,
  );
});

describe("whoever died while they accepted, and never came back", () => {
  test("leaves an invitation that is revoked without a member, or accepted with one", async () => {
    const first = await prepare();
    await app.invitations.accept(first.token, first.guest);
    const taken = steps.taken();
    const seen = new Set<string>();
    for (let step = 1; step <= taken; step += 1) {
      const scene = await prepare();
      steps.begin({ step, when: "after" });
      await expect(app.invitations.accept(scene.token, scene.guest)).rejects.toBeInstanceOf(Died);
      steps.begin();
      const revoke = () => app.invitations.revoke(office.scope, office.ada, [scene.id]);
      const { status } = (await office.row(scene.id)) ?? {};
      const busy = { ok: false, reason: status === "accepting" ? "busy" : "closed" };
      expect(await revoke()).toMatchObject([status === "pending" ? { ok: true } : busy]); // it may not be claimed yet
      app.clock.ahead += claimAge;
      const [revoked] = await revoke();
      if (revoked?.ok) await isClosed(scene, "revoked");
      else await hasJoined(scene);
      seen.add(revoked?.ok ? "revoked" : (revoked?.reason ?? ""));
    }
    expect([...seen].sort()).toEqual(["closed", "revoked"]);
  });
});
