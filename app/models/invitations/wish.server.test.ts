// Another wish for an invitation that waits: who may have it, what changes by it, and what is said when it cannot be had.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, day, newcomer, openOffice, type Office, tokenOf } from "../../../e2e/office";
import { changeDomains } from "../settings/settings.server";
import { claimAge } from "./invitation.server";
import { listRequests } from "./requests.server";

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
const everywhere = { kind: "status", status: 500, match: { path: "/api" } } as const;
const invites = { method: "POST", path: "/api/organization-invitations" };
const accepting = { kind: "status", status: 500, match: { ...invites, method: "PUT" } } as const;

/** The three wishes, each answered for one invitation. */
const wishes: Record<string, (id: string, by?: Colleague) => Promise<object | undefined>> = {
  "sent again": async (id, by = office.ada) => (await app.invitations.resend(office.scope, by, [id]))[0],
  "given a new link": (id, by = office.ada) => app.invitations.renewLink(office.scope, by, id),
  "given another role": (id, by = office.ada) =>
    app.invitations.changeRole(office.scope, by, id, office.roleId("Admin")),
};
const { "given another role": _, ...mailings } = wishes;

test("sent again it is valid as long as it was meant to be, from then on, under the same link", async () => {
  const { id, link } = await office.inviteOne(guest(), { days: 3 });
  const before = await office.row(id);
  app.clock.ahead = day;
  const bob = await office.hire("Bob", "Admin");
  const expiresAt = new Date((app.clock.standsAt ?? 0) + 4 * day);
  const address = before?.address;
  expect(await wishes["sent again"]?.(id, bob)).toEqual({ id, ok: true, address, result: "sent", expiresAt, link });
  const at = new Date((app.clock.standsAt ?? 0) + day);
  expect(await office.row(id)).toEqual({
    ...before,
    ...{ expiresAt, invitedBy: bob.id, updatedAt: at, lastSentAt: at, sentCount: 2, wanted: 2, made: 2 },
    logtoId: expect.any(String),
  });
  expect(await office.mailsTo(address ?? "")).toEqual([link, link]);
});

test("sent again at the same moment it has another end, by which Logto's are told apart", async () => {
  const { id } = await office.inviteOne(guest());
  const { expiresAt } = (await office.row(id)) ?? {};
  for (const later of [1, 2]) {
    await wishes["sent again"]?.(id);
    expect((await office.row(id))?.expiresAt.getTime()).toBe((expiresAt?.getTime() ?? 0) + later);
  }
});

test("a new link is another one, and counts as another mail", async () => {
  const { id, link, token } = await office.inviteOne(guest());
  const renewed = await app.invitations.renewLink(office.scope, office.ada, id);
  if (!renewed.ok) throw new Error(renewed.reason);
  expect(renewed.link).not.toBe(link);
  expect(await office.row(id)).toMatchObject({ generation: 2, sentCount: 2, wanted: 2, made: 2 });
  expect(await app.invitations.open(token)).toEqual({ kind: "unusable" });
  expect(await app.invitations.open(tokenOf(renewed.link))).toMatchObject({ kind: "usable" });
});

test("another role is Logto's at once, without a mail and with the same end", async () => {
  const { id } = await office.inviteOne(guest());
  const before = await office.row(id);
  const bob = await office.hire("Bob", "Admin");
  expect(await wishes["given another role"]?.(id, bob)).toEqual({
    ok: true,
    address: before?.address,
    roleName: "Admin",
  });
  const after = await office.row(id);
  expect(after).toMatchObject({
    ...{ roleId: office.roleId("Admin"), roleName: "Admin", invitedBy: bob.id, wanted: 2, made: 2 },
    ...{ expiresAt: before?.expiresAt, sentCount: 1, delivery: "sent", generation: 1 },
  });
  const [theirs, ...others] = (await office.invitationsAtLogto()).filter(({ status }) => status === "Pending");
  expect([theirs?.organizationRoles, others]).toEqual([[{ name: "Admin" }], []]);
  expect(await office.mailsTo(before?.address ?? "")).toHaveLength(1);
});

test("the role that it has already changes nothing, and says so", async () => {
  const { id } = await office.inviteOne(guest(), { role: "Admin" });
  const before = await office.row(id);
  expect(await wishes["given another role"]?.(id)).toMatchObject({ ok: true, roleName: "Admin" });
  expect(await office.row(id)).toEqual(before);
});

describe("an invitation whose role is not there any more", () => {
  let roleId: string;
  let id: string;
  beforeEach(async () => {
    roleId = await ground.makeRole(`Role ${(guests += 1)}`, ["read:posts"]);
    id = (await office.inviteOne(guest(), { role: roleId })).id;
    await ground.api.write("DELETE", `/organization-roles/${roleId}`);
  });

  test.each(Object.entries(mailings))("is not %s", async (_wish, run) => {
    expect(await run(id)).toMatchObject({ id, ok: false, reason: "unknown-role" });
    expect(await office.row(id)).toMatchObject({ wanted: 1 });
  });

  test("is given another one by whoever may invite", async () => {
    const reader = await office.hire("Reader", "Collaborator");
    expect(await wishes["given another role"]?.(id, reader)).toEqual({ ok: false, reason: "beyond-you" });
    expect(await wishes["given another role"]?.(id)).toMatchObject({ ok: true, roleName: "Admin" });
  });
});

describe("while Logto is away", () => {
  test.each(Object.entries(wishes))("an invitation is not %s", async (_wish, run) => {
    const { id } = await office.inviteOne(guest());
    const before = await office.row(id);
    await ground.fault(everywhere);
    expect(await run(id)).toMatchObject({ ok: false, reason: "unavailable" });
    expect(await office.row(id)).toEqual(before);
  });

  test.each([0, 1, 2])("an invitation is not sent again after %i answers", async (after) => {
    const { id } = await office.inviteOne(guest());
    await ground.fault({ ...everywhere, after });
    expect(await wishes["sent again"]?.(id)).toMatchObject({ ok: false, reason: "unavailable" });
    expect(await office.row(id)).toMatchObject({ wanted: 1 });
  });

  test.each(Object.entries(wishes))("one that somebody has begun to accept long ago is not %s", async (_wish, run) => {
    const gina = await newcomer(ground, app, "Gina");
    const { id, token } = await office.inviteOne(gina.email);
    await ground.fault(accepting);
    await app.invitations.accept(token, gina);
    await ground.heal();
    app.clock.ahead = claimAge;
    await ground.fault({ ...everywhere, after: 2 }); // after who asks
    expect(await run(id)).toMatchObject({ ok: false, reason: "unavailable" });
    await ground.heal();
    expect(await run(id)).toMatchObject({ ok: true });
  });

  test("each of many is told, once", async () => {
    await ground.fault(everywhere);
    const reason = "unavailable";
    expect(await app.invitations.resend(office.scope, office.ada, ["one", "two", "one"])).toEqual([
      { id: "one", ok: false, reason },
      { id: "two", ok: false, reason },
    ]);
  });

  test.each(Object.entries(mailings))(
    "for the mail alone, one that is %s is so as soon as it can be",
    async (_wish, run) => {
      const { id } = await office.inviteOne(guest());
      await ground.fault({ kind: "status", status: 500, match: invites });
      expect(await run(id)).toMatchObject({ ok: true, result: "unavailable" });
      const before = await office.row(id);
      expect(before).toMatchObject({ delivery: "waiting", wanted: 2, made: 1 });
      await ground.heal();
      expect(await wishes["sent again"]?.(id)).toMatchObject({ ok: true, result: "sent" });
      expect(await office.row(id), "the same wish").toMatchObject({ wanted: 2, made: 2, expiresAt: before?.expiresAt });
      expect(await office.mailsTo((await office.row(id))?.address ?? "")).toHaveLength(2);
    },
  );

  test("a new link is another wish, though no mail has gone out for the one before", async () => {
    const { id } = await office.inviteOne(guest());
    await ground.fault({ kind: "status", status: 500, match: invites });
    await wishes["sent again"]?.(id);
    await ground.heal();
    expect(await wishes["given a new link"]?.(id)).toMatchObject({ ok: true, result: "sent" });
    expect(await office.row(id)).toMatchObject({ generation: 2, wanted: 3, made: 3, sentCount: 2 });
  });

  test("a mail is another wish than the role that Logto has not heard of", async () => {
    const { id } = await office.inviteOne(guest());
    await ground.fault({ kind: "status", status: 500, match: invites });
    await wishes["given another role"]?.(id);
    await ground.heal();
    expect(await wishes["sent again"]?.(id)).toMatchObject({ ok: true, result: "sent" });
    expect(await office.row(id)).toMatchObject({ roleName: "Admin", wanted: 3, made: 3, sentCount: 2 });
  });

  test("a mail is another wish than the one that somebody accepts in vain without it", async () => {
    const gina = await newcomer(ground, app, "Gina");
    await ground.fault({ kind: "status", status: 500, match: invites });
    const [sent] = await office.invite([gina.email]);
    await ground.heal();
    await ground.fault(accepting);
    await app.invitations.accept(tokenOf(sent?.link ?? ""), gina);
    await ground.heal();
    const id = sent?.invitationId ?? "";
    expect(await office.row(id)).toMatchObject({ delivery: "waiting", made: 1, wanted: 1, sentCount: 0 });
    app.clock.ahead = claimAge;
    expect(await wishes["sent again"]?.(id)).toMatchObject({ ok: true, result: "sent" });
    expect(await office.row(id)).toMatchObject({ delivery: "sent", made: 2, wanted: 2, sentCount: 1 });
  });

  test("a mail that never went out before the end of its time is another wish", async () => {
    const { id } = await office.inviteOne(guest(), { days: 1 });
    await ground.fault({ kind: "status", status: 500, match: invites });
    await wishes["sent again"]?.(id);
    await ground.heal();
    app.clock.ahead = 2 * day;
    expect(await wishes["sent again"]?.(id)).toMatchObject({ ok: true, result: "sent" });
    expect(await office.row(id)).toMatchObject({ wanted: 3, made: 3 });
  });

  test("another role counts here, and is Logto's when it is accepted", async () => {
    const gina = await newcomer(ground, app, "Gina");
    const { id, token } = await office.inviteOne(gina.email);
    await ground.fault({ kind: "status", status: 500, match: invites });
    expect(await wishes["given another role"]?.(id)).toMatchObject({ ok: true, roleName: "Admin" });
    expect(await office.row(id)).toMatchObject({ roleName: "Admin", wanted: 2, made: 1 });
    await ground.heal();
    expect(await app.invitations.accept(token, gina)).toMatchObject({ ok: true, roleName: "Admin" });
    expect((await office.membersAtLogto())[gina.logtoId]).toEqual(["Admin"]);
  });
});

describe("an invitation that cannot be had back", () => {
  test.each(Object.entries(wishes))("is not %s while somebody accepts it", async (_wish, run) => {
    const gina = await newcomer(ground, app, "Gina");
    const { id, token } = await office.inviteOne(gina.email);
    await ground.fault(accepting);
    await app.invitations.accept(token, gina);
    await ground.heal();
    expect(await run(id)).toMatchObject({ ok: false, reason: "busy" });
  });

  test("is not sent again when something else is wished at that moment", async () => {
    const { id } = await office.inviteOne(guest());
    let times = 0;
    const hindered = ground.openApp({
      file: app.file,
      around: (line) => async (url, init) => {
        const answer = await line(url, init);
        if (String(url).includes("/users?") && (times += 1) === 1) await wishes["given another role"]?.(id);
        return answer;
      },
    });
    const { address } = (await office.row(id)) ?? {};
    const refused = [{ id, ok: false, address, reason: "busy" }];
    expect(await hindered.invitations.resend(office.scope, office.ada, [id])).toEqual(refused);
    expect(await office.row(id)).toMatchObject({ roleName: "Admin", wanted: 2, made: 2, sentCount: 1 });
  });

  test.each(Object.entries(wishes))("is not %s when it is none, or closed", async (_wish, run) => {
    const { id } = await office.inviteOne(guest());
    await app.invitations.revoke(office.scope, office.ada, [id]);
    expect(await run(id)).toMatchObject({ ok: false, reason: "closed" });
    expect(await run("nothing")).toMatchObject({ ok: false, reason: "missing" });
  });

  test.each(Object.entries(wishes))("is not %s when its domain is not taken", async (_wish, run) => {
    const { id } = await office.inviteOne(guest());
    const organization = { id: office.organizationId, name: "Acme", colour: 3, deletesAt: null };
    await changeDomains(office.scope, office.ada, organization, ["example.org"]);
    expect(await run(id)).toMatchObject({ ok: false, reason: "domain-not-allowed" });
  });
});

describe("one that has expired", () => {
  test.each(Object.entries(mailings))(
    "is %s only when it has a seat, and Logto says how many there are",
    async (_wish, run) => {
      office = await openOffice(ground, app, { plan: "free" });
      const { id } = await office.inviteOne(guest(), { days: 1 });
      const { id: waits } = await office.inviteOne(guest(), { days: 30 });
      for (let extra = 0; extra < 8; extra += 1) await office.hire(`Extra${extra}`, "Collaborator");
      app.clock.ahead = 2 * day;
      expect(await run(waits), "it has its seat").toMatchObject({ ok: true });
      expect(await run(id)).toMatchObject({ ok: false, reason: "no-seat" });
      await app.invitations.revoke(office.scope, office.ada, [waits]);
      const counts = { method: "GET", path: `/api/organizations/${office.organizationId}/users` };
      await ground.fault({ kind: "status", status: 500, match: counts, after: 2 }); // after who asks, and whether the address is a member's
      expect(await run(id)).toMatchObject({ ok: false, reason: "unavailable" });
      await ground.heal();
      expect(await run(id)).toMatchObject({ ok: true, result: "sent" });
    },
  );
});

describe("what people asked for at it", () => {
  const kinds = async () => (await listRequests(office.scope)).map(({ kind }) => kind);
  beforeEach(() => office.hire("Bob", "Admin"));

  async function asked() {
    const { id, token } = await office.inviteOne(guest(), { days: 1 });
    await app.invitations.ask(token, { kind: "other-address", person: await newcomer(ground, app, "Other") });
    app.clock.ahead += 2 * day;
    await app.invitations.ask(token, { kind: "unusable-link" });
    expect(await kinds()).toEqual(["unusable-link", "other-address"]);
    return id;
  }

  test.each(Object.entries(mailings))(
    "is answered once it is %s: who asked for the link has it",
    async (_wish, run) => {
      const id = await asked();
      expect(await run(id)).toMatchObject({ ok: true });
      expect(await kinds()).toEqual(["other-address"]);
    },
  );

  test("of a link that was replaced is not answered by another role", async () => {
    const { id, token } = await office.inviteOne(guest());
    await wishes["given a new link"]?.(id);
    await app.invitations.ask(token, { kind: "unusable-link" });
    expect(await wishes["given another role"]?.(id)).toMatchObject({ ok: true });
    expect(await kinds()).toEqual(["unusable-link"]);
  });

  test("at another one is not answered by that, nor by another role", async () => {
    const id = await asked();
    const { id: other } = await office.inviteOne(guest());
    await wishes["sent again"]?.(other);
    expect(await kinds()).toHaveLength(2);
    expect(await wishes["given another role"]?.(id)).toMatchObject({ reason: "expired" });
    expect(await wishes["given another role"]?.(other)).toMatchObject({ ok: true });
    expect(await kinds()).toHaveLength(2);
  });
});

test("one that Logto keeps waiting keeps no other waiting", async () => {
  const [slow, quick] = [await office.inviteOne(guest()), await office.inviteOne(guest())];
  const address = (await office.row(slow.id))?.address ?? "";
  let goOn = () => {};
  let arrived = () => {};
  const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  const gated = ground.openApp({
    file: app.file,
    around: (line) => async (url, init) => {
      if (init?.method === "POST" && String(init.body).includes(address)) await (arrived(), mayGoOn);
      return line(url, init);
    },
  });
  const again = (id: string) => gated.invitations.resend(office.scope, office.ada, [id]);
  const waits = again(slow.id);
  await hasArrived;
  expect(await again(quick.id)).toMatchObject([{ ok: true, result: "sent" }]);
  goOn();
  expect(await waits).toMatchObject([{ ok: true, result: "sent" }]);
});
