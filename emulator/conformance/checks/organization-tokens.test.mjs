// Organization tokens, and what changes of membership and roles do to them.
import {
  absent,
  app,
  assert,
  baseScope,
  check,
  del,
  expectOidcError,
  expectStatus,
  fixture,
  isJwt,
  must,
  oidcPost,
  organizationAudience,
  organizationsResource,
  organizationsScope,
  organizationToken,
  post,
  put,
  refresh,
  sameSet,
  shape,
  signIn,
  silentSignIn,
  unknownId,
  verifyJwt,
} from "../driver.mjs";

const f = fixture(async (world) => {
  const template = await world.template();
  const [alice, bob] = await Promise.all([world.user(), world.user()]);
  const organization = await world.organization({
    members: [
      [alice, template.admin],
      [bob, template.collaborator],
    ],
  });
  const other = await world.organization();
  const [admin, collaborator] = [
    await signIn(alice, { scope: template.signInScope }),
    await signIn(bob, { scope: template.signInScope }),
  ];
  return { template, alice, bob, organization, other, admin, collaborator };
});
/** A new user, signed in with all permission scopes; `roles` are held in a new organization. */
async function subject(roles, options = {}) {
  const user = await f.world.user();
  const organization = await f.world.organization({ members: roles ? [[user, ...roles]] : [] });
  const session = await signIn(user, { scope: f.template.signInScope, ...options });
  return {
    user,
    organization,
    ...session,
    token: (parameters) => organizationToken(session.tokens, organization.id, parameters),
  };
}
/** The scopes of the answer, which must be those of the token. */
async function scopesOf(response, organization) {
  const body = expectStatus(response, 200);
  const { claims } = await verifyJwt(body.access_token, { audience: organizationAudience(organization.id) });
  assert.equal(typeof body.scope, "string", "scope of the answer");
  sameSet(claims.scope ?? "", body.scope, "scope of the token and of the answer");
  return body.scope;
}

check("OT-01", "a refresh with organization_id answers a JWT, an ID token and the same refresh token", async () => {
  const body = shape(expectStatus(await organizationToken(f.admin.tokens, f.organization.id), 200), {
    access_token: "string",
    expires_in: "number",
    id_token: "string",
    refresh_token: "string",
    scope: "string",
    token_type: "string",
  });
  assert.ok(isJwt(body.access_token), "JWT");
  assert.equal(body.token_type, "Bearer");
  assert.equal(body.refresh_token, f.admin.tokens.refresh_token);
});

check(
  "OT-02",
  "the token has aud = urn:logto:organization:<id>, sub, client_id, scope, one hour, and no organization_id claim",
  async () => {
    const body = await must(organizationToken(f.admin.tokens, f.organization.id));
    const { claims } = await verifyJwt(body.access_token, {
      audience: organizationAudience(f.organization.id),
      type: "at+jwt",
    });
    shape(claims, { jti: "string", iat: "number", exp: "number", scope: "string" }, "claims");
    assert.deepEqual(
      [claims.sub, claims.client_id, claims.exp - claims.iat, body.expires_in],
      [f.alice.id, app.id, 3600, 3600],
    );
    absent(claims, "organization_id");
  },
);

check("OT-03", "its scopes are those of the user's roles, out of those asked for at sign-in", async () => {
  sameSet(
    await scopesOf(await organizationToken(f.admin.tokens, f.organization.id), f.organization),
    f.template.names,
    "admin",
  );
  sameSet(
    await scopesOf(await organizationToken(f.collaborator.tokens, f.organization.id), f.organization),
    f.template.memberNames,
    "collaborator",
  );
});

check("OT-04", "scope narrows the token; a scope held by none of the roles just vanishes", async () => {
  const { read, manage } = f.template;
  const answer = await organizationToken(f.admin.tokens, f.organization.id, { scope: read.name });
  assert.equal(await scopesOf(answer, f.organization), read.name);
  absent(answer.body, "id_token"); // openid was not asked for
  assert.equal(
    await scopesOf(
      await organizationToken(f.collaborator.tokens, f.organization.id, { scope: `${read.name} ${manage.name}` }),
      f.organization,
    ),
    read.name,
  );
});

check("OT-05", "a scope that was not asked for at sign-in is 400 oidc.invalid_scope", async () => {
  const body = expectOidcError(
    await organizationToken(f.admin.tokens, f.organization.id, { scope: "no:such:scope" }),
    400,
    "invalid_scope",
  );
  assert.equal(body.scope, "no:such:scope");
});

check(
  "OT-06",
  "a non-member and an unknown organization are 403 oidc.access_denied; the refresh token stays valid",
  async () => {
    expectOidcError(await organizationToken(f.admin.tokens, f.other.id), 403, "access_denied");
    expectOidcError(await organizationToken(f.admin.tokens, unknownId), 403, "access_denied");
    expectStatus(await organizationToken(f.admin.tokens, f.organization.id), 200);
  },
);

check("OT-07", "a sign-in without urn:logto:scope:organizations gives 403 oidc.insufficient_scope", async () => {
  const { tokens } = await signIn(f.alice, { scope: `openid offline_access ${f.template.names.join(" ")}` });
  const body = expectOidcError(await organizationToken(tokens, f.organization.id), 403, "insufficient_scope");
  assert.equal(body.scope, organizationsScope);
});

check("OT-08", "a sign-in without resource=urn:logto:resource:organizations gives a token without scopes", async () => {
  const { tokens } = await signIn(f.alice, { scope: f.template.signInScope, resource: [] });
  assert.equal(await scopesOf(await organizationToken(tokens, f.organization.id), f.organization), "");
});

check(
  "OT-09",
  "a sign-in that asks for no permission scopes gives a token without scopes (no scope claim)",
  async () => {
    const { tokens } = await signIn(f.alice, { scope: baseScope });
    const response = await organizationToken(tokens, f.organization.id);
    assert.equal(await scopesOf(response, f.organization), "");
    absent((await verifyJwt(response.body.access_token)).claims, "scope");
  },
);

check(
  "OT-10",
  "TRAP: resource=urn:logto:resource:organizations gives all scopes asked for, whatever the role, with that audience",
  async () => {
    const body = expectStatus(
      await refresh(f.collaborator.tokens.refresh_token, { resource: organizationsResource }),
      200,
    );
    const { claims } = await verifyJwt(body.access_token, { audience: organizationsResource });
    sameSet(claims.scope, f.template.names, "scopes");
    absent(claims, "organization_id");
  },
);

check(
  "OT-11",
  "an organization token can be neither introspected nor revoked (400 oidc.unsupported_token_type)",
  async () => {
    const { access_token: token } = await must(organizationToken(f.admin.tokens, f.organization.id));
    for (const path of ["/token/introspection", "/token/revocation"])
      expectOidcError(await oidcPost(path, { token }), 400, "unsupported_token_type");
  },
);

check("OT-12", "an organization that was deleted is 403 oidc.access_denied", async () => {
  const at = await subject([f.template.admin]);
  expectStatus(await at.token(), 200);
  await must(del(`/organizations/${at.organization.id}`));
  expectOidcError(await at.token(), 403, "access_denied");
});

check("UPD-01", "a promotion widens, and a demotion narrows, the next token of the same refresh token", async () => {
  const at = await subject([f.template.collaborator]);
  sameSet(await scopesOf(await at.token(), at.organization), f.template.memberNames, "as collaborator");
  await f.world.setRoles(at.organization, at.user, f.template.admin);
  sameSet(await scopesOf(await at.token(), at.organization), f.template.names, "as admin");
  await f.world.setRoles(at.organization, at.user, f.template.collaborator);
  sameSet(await scopesOf(await at.token(), at.organization), f.template.memberNames, "as collaborator again");
});

check("UPD-02", "a member without roles gets a token without scopes", async () => {
  const at = await subject([f.template.admin]);
  await f.world.setRoles(at.organization, at.user);
  const response = await at.token();
  assert.equal(await scopesOf(response, at.organization), "");
  absent((await verifyJwt(response.body.access_token)).claims, "scope");
});

check(
  "UPD-03",
  "after removal: 403 for the organization, while a plain refresh works and shows organizations []",
  async () => {
    const at = await subject([f.template.admin]);
    await f.world.leave(at.organization, at.user);
    expectOidcError(await at.token(), 403, "access_denied");
    const { id_token: idToken } = expectStatus(await refresh(at.tokens.refresh_token), 200);
    assert.deepEqual((await verifyJwt(idToken)).claims.organizations, []);
  },
);

check("UPD-04", "an organization joined after the sign-in works with the same refresh token", async () => {
  const at = await subject(null);
  expectOidcError(await at.token(), 403, "access_denied");
  await f.world.join(at.organization, at.user, f.template.admin);
  sameSet(await scopesOf(await at.token(), at.organization), f.template.names, "scopes");
});

check("UPD-05", "accepting an invitation after the sign-in works with the same refresh token", async () => {
  const at = await subject(null);
  const invitation = await f.world.invite(at.organization, {
    invitee: at.user.email,
    organizationRoleIds: [f.template.collaborator.id],
  });
  await must(
    put(`/organization-invitations/${invitation.id}/status`, { status: "Accepted", acceptedUserId: at.user.id }),
  );
  sameSet(await scopesOf(await at.token(), at.organization), f.template.memberNames, "scopes");
});

check(
  "UPD-06",
  "a scope given to the role after the sign-in is missing until a new sign-in asks for it (silent with a session)",
  async () => {
    const role = await f.world.role([f.template.read]);
    const at = await subject([role]);
    const late = await f.world.scope("late");
    await must(post(`/organization-roles/${role.id}/scopes`, { organizationScopeIds: [late.id] }));
    assert.equal(await scopesOf(await at.token(), at.organization), f.template.read.name);
    expectOidcError(await at.token({ scope: late.name }), 400, "invalid_scope");
    const again = await silentSignIn(at.browser, { scope: `${f.template.signInScope} ${late.name}` });
    sameSet(
      await scopesOf(await organizationToken(again.tokens, at.organization.id), at.organization),
      [f.template.read.name, late.name],
      "after a new sign-in",
    );
  },
);

check("UPD-07", "a scope taken from the role is gone from the next token", async () => {
  const role = await f.world.role([f.template.read, f.template.write]);
  const at = await subject([role]);
  sameSet(await scopesOf(await at.token(), at.organization), f.template.memberNames, "before");
  await must(del(`/organization-roles/${role.id}/scopes/${f.template.write.id}`));
  assert.equal(await scopesOf(await at.token(), at.organization), f.template.read.name);
});
