// A claim: whoever accepts has it, it keeps its seat, and when nobody ends it, what Logto has made of it does.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asc, eq } from "../../../db";
import type { News } from "../../live/feed.server";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, newcomer, openOffice, type Office } from "../../../e2e/office";
import { createSteps } from "../../../e2e/steps";
import { claimAge } from "./invitation.server";

const steps = createSteps();
let ground: Ground;
let app: App;
/** Another process over the same file, whose steps are counted. */
let stepping: App;
let office: Office;
let gina: Colleague;
beforeAll(async () => {
  ground = await startGround();
  const line = { patience: 10_000, failures: 1_000 };
  app = ground.openApp({ line });
  stepping = ground.openApp({ line, file: app.file, ...steps });
});
beforeEach(async () => {
  await ground.heal();
  for (const clock of [app.clock, stepping.clock]) Object.assign(clock, { ahead: 0, standsAt: undefined });
  office = await openOffice(ground, app);
  gina = await newcomer(ground, app, "Gina");
});
afterAll(() => ground.close());

const invitations = "/api/organization-invitations";
const accepts = { method: "PUT", path: invitations };
const revoke = async (id: string) => (await app.invitations.revoke(office.scope, office.ada, [id]))[0];
const operator = (method: "PUT" | "DELETE", path: string, body?: object) => ground.api.write(method, path, body ?? {});

/** Gina has begun to accept, and the process has never heard of Logto again, which may have done what it was asked for. */
async function claimed({ isDone = false, role = "Collaborator" } = {}) {
  const { id, token } = await office.inviteOne(gina.email, { role });
  await ground.fault(
    isDone ? { kind: "reset", when: "after", match: accepts } : { kind: "status", status: 500, match: accepts },
  );
  expect(await app.invitations.accept(token, gina)).toEqual({ ok: false, reason: "unavailable" });
  await ground.heal();
  const row = await office.row(id);
  expect(row).toMatchObject({ status: "accepting", acceptedBy: gina.id });
  return { id, token, path: `/organization-invitations/${row?.logtoId}` };
}

describe("a claim", () => {
  test("is nobody's to end for two minutes, to the millisecond", async () => {
    app.clock.standsAt = Date.now();
    const { id } = await claimed();
    app.clock.ahead = claimAge - 1;
    expect(claimAge).toBe(120_000);
    expect(await revoke(id)).toMatchObject({ ok: false, reason: "busy" });
    app.clock.ahead = claimAge;
    expect(await revoke(id)).toMatchObject({ ok: true });
    expect(await office.standing(id)).toEqual({ here: "revoked", atLogto: ["Revoked"], roles: undefined });
  });

  test("is gone on with by whoever made it, and taken by nobody else", async () => {
    const { id, token } = await claimed();
    await ground.api.write("PATCH", `/users/${gina.logtoId}`, { primaryEmail: `moved.${gina.email}` });
    const heir = await newcomer(ground, app, "Heir", { email: gina.email });
    expect(await app.invitations.accept(token, heir)).toEqual({ ok: false, reason: "unusable" });
    expect(await office.row(id)).toMatchObject({ status: "accepting", acceptedBy: gina.id });
    await ground.api.write("PATCH", `/users/${heir.logtoId}`, { primaryEmail: `heir.${gina.email}` });
    await ground.api.write("PATCH", `/users/${gina.logtoId}`, { primaryEmail: gina.email });
    expect(await app.invitations.accept(token, gina)).toMatchObject({ ok: true });
  });

  test("has its seat, though there is none for others meanwhile", async () => {
    office = await openOffice(ground, app, { plan: "free" });
    const { token } = await claimed();
    for (let extra = 0; extra < 9; extra += 1) await office.hire(`Extra${extra}`, "Collaborator");
    expect(await app.invitations.accept(token, gina)).toMatchObject({ ok: true });
    expect(Object.keys(await office.membersAtLogto())).toHaveLength(11);
  });

  test("of a member needs none", async () => {
    office = await openOffice(ground, app, { plan: "free" });
    const { token } = await office.inviteOne(gina.email);
    for (let extra = 0; extra < 8; extra += 1) await office.hire(`Extra${extra}`, "Collaborator");
    await ground.addMember(office.organizationId, { id: gina.logtoId }, "Collaborator");
    expect(await app.invitations.accept(token, gina)).toMatchObject({ ok: true });
  });

  test("gets the seat that somebody leaves at that moment, and the log tells of no refusal", async () => {
    office = await openOffice(ground, app, { plan: "free" });
    const { id, token } = await office.inviteOne(gina.email);
    const extras = await Promise.all(Array.from({ length: 9 }, (_, extra) => office.hire(`Extra${extra}`)));
    const logtoId = extras[0]?.logtoId ?? "";
    const left = ground.openApp({
      file: app.file,
      around: (line) => async (url, init) => {
        if (String(url).endsWith(`/${gina.logtoId}/roles`) && (await office.membersAtLogto())[logtoId])
          await ground.removeMember(office.organizationId, { id: logtoId });
        return line(url, init);
      },
    });
    expect(await left.invitations.accept(token, gina)).toMatchObject({ ok: true });
    expect(Object.keys(await office.membersAtLogto())).toHaveLength(10);
    const told = (await log(id)).map(({ action, result }) => `${action} ${result}`);
    expect(told).toEqual(["invitations.send done", "join.accept asked", "join.accept done"]);
  });

  test("that was renewed meanwhile is not ended by whoever found it too old", async () => {
    app.clock.standsAt = stepping.clock.standsAt = Date.now();
    const revokeInSteps = (id: string) =>
      stepping.invitations.revoke(steps.aroundScope(office.scope), office.ada, [id]);
    const ended = new Set<unknown>();
    for (let step = 1; step <= 4; step += 1) {
      gina = await newcomer(ground, app, "Gina");
      app.clock.ahead = stepping.clock.ahead = 0;
      const { id, token } = await claimed();
      app.clock.ahead = stepping.clock.ahead = claimAge;
      await ground.fault({ kind: "status", status: 500, match: accepts });
      let renewed: object = {};
      steps.begin({ step, meanwhile: async () => (renewed = await app.invitations.accept(token, gina)) });
      const [revoked] = await revokeInSteps(id);
      steps.begin();
      const isRenewed = "reason" in renewed && renewed.reason === "unavailable";
      expect(revoked, `at step ${step}`).toMatchObject(isRenewed ? { ok: false, reason: "busy" } : { ok: true });
      expect(await office.row(id)).toMatchObject({ status: isRenewed ? "accepting" : "revoked" });
      const failures = (await log(id)).filter(({ result }) => result === "failed");
      expect(failures, `at step ${step}`).toHaveLength(1);
      ended.add(isRenewed);
    }
    expect([...ended].sort()).toEqual([false, true]);
  });
});

const log = (id: string) =>
  office.scope.read((db, { auditEvents }) =>
    db.select().from(auditEvents).where(eq(auditEvents.targetId, id)).orderBy(asc(auditEvents.at)),
  );

describe("a claim that nobody ended is ended by what Logto says", () => {
  const collaborator = () => ground.addMember(office.organizationId, { id: gina.logtoId }, "Collaborator");

  /** @returns the answer to revoking it, and how it stands afterwards. */
  async function settled(id: string) {
    app.clock.ahead = claimAge;
    const revoked = await revoke(id);
    const { status, acceptedBy, claimedAt } = (await office.row(id)) ?? {};
    const [last] = (await log(id)).filter(({ action }) => action === "join.accept").slice(-1);
    return {
      answer: revoked?.ok || revoked?.reason,
      status,
      isClaimed: [acceptedBy, claimedAt].some(Boolean),
      said: [last?.actorName, last?.result, last?.reason ?? ""].join(" "),
    };
  }
  const joined = { answer: "closed", status: "accepted", isClaimed: true, said: "Atrium done " };
  const givenUp = { answer: true, status: "revoked", isClaimed: false, said: "Atrium failed no-answer" };

  test("they have joined: accepted, and a member", async () => {
    const { id } = await claimed({ isDone: true });
    expect(await settled(id)).toEqual(joined);
    expect(await office.member(gina.logtoId)).toMatchObject({
      userId: gina.id,
      name: "Gina",
      email: gina.email,
      leftAt: null,
    });
  });

  test("they had joined, and were taken out: nobody can use it", async () => {
    const { id } = await claimed({ isDone: true });
    await ground.removeMember(office.organizationId, { id: gina.logtoId });
    expect(await settled(id)).toEqual({ ...givenUp, said: "Atrium failed unusable" });
    expect(await office.member(gina.logtoId)).toBeUndefined();
  });

  test("it waits there: it waits here", async () => {
    const { id } = await claimed();
    expect(await settled(id)).toEqual(givenUp);
  });

  test("it was taken away, and they are in with its role, beside another: accepted", async () => {
    const { id, path } = await claimed();
    await ground.addMember(office.organizationId, { id: gina.logtoId }, "Admin", "Collaborator");
    await operator("DELETE", path);
    expect(await settled(id)).toEqual(joined);
  });

  test("it was taken away, and they are in with another role, or not at all: it waits", async () => {
    for (const roles of [["Collaborator"], []]) {
      gina = await newcomer(ground, app, "Gina");
      const { id, path } = await claimed({ role: "Admin" });
      if (roles.length > 0) await collaborator();
      await operator("DELETE", path);
      expect(await settled(id)).toEqual(givenUp);
      app.clock.ahead = 0;
    }
  });

  test("it was revoked there, whatever they are otherwise: it waits", async () => {
    const { id, path } = await claimed();
    await collaborator();
    await operator("PUT", `${path}/status`, { status: "Revoked" });
    expect(await settled(id)).toEqual(givenUp);
  });

  test("none was made there, whatever they are otherwise: it waits", async () => {
    await ground.fault({ kind: "status", status: 500, match: { method: "POST", path: invitations } });
    const [sent] = await office.invite([gina.email]);
    expect(await app.invitations.accept(sent?.link?.split("/").at(-1) ?? "", gina)).toMatchObject({
      reason: "unavailable",
    });
    await ground.heal();
    await collaborator();
    expect(await office.row(sent?.invitationId ?? "")).toMatchObject({ status: "accepting", logtoId: null });
    expect(await settled(sent?.invitationId ?? "")).toEqual(givenUp);
  });

  test("nobody knows any more who they were: it waits", async () => {
    const { id } = await claimed({ isDone: true });
    await app.store.system.write((tx, { users }) => tx.remove(users, eq(users.id, gina.id)));
    expect(await settled(id)).toEqual(givenUp);
  });

  test("it is found settled by whoever sends it again at that moment", async () => {
    const { id } = await claimed();
    app.clock.ahead = claimAge;
    expect(await app.invitations.resend(office.scope, office.ada, [id])).toMatchObject([{ ok: true, result: "sent" }]);
  });

  test("declining ends it too, and nobody is asked when Logto is away", async () => {
    const { id, token } = await claimed();
    app.clock.ahead = claimAge;
    await ground.fault({ kind: "status", status: 500, match: { path: "/api" } });
    expect(await app.invitations.decline(token)).toEqual({ ok: false, reason: "unusable" });
    expect(await revoke(id)).toMatchObject({ ok: false, reason: "busy" });
    expect(await app.invitations.resend(office.scope, office.ada, [id])).toMatchObject([{ reason: "unavailable" }]);
    await ground.heal();
    expect(await app.invitations.decline(token)).toEqual({ ok: true });
  });

  test("once: one that has ended is asked about no more", async () => {
    const { id, token } = await office.inviteOne(gina.email);
    await app.invitations.accept(token, gina);
    app.clock.ahead = claimAge;
    app.sent.length = 0;
    expect(await revoke(id)).toMatchObject({ ok: false, reason: "closed" });
    expect(app.sent).toEqual([]);
  });
});

describe("whoever has joined", () => {
  async function joins() {
    const { token } = await office.inviteOne(gina.email);
    app.clock.ahead += 60_000;
    const at = Date.now() + app.clock.ahead;
    const heard: News[] = [];
    const end = app.feed.subscribe((news) => heard.push(news));
    expect(await app.invitations.accept(token, gina)).toMatchObject({ ok: true });
    end();
    const { joinedAt, lastActiveAt } = (await office.member(gina.logtoId)) ?? {};
    expect(lastActiveAt?.getTime()).toBeGreaterThanOrEqual(at);
    return { heard, isNew: (joinedAt?.getTime() ?? 0) >= at };
  }

  test("is told to look, and so are the others, and nothing counts that was known before", async () => {
    const browser = await app.signIn({ ...gina, password: "atrium-demo" });
    const epoch = async () => (await app.sessionOf(browser))?.epoch ?? NaN;
    const before = await epoch();
    const { heard } = await joins();
    expect(heard).toMatchObject([
      { kind: "change", to: { user: gina.id }, about: ["membership", "organizations", "invitations"] },
      { kind: "change", to: { organization: office.organizationId }, about: ["members"] },
    ]);
    expect(await epoch()).toBe(before + 1);
  });

  test("is a member from then on, or since they were: who left and comes back has joined anew", async () => {
    expect((await joins()).isNew, "for the first time").toBe(true);
    await app.members.remove(office.scope, office.ada, gina.logtoId);
    expect((await joins()).isNew, "after leaving").toBe(true);
    await ground.removeMember(office.organizationId, { id: gina.logtoId });
    expect((await joins()).isNew, "as somebody who is still listed here").toBe(false);
  });
});
