// Discovery, JWKS, machine-to-machine tokens, and what all Management API calls have in common.
import {
  absent,
  api,
  app,
  assert,
  baseScope,
  check,
  decodeJwt,
  endpoint,
  expectOidcError,
  expectStatus,
  expectValidationError,
  fixture,
  get,
  getJson,
  issuer,
  jwks,
  links,
  m2m,
  machineToken,
  managementResource,
  must,
  once,
  organizationToken,
  patch,
  post,
  sameSet,
  shape,
  signIn,
  tokenRequest,
  total,
  unknownId,
  verifyJwt,
} from "../driver.mjs";

const f = fixture();
const session = once(async () => {
  const user = await f.world.user();
  const organization = await f.world.organization({ members: [user] });
  return { organization, ...(await signIn(user)) };
});

check("META-01", "the discovery document names the issuer and its endpoints", async () => {
  const response = await getJson(`${issuer}/.well-known/openid-configuration`);
  const body = expectStatus(response, 200);
  const expected = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/session/end`,
    revocation_endpoint: `${issuer}/token/revocation`,
    introspection_endpoint: `${issuer}/token/introspection`,
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(body[key], value, key);
});

check(
  "META-02",
  "the discovery document announces code flow, PKCE S256, the grants and the organization scopes",
  async () => {
    const { body } = await getJson(`${issuer}/.well-known/openid-configuration`);
    const has = (key, ...values) =>
      values.forEach((value) => assert.ok(body[key]?.includes(value), `${key} lacks ${value}`));
    has("response_types_supported", "code");
    has("code_challenge_methods_supported", "S256");
    has("grant_types_supported", "authorization_code", "refresh_token", "client_credentials");
    has("scopes_supported", ...baseScope.split(" "));
    has("token_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post");
    assert.equal(body.authorization_response_iss_parameter_supported, true);
  },
);

check("META-03", "the JWKS holds public signing keys only", async () => {
  const { keys } = await jwks();
  assert.ok(Array.isArray(keys) && keys.length > 0, "no keys");
  for (const key of keys) {
    shape(key, { kty: "string", use: "string", kid: "string", alg: "string" });
    assert.equal(key.use, "sig");
    assert.ok(["ES384", "RS256"].includes(key.alg), `alg ${key.alg}`);
    shape(key, key.kty === "EC" ? { crv: "string", x: "string", y: "string" } : { n: "string", e: "string" });
    absent(key, "d", "p", "q", "k");
  }
});

check(
  "M2M-01",
  "client_credentials with client_secret_basic answers a bearer token for the Management API",
  async () => {
    const response = await machineToken();
    const body = shape(expectStatus(response, 200), {
      access_token: "string",
      expires_in: "number",
      token_type: "string",
      scope: "string",
    });
    assert.equal(body.token_type, "Bearer");
    assert.equal(body.scope, "all");
    absent(body, "refresh_token", "id_token");
  },
);

check(
  "M2M-02",
  "the machine token is a JWT of the JWKS with sub = client_id = the application and aud = the resource",
  async () => {
    const { body } = await machineToken();
    const { claims } = await verifyJwt(body.access_token, { audience: managementResource, type: "at+jwt" });
    shape(claims, { jti: "string", iat: "number", exp: "number" });
    assert.equal(claims.sub, m2m.id);
    assert.equal(claims.client_id, m2m.id);
    assert.equal(claims.scope, "all");
    assert.equal(claims.exp - claims.iat, body.expires_in);
  },
);

check(
  "M2M-03",
  "an unknown resource, and neither resource nor organization_id, are refused (400 oidc.invalid_target)",
  async () => {
    expectOidcError(
      await machineToken({ resource: "https://unknown.example.com", scope: "all" }),
      400,
      "invalid_target",
    );
    expectOidcError(await machineToken({ scope: "all" }), 400, "invalid_target");
  },
);

check(
  "M2M-04",
  "a wrong client secret is refused with 401, an unknown client with 400 (oidc.invalid_client)",
  async () => {
    expectOidcError(await machineToken(undefined, { client: { ...m2m, secret: "wrong" } }), 401, "invalid_client");
    expectOidcError(
      await machineToken(undefined, { client: { id: unknownId, secret: "wrong" } }),
      400,
      "invalid_client",
    );
  },
);

check("M2M-05", "the web application may not use client_credentials (400 oidc.invalid_request)", async () => {
  expectOidcError(await machineToken(undefined, { client: app }), 400, "invalid_request");
});

check("M2M-06", "an unknown grant_type is refused (400 oidc.unsupported_grant_type)", async () => {
  expectOidcError(await tokenRequest({ grant_type: "no_such_grant" }), 400, "unsupported_grant_type");
});

check("API-01", "no Authorization header: 401 auth.authorization_header_missing", async () => {
  expectStatus(await get("/organizations", { token: null }), 401, "auth.authorization_header_missing");
});

check("API-02", "a garbage bearer token: 401 auth.unauthorized", async () => {
  const body = expectStatus(await get("/organizations", { token: "garbage" }), 401, "auth.unauthorized");
  assert.equal(body.data?.code, "ERR_JWS_INVALID");
});

check("API-03", "a token with another audience (an organization token): 401 auth.unauthorized, claim aud", async () => {
  const { tokens, organization } = await session();
  const token = await must(organizationToken(tokens, organization.id));
  const body = expectStatus(await get("/organizations", { token: token.access_token }), 401, "auth.unauthorized");
  assert.equal(body.data?.code, "ERR_JWT_CLAIM_VALIDATION_FAILED");
  assert.equal(body.data.claim, "aud");
});

check("API-04", 'a machine token without scope "all": 403 auth.forbidden', async () => {
  const { access_token: token } = await must(machineToken({ resource: managementResource }));
  absent(decodeJwt(token).claims, "scope");
  expectStatus(await get("/organizations", { token }), 403, "auth.forbidden");
});

check("API-05", "a body that fails validation: 400 guard.invalid_input with issues and details", async () => {
  expectValidationError(await post("/organizations", {}), "name");
});

check("API-06", "malformed JSON: 400", async () => {
  const response = await api("POST", "/organizations", undefined, { raw: "{broken" });
  shape(expectStatus(response, 400), { message: "string" });
});

check("API-07", "an unknown route: 404; a known path with another method: 405", async () => {
  expectStatus(await get("/no-such-route"), 404);
  expectStatus(await api("PUT", "/organizations", {}), 405);
});

check("API-08", "lists have Total-Number and a Link header with first, prev, next and last", async () => {
  for (const n of [1, 2, 3]) await f.world.organization({ name: `${f.world.tag} paged ${n}` });
  const q = encodeURIComponent(`${f.world.tag} paged`);
  const page = await get(`/organizations?q=${q}&page=2&page_size=1`);
  assert.equal(expectStatus(page, 200).length, 1);
  assert.equal(total(page), 3);
  const found = links(page);
  sameSet(Object.keys(found), ["first", "prev", "next", "last"], "Link relations");
  assert.deepEqual(
    ["first", "prev", "next", "last"].map((rel) => found[rel].searchParams.get("page")),
    ["1", "1", "3", "3"],
  );
  assert.equal(found.next.searchParams.get("page_size"), "1");
  assert.equal(found.next.origin, endpoint);
  sameSet(
    Object.keys(links(await get(`/organizations?q=${q}&page=1&page_size=100`))),
    ["first", "last"],
    "relations of the only page",
  );
});

check("API-09", "page=0 and page_size=101 are refused (400 guard.invalid_pagination)", async () => {
  expectStatus(await get("/organizations?page=0"), 400, "guard.invalid_pagination");
  expectStatus(await get("/organizations?page_size=101"), 400, "guard.invalid_pagination");
});

check("API-10", "unknown keys of a body are ignored", async () => {
  const organization = await f.world.organization({ noSuchKey: 1 });
  absent(organization, "noSuchKey");
  const body = expectStatus(
    await patch(`/organizations/${organization.id}`, { description: "known", noSuchKey: 1 }),
    200,
  );
  assert.equal(body.description, "known");
  absent(body, "noSuchKey");
});
