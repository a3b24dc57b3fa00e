import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../e2e/ground";
import { newcomer, openOffice, type Office } from "../../e2e/office";
import { createPost } from "./posts.server";

let ground: Ground;
let app: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp();
});
beforeEach(async () => {
  await ground.heal();
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

const rolesOf = async (person: { logtoId: string }) => (await office.membersAtLogto())[person.logtoId];

describe("a new role", () => {
  test("takes the place of all that Bob had, and tells what he gains and loses", async () => {
    const name = `Reader ${Date.now()}`;
    const reader = await ground.makeRole(name, ["read:posts"]);
    const bob = await office.hire("Bob", "Collaborator", name);
    const promoted = await app.members.change(office.scope, office.ada, bob.logtoId, office.roleId("Admin"));
    expect(promoted).toMatchObject({
      ok: true,
      member: { logtoId: bob.logtoId, name: "Bob", email: bob.email, roles: [{ name: "Admin" }], holdsManage: true },
      lost: [],
    });
    expect(promoted.ok && promoted.gained).toEqual(
      expect.arrayContaining(["manage:members", "invite:members", "delete:posts"]),
    );
    expect(promoted.ok && promoted.gained).not.toContain("read:posts");
    expect(await rolesOf(bob)).toEqual(["Admin"]);

    const demoted = await app.members.change(office.scope, office.ada, bob.logtoId, reader);
    expect(demoted).toMatchObject({ ok: true, gained: [], member: { holdsManage: false } });
    expect(demoted.ok && demoted.lost).toContain("write:posts");
    expect(await rolesOf(bob)).toEqual([name]);
    const again = await app.members.change(office.scope, office.ada, bob.logtoId, reader);
    expect(again).toMatchObject({ ok: true, gained: [], lost: [] });
  });

  test("makes everything stale that was known of Bob here, and nothing of anybody else", async () => {
    const person = await ground.makePerson("Bob", [[office.organizationId, "Collaborator"]]);
    const [bob, cleo] = await Promise.all([
      app.signIn(person),
      app.signIn(await ground.makePerson("Cleo", [[office.organizationId, "Collaborator"]])),
    ]);
    const epochs = async () => [(await app.sessionOf(bob))?.epoch ?? 0, (await app.sessionOf(cleo))?.epoch ?? 0];
    const before = await epochs();
    expect((await app.guards(bob).requireMember("posts.list")).can("invite:members")).toBe(false);
    const changed = await app.members.change(office.scope, office.ada, person.id, office.roleId("Admin"));
    expect(changed.ok).toBe(true);
    expect(await epochs()).toEqual([(before[0] ?? 0) + 2, before[1]]);
    expect((await app.guards(bob).requireMember("posts.list")).can("invite:members")).toBe(true);
  });
});

describe("who may not", () => {
  test("nobody changes or removes themselves: another member does", async () => {
    await office.hire("Bob", "Admin");
    const { ada } = office;
    const change = app.members.change(office.scope, ada, ada.logtoId, office.roleId("Collaborator"));
    expect(await change).toEqual({ ok: false, reason: "yourself" });
    expect(await app.members.remove(office.scope, ada, ada.logtoId)).toEqual({ ok: false, reason: "yourself" });
    expect(await rolesOf(ada)).toEqual(["Admin"]);
  });

  test("the only one who manages members stays, whatever their role is called", async () => {
    const { ada } = office;
    const name = `Captain ${Date.now()}`;
    await ground.makeRole(name, ["read:posts", "manage:members"]);
    const bob = await office.hire("Bob", "Collaborator");
    const alone = { ok: false, reason: "last-manager" };
    expect(await app.members.change(office.scope, ada, ada.logtoId, office.roleId("Collaborator"))).toEqual(alone);
    expect(await app.members.remove(office.scope, ada, ada.logtoId)).toEqual(alone);
    expect(await app.members.leave(office.scope, ada)).toEqual(alone);

    await ground.setRoles(office.organizationId, { id: bob.logtoId }, name);
    await ground.api.write("PATCH", `/users/${bob.logtoId}/is-suspended`, { isSuspended: true });
    expect(await app.members.leave(office.scope, ada)).toEqual(alone);
    await ground.api.write("PATCH", `/users/${bob.logtoId}/is-suspended`, { isSuspended: false });
    expect(await app.members.leave(office.scope, ada)).toEqual({ ok: true });
    expect(await office.membersAtLogto()).toEqual({ [bob.logtoId]: [name] });
  });

  test("nobody gives what they do not hold, nor touches somebody who holds more", async () => {
    const name = `Recruiter ${Date.now()}`;
    const recruiter = await ground.makeRole(name, ["read:posts", "read:members", "invite:members", "manage:members"]);
    const rita = await office.hire("Rita", name);
    const bob = await office.hire("Bob", "Collaborator");
    const { scope, ada } = office;
    const beyond = { ok: false, reason: "beyond-you" };
    expect(await app.members.change(scope, rita, bob.logtoId, office.roleId("Admin"))).toEqual(beyond);
    expect(await app.members.change(scope, rita, bob.logtoId, recruiter)).toEqual(beyond); // Bob writes, Rita does not
    expect(await app.members.change(scope, rita, ada.logtoId, recruiter)).toEqual(beyond);
    expect(await app.members.remove(scope, rita, ada.logtoId)).toEqual(beyond);
    expect(await office.membersAtLogto()).toMatchObject({ [ada.logtoId]: ["Admin"], [bob.logtoId]: ["Collaborator"] });
    const rolf = await office.hire("Rolf", name);
    expect(await app.members.remove(scope, rita, rolf.logtoId)).toMatchObject({ ok: true });
  });

  test("a role that is no role for people is unknown, and so is somebody of another organization", async () => {
    const elsewhere = await openOffice(ground, app);
    const bob = await office.hire("Bob", "Collaborator");
    const machine = await ground.makeRole(`Machine ${Date.now()}`, ["read:posts"]);
    await ground.api.write("PATCH", `/organization-roles/${machine}`, { type: "MachineToMachine" });
    const { scope, ada } = office;
    const unknown = { ok: false, reason: "unknown-role" };
    expect(await app.members.change(scope, ada, bob.logtoId, machine)).toEqual(unknown);
    expect(await app.members.change(scope, ada, bob.logtoId, "nothing")).toEqual(unknown);
    const missing = { ok: false, reason: "missing" };
    for (const id of [elsewhere.ada.logtoId, "nobody"]) {
      expect(await app.members.change(scope, ada, id, office.roleId("Collaborator"))).toEqual(missing);
      expect(await app.members.remove(scope, ada, id)).toEqual(missing);
    }
    expect(await elsewhere.membersAtLogto()).toEqual({ [elsewhere.ada.logtoId]: ["Admin"] });
  });

  test("Ada, demoted at Logto a moment ago, although her session does not know it yet", async () => {
    const bob = await office.hire("Bob", "Admin");
    const { scope, ada } = office;
    await ground.setRoles(office.organizationId, { id: ada.logtoId }, "Collaborator");
    const late = { ok: false, reason: "no-longer-allowed" };
    expect(await app.members.change(scope, ada, bob.logtoId, office.roleId("Collaborator"))).toEqual(late);
    expect(await app.members.remove(scope, ada, bob.logtoId)).toEqual(late);
    expect(await rolesOf(bob)).toEqual(["Admin"]);
  });
});

describe("at the same time", () => {
  test.each([1, 2, 3])("two Admins who demote each other leave one Admin (%i)", async () => {
    const bob = await office.hire("Bob", "Admin");
    const { scope, ada } = office;
    const collaborator = office.roleId("Collaborator");
    const outcomes = await Promise.all([
      app.members.change(scope, ada, bob.logtoId, collaborator),
      app.members.change(scope, bob, ada.logtoId, collaborator),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes).toContainEqual({ ok: false, reason: "no-longer-allowed" });
    expect(Object.values(await office.membersAtLogto()).toSorted()).toEqual([["Admin"], ["Collaborator"]]);
  });

  test("two Admins who remove each other: one stays", async () => {
    const bob = await office.hire("Bob", "Admin");
    const { scope, ada } = office;
    const outcomes = await Promise.all([
      app.members.remove(scope, ada, bob.logtoId),
      app.members.remove(scope, bob, ada.logtoId),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(Object.values(await office.membersAtLogto())).toEqual([["Admin"]]);
  });

  test("all three Admins leave: one stays", async () => {
    const everybody = [office.ada, await office.hire("Bob", "Admin"), await office.hire("Cleo", "Admin")];
    const outcomes = await Promise.all(everybody.map((person) => app.members.leave(office.scope, person)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
    expect(outcomes).toContainEqual({ ok: false, reason: "last-manager" });
    expect(Object.values(await office.membersAtLogto())).toEqual([["Admin"]]);
  });
});

describe("whoever goes", () => {
  async function busyBob() {
    const bob = await office.hire("Bob", "Admin");
    const author = { userId: bob.id };
    for (const publish of [true, true, false])
      await createPost(office.scope, author, { title: "x", body: "y", publish });
    const invited = await office.inviteOne(`guest.${Date.now()}@example.com`, { by: bob });
    return { bob, invited };
  }
  const postsOf = (person: { id: string }) =>
    app.store
      .scope(office.organizationId)
      .read(async (db, { posts }) =>
        (await db.select().from(posts)).filter(({ authorId }) => authorId === person.id).map(({ status }) => status),
      );

  test("loses the drafts and the open invitations; what was published stays, and so does the name", async () => {
    const { bob, invited } = await busyBob();
    expect(await app.members.whatGoes(office.scope, bob.logtoId)).toEqual({
      drafts: 1,
      invitations: 1,
      publishedPosts: 2,
    });
    expect(await app.members.remove(office.scope, office.ada, bob.logtoId)).toEqual({ ok: true, name: "Bob" });
    expect(await postsOf(bob)).toEqual(["published", "published"]);
    expect(await office.row(invited.id)).toMatchObject({ status: "revoked", logtoId: null });
    expect((await office.invitationsAtLogto()).map(({ status }) => status)).toEqual(["Revoked"]);
    expect(await office.member(bob.logtoId)).toMatchObject({ name: "Bob", leavingAt: null, leftAt: expect.any(Date) });
    expect(await office.membersAtLogto()).toEqual({ [office.ada.logtoId]: ["Admin"] });
    expect(await app.invitations.open(invited.token)).toEqual({ kind: "unusable" });
  });

  test("may go by themselves with the same consequences, also as a Collaborator", async () => {
    const { bob } = await busyBob();
    const cleo = await office.hire("Cleo", "Collaborator");
    for (const person of [bob, cleo]) expect(await app.members.leave(office.scope, person)).toEqual({ ok: true });
    expect(await postsOf(bob)).toEqual(["published", "published"]);
    expect(Object.keys(await office.membersAtLogto())).toEqual([office.ada.logtoId]);
    expect(await app.members.leave(office.scope, bob)).toEqual({ ok: true }); // the answer was lost, and the button pressed again
  });

  test("takes nothing along from another organization", async () => {
    const { bob } = await busyBob();
    const globex = await openOffice(ground, app);
    await ground.addMember(globex.organizationId, { id: bob.logtoId }, "Collaborator");
    expect(await app.members.whatGoes(globex.scope, bob.logtoId)).toEqual({
      drafts: 0,
      invitations: 0,
      publishedPosts: 0,
    });
    expect(await app.members.remove(globex.scope, globex.ada, bob.logtoId)).toMatchObject({ ok: true });
    expect(await postsOf(bob)).toEqual(expect.arrayContaining(["draft"]));
    expect(await rolesOf(bob)).toEqual(["Admin"]);
  });

  test("is out in the browser at once", async () => {
    const person = await ground.makePerson("Dora", [[office.organizationId, "Collaborator"]]);
    const dora = await app.signIn(person);
    await app.guards(dora).requireMember("posts.list");
    expect(await app.members.remove(office.scope, office.ada, person.id)).toMatchObject({ ok: true });
    const refused = await app
      .guards(dora)
      .requireMember("posts.list")
      .catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ status: 302 });
    expect((await app.sessionOf(dora))?.notice).toBe("You no longer have access to Acme.");
  });
});

test("Ada, removed between the guard and the change, removes nobody", async () => {
  const bob = await office.hire("Bob", "Admin");
  const person = await ground.makePerson("Anna", [[office.organizationId, "Admin"]]);
  const anna = await app.signIn(person);
  const asked = { method: "POST", pageOrganization: async () => office.organizationId };
  const member = await app.guards(anna, asked).requireMember("members.remove");
  await app.auth.sessions.markStale({ user: member.person.id, organization: office.organizationId });
  const refused = await app.members.remove(member.scope, member, bob.logtoId).catch((thrown: unknown) => thrown);
  expect(refused).toMatchObject({ status: 409 });
  expect(await rolesOf(bob)).toEqual(["Admin"]);
  const again = await app.guards(anna, asked).requireMember("members.remove");
  expect(await app.members.remove(again.scope, again, bob.logtoId)).toEqual({ ok: true, name: "Bob" });
});

test("somebody whom the app has never seen can be changed and removed as well", async () => {
  const zoe = await newcomer(ground, app, "Zoe", { unseen: true });
  await ground.addMember(office.organizationId, { id: zoe.logtoId }, "Collaborator");
  const { scope, ada } = office;
  expect(await app.members.change(scope, ada, zoe.logtoId, office.roleId("Admin"))).toMatchObject({
    ok: true,
    member: { name: "Zoe", joinedAt: null, lastActiveAt: null },
  });
  expect(await app.members.remove(scope, ada, zoe.logtoId)).toEqual({ ok: true, name: "Zoe" });
  expect(Object.keys(await office.membersAtLogto())).toEqual([ada.logtoId]);
});
