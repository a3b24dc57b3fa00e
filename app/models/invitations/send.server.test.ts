import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { day, newBatch, newcomer, openOffice, tokenOf, type Office } from "../../../e2e/office";

let ground: Ground;
let app: App;
let office: Office;
let guests = 0;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { failures: 1_000 } });
});
beforeEach(async () => {
  await ground.heal();
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const guest = () => `Guest.${(guests += 1)}@Example.com`;
const lower = (address: string) => address.toLowerCase();
const results = async (sending: ReturnType<Office["invite"]>) => (await sending).map(({ result }) => result);

test("an invitation is a row here, one at Logto, and a mail with the link", async () => {
  const address = guest();
  const before = Date.now();
  const [sent] = await office.invite([` ${address} `], { note: "See you on Monday.", days: 3 });
  expect(sent).toMatchObject({ address: ` ${address} `, result: "sent", link: expect.stringContaining("/join/") });
  const row = await office.row(sent?.invitationId ?? "");
  expect(row).toMatchObject({
    address,
    addressKey: lower(address),
    roleName: "Collaborator",
    note: "See you on Monday.",
    status: "pending",
    generation: 1,
    days: 3,
    invitedBy: office.ada.id,
    delivery: "sent",
    sentCount: 1,
    wanted: 1,
    made: 1,
  });
  expect(row?.expiresAt.getTime()).toBeGreaterThanOrEqual(before + 3 * day);
  expect(row?.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 3 * day);
  const [theirs, ...others] = await office.invitationsAtLogto();
  expect(others).toEqual([]);
  expect(theirs).toMatchObject({
    id: row?.logtoId,
    invitee: lower(address),
    status: "Pending",
    expiresAt: row?.expiresAt.getTime(),
    organizationRoles: [{ name: "Collaborator" }],
  });
  expect(await office.mailsTo(lower(address))).toEqual([sent?.link]);
  expect(await app.invitations.open(tokenOf(sent?.link ?? ""))).toMatchObject({ kind: "usable", address });
});

test("each address gets its own answer", async () => {
  const member = await office.hire("Bob", "Collaborator");
  const [waits, fresh] = [guest(), guest()];
  await office.invite([waits]);
  const collaborator = office.roleId("Collaborator");
  const entries = [
    [fresh, collaborator],
    [member.email.toUpperCase(), collaborator],
    [lower(waits), collaborator],
    ["no address", collaborator],
    ["", collaborator],
    [lower(fresh), collaborator],
    [guest(), "no such role"],
  ].map(([address = "", roleId = ""]) => ({ address, roleId }));
  const sent = await app.invitations.send(office.scope, office.ada, { batch: newBatch(), entries, note: "", days: 7 });
  expect(sent.map(({ result }) => result)).toEqual([
    "sent",
    "already-member",
    "already-invited",
    "not-an-address",
    "not-an-address",
    "twice",
    "unknown-role",
  ]);
  expect(sent.map(({ address }) => address)).toEqual(entries.map(({ address }) => address));
  expect(sent.map(({ link }) => Boolean(link))).toEqual([true, false, false, false, false, false, false]);
  expect(sent[2]?.invitationId).toBe((await office.rows()).find(({ address }) => address === waits)?.id);
  expect(await office.rows()).toHaveLength(2);
});

test("a member whose address Logto has in other letters is known all the same", async () => {
  const anna = await newcomer(ground, app, "Anna", { email: "Anna.Lee@Example.com" });
  await ground.addMember(office.organizationId, { id: anna.logtoId }, "Collaborator");
  expect(await results(office.invite(["anna.lee@example.com"]))).toEqual(["already-member"]);
  expect(await results(office.invite(["anna_lee@example.com"]))).toEqual(["sent"]); // a sign of its own, though Logto's search takes any
});

test("the same answer whether or not the address has an account somewhere", async () => {
  const globex = await openOffice(ground, app);
  const cleo = await globex.hire("Cleo", "Collaborator");
  const known = await office.invite([cleo.email]);
  const unknown = await office.invite([guest()]);
  const shape = ([sent]: typeof known) => ({ result: sent?.result, keys: Object.keys(sent ?? {}) });
  expect(shape(known)).toEqual(shape(unknown));
  expect(await results(globex.invite([known[0]?.address ?? ""]))).toEqual(["already-member"]);
});

describe("the same batch sent twice", () => {
  const batchOf = (addresses: string[]) => ({
    batch: newBatch(),
    entries: addresses.map((address) => ({ address, roleId: office.roleId("Collaborator") })),
    note: "",
    days: 7,
  });

  test("invites once, one after the other and at the same time", async () => {
    const batch = batchOf([guest(), guest(), guest()]);
    const send = () => app.invitations.send(office.scope, office.ada, batch);
    const answers = await Promise.all([send(), send()]);
    answers.push(await send());
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.map(({ result }) => result)).toEqual(["sent", "sent", "sent"]);
    expect(await office.rows()).toHaveLength(3);
    expect(await office.invitationsAtLogto()).toHaveLength(3);
    for (const { address } of batch.entries) expect(await office.mailsTo(lower(address))).toHaveLength(1);
  });

  test("does not invite again whom Ada has revoked meanwhile", async () => {
    const batch = batchOf([guest()]);
    const [sent] = await app.invitations.send(office.scope, office.ada, batch);
    await app.invitations.revoke(office.scope, office.ada, [sent?.invitationId ?? ""]);
    await app.invitations.send(office.scope, office.ada, batch);
    expect((await office.rows()).map(({ status }) => status)).toEqual(["revoked"]);
    expect(await office.mailsTo(lower(batch.entries[0]?.address ?? ""))).toHaveLength(1);
  });
});

describe("limits", () => {
  test("fifty addresses at once; the fifty-first is told", async () => {
    const sent = await office.invite(Array.from({ length: 51 }, guest));
    expect(sent.map(({ result }) => result)).toEqual([...Array.from({ length: 50 }, () => "sent"), "too-many"]);
    expect(await office.rows()).toHaveLength(50);
    expect(await office.invitationsAtLogto()).toHaveLength(50);
  });

  test("a hundred may wait; a revoked one, or one that has expired, makes room", async () => {
    for (let i = 0; i < 2; i += 1) await office.invite(Array.from({ length: 49 }, guest));
    const [first] = await office.rows();
    expect(await results(office.invite([guest(), guest(), guest()]))).toEqual(["sent", "sent", "too-many"]);
    await app.invitations.revoke(office.scope, office.ada, [first?.id ?? ""]);
    expect(await results(office.invite([guest(), guest()]))).toEqual(["sent", "too-many"]);
    app.clock.ahead += 8 * day;
    expect(await results(office.invite([guest()]))).toEqual(["sent"]);
    app.clock.ahead = 0;
  }, 60_000);

  test("at least one day and at most thirty, and a note of 500 characters", async () => {
    const [short, long] = [
      await office.invite([guest()], { days: 0 }),
      await office.invite([guest()], { days: 31, note: "x".repeat(501) }),
    ];
    expect(await office.row(short[0]?.invitationId ?? "")).toMatchObject({ days: 1 });
    const row = await office.row(long[0]?.invitationId ?? "");
    expect([row?.days, row?.note.length]).toEqual([30, 500]);
  });
});

describe("who may invite", () => {
  test("nobody into a role that holds more than they do, by what Logto says now", async () => {
    const name = `Recruiter ${Date.now()}`;
    await ground.makeRole(name, ["read:posts", "write:posts", "read:members", "invite:members"]);
    const rita = await office.hire("Rita", name);
    expect(await results(office.invite([guest()], { by: rita, role: "Admin" }))).toEqual(["beyond-you"]);
    expect(await results(office.invite([guest()], { by: rita }))).toEqual(["sent"]);
    await ground.setRoles(office.organizationId, { id: rita.logtoId }, "Collaborator");
    expect(await results(office.invite([guest()], { by: rita }))).toEqual(["beyond-you"]);
    await ground.removeMember(office.organizationId, { id: rita.logtoId });
    expect(await results(office.invite([guest()], { by: rita }))).toEqual(["beyond-you"]);
    expect(await office.rows()).toHaveLength(1);
  });

  test("nobody whose access changed between the guard and the writing", async () => {
    const anna = await app.signIn(await ground.makePerson("Anna", [[office.organizationId, "Admin"]]));
    const asked = { method: "POST", pageOrganization: async () => office.organizationId };
    const member = await app.guards(anna, asked).requireMember("invitations.send");
    await app.auth.sessions.markStale({ user: member.person.id });
    const entries = [{ address: guest(), roleId: office.roleId("Collaborator") }];
    const refused = app.invitations.send(member.scope, member, { batch: newBatch(), entries, note: "", days: 7 });
    await expect(refused).rejects.toMatchObject({ status: 409 });
    expect(await office.rows()).toEqual([]);
    expect(await office.invitationsAtLogto()).toEqual([]);
  });
});

describe("when no mail goes out", () => {
  const invites = { method: "POST", path: "/api/organization-invitations" };
  const withMail = { ...invites, body: '"link"' };

  test.each([
    ["the mail server refuses", 400, "connector.general", "mail-refused", "refused"],
    ["its configuration is wrong", 400, "connector.invalid_config", "mail-refused", "refused"],
    ["Logto has none", 501, "connector.not_found", "made-no-mail", "none"],
    ["ten mails went to this address already", 429, "request.message_rate_limited", "mail-limited", "limited"],
  ])(
    "because %s, the invitation is made without one and its link works",
    async (_why, status, code, result, delivery) => {
      const secret = "Bearer the-mail-server's-password";
      await ground.fault({
        kind: "status",
        status,
        answer: { code, message: secret, data: { request: secret } },
        match: withMail,
      });
      const [sent] = await office.invite([guest()]);
      expect(sent).toMatchObject({ result, link: expect.any(String) });
      expect(JSON.stringify([sent, await office.rows()])).not.toContain(secret);
      expect(await office.row(sent?.invitationId ?? "")).toMatchObject({
        delivery,
        sentCount: 0,
        lastSentAt: null,
        made: 1,
      });
      expect(await office.invitationsAtLogto()).toMatchObject([{ status: "Pending" }]);
      await ground.heal();
      const dan = await newcomer(ground, app, "Dan", { email: sent?.address ?? "" });
      expect(await app.invitations.accept(tokenOf(sent?.link ?? ""), dan)).toMatchObject({ ok: true });
    },
  );

  test("the emulator's own failing mail is such a refusal, and the eleventh mail in ten minutes such a limit", async () => {
    await ground.fault({ kind: "mail-failure", times: 1 });
    const { id, result } = await office.inviteOne(guest());
    expect(result).toBe("mail-refused");
    const sendings: string[] = [];
    for (let i = 0; i < 10; i += 1)
      for (const resent of await app.invitations.resend(office.scope, office.ada, [id]))
        sendings.push(resent.ok ? resent.result : resent.reason);
    expect(sendings).toEqual([...Array.from({ length: 9 }, () => "sent"), "mail-limited"]);
    expect(await office.row(id)).toMatchObject({ sentCount: 9, delivery: "limited" });
    expect((await office.invitationsAtLogto()).map(({ status }) => status)).toEqual(["Pending"]);
  });
});

describe("an address whose invitation has expired", () => {
  test("can be invited anew: the old one is history, its link stays useless", async () => {
    const address = guest();
    const old = await office.inviteOne(address, { days: 1 });
    app.clock.ahead = day;
    const anew = await office.inviteOne(lower(address), { role: "Admin" });
    expect(anew.id).not.toBe(old.id);
    expect(await office.row(old.id)).toMatchObject({ status: "expired", logtoId: null });
    expect(await app.invitations.open(old.token)).toEqual({ kind: "unusable" });
    expect(await app.invitations.open(anew.token)).toMatchObject({ kind: "usable", roleName: "Admin" });
    const pending = (await office.invitationsAtLogto()).filter(({ status }) => status === "Pending");
    expect(pending.map(({ organizationRoles }) => organizationRoles[0]?.name)).toEqual(["Admin"]);
    app.clock.ahead = 0;
  });
});

test("what somebody made in Logto's console for the same address gives way to ours", async () => {
  const address = lower(guest());
  const organizationRoleIds = [office.roleId("Admin")];
  for (const invitee of [address, address.toUpperCase()])
    await ground.api.write("POST", "/organization-invitations", {
      ...{ organizationId: office.organizationId, invitee, expiresAt: Date.now() + day, organizationRoleIds },
    });
  expect(await results(office.invite([address]))).toEqual(["sent"]);
  expect(await office.invitationsAtLogto(address)).toMatchObject([{ organizationRoles: [{ name: "Collaborator" }] }]);
});

test("how far a batch is can be asked while it is sent", async () => {
  const batch = newBatch();
  const entries = Array.from({ length: 12 }, () => ({ address: guest(), roleId: office.roleId("Collaborator") }));
  await ground.fault({ kind: "slow", delayMs: 40, match: { method: "POST", path: "/api/organization-invitations" } });
  const sending = app.invitations.send(office.scope, office.ada, { batch, entries, note: "", days: 7 });
  await expect.poll(() => app.invitations.progress(office.scope, batch), { interval: 10 }).toMatchObject({ of: 12 });
  const midway = await app.invitations.progress(office.scope, batch);
  expect(midway.done).toBeLessThan(12);
  await sending;
  expect(await app.invitations.progress(office.scope, batch)).toEqual({ of: 12, done: 12 });
  const globex = await openOffice(ground, app);
  expect(await app.invitations.progress(globex.scope, batch)).toEqual({ of: 0, done: 0 });
});
