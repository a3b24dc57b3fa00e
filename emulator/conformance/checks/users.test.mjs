// Users, and what suspension and deletion do to their tokens.
import {
  absent,
  assert,
  authorize,
  Browser,
  check,
  del,
  expectOidcError,
  expectStatus,
  expectValidationError,
  fixture,
  get,
  must,
  organizationToken,
  patch,
  post,
  refresh,
  shape,
  shapes,
  signIn,
  submitPassword,
  total,
  unknownId,
  userinfo,
} from "../driver.mjs";

const f = fixture(async (world) => ({ template: await world.template() }));
const userShape = { ...shapes.user, hasPassword: "boolean" };
const exact = (email) => get(`/users?search.primaryEmail=${encodeURIComponent(email)}&mode.primaryEmail=exact`);

check("USR-01", "create answers 200 (not 201) with the user and hasPassword", async () => {
  const email = f.world.email();
  const response = await post("/users", { primaryEmail: email, password: "Pw-conformance-1", name: "Some One" });
  if (response.status === 200) f.world.created("/users", response.body.id);
  const body = shape(expectStatus(response, 200), userShape);
  assert.deepEqual(
    [body.primaryEmail, body.name, body.username, body.hasPassword, body.isSuspended, body.lastSignInAt],
    [email, "Some One", null, true, false, null],
  );
  absent(body, "passwordEncrypted", "password");
  assert.equal((await f.world.user({ password: null })).body.hasPassword, false);
});

check("USR-02", "an e-mail in use is 422 user.email_already_in_use, on create and on patch", async () => {
  const [one, two] = [await f.world.user(), await f.world.user()];
  expectStatus(await post("/users", { primaryEmail: one.email }), 422, "user.email_already_in_use");
  expectStatus(await patch(`/users/${two.id}`, { primaryEmail: one.email }), 422, "user.email_already_in_use");
  expectValidationError(await post("/users", { primaryEmail: "not-an-email" }), "primaryEmail");
});

check("USR-03", "get and patch answer the user; an unknown id is 404 entity.not_found", async () => {
  const user = await f.world.user();
  assert.equal(shape(expectStatus(await get(`/users/${user.id}`), 200), userShape).primaryEmail, user.email);
  const body = shape(expectStatus(await patch(`/users/${user.id}`, { name: "Renamed" }), 200), userShape);
  assert.deepEqual([body.id, body.name, body.primaryEmail], [user.id, "Renamed", user.email]);
  expectStatus(await get(`/users/${unknownId}`), 404, "entity.not_found");
  expectStatus(await patch(`/users/${unknownId}`, { name: "x" }), 404, "entity.not_found");
});

check("USR-04", "exact search by e-mail finds one user, or none", async () => {
  const user = await f.world.user();
  const response = await exact(user.email);
  const body = expectStatus(response, 200);
  assert.deepEqual(
    body.map(({ id }) => id),
    [user.id],
  );
  assert.equal(total(response), 1);
  shape(body[0], userShape);
  assert.deepEqual(expectStatus(await exact(f.world.email("absent")), 200), []);
});

check("USR-05", "patching custom data answers the custom data only", async () => {
  const user = await f.world.user();
  assert.deepEqual(expectStatus(await patch(`/users/${user.id}/custom-data`, { customData: { a: 1 } }), 200), { a: 1 });
  assert.deepEqual((await must(get(`/users/${user.id}`))).customData, { a: 1 });
});

check("USR-06", "delete answers 204, then the user is 404 entity.not_found", async () => {
  const user = await f.world.user();
  expectStatus(await del(`/users/${user.id}`), 204);
  expectStatus(await get(`/users/${user.id}`), 404, "entity.not_found");
  expectStatus(await del(`/users/${user.id}`), 404, "entity.not_found");
});

check("SUS-01", "suspension kills the refresh token and the opaque access token at once", async () => {
  const user = await f.world.user();
  const { tokens } = await signIn(user);
  const body = shape(
    expectStatus(await patch(`/users/${user.id}/is-suspended`, { isSuspended: true }), 200),
    userShape,
  );
  assert.equal(body.isSuspended, true);
  expectOidcError(await refresh(tokens.refresh_token), 400, "invalid_grant");
  expectOidcError(await userinfo(tokens.access_token), 401, "invalid_token");
});

check("SUS-02", "a suspended user cannot sign in (401 user.suspended), and the browser session is over", async () => {
  const user = await f.world.user();
  const { browser } = await signIn(user);
  await must(patch(`/users/${user.id}/is-suspended`, { isSuspended: true }));
  const end = await authorize(browser, { prompt: "consent" });
  assert.equal(end.page?.pathname, "/sign-in");
  const fresh = new Browser();
  await authorize(fresh, { prompt: "consent" });
  expectStatus(await submitPassword(fresh, user), 401, "user.suspended");
});

check(
  "SUS-03",
  "memberships survive a suspension; lifting it does not revive tokens, a new sign-in works",
  async () => {
    const user = await f.world.user();
    const organization = await f.world.organization({ members: [[user, f.template.collaborator]] });
    const { tokens } = await signIn(user, { scope: f.template.signInScope });
    await must(patch(`/users/${user.id}/is-suspended`, { isSuspended: true }));
    assert.deepEqual(
      (await must(get(`/users/${user.id}/organizations`))).map(({ id }) => id),
      [organization.id],
    );
    assert.equal((await must(patch(`/users/${user.id}/is-suspended`, { isSuspended: false }))).isSuspended, false);
    expectOidcError(await refresh(tokens.refresh_token), 400, "invalid_grant");
    const again = await signIn(user, { scope: f.template.signInScope });
    expectStatus(await organizationToken(again.tokens, organization.id), 200);
  },
);

check("SUS-04", "deleting the user kills the tokens and ends the memberships", async () => {
  const user = await f.world.user();
  const organization = await f.world.organization({ members: [user] });
  const { tokens } = await signIn(user);
  await must(del(`/users/${user.id}`));
  expectOidcError(await refresh(tokens.refresh_token), 400, "invalid_grant");
  expectOidcError(await userinfo(tokens.access_token), 401, "invalid_token");
  const members = await get(`/organizations/${organization.id}/users`);
  assert.deepEqual(expectStatus(members, 200), []);
  assert.equal(total(members), 0);
});

check(
  "SUS-05",
  "a new password set by the Management API leaves tokens alone; the old password stops working",
  async () => {
    const user = await f.world.user();
    const { tokens } = await signIn(user);
    shape(expectStatus(await patch(`/users/${user.id}/password`, { password: "Another-pass-2" }), 200), shapes.user);
    expectStatus(await refresh(tokens.refresh_token), 200);
    const browser = new Browser();
    await authorize(browser);
    expectStatus(await submitPassword(browser, user), 422, "session.invalid_credentials");
    await signIn({ ...user, password: "Another-pass-2" });
  },
);
