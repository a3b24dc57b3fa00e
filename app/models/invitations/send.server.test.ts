import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eq } from "../../../db";
import type { News } from "../../live/feed.server";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { day, newBatch, newcomer, openOffice, tokenOf, type Office } from "../../../e2e/office";
import { changeDomains } from "../settings/settings.server";
import { listRequests } from "./requests.server";

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

  test("answers as it did for whoever has joined meanwhile", async () => {
    const gina = await newcomer(ground, app, "Gina");
    const batch = batchOf([gina.email, "no address"]);
    const send = () => app.invitations.send(office.scope, office.ada, batch);
    const first = await send();
    await app.invitations.accept(tokenOf(first[0]?.link ?? ""), gina);
    expect(await send()).toEqual(first);
    expect((await office.rows()).map(({ status }) => status)).toEqual(["accepted"]);
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

test("an invitation that is erased while its person becomes a member is no error", async () => {
  const answer = { code: "request.invalid_input", message: "A member" };
  const invites = { method: "POST", path: "/api/organization-invitations" };
  await ground.fault({ kind: "status", status: 422, answer, match: invites });
  const address = lower(guest());
  const erasing = ground.openApp({
    file: app.file,
    around: (line) => async (url, init) => {
      if (init?.method === "POST" && String(url).endsWith(invites.path))
        await office.scope.write((tx, { invitations }) => tx.remove(invitations, eq(invitations.addressKey, address)));
      return line(url, init);
    },
  });
  const entries = [{ address, roleId: office.roleId("Collaborator") }];
  const batch = { batch: newBatch(), entries, note: "", days: 7 };
  const sent = await erasing.invitations.send(office.scope, office.ada, batch);
  expect(sent).toEqual([{ address, result: "already-member" }]);
  expect(await office.rows()).toEqual([]);
});

describe("seats", () => {
  const counts = (small: Office) => ({ method: "GET", path: `/api/organizations/${small.organizationId}/users` });

  /** Each time that Logto is asked how many members there are, a millisecond passes. */
  async function crowded() {
    const small = await openOffice(ground, app, { plan: "free" });
    const passing = ground.openApp({
      file: app.file,
      around: (line) => async (url, init) => {
        const answer = await line(url, init);
        if (/\/users\?.*page_size=1$/.test(String(url))) passing.clock.ahead += 1;
        return answer;
      },
    });
    passing.clock.standsAt = Date.now();
    const nora = await newcomer(ground, app, "Nora");
    const { token } = await small.inviteOne(nora.email);
    for (let extra = 0; extra < 7; extra += 1) await small.hire(`Extra${extra}`, "Collaborator");
    app.clock.standsAt = passing.clock.standsAt + 1;
    expect(await app.invitations.accept(token, nora)).toMatchObject({ ok: true });
    app.clock.standsAt = undefined;
    passing.clock.ahead = 1; // the moment at which she joined: she may not be among those that Logto counts
    return { small, passing };
  }

  test("are looked for twice, since somebody who joined a moment ago may have been counted twice", async () => {
    const { small, passing } = await crowded();
    const entries = [{ address: guest(), roleId: small.roleId("Collaborator") }];
    const batch = { batch: newBatch(), entries, note: "", days: 7 };
    expect(await passing.invitations.send(small.scope, small.ada, batch)).toMatchObject([{ result: "sent" }]);
  });

  test("are looked for no oftener, and only for those who had none", async () => {
    const { small } = await crowded();
    const asked = await ground.watch({ ...counts(small) });
    const before = await asked();
    const addresses = [guest(), guest(), guest()];
    expect(await results(small.invite(addresses))).toEqual(["sent", "no-seat", "no-seat"]);
    const perAddress = addresses.length;
    expect((await asked()) - before, "who asks, each address, and two looks").toBe(1 + perAddress + 2);
    expect(await results(small.invite([guest()]))).toEqual(["no-seat"]);
  });

  test("are not known while Logto is away, and nobody is invited then", async () => {
    await ground.fault({ kind: "status", status: 500, match: counts(office), after: 2 }); // after who asks, and whether the address is a member's
    expect(await results(office.invite([guest()]))).toEqual(["unavailable"]);
    expect(await office.rows()).toEqual([]);
  });
});

describe("while Logto is away", () => {
  test("nobody is invited whose role cannot be looked at", async () => {
    await ground.fault({ kind: "status", status: 500, match: { path: "/api/organization-roles" } });
    expect(await results(office.invite([guest()]))).toEqual(["unavailable"]);
    expect(await office.rows()).toEqual([]);
  });

  test("nobody is told at the second look that there is no seat, nor invited", async () => {
    const small = await openOffice(ground, app, { plan: "free" });
    for (let extra = 0; extra < 9; extra += 1) await small.hire(`Extra${extra}`, "Collaborator");
    const counts = { method: "GET", path: `/api/organizations/${small.organizationId}/users` };
    await ground.fault({ kind: "status", status: 500, match: counts, after: 3 }); // who asks, whether they are a member, the first look
    expect(await results(small.invite([guest()]))).toEqual(["unavailable"]);
    expect(await small.rows()).toEqual([]);
  });

  test.each([0, 1, 2])("nobody is invited, after %i answers, and the same batch goes on later", async (after) => {
    const entries = [guest(), "no address"].map((address) => ({ address, roleId: office.roleId("Collaborator") }));
    const send = () =>
      app.invitations.send(office.scope, office.ada, {
        batch: `away-${office.organizationId}`,
        entries,
        note: "",
        days: 7,
      });
    await ground.fault({ kind: "status", status: 500, match: { path: "/api" }, after });
    const [first, second] = await send();
    expect(first).toEqual({ address: entries[0]?.address, result: "unavailable" });
    expect(second).toEqual({ address: "no address", result: "not-an-address" });
    expect(await office.rows()).toEqual([]);
    await ground.heal();
    expect(await send()).toMatchObject([{ result: "sent" }, { result: "not-an-address" }]);
  });
});

test("what is wrong by itself is told first: too many, then what is no address, then what was there before", async () => {
  const entries = [...Array.from({ length: 48 }, guest), "none", "none", "none"].map((address) => {
    return { address, roleId: office.roleId("Collaborator") };
  });
  const sent = await app.invitations.send(office.scope, office.ada, { batch: newBatch(), entries, note: "", days: 7 });
  expect(sent.slice(48).map(({ result }) => result)).toEqual(["not-an-address", "not-an-address", "too-many"]);
});

test("Logto is asked no more than is needed", async () => {
  const asked = async (address: string) => {
    app.sent.length = 0;
    await office.invite([address]);
    return app.sent.map(({ path }) => path);
  };
  await office.invite([guest()]);
  const [roles, users] = ["/api/organization-roles", `/api/organizations/${office.organizationId}/users`];
  const [whoAsks, invitations] = [`${users}/${office.ada.logtoId}/roles`, "/api/organization-invitations"];
  expect(await asked(guest()), "a member's?, seats, is one there?, made").toEqual([
    ...[roles, whoAsks, users, users, invitations, invitations],
  ]);
  expect(await asked("no address")).toEqual([roles, whoAsks]);
});

test("an address whose invitation somebody is accepting is invited already", async () => {
  const gina = await newcomer(ground, app, "Gina");
  const { id, token } = await office.inviteOne(gina.email);
  await ground.fault({ kind: "status", status: 500, match: { method: "PUT", path: "/api/organization-invitations" } });
  await app.invitations.accept(token, gina);
  expect(await office.invite([gina.email])).toEqual([
    { address: gina.email, result: "already-invited", invitationId: id },
  ]);
});

test("days are whole ones", async () => {
  const [sent] = await office.invite([guest()], { days: 2.9 });
  expect(await office.row(sent?.invitationId ?? "")).toMatchObject({ days: 2 });
});

test("what people asked for is answered for those who are invited, and goes on waiting for the others", async () => {
  const [first, second] = [await newcomer(ground, app, "First"), await newcomer(ground, app, "Second")];
  for (const { email } of [first, second]) {
    const { id, token } = await office.inviteOne(email);
    await app.invitations.revoke(office.scope, office.ada, [id]);
    await app.invitations.ask(token, { kind: "unusable-link" });
  }
  expect(await listRequests(office.scope)).toHaveLength(2);
  const organization = { id: office.organizationId, name: "Acme", colour: 3, deletesAt: null };
  await changeDomains(office.scope, office.ada, organization, ["example.org"]);
  expect(await results(office.invite([first.email]))).toEqual(["domain-not-allowed"]);
  expect(await listRequests(office.scope)).toHaveLength(2);
  await changeDomains(office.scope, office.ada, organization, []);
  expect(await results(office.invite([first.email]))).toEqual(["sent"]);
  expect((await listRequests(office.scope)).map(({ address }) => address)).toEqual([lower(second.email)]);
});

describe("who is invited and has the app open", () => {
  const told = async (run: () => Promise<unknown>) => {
    const heard: News[] = [];
    const end = app.feed.subscribe((news) => heard.push(news));
    await run();
    end();
    return heard.flatMap((news) => (news.kind === "change" ? { to: news.to, about: news.about } : []));
  };
  const members = () => ({ to: { organization: office.organizationId }, about: ["members"] });

  test("is told at once, if the address is proved to be theirs, and so is the organization", async () => {
    const gina = await newcomer(ground, app, "Gina");
    const una = await newcomer(ground, app, "Una", { emailVerified: false });
    const addresses = [gina.email.toUpperCase(), una.email, guest()];
    expect(await told(() => office.invite(addresses))).toEqual([
      { to: { user: gina.id }, about: ["invitations"] },
      members(),
    ]);
    expect(await told(() => office.invite(addresses)), "who waits already was told").toEqual([members()]);
  });

  test("is told nothing of what was not sent", async () => {
    const gina = await newcomer(ground, app, "Gina");
    const refused = () => office.invite([gina.email], { role: "no such role" });
    expect(await told(refused)).toEqual([members()]);
    expect(await told(() => office.invite(["no address"]))).toEqual([members()]);
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
