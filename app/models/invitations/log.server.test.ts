// What the organization's log tells of its invitations: each step under the name of whoever took it, once, and nothing of what did not happen.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asc, eq } from "../../../db";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, newBatch, newcomer, openOffice, type Office, tokenOf } from "../../../e2e/office";
import { changeDomains } from "../settings/settings.server";
import { claimAge } from "./invitation.server";
import { dismissRequest, listRequests } from "./requests.server";

let ground: Ground;
let app: App;
let office: Office;
let rita: Colleague;
let guests = 0;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 } });
  await ground.makeRole("Recruiter", ["read:posts", "write:posts", "read:members", "invite:members"]);
});
beforeEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
  office = await openOffice(ground, app);
  rita = await office.hire("Rita", "Recruiter");
  guests += 1;
});
afterAll(() => ground.close());

const guest = () => `guest.${guests}@example.com`;
const oneBy = ({ id, name, email }: Colleague) => ({ id, name, email, address: "192.0.2.7", userAgent: "A browser" });
const scopeOf = (colleague: Colleague) => app.store.scope(office.organizationId, { by: oneBy(colleague) });
const entriesFor = (address: string, role = "Collaborator") => [{ address, roleId: office.roleId(role) }];
const send = (by: Colleague, address: string, role?: string) =>
  app.invitations.send(scopeOf(by), by, { batch: newBatch(), entries: entriesFor(address, role), note: "", days: 7 });

async function invited(address = guest(), role?: string) {
  const [sent] = await send(office.ada, address, role);
  return { id: sent?.invitationId ?? "", token: tokenOf(sent?.link ?? "") };
}

const events = () =>
  office.scope.read((db, { auditEvents }) => db.select().from(auditEvents).orderBy(asc(auditEvents.at)));

/** What was written since it was asked last: who, what, about whom, from and to, how it ended and why. */
function listening() {
  let heard = 0;
  return async () => {
    const lines = await events();
    const news = lines.slice(heard);
    heard = lines.length;
    return news.map(({ actorName, action, targetName, from, to, result, reason }) =>
      [actorName, action, targetName, from, to, result, reason].filter((word) => word !== null).join(" "),
    );
  };
}

describe("of an invitation", () => {
  test("each wish has its line, and the same wish again has none", async () => {
    const { ada } = office;
    const news = listening();
    const { id } = await invited(` ${guest()} `);
    expect(await news()).toEqual([`Ada invitations.send ${guest()} Collaborator done`]);
    const scope = scopeOf(ada);
    await app.invitations.resend(scope, ada, [id]);
    await app.invitations.renewLink(scope, rita, id);
    expect(await news()).toEqual([`Ada invitations.resend ${guest()} done`, `Ada invitations.renew ${guest()} done`]);
    for (let twice = 0; twice < 2; twice += 1)
      await app.invitations.changeRole(scope, ada, id, office.roleId("Recruiter"));
    expect(await news()).toEqual([`Ada invitations.role ${guest()} Collaborator Recruiter done`]);
    for (let twice = 0; twice < 2; twice += 1) await app.invitations.revoke(scope, ada, [id, id]);
    expect(await news()).toEqual([`Ada invitations.revoke ${guest()} done`]);
    const lines = await events();
    expect(lines[0]).toMatchObject({ actorId: ada.id, actorEmail: ada.email, address: "192.0.2.7" });
    for (const { targetType, targetId } of lines) expect([targetType, targetId]).toEqual(["invitation", id]);
  });

  test("declining has one, under whatever name there is", async () => {
    const news = listening();
    const first = await invited();
    await app.invitations.decline(first.token);
    await app.invitations.decline(first.token);
    const gina = await newcomer(ground, app, "Gina", { email: guest() });
    const second = await invited();
    await app.invitations.declineWaiting(gina, second.id);
    const third = await invited();
    await app.invitations.decline(third.token, oneBy(gina));
    expect((await news()).filter((line) => !line.includes("invitations.send"))).toEqual([
      `Somebody signed out join.decline ${guest()} done`,
      `Gina join.decline ${guest()} done`,
      `Gina join.decline ${guest()} done`,
    ]);
  });

  test("who asks for one is in it, once until somebody has seen to it", async () => {
    const { id, token } = await invited();
    const eve = await newcomer(ground, app, "Eve");
    const news = listening();
    await news();
    const other = { kind: "other-address", person: eve } as const;
    await app.invitations.ask(token, other, oneBy(eve));
    await app.invitations.ask(token, other);
    const asked = `join.ask ${eve.email.toLowerCase()} done`;
    expect(await news()).toEqual([`Eve ${asked}`]);
    expect((await events()).at(-1)).toMatchObject({ targetType: "invitation", targetId: id });
    const [request] = await listRequests(office.scope);
    for (let twice = 0; twice < 2; twice += 1) await dismissRequest(scopeOf(office.ada), request?.id ?? "");
    expect(await news()).toEqual([`Ada requests.dismiss ${eve.email.toLowerCase()} done`]);
    expect((await events()).at(-1)).toMatchObject({ targetType: "request", targetId: request?.id });
    await app.invitations.ask(token, other);
    expect(await news()).toEqual([`Somebody signed out ${asked}`]);
    await app.invitations.revoke(scopeOf(office.ada), office.ada, [id]);
    await app.invitations.ask(token, { kind: "unusable-link" });
    expect(await news()).toContain(`Somebody signed out join.ask ${guest()} done`);
  });
});

describe("of somebody who accepts", () => {
  const joined = async () => {
    const lines = (await events()).filter(({ action }) => action === "join.accept");
    return lines.map(({ actorName, targetName, to, result, reason }) => [actorName, targetName, to, result, reason]);
  };
  const line = (result: string, reason: string | null = null) => ["Gina", guest(), "Collaborator", result, reason];
  let gina: Colleague;
  beforeEach(async () => {
    gina = await newcomer(ground, app, "Gina", { email: guest() });
  });

  test("the attempt and the joining belong together, and the yes that is said again is none", async () => {
    const { id, token } = await invited();
    await app.invitations.accept(token, gina);
    await app.invitations.accept(token, gina);
    expect(await joined()).toEqual([line("asked"), line("done")]);
    const claimedAt = (await office.row(id))?.claimedAt?.getTime();
    for (const event of (await events()).slice(-2))
      expect(event).toMatchObject({ targetType: "invitation", targetId: id, correlationId: `${id} ${claimedAt}` });
  });

  test("whoever it is not for has no line, and takes nothing", async () => {
    const eve = await newcomer(ground, app, "Eve");
    const { id, token } = await invited();
    const before = await office.row(id);
    await app.invitations.accept(token, eve);
    expect(await joined()).toEqual([]);
    expect(await office.row(id)).toEqual(before);
  });

  test("the attempt fails when the address is another one at Logto", async () => {
    const { token } = await invited();
    await ground.api.write("PATCH", `/users/${gina.logtoId}`, { primaryEmail: `moved.${guest()}` });
    expect(await app.invitations.accept(token, gina)).toEqual({ ok: false, reason: "other-address" });
    expect(await joined()).toEqual([line("asked"), line("failed", "other-address")]);
  });

  test("the attempt fails when nobody may give that role any more", async () => {
    const { id, token } = await invited();
    await ground.setRoles(office.organizationId, { id: office.ada.logtoId }, "Collaborator");
    await app.invitations.accept(token, gina);
    expect(await joined()).toEqual([line("asked"), line("failed", "unusable")]);
    expect(await office.row(id)).toMatchObject({ status: "revoked", acceptedBy: null, claimedAt: null });
    expect((await office.row(id))?.decidedAt).toBeInstanceOf(Date);
  });

  test("an attempt that Logto never answered has failed as soon as it is too old", async () => {
    const { id, token } = await invited();
    await ground.fault({
      kind: "status",
      status: 500,
      match: { method: "PUT", path: "/api/organization-invitations" },
    });
    expect(await app.invitations.accept(token, gina)).toEqual({ ok: false, reason: "unavailable" });
    expect(await joined()).toEqual([line("asked")]);
    await ground.heal();
    app.clock.ahead = claimAge + 1;
    await app.invitations.resend(scopeOf(office.ada), office.ada, [id]);
    const [, ...what] = line("failed", "no-answer");
    expect((await joined()).at(-1)).toEqual(["Atrium", ...what]);
    expect(await office.row(id)).toMatchObject({
      status: "pending",
      acceptedBy: null,
      claimedAt: null,
      decidedAt: null,
    });
  });

  test("whom the organization does not take is refused in it", async () => {
    const { id, token } = await invited();
    const organization = { id: office.organizationId, name: "Acme", colour: 3, deletesAt: null };
    await changeDomains(office.scope, office.ada, organization, ["example.org"]);
    await app.invitations.accept(token, gina);
    expect(await joined()).toEqual([line("refused", "domain-not-allowed")]);
    expect((await events()).at(-1)).toMatchObject({ correlationId: `${id} ` });
  });
});

describe("of what was refused", () => {
  test("to give more than one holds has a line for each way", async () => {
    const { id } = await invited(guest(), "Admin");
    const scope = scopeOf(rita);
    const news = listening();
    await news();
    await send(rita, `other.${guest()}`, "Admin");
    await app.invitations.resend(scope, rita, [id]);
    await app.invitations.renewLink(scope, rita, id);
    await app.invitations.changeRole(scope, rita, id, office.roleId("Collaborator"));
    expect(await news()).toEqual([
      `Rita invitations.send other.${guest()} refused beyond-you`,
      `Rita invitations.resend ${guest()} refused beyond-you`,
      `Rita invitations.renew ${guest()} refused beyond-you`,
      `Rita invitations.role ${guest()} refused beyond-you`,
    ]);
  });

  test("and no line for what is merely wrong", async () => {
    const news = listening();
    await news();
    await send(office.ada, "no address");
    await send(office.ada, guest(), "no such role");
    await send(office.ada, office.ada.email);
    await app.invitations.resend(scopeOf(office.ada), office.ada, ["nothing"]);
    await app.invitations.revoke(scopeOf(office.ada), office.ada, ["nothing"]);
    await app.invitations.decline("nothing");
    expect(await news()).toEqual([]);
  });

  test("for want of a seat is written down for who is invited and for who accepts", async () => {
    const small = await openOffice(ground, app, { plan: "free" });
    office = small;
    const gina = await newcomer(ground, app, "Gina", { email: guest() });
    const { token } = await invited();
    for (let extra = 0; extra < 9; extra += 1) await small.hire(`Extra${extra}`, "Collaborator");
    const news = listening();
    await news();
    await send(small.ada, `other.${guest()}`);
    expect(await news()).toEqual([`Ada invitations.send other.${guest()} refused no-seat`]);
    expect(await app.invitations.accept(token, gina)).toEqual({ ok: false, reason: "no-seat" });
    expect(await news()).toEqual([`Gina join.accept ${guest()} Collaborator refused no-seat`]);
  });
});

test("an address that became a member's at this very moment leaves no invitation, and the log tells why", async () => {
  const news = listening();
  const invites = { method: "POST", path: "/api/organization-invitations" };
  const answer = { code: "request.invalid_input", message: "A member" };
  await ground.fault({ kind: "status", status: 422, answer, match: invites });
  const [sent] = await send(office.ada, guest());
  expect(sent).toEqual({ address: guest(), result: "already-member" });
  expect(await office.rows()).toEqual([]);
  const links = await app.store.system.read((db, { invitationLinks }) =>
    db.select().from(invitationLinks).where(eq(invitationLinks.organizationId, office.organizationId)),
  );
  expect(links).toEqual([]);
  expect(await news()).toEqual([
    `Ada invitations.send ${guest()} Collaborator done`,
    `Ada invitations.send ${guest()} failed already-member`,
  ]);
});
