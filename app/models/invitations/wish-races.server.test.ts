// What is wished of one invitation while something else is: between every two steps, as two processes would. Logto has what ours says last, and only that.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { newBatch, openOffice, type Office } from "../../../e2e/office";
import { createSteps } from "../../../e2e/steps";
import type { Batch } from "./invitations.server";

const steps = createSteps();
let ground: Ground;
let app: App;
/** Another process over the same file, whose steps are counted. */
let stepping: App;
let office: Office;
let guests = 0;
beforeAll(async () => {
  ground = await startGround();
  const line = { patience: 10_000, failures: 1_000 };
  app = ground.openApp({ line });
  stepping = ground.openApp({ line, file: app.file, ...steps });
  const warm = await openOffice(ground, stepping);
  await warm.inviteOne("first@example.com"); // the machine's token is no step of what follows
});
beforeEach(async () => {
  await ground.heal();
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

interface Scene {
  batch: Batch;
  /** Of the invitation to the batch's address, as soon as there is one. */
  id: () => Promise<string>;
}

async function prepare(isNew: boolean): Promise<Scene> {
  const address = `guest.${(guests += 1)}@example.com`;
  const entries = [{ address, roleId: office.roleId("Collaborator") }];
  const batch = { batch: newBatch(), entries, note: "", days: 7 };
  if (!isNew) await office.inviteOne(address);
  return { batch, id: async () => (await office.rows()).find((row) => row.address === address)?.id ?? "" };
}

const rowsOf = (by: App) => (by === stepping ? steps.aroundScope(office.scope) : office.scope);

type Run = (by: App, scene: Scene) => Promise<unknown>;
const send: Run = (by, { batch }) => by.invitations.send(rowsOf(by), office.ada, batch);
const wishes: Record<string, Run> = {
  sending: send,
  "sending again": async (by, { id }) => by.invitations.resend(rowsOf(by), office.ada, [await id()]),
  "a new link": async (by, { id }) => by.invitations.renewLink(rowsOf(by), office.ada, await id()),
  "another role": async (by, { id }) =>
    by.invitations.changeRole(rowsOf(by), office.ada, await id(), office.roleId("Admin")),
};
const revoke: Run = async (by, { id }) => by.invitations.revoke(rowsOf(by), office.ada, [await id()]);
const { sending: _, ...others } = wishes; // an address that waits already is not invited again
const rivals = { ...others, revoking: revoke };

async function agreed({ id }: Scene, what: string) {
  const row = await office.row(await id());
  const theirs = await office.invitationsAtLogto(row?.addressKey);
  const pending = theirs.filter(({ status }) => status === "Pending");
  if (row?.status !== "pending") return expect([row?.status, pending], what).toEqual(["revoked", []]);
  const { logtoId, roleName, expiresAt, made, wanted } = row;
  expect(made, what).toBe(wanted);
  const wished = { id: logtoId, expiresAt: expiresAt.getTime(), organizationRoles: [{ name: roleName }] };
  expect(pending, what).toMatchObject([wished]);
}

/** Lets the rival happen before each step, and once more at the end. @returns how many steps there were. */
async function interrupt(run: Run, rival: Run, { loses = false } = {}) {
  steps.begin();
  await run(stepping, await prepare(run === send));
  const taken = steps.taken();
  for (let step = 1; step <= taken; step += 1) {
    const scene = await prepare(run === send);
    const invites = { method: "POST", path: "/api/organization-invitations" };
    if (loses) await ground.fault({ kind: "reset", when: "after", match: invites, times: 1 });
    steps.begin({ step, meanwhile: () => rival(app, scene) });
    await run(stepping, scene);
    steps.begin();
    await ground.heal();
    await rival(app, scene);
    await agreed(scene, `at step ${step} of ${taken}`);
  }
  return taken;
}

describe.each(Object.entries(wishes))("%s", (_name, run) => {
  test.each(Object.entries(rivals))("and %s meanwhile agree", async (_rival, rival) => {
    expect(await interrupt(run, rival)).toBeGreaterThan(3);
  });

  test("leaves nothing at Logto that was revoked meanwhile, although Logto's answer was lost", async () => {
    expect(await interrupt(run, revoke, { loses: true })).toBeGreaterThan(3);
  });
});
