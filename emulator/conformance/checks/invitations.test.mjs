// Organization invitations.
import {
  assert,
  check,
  del,
  expectStatus,
  expectValidationError,
  fixture,
  get,
  must,
  post,
  put,
  roleRefs,
  sameSet,
  shape,
  shapes,
  sleep,
  unknownId,
} from "../driver.mjs";

const path = "/organization-invitations";
const inAnHour = () => Date.now() + 3_600_000;
const f = fixture(async (world) => {
  const template = await world.template();
  const [alice, dave] = await Promise.all([world.user(), world.user()]);
  const organization = await world.organization({ members: [[alice, template.admin]] });
  return { template, alice, dave, organization };
});
const create = async (data) => {
  const response = await post(path, {
    organizationId: f.organization.id,
    invitee: f.world.email("invitee"),
    expiresAt: inAnHour(),
    ...data,
  });
  if (response.status === 201) f.world.created(path, response.body.id);
  return response;
};
const setStatus = (invitation, body) => put(`${path}/${invitation.id}/status`, body);
const accept = (invitation, user) => setStatus(invitation, { status: "Accepted", acceptedUserId: user.id });
const list = (query) => get(`${path}?${new URLSearchParams(query)}`);
const isMember = async (organization, user) =>
  (await must(get(`/users/${user.id}/organizations`))).some(({ id }) => id === organization.id);
/** A new user and a pending invitation for that user. */
async function invited(data = {}, organization = f.organization) {
  const user = await f.world.user();
  return { user, invitation: await f.world.invite(organization, { invitee: user.email, ...data }) };
}

check("INV-01", "create answers 201 with a pending invitation", async () => {
  const invitee = f.world.email("invitee");
  const expiresAt = inAnHour();
  const body = shape(
    expectStatus(
      await create({ invitee, expiresAt, inviterId: f.alice.id, organizationRoleIds: [f.template.collaborator.id] }),
      201,
    ),
    shapes.invitation,
  );
  assert.deepEqual(
    [body.invitee, body.status, body.inviterId, body.acceptedUserId, body.organizationId, body.expiresAt],
    [invitee, "Pending", f.alice.id, null, f.organization.id, expiresAt],
  );
  roleRefs(body.organizationRoles, [f.template.collaborator]);
});

check(
  "INV-02",
  "a second pending invitation of the same address is 422 entity.unique_integrity_violation",
  async () => {
    const { user } = await invited();
    expectStatus(await create({ invitee: user.email }), 422, "entity.unique_integrity_violation");
    const other = await f.world.organization();
    expectStatus(await create({ invitee: user.email, organizationId: other.id }), 201);
  },
);

check("INV-03", "inviting a member is refused (422 request.invalid_input)", async () => {
  expectStatus(await create({ invitee: f.alice.email }), 422, "request.invalid_input");
});

check("INV-04", "an expiresAt that has passed is refused (400 request.invalid_input)", async () => {
  expectStatus(await create({ expiresAt: Date.now() - 1000 }), 400, "request.invalid_input");
});

check(
  "INV-05",
  "no expiresAt, a bad address or messagePayload: true are refused (400 guard.invalid_input)",
  async () => {
    expectValidationError(await create({ expiresAt: undefined }), "expiresAt");
    expectValidationError(await create({ invitee: "not-an-email" }), "invitee");
    expectValidationError(await create({ messagePayload: true }), "messagePayload");
  },
);

check(
  "INV-06",
  "an unknown role is 422 entity.relation_foreign_key_not_found, and no invitation stays behind",
  async () => {
    const invitee = f.world.email("invitee");
    expectStatus(
      await create({ invitee, organizationRoleIds: [f.template.admin.id, unknownId] }),
      422,
      "entity.relation_foreign_key_not_found",
    );
    assert.deepEqual(expectStatus(await list({ invitee }), 200), []);
  },
);

check("INV-07", "accepting with another e-mail is refused (422 request.invalid_input), and nobody joins", async () => {
  const { invitation } = await invited();
  expectStatus(await accept(invitation, f.dave), 422, "request.invalid_input");
  assert.equal(await isMember(f.organization, f.dave), false);
  assert.equal((await must(get(`${path}/${invitation.id}`))).status, "Pending");
});

check(
  "INV-08",
  "an unknown organization or an unknown inviter is 422 entity.relation_foreign_key_not_found",
  async () => {
    expectStatus(await create({ organizationId: unknownId }), 422, "entity.relation_foreign_key_not_found");
    expectStatus(await create({ inviterId: unknownId }), 422, "entity.relation_foreign_key_not_found");
  },
);

check("INV-09", "the inviter need not be a member", async () => {
  assert.equal(expectStatus(await create({ inviterId: f.dave.id }), 201).inviterId, f.dave.id);
});

check("INV-10", "get answers the invitation; an unknown id is 404 entity.not_found", async () => {
  const { invitation } = await invited({ organizationRoleIds: [f.template.admin.id] });
  assert.deepEqual(expectStatus(await get(`${path}/${invitation.id}`), 200), invitation);
  expectStatus(await get(`${path}/${unknownId}`), 404, "entity.not_found");
});

check("INV-11", "the list of an organization is newest first, with invitations of every status", async () => {
  const organization = await f.world.organization();
  const { invitation: first } = await invited({}, organization);
  const { invitation: second } = await invited({}, organization);
  const { invitation: third, user } = await invited({}, organization);
  await must(setStatus(first, { status: "Revoked" }));
  await must(accept(third, user));
  const body = expectStatus(await list({ organizationId: organization.id }), 200);
  body.forEach((item) => shape(item, shapes.invitation));
  assert.deepEqual(
    body.map(({ id, status }) => [id, status]),
    [
      [third.id, "Accepted"],
      [second.id, "Pending"],
      [first.id, "Revoked"],
    ],
  );
});

check("INV-12", "the list can be filtered by invitee and by inviter", async () => {
  const inviter = await f.world.user();
  const { user, invitation } = await invited({ inviterId: inviter.id });
  const other = await f.world.invite(f.organization, { inviterId: inviter.id });
  assert.deepEqual(
    expectStatus(await list({ invitee: user.email }), 200).map(({ id }) => id),
    [invitation.id],
  );
  sameSet(
    (await must(list({ inviterId: inviter.id }))).map(({ id }) => id),
    [invitation.id, other.id],
    "invitations of the inviter",
  );
});

check("INV-13", "accepting answers 200 with acceptedUserId, and the user becomes a member with the roles", async () => {
  const { user, invitation } = await invited({ organizationRoleIds: [f.template.collaborator.id] });
  const body = shape(expectStatus(await accept(invitation, user), 200), shapes.invitation);
  assert.deepEqual([body.id, body.status, body.acceptedUserId], [invitation.id, "Accepted", user.id]);
  assert.ok(body.updatedAt >= invitation.updatedAt, "updatedAt goes on");
  const roles = await must(get(`/organizations/${f.organization.id}/users/${user.id}/roles`));
  assert.deepEqual(
    roles.map(({ id }) => id),
    [f.template.collaborator.id],
  );
});

check(
  "INV-14",
  "accepting without acceptedUserId is 422 request.invalid_input, for an unknown user 404 entity.not_found",
  async () => {
    const { invitation } = await invited();
    expectStatus(await setStatus(invitation, { status: "Accepted" }), 422, "request.invalid_input");
    expectStatus(await accept(invitation, { id: unknownId }), 404, "entity.not_found");
  },
);

check(
  "INV-15",
  "an accepted invitation can be neither accepted again nor revoked (422 request.invalid_input)",
  async () => {
    const { user, invitation } = await invited();
    await must(accept(invitation, user));
    expectStatus(await accept(invitation, user), 422, "request.invalid_input");
    expectStatus(await setStatus(invitation, { status: "Revoked" }), 422, "request.invalid_input");
    assert.equal((await must(get(`${path}/${invitation.id}`))).status, "Accepted");
  },
);

check(
  "INV-16",
  "revoking answers 200 Revoked; then it can be neither accepted nor revoked (422 request.invalid_input)",
  async () => {
    const { user, invitation } = await invited();
    const body = shape(expectStatus(await setStatus(invitation, { status: "Revoked" }), 200), shapes.invitation);
    assert.deepEqual([body.id, body.status, body.acceptedUserId], [invitation.id, "Revoked", null]);
    expectStatus(await accept(invitation, user), 422, "request.invalid_input");
    expectStatus(await setStatus(invitation, { status: "Revoked" }), 422, "request.invalid_input");
    assert.equal(await isMember(f.organization, user), false);
  },
);

check(
  "INV-17",
  "an invitation past expiresAt reads Expired and cannot be accepted (422 request.invalid_input)",
  async () => {
    const { user, invitation } = await invited({ expiresAt: Date.now() + 1200 });
    assert.equal(invitation.status, "Pending");
    await sleep(Math.max(0, invitation.expiresAt - Date.now()) + 150);
    assert.equal(expectStatus(await get(`${path}/${invitation.id}`), 200).status, "Expired");
    assert.equal(expectStatus(await list({ invitee: user.email }), 200)[0].status, "Expired");
    expectStatus(await accept(invitation, user), 422, "request.invalid_input");
    assert.equal(await isMember(f.organization, user), false);
  },
);

check("INV-18", "the status cannot be set to Pending or Expired (400 guard.invalid_input)", async () => {
  const { invitation } = await invited();
  expectValidationError(await setStatus(invitation, { status: "Pending" }), "status");
  expectValidationError(await setStatus(invitation, { status: "Expired" }), "status");
});

check("INV-19", "delete answers 204, then the invitation is 404 entity.not_found", async () => {
  const { invitation } = await invited();
  expectStatus(await del(`${path}/${invitation.id}`), 204);
  expectStatus(await get(`${path}/${invitation.id}`), 404, "entity.not_found");
  expectStatus(await del(`${path}/${invitation.id}`), 404, "entity.not_found");
});

check("INV-20", "after a revocation, and after a deletion, the same address can be invited again", async () => {
  const { user, invitation } = await invited();
  await must(setStatus(invitation, { status: "Revoked" }));
  const again = expectStatus(await create({ invitee: user.email }), 201);
  await must(del(`${path}/${again.id}`));
  assert.equal(expectStatus(await create({ invitee: user.email }), 201).status, "Pending");
});

check("INV-21", "deleting the organization deletes its invitations", async () => {
  const organization = await f.world.organization();
  const { invitation } = await invited({}, organization);
  await must(del(`/organizations/${organization.id}`));
  expectStatus(await get(`${path}/${invitation.id}`), 404, "entity.not_found");
});
