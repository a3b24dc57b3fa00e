// Who can accept an invitation, and by which link.
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eq } from "../../../db";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, day, newcomer, openOffice, type Office } from "../../../e2e/office";
import { rememberPerson } from "../users.server";
import { statusOf } from "./invitation.server";

let ground: Ground;
let app: App;
let office: Office;
let cleo: Colleague;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 } });
});
beforeEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
  office = await openOffice(ground, app);
  cleo = await newcomer(ground, app, "Cleo");
});
afterAll(() => ground.close());

const unusable = { ok: false, reason: "unusable" };
const joined = (status = "Accepted") => ({ here: "accepted", atLogto: [status], roles: ["Collaborator"] });
const untouched = { here: "pending", atLogto: ["Pending"], roles: undefined };
const closed = (here: string) => ({ here, atLogto: ["Revoked"], roles: undefined });

describe("whose address it is", () => {
  test("joins in the role of the invitation, whatever the case of the letters", async () => {
    const { id, token } = await office.inviteOne(cleo.email.toUpperCase());
    const answer = await app.invitations.accept(token, cleo);
    const { organizationId } = office;
    expect(answer).toEqual({ ok: true, organizationId, organizationName: "Acme", roleName: "Collaborator" });
    expect(await office.standing(id)).toEqual(joined());
    expect(await office.member(cleo.logtoId)).toMatchObject({ userId: cleo.id, name: "Cleo", leftAt: null });
    expect(await office.row(id)).toMatchObject({ acceptedBy: cleo.id, decidedAt: expect.any(Date) });
  });

  test("joins only after Logto has said that it is theirs", async () => {
    const dora = await newcomer(ground, app, "Dora", { emailVerified: false });
    const { id, token } = await office.inviteOne(dora.email);
    expect(await app.invitations.accept(token, dora)).toEqual({ ok: false, reason: "unverified" });
    expect(await office.standing(id)).toEqual(untouched);
    await rememberPerson(app.store.system, { ...dora.person, emailVerified: true }, new Date());
    expect(await app.invitations.accept(token, dora)).toMatchObject({ ok: true });
    expect(await office.standing(id)).toEqual(joined());
  });

  test("joins, and nobody else who holds the link", async () => {
    const eve = await newcomer(ground, app, "Eve");
    const { id, token } = await office.inviteOne(cleo.email);
    expect(await app.invitations.accept(token, eve)).toEqual({ ok: false, reason: "other-address" });
    expect(await app.invitations.accept(token, { ...eve, email: cleo.email })).toMatchObject({ ok: false });
    expect(await office.standing(id)).toEqual(untouched);
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
    expect(await app.invitations.accept(token, eve)).toMatchObject({ ok: false });
    expect(Object.keys(await office.membersAtLogto())).not.toContain(eve.logtoId);
  });

  test("is what Logto says at this moment, and a former owner of the address keeps nobody out", async () => {
    const { id, token } = await office.inviteOne(cleo.email);
    await ground.api.write("PATCH", `/users/${cleo.logtoId}`, { primaryEmail: `moved.${cleo.email}` });
    const heir = await newcomer(ground, app, "Heir", { email: cleo.email });
    expect(await app.invitations.accept(token, cleo)).toEqual({ ok: false, reason: "other-address" });
    expect(await office.standing(id)).toEqual(untouched);
    expect(await app.invitations.accept(token, heir)).toMatchObject({ ok: true });
    expect(Object.keys(await office.membersAtLogto()).sort()).toEqual([heir.logtoId, office.ada.logtoId].sort());
  });
});

describe("a link that was used", () => {
  test("is a yes again for whoever used it, and for nobody else", async () => {
    const { id, token } = await office.inviteOne(cleo.email);
    const first = await app.invitations.accept(token, cleo);
    expect(await app.invitations.accept(token, cleo)).toEqual(first);
    expect(await office.standing(id)).toEqual(joined());
    const eve = await newcomer(ground, app, "Eve");
    expect(await app.invitations.accept(token, eve)).toMatchObject({ ok: false });
  });

  test("does not let anybody back in who was removed since", async () => {
    const { token } = await office.inviteOne(cleo.email);
    await app.invitations.accept(token, cleo);
    expect(await app.members.remove(office.scope, office.ada, cleo.logtoId)).toMatchObject({ ok: true });
    expect(await app.invitations.accept(token, cleo)).toEqual(unusable);
    expect(Object.keys(await office.membersAtLogto())).toEqual([office.ada.logtoId]);
    const anew = await office.inviteOne(cleo.email);
    expect(await app.invitations.accept(anew.token, cleo)).toMatchObject({ ok: true });
    expect(await office.member(cleo.logtoId)).toMatchObject({ leftAt: null });
  });
});

describe("a link that cannot be used", () => {
  test("because its time is over, to the millisecond", async () => {
    const expiresAt = new Date(1_000);
    expect(statusOf({ status: "pending", expiresAt }, 999)).toBe("pending");
    expect(statusOf({ status: "pending", expiresAt }, 1_000)).toBe("expired");
    const late = await newcomer(ground, app, "Late");
    const [early, over] = [await office.inviteOne(cleo.email), await office.inviteOne(late.email)];
    app.clock.ahead = 7 * day - 60_000;
    expect(await app.invitations.accept(early.token, cleo)).toMatchObject({ ok: true });
    app.clock.ahead = 7 * day + 1;
    expect(await app.invitations.open(over.token)).toEqual({ kind: "unusable" });
    expect(await app.invitations.accept(over.token, late)).toEqual(unusable);
    expect((await office.standing(over.id)).roles).toBeUndefined();
  });

  test("because it was revoked, or declined", async () => {
    const endings = {
      revoked: (id: string) => app.invitations.revoke(office.scope, office.ada, [id]),
      declined: (_id: string, token: string) => app.invitations.decline(token),
    };
    for (const [here, end] of Object.entries(endings)) {
      const { id, token } = await office.inviteOne(cleo.email);
      await end(id, token);
      expect(await app.invitations.accept(token, cleo)).toEqual(unusable);
      expect(await office.row(id)).toMatchObject({ status: here });
      expect((await office.standing(id)).atLogto).not.toContain("Pending");
      expect((await office.standing(id)).roles).toBeUndefined();
    }
  });

  test("because a newer one has taken its place", async () => {
    const old = await office.inviteOne(cleo.email);
    const renewed = await app.invitations.renewLink(office.scope, office.ada, old.id);
    if (!renewed.ok) throw new Error(renewed.reason);
    const token = renewed.link.split("/").at(-1) ?? "";
    expect(token).not.toBe(old.token);
    expect(await app.invitations.open(old.token)).toEqual({ kind: "unusable" });
    expect(await app.invitations.accept(old.token, cleo)).toEqual(unusable);
    expect(await app.invitations.decline(old.token)).toEqual(unusable);
    expect(await office.standing(old.id)).toEqual(untouched);
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
  });

  test("because it was cut, guessed, or taken from another invitation", async () => {
    const other = await office.inviteOne(`other.${cleo.email}`);
    const { id, token } = await office.inviteOne(cleo.email);
    const [, mac = ""] = token.split(".");
    const otherMac = other.token.split(".")[1] ?? "";
    const wrong = [
      ...Array.from({ length: token.length }, (_, length) => token.slice(0, length)),
      ...["A", "=", "/", "%00", " "].map((more) => token + more),
      ...[mac.toUpperCase(), mac.toLowerCase(), otherMac, "A".repeat(22)].map((guess) => `${id}.${guess}`),
      `${other.id}.${mac}`,
      `${id.toLowerCase()}.${mac}`,
    ];
    for (const guess of wrong) {
      expect(await app.invitations.open(guess), guess).toEqual({ kind: "unusable" });
      expect(await app.invitations.accept(guess, cleo), guess).toEqual(unusable);
      expect(await app.invitations.decline(guess), guess).toEqual(unusable);
    }
    expect(await office.standing(id)).toEqual(untouched);
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
  });

  test("because whoever invited may not give that role any more", async () => {
    const endings = {
      demoted: (bob: Colleague) => ground.setRoles(office.organizationId, { id: bob.logtoId }, "Collaborator"),
      removed: (bob: Colleague) => ground.removeMember(office.organizationId, { id: bob.logtoId }),
      gone: (bob: Colleague) => ground.api.write("DELETE", `/users/${bob.logtoId}`),
    };
    for (const [what, end] of Object.entries(endings)) {
      const bob = await office.hire("Bob", "Admin");
      const { id, token } = await office.inviteOne(cleo.email, { by: bob, role: "Admin" });
      await end(bob);
      expect(await app.invitations.accept(token, cleo), what).toEqual(unusable);
      expect(await app.invitations.open(token), what).toEqual({ kind: "unusable" });
      const { here, atLogto, roles } = await office.standing(id);
      expect([here, atLogto.includes("Pending"), roles], what).toEqual(["revoked", false, undefined]);
    }
    const { token } = await office.inviteOne(cleo.email, { role: "Admin" });
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
  });

  test("because its role is not there any more", async () => {
    const role = `Guest ${cleo.id}`;
    const roleId = await ground.makeRole(role, ["read:posts"]);
    const [sent] = await app.invitations.send(office.scope, office.ada, {
      ...{ batch: cleo.id, entries: [{ address: cleo.email, roleId }], note: "", days: 7 },
    });
    const token = sent?.link?.split("/").at(-1) ?? "";
    await ground.api.write("DELETE", `/organization-roles/${roleId}`);
    expect(await app.invitations.accept(token, cleo)).toEqual(unusable);
    expect(await office.standing(sent?.invitationId ?? "")).toEqual(closed("revoked"));
  });
});

describe("somebody who is a member already", () => {
  test("keeps their roles, and has the new one beside them", async () => {
    const { id, token } = await office.inviteOne(cleo.email, { role: "Admin" });
    await ground.addMember(office.organizationId, { id: cleo.logtoId }, "Collaborator");
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
    expect(await office.standing(id)).toEqual({ ...joined(), roles: ["Admin", "Collaborator"] });
  });

  test.each(["Member", "member"])(
    "also when Logto has no invitation any more for a %s, and may make none",
    async (name) => {
      const member = await newcomer(ground, app, name);
      const { id, token } = await office.inviteOne(member.email, { role: "Admin" });
      await ground.addMember(office.organizationId, { id: member.logtoId }, "Collaborator");
      await ground.api.write("DELETE", `/organization-invitations/${(await office.row(id))?.logtoId}`);
      expect(await app.invitations.accept(token, member)).toMatchObject({ ok: true });
      expect(await office.standing(id)).toMatchObject({ here: "accepted", roles: ["Admin", "Collaborator"] });
    },
  );

  test.each(["Member", "member"])(
    "also when the role was edited and Logto could not follow, for a %s",
    async (name) => {
      const member = await newcomer(ground, app, name);
      const { id, token } = await office.inviteOne(member.email);
      const invites = { method: "POST", path: "/api/organization-invitations" };
      await ground.fault({ kind: "status", status: 500, match: invites });
      await app.invitations.changeRole(office.scope, office.ada, id, office.roleId("Admin"));
      await ground.heal();
      await ground.addMember(office.organizationId, { id: member.logtoId }, "Collaborator");
      expect(await app.invitations.accept(token, member)).toMatchObject({ ok: true, roleName: "Admin" });
      expect(await office.standing(id)).toMatchObject({ here: "accepted", roles: ["Admin", "Collaborator"] });
    },
  );

  test("but by nobody who only had a member's address before", async () => {
    const { id, token } = await office.inviteOne("moved.member@example.com", { role: "Admin" });
    const former = await newcomer(ground, app, "Former", { email: "moved.member@example.com" });
    await ground.api.write("PATCH", `/users/${former.logtoId}`, { primaryEmail: null });
    const owner = await newcomer(ground, app, "Owner", { email: "moved.member@example.com" });
    for (const { logtoId } of [former, owner])
      await ground.addMember(office.organizationId, { id: logtoId }, "Collaborator");
    await ground.api.write("DELETE", `/organization-invitations/${(await office.row(id))?.logtoId}`);
    expect(await app.invitations.accept(token, former)).toEqual({ ok: false, reason: "other-address" });
    expect((await office.membersAtLogto())[former.logtoId]).toEqual(["Collaborator"]);
    expect(await app.invitations.accept(token, owner)).toMatchObject({ ok: true });
    expect((await office.membersAtLogto())[owner.logtoId]).toEqual(["Admin", "Collaborator"]);
  });
});

describe("what Logto says at that moment", () => {
  const accepts = { method: "PUT", path: "/api/organization-invitations" };

  test("is asked once each, and nothing of it a second time when all goes well", async () => {
    const { id, token } = await office.inviteOne(cleo.email);
    app.sent.length = 0;
    await app.invitations.accept(token, cleo);
    const members = `/api/organizations/${office.organizationId}/users`;
    expect(app.sent.map(({ path }) => path)).toEqual([
      members, // for the seats
      "/api/organization-roles",
      `${members}/${office.ada.logtoId}/roles`,
      `/api/organization-invitations/${(await office.row(id))?.logtoId}/status`,
    ]);
  });

  test.each([403, 500])("is no answer when it is %i, and asked again it is a yes", async (status) => {
    const { id, token } = await office.inviteOne(cleo.email);
    await ground.fault({ kind: "status", status, answer: { code: "entity.other", message: "No" }, match: accepts });
    expect(await app.invitations.accept(token, cleo)).toEqual({ ok: false, reason: "unavailable" });
    expect(await office.row(id)).toMatchObject({ status: "accepting", acceptedBy: cleo.id });
    await ground.heal();
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
  });

  test("keeps out who was taken out again before it was written down here", async () => {
    const { id, token } = await office.inviteOne(cleo.email);
    await ground.fault({ kind: "reset", when: "after", match: accepts });
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ reason: "unavailable" });
    await ground.heal();
    await ground.removeMember(office.organizationId, { id: cleo.logtoId });
    expect(await app.invitations.accept(token, cleo)).toEqual(unusable);
    expect(await office.standing(id)).toMatchObject({ here: "revoked", roles: undefined });
  });

  test("takes the invitation away as often as it is made: it is made twice, and not for ever", async () => {
    let made = 0;
    const robbed = ground.openApp({
      file: app.file,
      around: (line) => async (url, init) => {
        const [, id] = /organization-invitations\/(\w+)\/status$/.exec(String(url)) ?? [];
        if (id) await ground.api.write("DELETE", `/organization-invitations/${id}`);
        if (init?.method === "POST" && String(url).endsWith("/organization-invitations")) made += 1;
        return line(url, init);
      },
    });
    const { id, token } = await office.inviteOne(cleo.email);
    expect(await robbed.invitations.accept(token, cleo)).toEqual(unusable);
    expect(made, "besides the one of the inviting").toBe(1);
    expect(await office.standing(id)).toMatchObject({ here: "revoked", roles: undefined });
  });

  test("is enough without the mail that never went out, and none goes out for it", async () => {
    await ground.fault({ kind: "status", status: 500, match: { method: "POST", path: accepts.path } });
    const [sent] = await office.invite([cleo.email]);
    expect(sent).toMatchObject({ result: "unavailable" });
    await ground.heal();
    expect(await app.invitations.accept(sent?.link?.split("/").at(-1) ?? "", cleo)).toMatchObject({ ok: true });
    expect(await office.mailsTo(cleo.email.toLowerCase())).toEqual([]);
    expect(await office.row(sent?.invitationId ?? "")).toMatchObject({ sentCount: 0, lastSentAt: null });
  });
});

test("somebody whom the app does not know accepts nothing", async () => {
  const { id, token } = await office.inviteOne(cleo.email);
  expect(await app.invitations.accept(token, { ...cleo, id: "nobody" })).toEqual(unusable);
  expect(await office.standing(id)).toEqual(untouched);
});

test("whoever has the address since, and is in by another way, has not accepted what its former owner did", async () => {
  const { token } = await office.inviteOne(cleo.email);
  await app.invitations.accept(token, cleo);
  await ground.api.write("PATCH", `/users/${cleo.logtoId}`, { primaryEmail: `moved.${cleo.email}` });
  const heir = await newcomer(ground, app, "Heir", { email: cleo.email });
  await ground.addMember(office.organizationId, { id: heir.logtoId }, "Collaborator");
  expect(await app.invitations.accept(token, heir)).toEqual(unusable);
});

test("a member does not accept what was revoked", async () => {
  const { id, token } = await office.inviteOne(cleo.email);
  await ground.addMember(office.organizationId, { id: cleo.logtoId }, "Collaborator");
  await app.invitations.revoke(office.scope, office.ada, [id]);
  expect(await app.invitations.accept(token, cleo)).toEqual(unusable);
});

test("an organization whose name is not known here is joined without it", async () => {
  const { token } = await office.inviteOne(cleo.email);
  await app.store.system.write((tx, { organizations }) =>
    tx.remove(organizations, eq(organizations.id, office.organizationId)),
  );
  expect(await app.invitations.open(token)).toMatchObject({ organizationName: "", organizationColour: 0 });
  expect(await app.invitations.waitingFor(cleo)).toMatchObject([{ organizationName: "", organizationColour: 0 }]);
  expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true, organizationName: "" });
});

/** An app whose line to Logto keeps each acceptance of this invitation waiting until it may go on. */
async function gate(id: string) {
  const { logtoId } = (await office.row(id)) ?? {};
  let goOn = () => {};
  let arrived = () => {};
  const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  const gated = ground.openApp({
    file: app.file,
    around: (line) => async (url, init) => {
      if (String(url).endsWith(`/${logtoId}/status`)) await (arrived(), mayGoOn);
      return line(url, init);
    },
  });
  return { gated, hasArrived, goOn };
}

test("an invitation that is erased while somebody waits for their turn is no error", async () => {
  const { id, token } = await office.inviteOne(cleo.email);
  const { gated, hasArrived, goOn } = await gate(id);
  const first = gated.invitations.accept(token, cleo);
  await hasArrived;
  const second = gated.invitations.accept(token, cleo);
  await nextTurn();
  await office.scope.write((tx, { invitations }) => tx.remove(invitations, eq(invitations.id, id)));
  goOn();
  expect(await first).toMatchObject({ ok: true });
  expect(await second).toEqual(unusable);
});

test("one acceptance that Logto keeps waiting keeps no other waiting", async () => {
  const dora = await newcomer(ground, app, "Dora");
  const [slow, quick] = [await office.inviteOne(cleo.email), await office.inviteOne(dora.email)];
  const { gated, hasArrived, goOn } = await gate(slow.id);
  const waits = gated.invitations.accept(slow.token, cleo);
  await hasArrived;
  expect(await gated.invitations.accept(quick.token, dora)).toMatchObject({ ok: true });
  goOn();
  expect(await waits).toMatchObject({ ok: true });
});

describe("when an operator has been at Logto's invitation behind ours", () => {
  const operator = (id: string | undefined, method: "PUT" | "DELETE", body?: object) =>
    method === "PUT"
      ? ground.api.write(method, `/organization-invitations/${id}/status`, body ?? {})
      : ground.api.write(method, `/organization-invitations/${id}`);

  test("deleted, or revoked: it is made anew, and accepted", async () => {
    for (const method of ["DELETE", "PUT"] as const) {
      const dan = await newcomer(ground, app, "Dan");
      const { id, token } = await office.inviteOne(dan.email);
      await operator((await office.row(id))?.logtoId ?? "", method, { status: "Revoked" });
      expect(await app.invitations.accept(token, dan)).toMatchObject({ ok: true });
      expect(await office.standing(id)).toMatchObject({ here: "accepted", roles: ["Collaborator"] });
      expect((await office.standing(id)).atLogto).not.toContain("Pending");
    }
  });

  test("accepted: the person is in, and ours says so, even if its inviter may not invite any more", async () => {
    for (const roleOfBob of ["Admin", "Collaborator"]) {
      const dan = await newcomer(ground, app, "Dan");
      const bob = await office.hire("Bob", "Admin");
      const { id, token } = await office.inviteOne(dan.email, { by: bob });
      const accepted = { status: "Accepted", acceptedUserId: dan.logtoId };
      await operator((await office.row(id))?.logtoId ?? "", "PUT", accepted);
      await ground.setRoles(office.organizationId, { id: bob.logtoId }, roleOfBob);
      expect(await app.invitations.accept(token, dan)).toMatchObject({ ok: true });
      expect(await office.standing(id)).toEqual(joined());
      expect(await office.member(dan.logtoId)).toMatchObject({ leftAt: null });
    }
  });

  test("expired at Logto alone: it is made anew, and accepted", async () => {
    const { id, token } = await office.inviteOne(cleo.email);
    await ground.age(8);
    expect(await app.invitations.accept(token, cleo)).toMatchObject({ ok: true });
    expect((await office.standing(id)).here).toBe("accepted");
    expect((await office.standing(id)).atLogto[0]).toBe("Accepted");
  });
});
