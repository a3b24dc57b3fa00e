// An organization is deleted, broken off after each single step or by Logto's silence: the next run ends it, and nothing names it any more.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { day, newBatch, newcomer, openOffice, tokenOf, type Office } from "../../../e2e/office";
import { createSteps, Died } from "../../../e2e/steps";
import { newId } from "../../../db";
import { rowsNaming } from "../../../scripts/offboard";
import { noDetails } from "../billing/details.server";
import { dayOf } from "../billing/periods";
import { daysToUndo, settling } from "./deletion.server";

const steps = createSteps();
let ground: Ground;
let app: App;
/** Another process over the same file. */
let next: App;
let office: Office;

const Named = z.object({ id: z.string(), name: z.string() });
const organization = () => ({ id: office.organizationId, name: "Acme", colour: 3, deletesAt: null });
const rows = () => [...rowsNaming(app.file, office.organizationId)].filter(([, count]) => count > 0);
const exportsFolder = () => `${app.file}.exports/${office.organizationId}`;
const ask = () => app.deletion.ask(office.scope, office.ada, organization());
const isAtLogto = async () =>
  JSON.stringify(await ground.api.list("/organizations", Named)).includes(office.organizationId);

beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 }, ...steps });
  next = ground.openApp({ line: { patience: 10_000, failures: 1_000 }, file: app.file });
});
beforeEach(async () => {
  steps.begin();
  await ground.heal();
  app.clock.ahead = 0;
  next.clock.ahead = 0;
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

/** Rows in every table of an organization, a session inside it, and the file of an export. 201 posts are more than are erased at once. */
async function furnish({ posts = 201 } = {}) {
  const { scope, ada, organizationId } = office;
  await office.hire("Bob", "Collaborator");
  const { id: invitationId } = await office.inviteOne(`guest.${newId()}@example.com`);
  await scope.write(async (tx, tables) => {
    const at = { createdAt: tx.at, updatedAt: tx.at };
    const { id: authorId } = ada;
    for (let count = 0; count < posts; count += 1) {
      const id = newId();
      await tx.insert(tables.posts, { id, authorId, title: "A post", body: "Text", status: "published", ...at });
      if (count < 3) await tx.insert(tables.comments, { id: newId(), postId: id, authorId, body: "A comment", ...at });
    }
    const request = { id: newId(), invitationId, kind: "unusable-link" as const, address: "guest@example.com" };
    await tx.insert(tables.invitationRequests, { ...request, createdAt: tx.at });
    await tx.insert(tables.invitationDomains, { domain: "example.com", addedBy: authorId, createdAt: tx.at });
    await tx.insert(tables.billingDetails, { ...noDetails, id: newId(), version: 1, createdAt: tx.at });
    const on = dayOf(tx.at);
    await tx.insert(tables.invoices, {
      ...{ id: newId(), number: 1, plan: "business", startsOn: on, endsOn: on, issuedOn: on, dueOn: on },
      ...{ currency: "EUR", lines: [], billTo: noDetails, status: "open", createdAt: tx.at },
    });
    await tx.insert(tables.auditRefusals, { id: newId(), action: "posts.delete", writtenAt: tx.at, held: 3 });
  });
  await app.exports.ask(scope, ada);
  mkdirSync(exportsFolder(), { recursive: true });
  writeFileSync(`${exportsFolder()}/left.zip.part`, "half a file");
  await app.store.system.write((tx, { organizationLocks }) =>
    tx.insert(organizationLocks, { organizationId, holder: "a process that died", until: new Date(0) }),
  );
  const browser = await app.signIn({ email: ada.email, password: "atrium-demo" });
  expect((await app.guards(browser).requireMember("posts.list")).organization.id).toBe(organizationId);
  return browser;
}

/** Of an organization that has something everywhere: once its deletion is asked for. */
const everywhere = expect.arrayContaining([
  ...["audit_events", "audit_refusals", "billing_details", "comments", "export_files", "invitation_domains"],
  ...["invitation_links", "invitation_requests", "invitations", "invoices", "members", "organization_locks"],
  ...["organization_settings", "organizations", "plan_choices", "posts", "sessions"],
]);

async function isGone() {
  expect(rows()).toEqual([]);
  expect(existsSync(exportsFolder())).toBe(false);
  expect(await isAtLogto()).toBe(false);
}

async function eraseWhole(by: App = app) {
  by.clock.ahead = daysToUndo * day + 1_000;
  await by.deletion.eraseDue();
  by.clock.ahead += settling;
  return by.deletion.eraseDue();
}

test("for seven days it can be undone, and nothing of it goes", async () => {
  const browser = await furnish();
  const deletesAt = await ask();
  expect(await ask(), "asked for twice, the first time counts").toEqual(deletesAt);
  expect((await app.guards(browser).requireMember("posts.list")).organization.deletesAt).toEqual(deletesAt);
  app.clock.ahead = daysToUndo * day - 60_000;
  expect(await app.deletion.eraseDue()).toEqual([]);
  expect(await app.deletion.undo(office.scope, organization())).toBe(true);
  expect(await app.deletion.undo(office.scope, organization()), "there is nothing to undo any more").toBe(false);
  app.clock.ahead = daysToUndo * day + 60_000;
  expect(await app.deletion.eraseDue()).toEqual([]);
  expect(await isAtLogto()).toBe(true);
  expect(rows().map(([table]) => table)).toEqual(expect.arrayContaining(["posts", "comments", "members", "sessions"]));
});

test("what would go is counted first, and what is still to be paid with it", async () => {
  const nothing = { posts: 0, drafts: 0, comments: 0, members: 1, invitations: 0, unpaid: 0 };
  expect(await app.deletion.whatGoes(office.scope)).toEqual(nothing);
  await furnish({ posts: 4 });
  expect(await app.deletion.whatGoes(office.scope)).toEqual({
    ...{ posts: 4, drafts: 0, comments: 3, members: 2, invitations: 1, unpaid: 1 },
  });
});

test("then every row of it goes, at Logto too, and whoever was in it is told", async () => {
  const browser = await furnish();
  const other = await openOffice(ground, app);
  const others = [...rowsNaming(app.file, other.organizationId)];
  await ask();
  expect(rows().map(([table]) => table)).toEqual(everywhere);
  expect(existsSync(exportsFolder())).toBe(true);
  app.clock.ahead = daysToUndo * day + 1_000;
  expect(await app.deletion.eraseDue(), "until nothing is under way any more").toEqual([]);
  expect(await isAtLogto()).toBe(false);
  expect(await app.deletion.undo(office.scope, organization()), "there is no way back").toBe(false);
  expect(await app.sessionOf(browser)).toMatchObject({
    organizationId: null,
    notice: "Acme was deleted, as Ada had asked.",
  });
  await office.scope.write((tx, { posts, members }) => {
    const { id: userId, logtoId, email } = office.ada;
    const at = { joinedAt: tx.at, lastActiveAt: tx.at, updatedAt: tx.at };
    return tx.insert(members, { userId, logtoId, name: "Ada", email, ...at }).then(() =>
      tx.insert(posts, {
        ...{ id: newId(), authorId: userId, title: "Too late", body: "", status: "published" as const },
        ...{ createdAt: tx.at, updatedAt: tx.at },
      }),
    );
  });
  app.clock.ahead += settling;
  expect(await app.deletion.eraseDue()).toEqual([office.organizationId]);
  await isGone();
  expect([...rowsNaming(app.file, other.organizationId)], "another organization's are all there").toEqual(others);
  expect(await app.deletion.eraseDue()).toEqual([]);
});

test("a process that dies at any step leaves nothing that the next run does not end", async () => {
  await furnish();
  await ask();
  steps.begin();
  await eraseWhole();
  const count = steps.taken();
  expect(count).toBeGreaterThan(15);
  await isGone();
  for (let step = 1; step <= count; step += 1) {
    for (const when of ["before", "after"] as const) {
      steps.begin();
      app.clock.ahead = 0;
      next.clock.ahead = 0;
      office = await openOffice(ground, app);
      await furnish({ posts: 3 });
      await ask();
      expect(rows().map(([table]) => table)).toEqual(everywhere);
      steps.begin({ step, when });
      await eraseWhole().catch(unlessDied);
      steps.begin();
      await eraseWhole(next);
      await isGone();
    }
  }
}, 300_000);

test("without an answer of Logto it waits, and nothing goes that Logto still has", async () => {
  await furnish();
  await ask();
  const before = rows();
  await ground.fault({ kind: "reset", match: { method: "DELETE" } });
  next.clock.ahead = daysToUndo * day + 1_000;
  expect(await next.deletion.eraseDue()).toEqual([]);
  expect(rows()).toEqual(before);
  await ground.heal();
  expect(await eraseWhole()).toEqual([office.organizationId]);
  await isGone();
});

describe("while it waits", () => {
  test("nobody is invited, invited again or taken in; when it is undone, they are", async () => {
    const guest = await newcomer(ground, app, "guest");
    const { id, token } = await office.inviteOne(guest.email);
    await ask();
    const entries = [{ address: "new@example.com", roleId: office.roleId("Collaborator") }];
    const send = () =>
      app.invitations.send(office.scope, office.ada, { batch: newBatch(), entries, note: "", days: 7 });
    expect(await send()).toMatchObject([{ result: "being-deleted" }]);
    expect(await app.invitations.resend(office.scope, office.ada, [id])).toMatchObject([{ reason: "being-deleted" }]);
    expect(await app.invitations.renewLink(office.scope, office.ada, id)).toMatchObject({ reason: "being-deleted" });
    const toAdmin = () => app.invitations.changeRole(office.scope, office.ada, id, office.roleId("Admin"));
    expect(await toAdmin()).toMatchObject({ reason: "being-deleted" });
    expect(await app.invitations.accept(token, guest)).toEqual({ ok: false, reason: "being-deleted" });
    expect(await app.invitations.acceptWaiting(guest, id)).toEqual({ ok: false, reason: "being-deleted" });
    expect(Object.keys(await office.membersAtLogto())).toEqual([office.ada.logtoId]);

    await app.deletion.undo(office.scope, organization());
    expect(await send()).toMatchObject([{ result: "sent" }]);
    const [resent] = await app.invitations.resend(office.scope, office.ada, [id]);
    expect(resent).toMatchObject({ ok: true });
    expect(await app.invitations.accept(resent?.ok ? tokenOf(resent.link) : token, guest)).toMatchObject({ ok: true });
  });
});

function unlessDied(error: unknown): void {
  if (!(error instanceof Died)) throw error;
}
