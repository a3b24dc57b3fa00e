// Member roles and the organization template (roles, scopes).
import {
  absent,
  assert,
  check,
  del,
  expectStatus,
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
  const [alice, outsider] = await Promise.all([world.user(), world.user()]);
  return { template, alice, outsider };
});
/** A new organization with alice in it, and the paths of her roles. */
async function member(...roles) {
  const organization = await f.world.organization({ members: [[f.alice, ...roles]] });
  const base = `/organizations/${organization.id}/users/${f.alice.id}`;
  return {
    organization,
    roles: `${base}/roles`,
    scopes: `${base}/scopes`,
    ids: async () => (await must(get(`${base}/roles`))).map(({ id }) => id),
  };
}

check("ROLE-01", "assigning by id answers 201 {organizationRoleIds} and adds to the roles held", async () => {
  const at = await member(f.template.collaborator);
  const body = expectStatus(await post(at.roles, { organizationRoleIds: [f.template.admin.id] }), 201);
  assert.deepEqual(body, { organizationRoleIds: [f.template.admin.id] });
  sameSet(await at.ids(), [f.template.admin.id, f.template.collaborator.id], "roles");
});

check("ROLE-02", "assigning by name answers the ids; PUT takes names too", async () => {
  const at = await member();
  const body = expectStatus(await post(at.roles, { organizationRoleNames: [f.template.collaborator.name] }), 201);
  assert.deepEqual(body, { organizationRoleIds: [f.template.collaborator.id] });
  sameSet(await at.ids(), [f.template.collaborator.id], "roles");
  expectStatus(await put(at.roles, { organizationRoleNames: [f.template.admin.name] }), 204);
  assert.deepEqual(await at.ids(), [f.template.admin.id]);
});

check("ROLE-03", "assigning a role already held is 201 and changes nothing", async () => {
  const at = await member(f.template.admin);
  expectStatus(await post(at.roles, { organizationRoleIds: [f.template.admin.id] }), 201);
  assert.deepEqual(await at.ids(), [f.template.admin.id]);
});

check(
  "ROLE-04",
  "an unknown role name is 422 organization.role_names_not_found, an unknown id 422 entity.relation_foreign_key_not_found",
  async () => {
    const at = await member();
    expectStatus(
      await post(at.roles, { organizationRoleNames: [`${f.world.tag}-nope`] }),
      422,
      "organization.role_names_not_found",
    );
    expectStatus(
      await post(at.roles, { organizationRoleIds: [unknownId] }),
      422,
      "entity.relation_foreign_key_not_found",
    );
    assert.deepEqual(await at.ids(), []);
  },
);

check("ROLE-05", "reading or assigning the roles of a non-member is 422 organization.require_membership", async () => {
  const { organization } = await member();
  const path = `/organizations/${organization.id}/users/${f.outsider.id}/roles`;
  expectStatus(await get(path), 422, "organization.require_membership");
  expectStatus(
    await post(path, { organizationRoleIds: [f.template.admin.id] }),
    422,
    "organization.require_membership",
  );
});

check("ROLE-06", "the roles of a member are whole roles; Total-Number only when a page is asked for", async () => {
  const at = await member(f.template.admin, f.template.collaborator);
  const plain = await get(at.roles);
  const body = expectStatus(plain, 200);
  body.forEach((role) => {
    shape(role, shapes.role);
    assert.equal(role.type, "User");
  });
  sameSet(
    body.map(({ name }) => name),
    [f.template.admin.name, f.template.collaborator.name],
    "role names",
  );
  assert.equal(plain.headers.get("total-number"), null);
  const paged = await get(`${at.roles}?page=1&page_size=1`);
  assert.equal(expectStatus(paged, 200).length, 1);
  assert.equal(total(paged), 2);
});

check("ROLE-07", "PUT replaces the set of roles (204), and [] clears it", async () => {
  const at = await member(f.template.admin);
  expectStatus(await put(at.roles, { organizationRoleIds: [f.template.collaborator.id] }), 204);
  assert.deepEqual(await at.ids(), [f.template.collaborator.id]);
  expectStatus(await put(at.roles, { organizationRoleIds: [] }), 204);
  assert.deepEqual(await at.ids(), []);
});

check(
  "ROLE-08",
  "taking a role away is 204 (also the last one of the last admin); a role not held 404 entity.not_found",
  async () => {
    const at = await member(f.template.admin);
    expectStatus(await del(`${at.roles}/${f.template.admin.id}`), 204);
    assert.deepEqual(await at.ids(), []);
    expectStatus(await del(`${at.roles}/${f.template.admin.id}`), 404, "entity.not_found");
  },
);

check(
  "ROLE-09",
  "a member's scopes are the union of the roles'; after the roles are cleared they are none",
  async () => {
    const at = await member(f.template.admin, f.template.collaborator);
    const body = expectStatus(await get(at.scopes), 200);
    body.forEach((scope) => shape(scope, shapes.scope));
    sameSet(
      body.map(({ name }) => name),
      f.template.names,
      "scopes",
    );
    await must(put(at.roles, { organizationRoleIds: [f.template.collaborator.id] }));
    sameSet(
      (await must(get(at.scopes))).map(({ name }) => name),
      f.template.memberNames,
      "scopes",
    );
    await must(put(at.roles, { organizationRoleIds: [] }));
    assert.deepEqual(expectStatus(await get(at.scopes), 200), []);
  },
);

check("ROLE-10", "bulk assignment answers 201 and gives all roles to all users", async () => {
  const organization = await f.world.organization({ members: [f.alice, f.outsider] });
  const roleIds = [f.template.admin.id, f.template.collaborator.id];
  expectStatus(
    await post(`/organizations/${organization.id}/users/roles`, {
      userIds: [f.alice.id, f.outsider.id],
      organizationRoleIds: roleIds,
    }),
    201,
  );
  for (const user of [f.alice, f.outsider])
    sameSet(
      (await must(get(`/organizations/${organization.id}/users/${user.id}/roles`))).map(({ id }) => id),
      roleIds,
      "roles",
    );
});

check(
  "TPL-01",
  "create a scope: 201 with the scope; the same name again 422 entity.unique_integrity_violation",
  async () => {
    const name = `${f.world.tag}:created`;
    const response = await post("/organization-scopes", { name, description: "text" });
    if (response.status === 201) f.world.created("/organization-scopes", response.body.id);
    const body = shape(expectStatus(response, 201), shapes.scope);
    assert.deepEqual([body.name, body.description], [name, "text"]);
    expectStatus(await post("/organization-scopes", { name }), 422, "entity.unique_integrity_violation");
  },
);

check("TPL-02", "create a role: 201 with the role (no scopes in it); the same name again 422", async () => {
  const name = `${f.world.tag}-created`;
  const response = await post("/organization-roles", {
    name,
    description: "text",
    organizationScopeIds: [f.template.read.id],
  });
  if (response.status === 201) f.world.created("/organization-roles", response.body.id);
  const body = shape(expectStatus(response, 201), shapes.role);
  assert.deepEqual([body.name, body.description, body.type], [name, "text", "User"]);
  absent(body, "scopes");
  expectStatus(await post("/organization-roles", { name }), 422, "entity.unique_integrity_violation");
});

check("TPL-03", "the list of roles has their scopes [{id, name}] and resourceScopes, and is paginated", async () => {
  const response = await get(`/organization-roles?q=${encodeURIComponent(f.template.collaborator.name)}`);
  const [role, ...others] = expectStatus(response, 200);
  assert.equal(others.length, 0);
  assert.equal(total(response), 1);
  shape(role, { ...shapes.role, scopes: "array", resourceScopes: "array" });
  roleRefs(role.scopes, [f.template.read, f.template.write]);
});

check("TPL-04", "a role's scopes: PUT replaces (204), POST adds (201), DELETE takes one away (204)", async () => {
  const role = await f.world.role([f.template.read]);
  const path = `/organization-roles/${role.id}/scopes`;
  const names = async () => (await must(get(path))).map((scope) => shape(scope, shapes.scope).name);
  expectStatus(await put(path, { organizationScopeIds: [f.template.write.id] }), 204);
  sameSet(await names(), [f.template.write.name], "scopes");
  expectStatus(await post(path, { organizationScopeIds: [f.template.manage.id] }), 201);
  sameSet(await names(), [f.template.write.name, f.template.manage.name], "scopes");
  expectStatus(await del(`${path}/${f.template.write.id}`), 204);
  sameSet(await names(), [f.template.manage.name], "scopes");
});

check("TPL-05", "patch and delete of a role and of a scope", async () => {
  const [role, scope] = [await f.world.role(), await f.world.scope()];
  assert.deepEqual(expectStatus(await patch(`/organization-roles/${role.id}`, { description: "new" }), 200), {
    ...role,
    description: "new",
  });
  assert.deepEqual(expectStatus(await patch(`/organization-scopes/${scope.id}`, { description: "new" }), 200), {
    ...scope,
    description: "new",
  });
  for (const [path, code] of [
    [`/organization-roles/${role.id}`, "entity.not_found"],
    [`/organization-scopes/${scope.id}`, "entity.not_exists_with_id"],
  ]) {
    expectStatus(await del(path), 204);
    expectStatus(await get(path), 404, code);
    expectStatus(await del(path), 404, "entity.not_found");
  }
});
