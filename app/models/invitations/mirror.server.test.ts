// Logto's invitation behind ours: it is always the one that is wished, known again when an answer was lost, and gone when ours is closed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eq, sql } from "../../../db";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { day, newBatch, newcomer, openOffice, tokenOf, type Office } from "../../../e2e/office";
import { claimAge } from "./invitation.server";

let ground: Ground;
let app: App;
let office: Office;
let guests = 0;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 } });
});
beforeEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
  app.clock.standsAt = Date.now();
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const guest = () => `guest.${(guests += 1)}@example.com`;
const path = "/api/organization-invitations";
const invites = { method: "POST", path };
const pending = async (address?: string) =>
  (await office.invitationsAtLogto(address)).filter(({ status }) => status === "Pending");
const again = async (id: string, by = app) => (await by.invitations.resend(office.scope, office.ada, [id]))[0];
const toAdmin = (id: string, by = app) =>
  by.invitations.changeRole(office.scope, office.ada, id, office.roleId("Admin"));
const revoke = (id: string) => app.invitations.revoke(office.scope, office.ada, [id]);

/** Ours is there, and Logto has not said that its own is: `isMade` tells whether it is all the same. */
async function unheard(isMade: boolean, role = "Collaborator") {
  await ground.fault(
    isMade ? { kind: "reset", when: "after", match: invites } : { kind: "status", status: 500, match: invites },
  );
  const address = guest();
  const [sent] = await office.invite([address], { role });
  expect(sent?.result).toBe("unavailable");
  await ground.heal();
  const row = await office.row(sent?.invitationId ?? "");
  expect(row).toMatchObject({ logtoId: null, made: 0, delivery: "waiting", sentCount: 0 });
  expect(await pending(address)).toHaveLength(isMade ? 1 : 0);
  return { id: row?.id ?? "", address, expiresAt: row?.expiresAt.getTime() ?? 0 };
}

/** Another process, which does something else just after Logto has answered such a request. */
function interrupted(isIt: (url: string, init: RequestInit | undefined) => boolean, run: () => Promise<unknown>) {
  return ground.openApp({
    file: app.file,
    line: { failures: 1_000 },
    around: (line) => (url, init) =>
      line(url, init).finally(async () => {
        if (isIt(String(url), init)) await run();
      }),
  });
}
const isInviting = (url: string, init: RequestInit | undefined) => init?.method === "POST" && url.endsWith(path);

describe("one whose making was never heard of", () => {
  test("is known again: it is neither made nor mailed twice", async () => {
    const { id, address } = await unheard(true);
    const [before] = await pending(address);
    expect(await again(id)).toMatchObject({ ok: true, result: "sent" });
    expect(await pending(address)).toEqual([before]);
    expect(await office.row(id)).toMatchObject({
      logtoId: before?.id,
      delivery: "sent",
      sentCount: 1,
      made: 1,
      wanted: 1,
    });
    expect((await office.row(id))?.lastSentAt).toEqual(new Date(app.clock.standsAt ?? 0));
    expect(await office.mailsTo(address)).toHaveLength(1);
  });

  test("for another role has sent no mail, and counts none", async () => {
    const address = guest();
    const { id } = await office.inviteOne(address);
    await ground.fault({ kind: "reset", when: "after", match: invites });
    await toAdmin(id);
    await ground.heal();
    app.clock.ahead = 1_000;
    expect(await toAdmin(id)).toMatchObject({ ok: true });
    const sent = { delivery: "sent", sentCount: 1, lastSentAt: new Date(app.clock.standsAt ?? 0) };
    expect(await office.row(id)).toMatchObject({ ...sent, roleName: "Admin", made: 2, wanted: 2 });
    expect(await office.mailsTo(address)).toHaveLength(1);
  });

  test.each([
    ["Collaborator", []],
    ["Collaborator", ["Admin"]],
    ["Collaborator", ["Collaborator", "Admin"]],
    ["Admin", ["Collaborator", "Admin"]],
  ])("is not taken for somebody else's with the same end and other roles (not %s: %j)", async (role, roles) => {
    const { id, address, expiresAt } = await unheard(false, role);
    const { organizationId } = office;
    const organizationRoleIds = roles.map(office.roleId);
    await ground.api.write("POST", "/organization-invitations", {
      ...{ organizationId, invitee: address, expiresAt, organizationRoleIds },
    });
    expect(await again(id)).toMatchObject({ ok: true, result: "sent" });
    expect(await pending(address)).toMatchObject([{ organizationRoles: [{ name: role }] }]);
    expect(await office.mailsTo(address)).toHaveLength(1);
  });
});

describe("a mail that Logto does not send", () => {
  const mailing = { ...invites, body: '"link"' };
  const answer = { code: "connector.general", message: "No" };

  test("is asked for once; the invitation is made without it, and so it is for another role", async () => {
    const address = guest();
    await ground.fault({ kind: "status", status: 400, answer, match: mailing });
    app.sent.length = 0;
    const { id } = await office.inviteOne(address);
    const asked = app.sent.flatMap(({ path: to, body }) => (to === path ? body.includes('"link"') : []));
    expect(asked, "looked for, asked for with a mail, and without").toEqual([false, true, false]);
    await toAdmin(id);
    expect(await office.row(id)).toMatchObject({ delivery: "refused", sentCount: 0, lastSentAt: null, made: 2 });
    expect(await office.mailsTo(address)).toEqual([]);
  });

  test("has not gone out with an invitation that was made without it and is known again", async () => {
    const address = guest();
    await ground.fault({ kind: "status", status: 400, answer, match: mailing });
    await ground.fault({ kind: "reset", when: "after", match: { ...invites, body: '"messagePayload":false' } });
    const [sent] = await office.invite([address]);
    expect(sent?.result).toBe("unavailable");
    await ground.heal();
    const [before] = await pending(address);
    const nora = await newcomer(ground, app, "Nora", { email: address });
    expect(await app.invitations.accept(tokenOf(sent?.link ?? ""), nora)).toMatchObject({ ok: true });
    expect(await office.row(sent?.invitationId ?? "")).toMatchObject({
      logtoId: before?.id,
      delivery: "refused",
      sentCount: 0,
    });
    expect(await office.mailsTo(address)).toEqual([]);
  });

  test("for a reason that nobody reckoned with is not given up", async () => {
    const unknown = { code: "entity.relation_foreign_key_not_found", message: "No" };
    await ground.fault({ kind: "status", status: 422, answer: unknown, match: mailing });
    const [sent] = await office.invite([guest()]);
    expect(sent).toMatchObject({ result: "unavailable" });
    expect(await office.row(sent?.invitationId ?? "")).toMatchObject({ delivery: "waiting", made: 0 });
    await ground.heal();
    expect(await again(sent?.invitationId ?? "")).toMatchObject({ ok: true, result: "sent" });
  });

  test("is asked for again when something else was wished meanwhile", async () => {
    const address = guest();
    const { id } = await office.inviteOne(address);
    await ground.fault({ kind: "status", status: 400, answer, match: mailing });
    let times = 0;
    const hindered = interrupted(
      (url, init) => isInviting(url, init) && String(init?.body).includes('"link"') && (times += 1) === 1,
      () => toAdmin(id),
    );
    expect(await again(id, hindered)).toMatchObject({ ok: true, result: "mail-refused" });
    const [theirs, ...others] = await pending(address);
    const { logtoId, expiresAt, made, wanted } = (await office.row(id)) ?? {};
    expect(theirs).toMatchObject({
      id: logtoId,
      expiresAt: expiresAt?.getTime(),
      organizationRoles: [{ name: "Admin" }],
    });
    expect([others, made, wanted]).toEqual([[], 3, 3]);
  });
});

describe("what is wished otherwise while it is made", () => {
  test("is made as it is wished last, and nothing is left of the former wish", async () => {
    const address = guest();
    const { id } = await office.inviteOne(address);
    let times = 0;
    const hindered = interrupted(
      (url, init) => isInviting(url, init) && (times += 1) === 1,
      () => toAdmin(id),
    );
    expect(await again(id, hindered)).toMatchObject({ ok: true });
    const { logtoId } = (await office.row(id)) ?? {};
    expect(await pending(address)).toMatchObject([{ id: logtoId, organizationRoles: [{ name: "Admin" }] }]);
  });

  /** Another process, to which something else is wished so often while it makes one. */
  function restless(id: string, often: number) {
    let times = 0;
    return interrupted(
      (url, init) => isInviting(url, init) && (times += 1) <= often,
      () =>
        office.scope.write((tx, { invitations }) =>
          tx.update(invitations, { wanted: sql`${invitations.wanted} + 1` }, eq(invitations.id, id)),
        ),
    );
  }

  test("again and again is given up after five times", async () => {
    const { id } = await office.inviteOne(guest());
    expect(await again(id, restless(id, Infinity))).toMatchObject({ ok: true, result: "unavailable" });
    expect(await office.row(id)).toMatchObject({ wanted: 7 });
    expect(await again(id)).toMatchObject({ ok: true, result: "sent" });
  });

  test("four times is made the fifth", async () => {
    const { id } = await office.inviteOne(guest());
    expect(await again(id, restless(id, 4))).toMatchObject({ ok: true, result: "sent" });
    expect(await office.row(id)).toMatchObject({ wanted: 6, made: 6 });
  });

  test("and closed, is not made again", async () => {
    const address = guest();
    const { id } = await office.inviteOne(address);
    const hindered = interrupted(isInviting, () => revoke(id));
    expect(await again(id, hindered)).toMatchObject({ ok: true, result: "unavailable" });
    expect(await office.standing(id)).toMatchObject({ here: "revoked", roles: undefined });
    expect(await pending(address)).toEqual([]);
    expect(await office.mailsTo(address), "the first, and the one that was under way").toHaveLength(2);
  });
});

test("one that is made anew at the last moment lives ten minutes at Logto, so that it can be accepted", async () => {
  const gina = await newcomer(ground, app, "Gina");
  const { id, token } = await office.inviteOne(gina.email, { days: 1 });
  app.clock.ahead = day - 1_000;
  await ground.api.write("DELETE", `/organization-invitations/${(await office.row(id))?.logtoId}`);
  expect(await app.invitations.accept(token, gina)).toMatchObject({ ok: true });
  const expiresAt = (app.clock.standsAt ?? 0) + app.clock.ahead + 10 * 60_000;
  expect(await office.invitationsAtLogto()).toMatchObject([{ status: "Accepted", expiresAt }]);
});

describe("what was closed here", () => {
  test("is taken back, also when nobody heard that it was made", async () => {
    const { id } = await unheard(true);
    await revoke(id);
    expect(await office.standing(id)).toEqual({ here: "revoked", atLogto: ["Revoked"], roles: undefined });
  });

  test("and was not heard of is looked for once more, for as long as somebody may be making it", async () => {
    const { id, address, expiresAt } = await unheard(false);
    await revoke(id);
    expect(await office.row(id)).toMatchObject({ made: 0, logtoId: null });
    const late = { organizationId: office.organizationId, invitee: address, expiresAt };
    await ground.api.write("POST", "/organization-invitations", {
      ...{ ...late, organizationRoleIds: [office.roleId("Collaborator")] },
    });
    app.clock.ahead = claimAge;
    await revoke(id);
    expect((await office.standing(id)).atLogto).toEqual(["Revoked"]);
    expect(await office.row(id), "to the millisecond").toMatchObject({ made: 0 });
    app.clock.ahead = claimAge + 1;
    await revoke(id);
    expect(await office.row(id)).toMatchObject({ made: 1 });
    app.sent.length = 0;
    await revoke(id);
    expect(app.sent).toEqual([]);
  });

  test("takes nothing with it that is another invitation to the same address", async () => {
    const { id, address } = await unheard(false);
    await revoke(id);
    const anew = await office.inviteOne(address, { days: 9 });
    await revoke(id);
    expect(await office.standing(anew.id)).toMatchObject({ here: "pending", atLogto: ["Pending"] });
    app.sent.length = 0;
    await revoke(anew.id);
    const asked = app.sent.map(({ path: to }) => to).filter((to) => to !== path);
    expect(asked, "the one that Logto has, and no other").toEqual([expect.stringMatching(/\/\w+\/status$/)]);
    expect(await office.standing(anew.id)).toMatchObject({ here: "revoked", atLogto: ["Revoked"] });
  });

  test("stays for the next time while Logto is away", async () => {
    const { id } = await office.inviteOne(guest());
    await ground.fault({ kind: "status", status: 500, match: { path } });
    expect(await revoke(id)).toMatchObject([{ ok: true }]);
    await ground.heal();
    expect(await office.standing(id)).toMatchObject({ here: "revoked", atLogto: ["Pending"] });
    const other = await office.inviteOne(guest());
    await revoke(other.id);
    expect((await office.standing(id)).atLogto).toEqual(["Revoked"]);
    expect(await office.row(id)).toMatchObject({ logtoId: null });
  });
});

test("the same batch has no more than five calls to Logto under way", async () => {
  let underWay = 0;
  let most = 0;
  const counting = ground.openApp({
    file: app.file,
    around: (line) => async (url, init) => {
      most = Math.max(most, (underWay += 1));
      return line(url, init).finally(() => (underWay -= 1));
    },
  });
  const entries = Array.from({ length: 12 }, () => ({ address: guest(), roleId: office.roleId("Collaborator") }));
  await counting.invitations.send(office.scope, office.ada, { batch: newBatch(), entries, note: "", days: 7 });
  expect(most).toBe(5);
});
