// Refresh tokens, revocation and sign-out.
import {
  app,
  assert,
  authorize,
  Browser,
  check,
  endSession,
  expectOidcError,
  expectStatus,
  fixture,
  must,
  oidcPost,
  organizationToken,
  postLogoutRedirectUri,
  refresh,
  revoke,
  shape,
  signedOutAt,
  signIn,
  userinfo,
  verifyJwt,
} from "../driver.mjs";

const f = fixture(async (world) => {
  const alice = await world.user();
  return { alice, organization: await world.organization({ members: [alice] }), session: await signIn(alice) };
});

check(
  "RT-01",
  "a plain refresh answers an opaque access token, an ID token, the same scopes and the same (young) refresh token",
  async () => {
    const body = shape(expectStatus(await refresh(f.session.tokens.refresh_token), 200), {
      access_token: "string",
      expires_in: "number",
      id_token: "string",
      refresh_token: "string",
      scope: "string",
      token_type: "string",
    });
    assert.equal(body.refresh_token, f.session.tokens.refresh_token);
    assert.deepEqual(body.scope.split(" ").sort(), f.session.tokens.scope.split(" ").sort());
    assert.notEqual(body.access_token, f.session.tokens.access_token);
    for (const token of [body.access_token, f.session.tokens.access_token]) expectStatus(await userinfo(token), 200);
    assert.equal((await verifyJwt(body.id_token, { audience: app.id })).claims.sub, f.alice.id);
  },
);

check("RT-02", "parallel refreshes are all 200 with the same refresh token", async () => {
  const answers = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      n % 2 ? refresh(f.session.tokens.refresh_token) : organizationToken(f.session.tokens, f.organization.id),
    ),
  );
  for (const answer of answers) assert.equal(expectStatus(answer, 200).refresh_token, f.session.tokens.refresh_token);
});

check(
  "RT-03",
  "an unknown refresh token is 400 oidc.invalid_grant; a missing one 400 oidc.invalid_request",
  async () => {
    expectOidcError(await refresh("no-such-token"), 400, "invalid_grant");
    expectOidcError(await refresh(undefined), 400, "invalid_request");
  },
);

check("RT-04", "a wrong client secret is 401 oidc.invalid_client; client_secret_post works like basic", async () => {
  expectOidcError(
    await refresh(f.session.tokens.refresh_token, {}, { client: { ...app, secret: "wrong" } }),
    401,
    "invalid_client",
  );
  expectStatus(await refresh(f.session.tokens.refresh_token, {}, { auth: "post" }), 200);
});

check(
  "RT-05",
  "revoking the refresh token (200) kills it and its access token, not those of another browser",
  async () => {
    const [one, two] = [await signIn(f.alice), await signIn(f.alice)];
    expectStatus(await revoke(one.tokens.refresh_token), 200);
    expectOidcError(await refresh(one.tokens.refresh_token), 400, "invalid_grant");
    expectOidcError(await organizationToken(one.tokens, f.organization.id), 400, "invalid_grant");
    expectOidcError(await userinfo(one.tokens.access_token), 401, "invalid_token");
    expectStatus(await refresh(two.tokens.refresh_token), 200);
  },
);

check(
  "RT-06",
  "introspection says active with sub, client_id and scope; after revocation, and for garbage, only active: false",
  async () => {
    const { tokens } = await signIn(f.alice);
    const introspect = (token) => oidcPost("/token/introspection", { token });
    const body = shape(expectStatus(await introspect(tokens.refresh_token), 200), {
      active: "boolean",
      sub: "string",
      client_id: "string",
      scope: "string",
      exp: "number",
    });
    assert.deepEqual([body.active, body.sub, body.client_id], [true, f.alice.id, app.id]);
    await must(revoke(tokens.refresh_token));
    assert.deepEqual(expectStatus(await introspect(tokens.refresh_token), 200), { active: false });
    assert.deepEqual(expectStatus(await introspect("garbage"), 200), { active: false });
  },
);

check(
  "OUT-01",
  "end_session with id_token_hint ends at post_logout_redirect_uri with the state, and the session is over",
  async () => {
    const { browser, tokens } = await signIn(f.alice);
    const params = signedOutAt(
      await endSession(browser, {
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: postLogoutRedirectUri,
        state: "xyz",
      }),
    );
    assert.equal(params.state, "xyz");
    assert.equal((await authorize(browser, { prompt: "consent" })).page?.pathname, "/sign-in");
    assert.equal((await authorize(browser, { prompt: "none" })).params?.error, "login_required");
  },
);

check("OUT-02", "client_id in place of the hint works, and so does signing out without a session", async () => {
  const { browser } = await signIn(f.alice);
  const parameters = { client_id: app.id, post_logout_redirect_uri: postLogoutRedirectUri };
  signedOutAt(await endSession(browser, parameters));
  assert.equal((await authorize(browser)).page?.pathname, "/sign-in");
  signedOutAt(await endSession(new Browser(), parameters));
});

check("OUT-03", "after sign-out the tokens got with offline_access go on working", async () => {
  const { browser, tokens } = await signIn(f.alice);
  signedOutAt(
    await endSession(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: postLogoutRedirectUri }),
  );
  expectStatus(await refresh(tokens.refresh_token), 200);
  expectStatus(await organizationToken(tokens, f.organization.id), 200);
  expectStatus(await userinfo(tokens.access_token), 200);
});

check(
  "OUT-04",
  "after sign-out an access token got without offline_access is dead (401 oidc.invalid_token)",
  async () => {
    const { browser, tokens } = await signIn(f.alice, { prompt: undefined, scope: "openid profile" });
    expectStatus(await userinfo(tokens.access_token), 200);
    signedOutAt(
      await endSession(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: postLogoutRedirectUri }),
    );
    expectOidcError(await userinfo(tokens.access_token), 401, "invalid_token");
  },
);
