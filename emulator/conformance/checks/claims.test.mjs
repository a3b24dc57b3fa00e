// ID token and /oidc/me.
import {
  absent,
  app,
  assert,
  check,
  exchange,
  expectOidcError,
  expectStatus,
  fixture,
  must,
  organizationToken,
  patch,
  refresh,
  sameSet,
  shape,
  signIn,
  signInForCode,
  sleep,
  userinfo,
  verifyJwt,
} from "../driver.mjs";

const f = fixture(async (world) => {
  const template = await world.template();
  const username = `u${world.tag.replaceAll("-", "_")}`;
  const alice = await world.user({ username });
  const one = await world.organization({
    members: [[alice, template.admin, template.collaborator]],
    description: "one",
  });
  const two = await world.organization({ members: [alice] });
  return { template, username, alice, one, two, session: await signIn(alice, { scope: template.signInScope }) };
});
const roleClaims = (organization, ...roles) => roles.map(({ name }) => `${organization.id}:${name}`);

check("IDT-01", "the ID token verifies against the JWKS: aud = the application, nonce as sent, one hour", async () => {
  const signedIn = await signInForCode(f.alice, { prompt: "consent" });
  const { id_token: idToken } = expectStatus(await exchange(signedIn), 200);
  const { claims } = await verifyJwt(idToken, { audience: app.id });
  assert.equal(claims.nonce, signedIn.nonce);
  assert.equal(claims.sub, f.alice.id);
  assert.equal(claims.exp - claims.iat, 3600);
});

check("IDT-02", "with email and profile the ID token has the user claims", async () => {
  const { claims } = await verifyJwt(f.session.tokens.id_token);
  shape(
    claims,
    {
      email: "string",
      email_verified: "boolean",
      name: "string",
      preferred_username: "string",
      picture: "null",
      username: "string",
      created_at: "number",
      updated_at: "number",
    },
    "claims",
  );
  assert.deepEqual(
    [claims.email, claims.email_verified, claims.name, claims.username, claims.preferred_username],
    [f.alice.email, true, f.alice.body.name, f.username, f.username],
  );
});

check(
  "IDT-03",
  'with the two organization scopes it has organizations and organization_roles ("<id>:<role name>")',
  async () => {
    const { claims } = await verifyJwt(f.session.tokens.id_token);
    sameSet(claims.organizations, [f.one.id, f.two.id], "organizations");
    sameSet(
      claims.organization_roles,
      roleClaims(f.one, f.template.admin, f.template.collaborator),
      "organization_roles",
    );
  },
);

check(
  "IDT-04",
  "without them the claims are absent; without email and profile the user claims are absent",
  async () => {
    const { tokens } = await signIn(f.alice, { scope: "openid" });
    const { claims } = await verifyJwt(tokens.id_token, { audience: app.id });
    assert.equal(claims.sub, f.alice.id);
    absent(claims, "organizations", "organization_roles", "email", "name", "username");
  },
);

check("ME-01", "/oidc/me answers the user claims and organization_data", async () => {
  const body = expectStatus(await userinfo(f.session.tokens.access_token), 200);
  shape(body, {
    sub: "string",
    email: "string",
    email_verified: "boolean",
    name: "string",
    username: "string",
    created_at: "number",
    updated_at: "number",
    organizations: "array",
    organization_data: "array",
    organization_roles: "array",
  });
  assert.equal(body.sub, f.alice.id);
  sameSet(body.organizations, [f.one.id, f.two.id], "organizations");
  assert.deepEqual(
    body.organization_data.find(({ id }) => id === f.one.id),
    { id: f.one.id, name: f.one.name, description: "one" },
  );
  sameSet(body.organization_roles, roleClaims(f.one, f.template.admin, f.template.collaborator), "organization_roles");
});

check("ME-02", "the first access token shows a new membership, role and organization name at once", async () => {
  const user = await f.world.user();
  const { tokens } = await signIn(user);
  assert.deepEqual((await must(userinfo(tokens.access_token))).organizations, []);
  const organization = await f.world.organization({ members: [[user, f.template.collaborator]] });
  await must(patch(`/organizations/${organization.id}`, { name: `${f.world.tag} new name` }));
  const joined = await must(userinfo(tokens.access_token));
  assert.deepEqual(
    [joined.organizations, joined.organization_roles, joined.organization_data[0].name],
    [[organization.id], roleClaims(organization, f.template.collaborator), `${f.world.tag} new name`],
  );
  await f.world.leave(organization, user);
  assert.deepEqual((await must(userinfo(tokens.access_token))).organizations, []);
});

check("ME-03", "a bad token, and an organization token, are 401 oidc.invalid_token with WWW-Authenticate", async () => {
  const bad = await userinfo("garbage");
  expectOidcError(bad, 401, "invalid_token");
  assert.match(bad.headers.get("www-authenticate") ?? "", /^Bearer .*invalid_token/);
  const token = await must(organizationToken(f.session.tokens, f.one.id));
  expectOidcError(await userinfo(token.access_token), 401, "invalid_token");
});

check("IDT-05", "a refresh answers a new ID token with the claims of now", async () => {
  const user = await f.world.user();
  const { tokens, nonce } = await signIn(user);
  const before = (await verifyJwt(tokens.id_token)).claims;
  assert.deepEqual(before.organizations, []);
  const organization = await f.world.organization({ members: [[user, f.template.admin]] });
  await sleep(1100); // another second, another iat
  const { claims } = await verifyJwt((await must(refresh(tokens.refresh_token))).id_token, { audience: app.id });
  assert.deepEqual(
    [claims.organizations, claims.organization_roles, claims.nonce],
    [[organization.id], roleClaims(organization, f.template.admin), nonce],
  );
  assert.ok(claims.iat > before.iat, "issued again");
});
