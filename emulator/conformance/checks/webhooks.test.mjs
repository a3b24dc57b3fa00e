// Webhooks: delivery, signature, and which action fires which event.
import {
  absent,
  app,
  assert,
  check,
  del,
  expectStatus,
  fixture,
  must,
  patch,
  post,
  put,
  sameSet,
  shape,
  shapes,
  signatureOf,
  signIn,
  sleep,
  unknownId,
  webhook,
} from "../driver.mjs";

const f = fixture(async (world) => {
  const template = await world.template();
  const hook = await webhook(world, { config: { headers: { "x-conformance": "yes" } } });
  const [alice, bob] = await Promise.all([world.user(), world.user()]);
  return { template, hook, alice, bob };
});
/** What every event of a Management API call carries. */
const apiEvent = ({ json }, { path, method, status, params }) => {
  shape(
    json,
    { event: "string", createdAt: "string", ip: "string", hookId: "string", matchedRoute: "string", params: "object" },
    "event",
  );
  assert.ok(!Number.isNaN(Date.parse(json.createdAt)), "createdAt is a date");
  assert.deepEqual(
    [json.path, json.method, json.status, json.params, json.hookId],
    [path, method, status, params, f.hook.hook.id],
  );
  return json;
};

check("HOOK-01", "creating a hook answers 201 with a signing key, enabled", async () => {
  const body = shape(expectStatus(f.hook.response, 201), {
    id: "string",
    name: "string",
    events: "array",
    config: "object",
    signingKey: "string",
    enabled: "boolean",
    createdAt: "number",
  });
  assert.equal(body.enabled, true);
  assert.equal(body.config.url, f.hook.url);
});

check(
  "HOOK-02",
  "a delivery is a JSON POST with the configured headers, signed with HMAC-SHA256 over the raw bytes",
  async () => {
    const organization = await f.world.organization({ description: "ünïcode — bytes" });
    const delivery = await f.hook.waitFor("Organization.Created", organization.id);
    assert.equal(delivery.method, "POST");
    assert.match(delivery.headers["content-type"], /^application\/json/);
    assert.equal(delivery.headers["x-conformance"], "yes");
    assert.ok(delivery.headers["user-agent"], "user-agent");
    assert.equal(delivery.headers["logto-signature-sha-256"], signatureOf(f.hook.hook.signingKey, delivery.raw));
  },
);

check(
  "HOOK-03",
  "Organization.Created, .Data.Updated and .Deleted: data is the response body, absent on deletion",
  async () => {
    const organization = await f.world.organization();
    const created = apiEvent(await f.hook.waitFor("Organization.Created", organization.id), {
      path: "/organizations",
      method: "POST",
      status: 201,
      params: {},
    });
    assert.deepEqual(created.data, organization);
    const updated = await must(patch(`/organizations/${organization.id}`, { customData: { a: 1 } }));
    const expected = { path: `/organizations/${organization.id}`, params: { id: organization.id } };
    const change = apiEvent(await f.hook.waitFor("Organization.Data.Updated", organization.id), {
      ...expected,
      method: "PATCH",
      status: 200,
    });
    assert.deepEqual([change.data, change.matchedRoute], [updated, "/organizations/:id"]);
    await must(del(`/organizations/${organization.id}`));
    absent(
      apiEvent(await f.hook.waitFor("Organization.Deleted", organization.id), {
        ...expected,
        method: "DELETE",
        status: 204,
      }),
      "data",
    );
  },
);

check("HOOK-04", "adding members: Organization.Membership.Updated with organizationId and addedUserIds", async () => {
  const organization = await f.world.organization();
  await must(post(`/organizations/${organization.id}/users`, { userIds: [f.alice.id, f.bob.id] }));
  const event = apiEvent(await f.hook.waitFor("Organization.Membership.Updated", organization.id), {
    path: `/organizations/${organization.id}/users`,
    method: "POST",
    status: 201,
    params: { id: organization.id },
  });
  assert.equal(event.organizationId, organization.id);
  sameSet(event.addedUserIds, [f.alice.id, f.bob.id], "addedUserIds");
  absent(event, "removedUserIds", "data");
});

check(
  "HOOK-05",
  "replacing the members: added and removed ids in one event; removing one: removedUserIds only",
  async () => {
    const organization = await f.world.organization({ members: [f.alice] });
    await must(put(`/organizations/${organization.id}/users`, { userIds: [f.bob.id] }));
    const { json } = await f.hook.waitFor("Organization.Membership.Updated", organization.id, '"PUT"');
    assert.deepEqual(
      [json.organizationId, json.addedUserIds, json.removedUserIds],
      [organization.id, [f.bob.id], [f.alice.id]],
    );
    await f.world.leave(organization, f.bob);
    const { json: removal } = await f.hook.waitFor("Organization.Membership.Updated", organization.id, '"DELETE"');
    assert.deepEqual([removal.organizationId, removal.removedUserIds], [organization.id, [f.bob.id]]);
    absent(removal, "addedUserIds", "data");
  },
);

check("HOOK-06", "changes of member roles fire nothing at all", async () => {
  const organization = await f.world.organization({ members: [f.alice] });
  const base = `/organizations/${organization.id}/users`;
  await must(post(`${base}/${f.alice.id}/roles`, { organizationRoleIds: [f.template.admin.id] }));
  await must(put(`${base}/${f.alice.id}/roles`, { organizationRoleIds: [f.template.collaborator.id] }));
  await must(del(`${base}/${f.alice.id}/roles/${f.template.collaborator.id}`));
  await must(post(`${base}/roles`, { userIds: [f.alice.id], organizationRoleIds: [f.template.admin.id] }));
  sameSet(
    await f.hook.eventsFor(organization.id),
    ["Organization.Created", "Organization.Membership.Updated"],
    "events",
  );
});

check("HOOK-07", "creating, revoking and deleting an invitation fires nothing", async () => {
  const organization = await f.world.organization();
  const invitation = await f.world.invite(organization);
  await must(put(`/organization-invitations/${invitation.id}/status`, { status: "Revoked" }));
  await must(del(`/organization-invitations/${invitation.id}`));
  assert.deepEqual(await f.hook.eventsFor(organization.id, invitation.id), ["Organization.Created"]);
});

check("HOOK-08", "accepting an invitation: one Organization.Membership.Updated with addedUserIds", async () => {
  const user = await f.world.user();
  const organization = await f.world.organization();
  const invitation = await f.world.invite(organization, {
    invitee: user.email,
    organizationRoleIds: [f.template.admin.id],
  });
  await must(put(`/organization-invitations/${invitation.id}/status`, { status: "Accepted", acceptedUserId: user.id }));
  const event = apiEvent(await f.hook.waitFor("Organization.Membership.Updated", organization.id), {
    path: `/organization-invitations/${invitation.id}/status`,
    method: "PUT",
    status: 200,
    params: { id: invitation.id },
  });
  assert.deepEqual([event.organizationId, event.addedUserIds], [organization.id, [user.id]]);
  sameSet(
    await f.hook.eventsFor(organization.id, invitation.id),
    ["Organization.Created", "Organization.Membership.Updated"],
    "events",
  );
});

check(
  "HOOK-09",
  "User.Created, User.Data.Updated and User.SuspensionStatus.Updated have the user as data",
  async () => {
    const user = await f.world.user();
    const created = await f.hook.waitFor("User.Created", user.id);
    assert.equal(shape(created.json.data, shapes.user, "data").primaryEmail, user.email);
    await must(patch(`/users/${user.id}`, { name: "Renamed" }));
    const updated = apiEvent(await f.hook.waitFor("User.Data.Updated", user.id), {
      path: `/users/${user.id}`,
      method: "PATCH",
      status: 200,
      params: { userId: user.id },
    });
    assert.equal(updated.data.name, "Renamed");
    await must(patch(`/users/${user.id}/is-suspended`, { isSuspended: true }));
    const suspended = await f.hook.waitFor("User.SuspensionStatus.Updated", user.id);
    assert.deepEqual([suspended.json.data.id, suspended.json.data.isSuspended], [user.id, true]);
  },
);

check("HOOK-10", "a delivery that is answered with 500 is not tried again", async () => {
  const organization = await f.world.organization();
  f.hook.answerWith(({ raw }) => (raw.toString().includes("refuse me") ? 500 : 200));
  await must(patch(`/organizations/${organization.id}`, { customData: { note: "refuse me" } }));
  await f.hook.waitFor("Organization.Data.Updated", organization.id, "refuse me");
  await sleep(2500);
  f.hook.answerWith(() => 200);
  assert.equal(f.hook.received.filter(({ raw }) => raw.toString().includes("refuse me")).length, 1);
});

check("HOOK-11", "a sign-in fires PostSignIn with the user and the application", async () => {
  const user = await f.world.user();
  await signIn(user);
  const { json } = await f.hook.waitFor("PostSignIn", user.id);
  shape(
    json,
    {
      event: "string",
      createdAt: "string",
      interactionEvent: "string",
      sessionId: "string",
      userId: "string",
      user: "object",
      application: "object",
      hookId: "string",
    },
    "event",
  );
  assert.deepEqual(
    [json.interactionEvent, json.userId, json.user.id, json.user.primaryEmail, json.application.id],
    ["SignIn", user.id, user.id, user.email, app.id],
  );
});

check("HOOK-12", "a hook gets only the events it asked for, and none when disabled", async () => {
  const narrow = await webhook(f.world, { events: ["Organization.Deleted"] });
  const [one, two] = [await f.world.organization(), await f.world.organization()];
  await must(del(`/organizations/${one.id}`));
  await narrow.waitFor("Organization.Deleted", one.id);
  assert.equal(expectStatus(await patch(`/hooks/${narrow.hook.id}`, { enabled: false }), 200).enabled, false);
  await must(del(`/organizations/${two.id}`));
  await f.hook.waitFor("Organization.Deleted", two.id);
  await sleep(200);
  assert.deepEqual(
    narrow.received.filter(({ raw }) => raw.includes(one.id) || raw.includes(two.id)).map(({ json }) => json.event),
    ["Organization.Deleted"],
  );
});

check("HOOK-13", "refused calls fire nothing", async () => {
  const organization = await f.world.organization();
  expectStatus(await post(`/organizations/${organization.id}/users`, { userIds: [unknownId] }), 422);
  expectStatus(await del(`/organizations/${organization.id}/users/${f.alice.id}`), 404);
  expectStatus(await patch(`/organizations/${organization.id}`, { name: "" }), 400);
  const invitation = await f.world.invite(organization);
  expectStatus(
    await put(`/organization-invitations/${invitation.id}/status`, { status: "Accepted", acceptedUserId: f.alice.id }),
    422,
  );
  assert.deepEqual(await f.hook.eventsFor(organization.id, invitation.id), ["Organization.Created"]);
});
