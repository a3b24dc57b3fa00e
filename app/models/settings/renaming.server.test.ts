// An organization is renamed, broken off after each single step: here and at Logto it has one name in the end, and the log says what became of it.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { openOffice, type Office } from "../../../e2e/office";
import { createSteps, Died } from "../../../e2e/steps";
import { asc } from "../../../db";

const steps = createSteps();
let ground: Ground;
let app: App;
/** Another process over the same file. */
let next: App;
let office: Office;

beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 }, ...steps });
  next = ground.openApp({ line: { patience: 10_000, failures: 1_000 }, file: app.file });
});
beforeEach(async () => {
  steps.begin();
  await ground.heal();
  office = await openOffice(ground, app);
  office = { ...office, scope: steps.aroundScope(office.scope) };
});
afterAll(() => ground.close());

const Named = z.object({ name: z.string() });
const rename = (name: string, by: App = app) =>
  by.renaming.rename(office.scope, { id: office.organizationId, name: "Acme" }, name);
const nameHere = async ({ organizationId } = office) =>
  (await app.organizations.listOrganizations([organizationId]))[0]?.name;
const nameAtLogto = async ({ organizationId } = office) =>
  (await ground.api.get(`/organizations/${organizationId}`, Named)).name;
const logged = async () =>
  (
    await office.scope.read((db, { auditEvents }) => db.select().from(auditEvents).orderBy(asc(auditEvents.at)))
  ).flatMap(({ action, from, to, result }) => (action === "settings.name" ? [`${result}: ${from} → ${to}`] : []));

test("the new name is at Logto and here, and in the log as asked for and as done", async () => {
  expect(await rename("Umbrella")).toEqual({ ok: true });
  expect([await nameHere(), await nameAtLogto()]).toEqual(["Umbrella", "Umbrella"]);
  expect(await logged()).toEqual(["asked: Acme → Umbrella", "done: Acme → Umbrella"]);
});

test("what Logto does not take is told, and the former name stays", async () => {
  await ground.fault({ kind: "status", status: 422, match: { method: "PATCH" } });
  expect(await rename("Umbrella")).toEqual({ ok: false, reason: "refused" });
  expect([await nameHere(), await nameAtLogto()]).toEqual(["Acme", "Acme"]);
  expect((await logged()).at(-1)).toBe("failed: Acme → Umbrella");
});

test("an answer that was lost is found out later", async () => {
  await ground.fault({ kind: "reset", when: "after", match: { method: "PATCH" } });
  expect(await rename("Umbrella")).toEqual({ ok: false, reason: "unavailable" });
  await ground.heal();
  await next.renaming.settleAll();
  expect([await nameHere(), await nameAtLogto()]).toEqual(["Umbrella", "Umbrella"]);
  expect((await logged()).at(-1)).toBe("done: Acme → Umbrella");
});

test("of two organizations that wait at once, each gets its own name", async () => {
  const other = await openOffice(ground, app);
  for (const [of, name] of [
    [office, "Umbrella"],
    [other, "Initech"],
  ] as const) {
    await ground.fault({ kind: "reset", when: "after", match: { method: "PATCH" } });
    const answer = await app.renaming.rename(of.scope, { id: of.organizationId, name: "Acme" }, name);
    expect(answer).toEqual({ ok: false, reason: "unavailable" });
    await ground.heal();
  }
  await next.renaming.settleAll();
  expect([await nameHere(), await nameAtLogto()]).toEqual(["Umbrella", "Umbrella"]);
  expect([await nameHere(other), await nameAtLogto(other)]).toEqual(["Initech", "Initech"]);
});

test("a process that dies at any step leaves one name, whichever it is, and the same form can be sent again", async () => {
  await rename("Umbrella");
  const count = steps.taken();
  for (let step = 1; step <= count; step += 1) {
    for (const when of ["before", "after"] as const) {
      steps.begin();
      app.clock.ahead = 0;
      const acme = await openOffice(ground, app);
      office = { ...acme, scope: steps.aroundScope(acme.scope) };
      steps.begin({ step, when });
      await rename("Umbrella").catch(unlessDied);
      steps.begin();
      next.clock.ahead += 61_000; // the lock of whoever died is free
      app.clock.ahead = next.clock.ahead;
      await next.renaming.settleAll();
      const [here, there] = [await nameHere(), await nameAtLogto()];
      expect(here, `step ${step}, ${when}`).toBe(there);
      expect(await rename("Umbrella", next)).toEqual({ ok: true });
      expect([await nameHere(), await nameAtLogto()]).toEqual(["Umbrella", "Umbrella"]);
      expect((await logged()).at(-1)).toBe("done: Acme → Umbrella");
    }
  }
}, 120_000);

function unlessDied(error: unknown): void {
  if (!(error instanceof Died)) throw error;
}
