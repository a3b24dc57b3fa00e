// What nobody can do with invitations, by whichever way: give more than they hold, pass a limit, or reach another organization's.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../../db";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, day, newBatch, newcomer, openOffice, type Office, tokenOf } from "../../../e2e/office";
import { dismissRequest, listRequests } from "./requests.server";

let ground: Ground;
let app: App;
/** Another process over the same file. */
let other: App;
let office: Office;
let recruiterRole: string;
let guests = 0;
beforeAll(async () => {
  ground = await startGround();
  const line = { patience: 10_000, failures: 1_000 };
  app = ground.openApp({ line });
  other = ground.openApp({ line, file: app.file });
  recruiterRole = await ground.makeRole("Recruiter", ["read:posts", "write:posts", "read:members", "invite:members"]);
});
beforeEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const guest = () => `guest.${(guests += 1)}@example.com`;
const entriesFor = (addresses: string[], role = "Collaborator") =>
  addresses.map((address) => ({ address, roleId: office.roleId(role) }));
const batchOf = (addresses: string[], days = 7) => ({
  batch: newBatch(),
  entries: entriesFor(addresses),
  note: "",
  days,
});

describe("nobody gives a role that holds more than they do", () => {
  const beyond = { ok: false, reason: "beyond-you" };
  const ways: Record<string, (by: Colleague, id: string) => Promise<unknown>> = {
    "by sending again": async (by, id) => (await app.invitations.resend(office.scope, by, [id]))[0],
    "by a new link": (by, id) => app.invitations.renewLink(office.scope, by, id),
    "by taking it into another role": (by, id) => app.invitations.changeRole(office.scope, by, id, recruiterRole),
  };

  test.each(Object.entries(ways))("%s, when the invitation's own role is beyond them", async (_way, run) => {
    const rita = await office.hire("Rita", "Recruiter");
    const admins = await office.inviteOne(guest(), { role: "Admin" });
    const before = await office.row(admins.id);
    expect(await run(rita, admins.id)).toMatchObject(beyond);
    expect(await office.row(admins.id)).toEqual(before);
    const collaborators = await office.inviteOne(guest());
    expect(await run(rita, collaborators.id)).toMatchObject({ ok: true });
    expect(await office.row(collaborators.id)).toMatchObject({ invitedBy: rita.id });
  });

  test.each(Object.entries(ways))("%s, without the permission to invite, as Logto has it now", async (_way, run) => {
    const { id } = await office.inviteOne(guest());
    const rita = await office.hire("Rita", "Recruiter");
    await ground.setRoles(office.organizationId, { id: rita.logtoId }, "Collaborator");
    expect(await run(rita, id)).toMatchObject(beyond);
    await ground.removeMember(office.organizationId, { id: rita.logtoId });
    expect(await run(rita, id)).toMatchObject(beyond);
    expect(await run(office.ada, id)).toMatchObject({ ok: true });
  });

  test("by taking an invitation into a role beyond them, or one that is none", async () => {
    const rita = await office.hire("Rita", "Recruiter");
    const { id } = await office.inviteOne(guest());
    const change = (roleId: string) => app.invitations.changeRole(office.scope, rita, id, roleId);
    expect(await change(office.roleId("Admin"))).toEqual(beyond);
    expect(await change("no such role")).toEqual({ ok: false, reason: "unknown-role" });
    expect(await office.row(id)).toMatchObject({ roleName: "Collaborator", wanted: 1, invitedBy: office.ada.id });
    expect(await change(recruiterRole)).toMatchObject({ ok: true, roleName: "Recruiter" });
    expect(await office.invitationsAtLogto()).toMatchObject([{ organizationRoles: [{ name: "Recruiter" }] }]);
  });

  test("by whoever answers for it last: a resend by Rita ends with Rita's right", async () => {
    const rita = await office.hire("Rita", "Recruiter");
    const gina = await newcomer(ground, app, "Gina");
    const { id, token } = await office.inviteOne(gina.email);
    await app.invitations.resend(office.scope, rita, [id]);
    await ground.setRoles(office.organizationId, { id: rita.logtoId }, "Collaborator");
    expect(await app.invitations.accept(token, gina)).toEqual({ ok: false, reason: "unusable" });
    expect(await office.standing(id)).toMatchObject({ here: "revoked", roles: undefined });
    await app.invitations.send(office.scope, office.ada, batchOf([gina.email]));
    const again = (await office.rows()).find(({ status }) => status === "pending");
    expect(await app.invitations.acceptWaiting(gina, again?.id ?? "")).toMatchObject({ ok: true });
  });
});

describe("a hundred invitations may wait", () => {
  /** As many as are missing to `count`, put there at once. */
  async function fill(count: number, expiresAt = new Date(Date.now() + day)) {
    const { id } = await office.inviteOne(guest());
    const row = await office.row(id);
    if (!row) throw new Error("There is no invitation to copy");
    await office.scope.write(async (tx, { invitations }) => {
      for (let made = 1; made < count; made += 1) {
        const address = guest();
        await tx.insert(invitations, {
          ...row,
          id: newId(),
          address,
          addressKey: address,
          logtoId: null,
          expiresAt,
        });
      }
    });
  }

  test("also when two batches fill the last places at once, in one process and in two", async () => {
    await fill(90);
    const senders = [app, app, other, other];
    const answers = await Promise.all(
      senders.map((by) => by.invitations.send(office.scope, office.ada, batchOf(Array.from({ length: 4 }, guest)))),
    );
    const results = answers.flat().map(({ result }) => result);
    expect(results.filter((result) => result === "sent")).toHaveLength(10);
    expect(results.filter((result) => result === "too-many")).toHaveLength(6);
    expect((await app.invitations.list(office.scope, { page: 1 })).pending).toBe(100);
  });

  test("and one that has expired comes back only when there is a place", async () => {
    const { id } = await office.inviteOne(guest(), { days: 1 });
    app.clock.ahead = 2 * day;
    await fill(100, new Date(Date.now() + 9 * day));
    const again = () => app.invitations.resend(office.scope, office.ada, [id]);
    expect(await again()).toMatchObject([{ ok: false, reason: "too-many" }]);
    expect(await app.invitations.renewLink(office.scope, office.ada, id)).toMatchObject({ reason: "too-many" });
    const [waits] = (await office.rows()).filter((row) => row.id !== id);
    expect(await app.invitations.resend(office.scope, office.ada, [waits?.id ?? ""])).toMatchObject([{ ok: true }]);
    await app.invitations.revoke(office.scope, office.ada, [waits?.id ?? ""]);
    expect(await again()).toMatchObject([{ ok: true, result: "sent" }]);
  });
});

describe("the same batch", () => {
  test("in two processes at once, and in other letters, invites once", async () => {
    const addresses = [guest(), guest()];
    const batch = batchOf(addresses);
    const loud = { ...batch, entries: entriesFor(addresses.map((address) => ` ${address.toUpperCase()}`)) };
    await Promise.all([
      app.invitations.send(office.scope, office.ada, batch),
      other.invitations.send(office.scope, office.ada, loud),
    ]);
    const last = await app.invitations.send(office.scope, office.ada, loud);
    expect(last.map(({ result }) => result)).toEqual(["sent", "sent"]);
    expect(await office.rows()).toHaveLength(2);
    const pending = (await office.invitationsAtLogto()).filter(({ status }) => status === "Pending");
    expect(pending.map(({ invitee }) => invitee).sort()).toEqual(addresses.sort());
  });

  test("from another organization is another one", async () => {
    const globex = await openOffice(ground, app);
    const batch = batchOf([guest()]);
    const [first] = await app.invitations.send(office.scope, office.ada, batch);
    const [second] = await app.invitations.send(globex.scope, globex.ada, batch);
    expect(second).toMatchObject({ result: "sent" });
    expect(second?.invitationId).not.toBe(first?.invitationId);
  });
});

test("an invitation that was sent again is valid for as many days as before, counted from then", async () => {
  for (const days of [1, 30]) {
    const { id } = await office.inviteOne(guest(), { days });
    app.clock.ahead = day / 2;
    const [resent] = await app.invitations.resend(office.scope, office.ada, [id, id]);
    const expected = Date.now() + app.clock.ahead + days * day;
    expect(resent?.ok && Math.abs(resent.expiresAt.getTime() - expected)).toBeLessThan(60_000);
    const expiresAt = (await office.row(id))?.expiresAt.getTime();
    expect(await office.invitationsAtLogto((await office.row(id))?.addressKey)).toMatchObject([{ expiresAt }]);
    app.clock.ahead = 0;
  }
});

test("what is closed, or has expired, or is no invitation, is refused in a word", async () => {
  const [expired, revoked] = [await office.inviteOne(guest(), { days: 1 }), await office.inviteOne(guest())];
  await app.invitations.revoke(office.scope, office.ada, [revoked.id]);
  app.clock.ahead = 2 * day;
  const { ada, scope } = office;
  const admin = office.roleId("Admin");
  expect(await app.invitations.changeRole(scope, ada, expired.id, admin)).toEqual({ ok: false, reason: "expired" });
  expect(await app.invitations.changeRole(scope, ada, revoked.id, admin)).toEqual({ ok: false, reason: "closed" });
  expect(await app.invitations.renewLink(scope, ada, revoked.id)).toMatchObject({ ok: false, reason: "closed" });
  const ids = [revoked.id, expired.id, "nothing"];
  expect(await app.invitations.resend(scope, ada, ids)).toMatchObject([
    { ok: false, reason: "closed" },
    { ok: true, result: "sent" },
    { ok: false, reason: "missing" },
  ]);
  expect(await app.invitations.revoke(scope, ada, ids)).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: false, reason: "missing" },
  ]);
});

describe("an invitation of another organization", () => {
  const missing = { reason: "missing" };
  const ways: Record<
    string,
    [run: (place: Office, id: string) => Promise<unknown>, refused: unknown, allowed: unknown]
  > = {
    shown: [({ scope }, id) => app.invitations.find(scope, id), undefined, { status: "pending" }],
    "sent again": [({ scope, ada }, id) => app.invitations.resend(scope, ada, [id]), [missing], [{ ok: true }]],
    "given a new link": [({ scope, ada }, id) => app.invitations.renewLink(scope, ada, id), missing, { ok: true }],
    "given a role": [
      ({ scope, ada }, id) => app.invitations.changeRole(scope, ada, id, office.roleId("Admin")),
      missing,
      { ok: true },
    ],
    revoked: [({ scope, ada }, id) => app.invitations.revoke(scope, ada, [id]), [missing], [{ ok: true }]],
  };

  test.each(Object.entries(ways))("is not there to be %s", async (_what, [run, refused, allowed]) => {
    const globex = await openOffice(ground, app);
    const { id } = await office.inviteOne(guest());
    const before = await office.row(id);
    expect([await run(globex, id)]).toMatchObject([refused]);
    expect(await office.row(id)).toEqual(before);
    expect(await office.standing(id)).toMatchObject({ here: "pending", atLogto: ["Pending"] });
    expect(await run(office, id)).toMatchObject(allowed as object);
  });

  test("is in no list, and neither is what people asked for at it", async () => {
    const globex = await openOffice(ground, app);
    const { id, token } = await office.inviteOne(guest());
    await app.invitations.revoke(office.scope, office.ada, [id]);
    await app.invitations.ask(token, { kind: "unusable-link" });
    expect(await app.invitations.list(globex.scope, { page: 1 })).toMatchObject({
      invitations: [],
      total: 0,
      pending: 0,
    });
    expect(await listRequests(globex.scope)).toEqual([]);
    const [request] = await listRequests(office.scope);
    expect(request).toMatchObject({ kind: "unusable-link" });
    expect(await dismissRequest(globex.scope, request?.id ?? "")).toBe(false);
    expect(await listRequests(office.scope)).toHaveLength(1);
    expect(await dismissRequest(office.scope, request?.id ?? "")).toBe(true);
    expect(await app.invitations.list(office.scope, { page: 1 })).toMatchObject({ total: 1 });
  });

  test("for the same address is another invitation: one link closes one", async () => {
    const globex = await openOffice(ground, app);
    const gina = await newcomer(ground, app, "Gina");
    const [acmes, globexs] = [await office.inviteOne(gina.email), await globex.inviteOne(gina.email)];
    const [, mac = ""] = globexs.token.split(".");
    expect(await app.invitations.open(`${acmes.id}.${mac}`)).toEqual({ kind: "unusable" });
    expect(await app.invitations.decline(tokenOf(acmes.link))).toEqual({ ok: true });
    expect(await globex.standing(globexs.id)).toMatchObject({ here: "pending" });
    expect(await app.invitations.accept(globexs.token, gina)).toMatchObject({ organizationId: globex.organizationId });
    expect(Object.keys(await office.membersAtLogto())).not.toContain(gina.logtoId);
  });
});

test("nobody is sent a mail again who is a member meanwhile, in whatever letter case", async () => {
  const joined = await newcomer(ground, app, "Guest", { email: `Guest.${Date.now()}@example.com` });
  const { id } = await office.inviteOne(joined.email.toLowerCase());
  const mails = async () => (await office.mailsTo(joined.email.toLowerCase())).length;
  expect(await app.invitations.resend(office.scope, office.ada, [id])).toMatchObject([{ ok: true, result: "sent" }]);
  const before = await mails();
  await ground.addMember(office.organizationId, { id: joined.logtoId }, "Collaborator");
  const refused = [{ id, ok: false, address: joined.email.toLowerCase(), reason: "already-member" }];
  expect(await app.invitations.resend(office.scope, office.ada, [id])).toEqual(refused);
  expect([await app.invitations.renewLink(office.scope, office.ada, id)]).toEqual(refused);
  expect(await mails()).toBe(before);
  expect(await office.row(id)).toMatchObject({ status: "pending" });
});
