// The organization's invitations as its people see them.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { eq } from "../../../db";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { day, newcomer, openOffice, type Office } from "../../../e2e/office";
import type { InvitationStatus } from "./invitations.server";

let ground: Ground;
let app: App;
let office: Office;
let guests = 0;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 } });
});
beforeEach(async () => {
  app.clock.ahead = 0;
  app.clock.standsAt = Date.now();
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const guest = () => `guest.${(guests += 1)}@example.com`;
const list = (wanted: { status?: InvitationStatus; page?: number } = {}) =>
  app.invitations.list(office.scope, { page: 1, ...wanted });
const idsOf = async (wanted?: Parameters<typeof list>[0]) => (await list(wanted)).invitations.map(({ id }) => id);
/** One that was sent a second after those before it. */
async function invited(days?: number) {
  app.clock.ahead += 1_000;
  return office.inviteOne(guest(), { days });
}

test("nothing is listed before anybody was invited", async () => {
  expect(await list()).toEqual({ invitations: [], total: 0, pageSize: 20, pending: 0 });
  expect(await app.invitations.find(office.scope, "nothing")).toBeUndefined();
});

test("the newest come first, twenty on a page, and those of one moment in a fixed order", async () => {
  const made: string[] = [];
  for (let count = 0; count < 19; count += 1) made.unshift((await invited()).id);
  const { createdAt } = (await office.row(made[0] ?? "")) ?? {};
  const atOnce = (await office.invite([guest(), guest(), guest()])).map(({ invitationId }) => invitationId ?? "");
  await office.scope.write((tx, { invitations }) =>
    tx.update(invitations, { createdAt }, eq(invitations.id, made[0] ?? "")),
  );
  const expected = [...[...atOnce, made[0] ?? ""].sort().reverse(), ...made.slice(1)];
  expect(await list()).toMatchObject({ total: 22, pageSize: 20, pending: 22 });
  expect(await idsOf()).toEqual(expected.slice(0, 20));
  expect(await idsOf({ page: 2 })).toEqual(expected.slice(20));
  expect(await idsOf({ page: 3 })).toEqual([]);
});

test("each is found under what people call its status, and under no other", async () => {
  const guestOf = async (row: { id: string }) =>
    newcomer(ground, app, "Guest", { email: (await office.row(row.id))?.address });
  const [waiting, late, accepting, accepted, declined, revoked, replaced] = [
    ...[
      await invited(9),
      await invited(2),
      await invited(9),
      await invited(9),
      await invited(9),
      await invited(9),
      await invited(2),
    ],
  ];
  if (!waiting || !late || !accepting || !accepted || !declined || !revoked || !replaced) throw new Error("Too few");
  await app.invitations.accept(accepted.token, await guestOf(accepted));
  await app.invitations.decline(declined.token);
  await app.invitations.revoke(office.scope, office.ada, [revoked.id]);
  await ground.fault({ kind: "status", status: 500, match: { method: "PUT", path: "/api/organization-invitations" } });
  await app.invitations.accept(accepting.token, await guestOf(accepting));
  await ground.heal();
  const { expiresAt = new Date(0) } = (await office.row(late.id)) ?? {};
  app.clock.standsAt = expiresAt.getTime();
  app.clock.ahead = -1;
  expect(await idsOf({ status: "expired" })).toEqual([]);
  expect(await list()).toMatchObject({ pending: 4, total: 7 });
  app.clock.ahead = 0;
  expect(await idsOf({ status: "expired" }), "to the millisecond").toEqual([late.id]);
  app.clock.ahead = day;
  const anew = await office.inviteOne((await office.row(replaced.id))?.address ?? "");
  expect(await office.row(replaced.id)).toMatchObject({ status: "expired" });
  const found = {
    pending: [anew.id, accepting.id, waiting.id],
    accepted: [accepted.id],
    declined: [declined.id],
    revoked: [revoked.id],
    expired: [replaced.id, late.id],
  };
  for (const [status, ids] of Object.entries(found) as [InvitationStatus, string[]][]) {
    const { invitations, total, pending } = await list({ status });
    expect([invitations.map(({ id }) => id), total, pending], status).toEqual([ids, ids.length, 3]);
    for (const one of invitations) {
      expect(one.status).toBe(status);
      expect("link" in one, "only what waits has a link").toBe(status === "pending");
      expect(await app.invitations.find(office.scope, one.id)).toEqual(one);
    }
  }
});

test("each is shown with what is known of it, and with what people ask for at it, the last first", async () => {
  const bob = await office.hire("Bob", "Admin");
  const { id, link, token } = await office.inviteOne(guest(), { by: bob, note: "See you.", role: "Admin", days: 3 });
  const other = await office.inviteOne(guest());
  const [eve, dan] = [await newcomer(ground, app, "eve"), await newcomer(ground, app, "dan")];
  const began = app.clock.standsAt ?? 0;
  for (const person of [eve, dan]) {
    app.clock.ahead += 1_000;
    await app.invitations.ask(token, { kind: "other-address", person });
  }
  const request = ({ email: address }: typeof eve, after: number) => {
    return { kind: "other-address", address, createdAt: new Date(began + after) };
  };
  expect(await app.invitations.find(office.scope, id)).toEqual({
    ...{
      id,
      link,
      address: `guest.${guests - 1}@example.com`,
      note: "See you.",
      status: "pending",
      inviterName: "Bob",
    },
    ...{ roleId: office.roleId("Admin"), roleName: "Admin", sentCount: 1, delivery: "sent", decidedAt: null },
    ...{ createdAt: new Date(began), lastSentAt: new Date(began), expiresAt: new Date(began + 3 * day) },
    requests: [request(dan, 2_000), request(eve, 1_000)],
  });
  expect(await app.invitations.find(office.scope, other.id)).toMatchObject({ inviterName: "Ada", requests: [] });
  await app.invitations.revoke(office.scope, bob, [id]);
  expect(await app.invitations.find(office.scope, id)).toMatchObject({ decidedAt: new Date(began + 2_000) });
});
