import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../e2e/ground";
import { openOffice, type Colleague, type Office } from "../../e2e/office";
import { rememberMember } from "./members.server";
import { findDeleter, findRemover, findRenamer } from "./whose-doing.server";

let ground: Ground;
let app: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp();
});
beforeEach(async () => {
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

async function takeBack({ id: userId, logtoId, name, email }: Colleague): Promise<void> {
  await ground.addMember(office.organizationId, { id: logtoId }, "Collaborator");
  await rememberMember(office.scope, { userId, logtoId, name, email });
}

test("who was removed here was removed by somebody; who is a member, or left, was not", async () => {
  const bob = await office.hire("Bob", "Collaborator");
  expect(await findRemover(office.scope, bob.id)).toBeUndefined();
  await app.members.remove(scopeOfAda(), office.ada, bob.logtoId);
  expect(await findRemover(office.scope, bob.id)).toBe("Ada");

  await takeBack(bob);
  await ground.removeMember(office.organizationId, { id: bob.logtoId }); // at Logto: who did it is not known here
  expect(await findRemover(office.scope, bob.id)).toBeUndefined();

  await takeBack(bob);
  await app.members.leave(office.scope, bob);
  expect(await findRemover(office.scope, bob.id)).toBeUndefined();
});

test("a name has whoever gave it last, and not whoever gave the one before", async () => {
  const organization = { id: office.organizationId, name: "Acme" };
  expect(await findRenamer(office.scope, "Acme")).toBeUndefined();
  await app.renaming.rename(scopeOfAda(), organization, "Apex");
  expect(await findRenamer(office.scope, "Apex")).toEqual({ id: office.ada.person.id, name: "Ada" });
  expect(await findRenamer(office.scope, "Given at Logto")).toBeUndefined();
});

test("an organization's end was asked for by somebody until it is undone", async () => {
  const organization = { id: office.organizationId, name: "Acme", colour: 3, deletesAt: null };
  expect(await findDeleter(office.scope)).toBeUndefined();
  await app.deletion.ask(office.scope, office.ada, organization);
  expect(await findDeleter(office.scope)).toBe("Ada");
  await app.deletion.undo(office.scope, organization);
  expect(await findDeleter(office.scope)).toBeUndefined();
});

/** As the guard makes it for her. */
function scopeOfAda() {
  const { id, name, email } = office.ada;
  return app.store.scope(office.organizationId, { by: { id, name, email, address: null, userAgent: null } });
}
