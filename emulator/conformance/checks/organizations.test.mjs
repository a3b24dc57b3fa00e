// Organizations and their members.
import {
  absent,
  assert,
  check,
  del,
  expectStatus,
  expectValidationError,
  fixture,
  get,
  must,
  patch,
  post,
  put,
  roleRefs,
  sameSet,
  shape,
  shapes,
  total,
  unknownId,
} from "../driver.mjs";

const f = fixture(async (world) => {
  const template = await world.template();
  const [alice, bob, carol] = await Promise.all([world.user(), world.user(), world.user()]);
  return { template, alice, bob, carol };
});
const members = async (organization) => must(get(`/organizations/${organization.id}/users`));
const memberIds = async (organization) => (await members(organization)).map(({ id }) => id);
const rolesOf = async (organization, user) => must(get(`/organizations/${organization.id}/users/${user.id}/roles`));

check("ORG-01", "create answers 201 with the whole organization and its defaults", async () => {
  const response = await post("/organizations", { name: `${f.world.tag} created` });
  if (response.status === 201) f.world.created("/organizations", response.body.id);
  const body = shape(expectStatus(response, 201), shapes.organization);
  assert.equal(body.name, `${f.world.tag} created`);
  assert.equal(body.description, null);
  assert.deepEqual(body.customData, {});
  assert.equal(body.isMfaRequired, false);
  assert.ok(Math.abs(Date.now() - body.createdAt) < 60_000, "createdAt is epoch milliseconds");
});

check("ORG-02", "get answers what was created; an unknown id 404 entity.not_exists_with_id", async () => {
  const organization = await f.world.organization({ description: "text", customData: { plan: "pro" } });
  assert.deepEqual(expectStatus(await get(`/organizations/${organization.id}`), 200), organization);
  assert.deepEqual([organization.description, organization.customData], ["text", { plan: "pro" }]);
  expectStatus(await get(`/organizations/${unknownId}`), 404, "entity.not_exists_with_id");
});

check("ORG-03", "patch changes the given fields only; an unknown id 404 entity.not_exists", async () => {
  const organization = await f.world.organization({ description: "before", customData: { a: 1 } });
  const body = expectStatus(await patch(`/organizations/${organization.id}`, { description: "after" }), 200);
  assert.deepEqual(body, { ...organization, description: "after" });
  expectStatus(await patch(`/organizations/${unknownId}`, { description: "x" }), 404, "entity.not_exists");
});

check("ORG-04", "patch replaces customData, it does not merge", async () => {
  const organization = await f.world.organization({ customData: { plan: "pro", seats: 1 } });
  const body = expectStatus(await patch(`/organizations/${organization.id}`, { customData: { seats: 2 } }), 200);
  assert.deepEqual(body.customData, { seats: 2 });
});

check("ORG-05", "q filters the list by a part of the name in any letter case", async () => {
  const first = await f.world.organization({ name: `${f.world.tag} Zebra one` });
  const second = await f.world.organization({ name: `${f.world.tag} Zebra two` });
  const response = await get(`/organizations?q=${encodeURIComponent(`${f.world.tag} zEBRA`)}`);
  const body = expectStatus(response, 200);
  body.forEach((item) => shape(item, shapes.organization));
  sameSet(
    body.map(({ id }) => id),
    [first.id, second.id],
    "organizations found",
  );
  assert.equal(total(response), 2);
});

check(
  "ORG-06",
  "delete answers 204, then the organization is gone and deleting again is 404 entity.not_found",
  async () => {
    const organization = await f.world.organization();
    expectStatus(await del(`/organizations/${organization.id}`), 204);
    expectStatus(await get(`/organizations/${organization.id}`), 404, "entity.not_exists_with_id");
    expectStatus(await del(`/organizations/${organization.id}`), 404, "entity.not_found");
  },
);

check("ORG-07", "a name that is empty or longer than 128 is refused (400 guard.invalid_input)", async () => {
  expectValidationError(await post("/organizations", { name: "" }), "name");
  expectValidationError(await post("/organizations", { name: "x".repeat(129) }), "name");
});

check("MEM-01", "adding members answers 201 with the ids as sent", async () => {
  const organization = await f.world.organization();
  const userIds = [f.alice.id, f.bob.id];
  assert.deepEqual(expectStatus(await post(`/organizations/${organization.id}/users`, { userIds }), 201), { userIds });
  sameSet(await memberIds(organization), userIds, "members");
});

check("MEM-02", "the member list has users with organizationRoles [{id, name}], and Total-Number", async () => {
  const organization = await f.world.organization({ members: [[f.alice, f.template.admin], f.bob] });
  const response = await get(`/organizations/${organization.id}/users`);
  const body = expectStatus(response, 200);
  assert.equal(total(response), 2);
  for (const member of body) {
    shape(member, { ...shapes.user, organizationRoles: "array" });
    absent(member, "hasPassword", "passwordEncrypted");
  }
  roleRefs(body.find(({ id }) => id === f.alice.id).organizationRoles, [f.template.admin]);
  assert.deepEqual(body.find(({ id }) => id === f.bob.id).organizationRoles, []);
});

check("MEM-03", "adding a member again is 201 and keeps the roles", async () => {
  const organization = await f.world.organization({ members: [[f.alice, f.template.admin]] });
  expectStatus(await post(`/organizations/${organization.id}/users`, { userIds: [f.alice.id] }), 201);
  assert.deepEqual(
    (await rolesOf(organization, f.alice)).map(({ id }) => id),
    [f.template.admin.id],
  );
});

check(
  "MEM-04",
  "an unknown user among them is 422 entity.relation_foreign_key_not_found, and nobody is added",
  async () => {
    const organization = await f.world.organization();
    expectStatus(
      await post(`/organizations/${organization.id}/users`, { userIds: [f.alice.id, unknownId] }),
      422,
      "entity.relation_foreign_key_not_found",
    );
    assert.deepEqual(await members(organization), []);
  },
);

check("MEM-05", "adding to an unknown organization is 422; an empty userIds is 400", async () => {
  expectStatus(
    await post(`/organizations/${unknownId}/users`, { userIds: [f.alice.id] }),
    422,
    "entity.relation_foreign_key_not_found",
  );
  const organization = await f.world.organization();
  expectValidationError(await post(`/organizations/${organization.id}/users`, { userIds: [] }), "userIds");
});

check("MEM-06", "PUT sets exactly that set of members; the kept ones keep their roles", async () => {
  const organization = await f.world.organization({
    members: [
      [f.alice, f.template.admin],
      [f.bob, f.template.collaborator],
    ],
  });
  expectStatus(await put(`/organizations/${organization.id}/users`, { userIds: [f.alice.id, f.carol.id] }), 204);
  sameSet(await memberIds(organization), [f.alice.id, f.carol.id], "members");
  assert.deepEqual(
    (await rolesOf(organization, f.alice)).map(({ id }) => id),
    [f.template.admin.id],
  );
  assert.deepEqual(await rolesOf(organization, f.carol), []);
});

check("MEM-07", "removing a member is 204; removing a non-member 404 entity.not_found", async () => {
  const organization = await f.world.organization({ members: [f.alice] });
  expectStatus(await del(`/organizations/${organization.id}/users/${f.alice.id}`), 204);
  assert.deepEqual(await members(organization), []);
  expectStatus(await del(`/organizations/${organization.id}/users/${f.alice.id}`), 404, "entity.not_found");
});

check(
  "MEM-08",
  "a user's organizations come with organizationRoles; an unknown user is 404 entity.not_found",
  async () => {
    const user = await f.world.user();
    assert.deepEqual(expectStatus(await get(`/users/${user.id}/organizations`), 200), []);
    const one = await f.world.organization({ members: [[user, f.template.collaborator]] });
    const two = await f.world.organization({ members: [user] });
    const body = expectStatus(await get(`/users/${user.id}/organizations`), 200);
    body.forEach((item) => shape(item, { ...shapes.organization, organizationRoles: "array" }));
    sameSet(
      body.map(({ id }) => id),
      [one.id, two.id],
      "organizations",
    );
    roleRefs(body.find(({ id }) => id === one.id).organizationRoles, [f.template.collaborator]);
    expectStatus(await get(`/users/${unknownId}/organizations`), 404, "entity.not_found");
  },
);

check("MEM-09", "q on the member list matches a part of the e-mail in any letter case", async () => {
  const organization = await f.world.organization({ members: [f.alice, f.bob] });
  const response = await get(
    `/organizations/${organization.id}/users?q=${encodeURIComponent(f.bob.email.split("@")[0].toUpperCase())}`,
  );
  assert.deepEqual(
    expectStatus(response, 200).map(({ id }) => id),
    [f.bob.id],
  );
  assert.equal(total(response), 1);
});
