// What people see and say who are no members yet: the invitations that wait for their address, declining, and asking for one.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, day, newcomer, openOffice, type Office } from "../../../e2e/office";
import { rememberPerson } from "../users.server";
import { countWaiting, dismissRequest, listRequests } from "./requests.server";

let ground: Ground;
let app: App;
let office: Office;
let gina: Colleague;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 } });
});
beforeEach(async () => {
  app.clock.ahead = 0;
  office = await openOffice(ground, app);
  gina = await newcomer(ground, app, "Gina");
});
afterAll(() => ground.close());

const unusable = { ok: false, reason: "unusable" };
const waitingIds = async (person: Colleague) => (await app.invitations.waitingFor(person)).map(({ id }) => id);

describe("the invitations that wait for an address", () => {
  test("are those of every organization, in any letters, the first to expire first", async () => {
    const globex = await openOffice(ground, app);
    const later = await office.inviteOne(gina.email.toUpperCase(), { days: 9 });
    const sooner = await globex.inviteOne(gina.email.toLowerCase(), { role: "Admin", days: 2 });
    expect(await app.invitations.waitingFor(gina)).toMatchObject([
      { id: sooner.id, organizationId: globex.organizationId, inviterName: "Ada", roleName: "Admin" },
      { id: later.id, organizationId: office.organizationId, organizationName: "Acme", roleName: "Collaborator" },
    ]);
  });

  test("are nobody else's, and told to nobody whose address is not verified", async () => {
    const { id } = await office.inviteOne(gina.email);
    const eve = await newcomer(ground, app, "Eve");
    const claims = await newcomer(ground, app, "Mallory", { emailVerified: false });
    await rememberPerson(app.store.system, { ...claims.person, email: gina.email }, new Date());
    const nobody = await newcomer(ground, app, "Nobody");
    await rememberPerson(app.store.system, { ...nobody.person, email: "", emailVerified: true }, new Date());
    for (const person of [eve, { ...eve, email: gina.email }, claims, nobody, { ...gina, id: "unknown" }]) {
      expect(await waitingIds(person)).toEqual([]);
      expect(await app.invitations.acceptWaiting(person, id)).toEqual(unusable);
      expect(await app.invitations.declineWaiting(person, id)).toEqual(unusable);
    }
    expect(await office.standing(id)).toEqual({ here: "pending", atLogto: ["Pending"], roles: undefined });
    expect(await waitingIds(gina)).toEqual([id]);
    expect(await app.invitations.acceptWaiting(gina, id)).toMatchObject({ ok: true });
  });

  test("are gone when they were accepted, declined, revoked, or are too old", async () => {
    const ended: string[] = [];
    const end: Record<string, (id: string) => Promise<unknown>> = {
      declined: (id) => app.invitations.declineWaiting(gina, id),
      revoked: (id) => app.invitations.revoke(office.scope, office.ada, [id]),
      expired: async () => (app.clock.ahead = 8 * day),
      accepted: (id) => app.invitations.acceptWaiting(gina, id),
    };
    for (const run of Object.values(end)) {
      const { id } = await office.inviteOne(gina.email);
      expect(await waitingIds(gina)).toEqual([id]);
      await run(id);
      expect(await waitingIds(gina)).toEqual([]);
      ended.push(id);
    }
    for (const id of ended.slice(0, 3)) expect(await app.invitations.acceptWaiting(gina, id)).toEqual(unusable);
    for (const id of ended)
      expect(await app.invitations.declineWaiting(gina, id)).toMatchObject({ ok: id === ended[0] });
    expect((await office.rows()).map(({ status }) => status).sort()).toEqual(Object.keys(end).sort());
  });

  test("can be declined, and the address be invited again", async () => {
    const { id } = await office.inviteOne(gina.email);
    expect(await app.invitations.declineWaiting(gina, id)).toEqual({ ok: true });
    expect(await office.standing(id)).toEqual({ here: "declined", atLogto: ["Revoked"], roles: undefined });
    const anew = await office.inviteOne(gina.email);
    expect(anew.result).toBe("sent");
    expect(await waitingIds(gina)).toEqual([anew.id]);
  });
});

describe("whoever holds the link, without an account,", () => {
  test("declines, and the link is of no more use to anybody", async () => {
    const { id, token } = await office.inviteOne(gina.email);
    expect(await app.invitations.decline(token)).toEqual({ ok: true });
    expect(await app.invitations.decline(token)).toEqual({ ok: true }); // sent twice
    expect(await app.invitations.open(token)).toEqual({ kind: "unusable" });
    expect(await app.invitations.accept(token, gina)).toEqual(unusable);
    expect(await office.standing(id)).toEqual({ here: "declined", atLogto: ["Revoked"], roles: undefined });
    expect(await office.row(id)).toMatchObject({ decidedAt: expect.any(Date), acceptedBy: null });
  });

  test("cannot decline what was accepted, revoked, or has expired", async () => {
    const accepted = await office.inviteOne(gina.email);
    await app.invitations.accept(accepted.token, gina);
    expect(await app.invitations.decline(accepted.token)).toEqual(unusable);
    expect(await office.standing(accepted.id)).toMatchObject({ here: "accepted", roles: ["Collaborator"] });
    const revoked = await office.inviteOne(`revoked.${gina.email}`);
    await app.invitations.revoke(office.scope, office.ada, [revoked.id]);
    expect(await app.invitations.decline(revoked.token)).toEqual(unusable);
    const old = await office.inviteOne(`old.${gina.email}`);
    app.clock.ahead = 8 * day;
    expect(await app.invitations.decline(old.token)).toEqual(unusable);
    expect(await office.row(old.id)).toMatchObject({ status: "pending" });
  });
});

describe("asking", () => {
  const kinds = async (place = office) =>
    (await listRequests(place.scope)).map(({ kind, address }) => ({ kind, address }));
  const byLink = { kind: "unusable-link" } as const;
  const forAnother = (person: Colleague) => ({ kind: "other-address", person }) as const;

  test("by a link that cannot be used is seen by its organization, once however often it was asked", async () => {
    const globex = await openOffice(ground, app);
    const { id, token } = await office.inviteOne(gina.email);
    await app.invitations.revoke(office.scope, office.ada, [id]);
    for (let i = 0; i < 3; i += 1) expect(await app.invitations.ask(token, byLink)).toBeUndefined();
    expect(await kinds()).toEqual([{ kind: "unusable-link", address: gina.email.toLowerCase() }]);
    expect(await kinds(globex)).toEqual([]);
    expect(await countWaiting(office.scope)).toEqual({ invited: 0, requests: 1 });
    expect((await app.invitations.find(office.scope, id))?.requests).toMatchObject([{ kind: "unusable-link" }]);
    await office.inviteOne(gina.email);
    expect(await kinds()).toEqual([]); // being invited is the answer
  });

  test("leaves as many waiting as there are, invitations and requests", async () => {
    await office.inviteOne(gina.email, { days: 1 });
    const { token } = await office.inviteOne(`other.${gina.email}`, { days: 9 });
    for (let asked = 0; asked < 3; asked += 1)
      await app.invitations.ask(token, forAnother(await newcomer(ground, app, "Many")));
    expect(await countWaiting(office.scope)).toEqual({ invited: 2, requests: 3 });
    expect(await countWaiting(office.scope, new Date(Date.now() + 2 * day))).toEqual({ invited: 1, requests: 3 });
  });

  test("by a replaced link, or one that has expired, is answered by sending again", async () => {
    const { id, token } = await office.inviteOne(gina.email, { days: 1 });
    await app.invitations.renewLink(office.scope, office.ada, id);
    await app.invitations.ask(token, byLink);
    expect(await kinds()).toHaveLength(1);
    await app.invitations.resend(office.scope, office.ada, [id]);
    expect(await kinds()).toEqual([]);
    app.clock.ahead = 2 * day;
    await app.invitations.ask(token, byLink);
    expect(await kinds()).toHaveLength(1);
  });

  test("for another address is possible for whoever holds a good link and has proved theirs", async () => {
    const { token } = await office.inviteOne(gina.email);
    const eve = await newcomer(ground, app, "Eve");
    const unproved = await newcomer(ground, app, "Una", { emailVerified: false });
    await app.invitations.ask(token, forAnother(gina)); // it is hers: there is nothing to ask for
    await app.invitations.ask(token, forAnother(unproved));
    await app.invitations.ask(token, forAnother({ ...eve, id: "nobody" }));
    expect(await kinds()).toEqual([]);
    await app.invitations.ask(token, forAnother(eve));
    expect(await kinds()).toEqual([{ kind: "other-address", address: eve.email.toLowerCase() }]);
  });

  test("changes nothing, and answers the same, by a link that is none, or good, or of too many requests", async () => {
    const { token } = await office.inviteOne(gina.email);
    const eve = await newcomer(ground, app, "Eve");
    const tokens = ["", "nothing", token.slice(0, -1), `${token}A`, `${"A".repeat(22)}.${"A".repeat(22)}`];
    for (const wrong of tokens) {
      expect(await app.invitations.ask(wrong, byLink)).toBeUndefined();
      expect(await app.invitations.ask(wrong, forAnother(eve))).toBeUndefined();
    }
    expect(await app.invitations.ask(token, byLink)).toBeUndefined();
    expect(await kinds()).toEqual([]);
    for (let asked = 0; asked < 7; asked += 1)
      expect(await app.invitations.ask(token, forAnother(await newcomer(ground, app, "Many")))).toBeUndefined();
    expect(await kinds()).toHaveLength(5);
  });

  test("again after it was put aside is seen again", async () => {
    const { id, token } = await office.inviteOne(gina.email);
    await app.invitations.revoke(office.scope, office.ada, [id]);
    await app.invitations.ask(token, byLink);
    const [request] = await listRequests(office.scope);
    expect(await dismissRequest(office.scope, request?.id ?? "")).toBe(true);
    expect(await dismissRequest(office.scope, request?.id ?? "")).toBe(false);
    expect(await kinds()).toEqual([]);
    await app.invitations.ask(token, byLink);
    expect(await kinds()).toHaveLength(1);
  });
});
