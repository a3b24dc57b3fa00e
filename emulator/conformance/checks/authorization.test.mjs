// The authorization request, the password sign-in of the sign-in page, and the code exchange.
import {
  absent,
  app,
  assert,
  authorize,
  baseScope,
  Browser,
  check,
  exchange,
  expectOidcError,
  expectStatus,
  fixture,
  isJwt,
  issuer,
  once,
  organizationsResource,
  redirectUri,
  refresh,
  shape,
  signIn,
  signInForCode,
  silentSignIn,
  submitPassword,
  unknownId,
} from "../driver.mjs";

const f = fixture(async (world) => {
  const [alice, bob] = await Promise.all([world.user(), world.user()]);
  return { alice, bob };
});
const session = once(() => signIn(f.alice));
/** The request came back to the app with an error, the state and the issuer. */
const redirectedError = (end, error) => {
  assert.ok(end.callback, `not sent back to the app: ${end.page} ${end.status}`);
  assert.deepEqual([end.params.error, end.params.state, end.params.iss], [error, end.state, issuer]);
  assert.ok(!("code" in end.params), "no code");
};

check("AUTH-01", "without a session the browser is sent to /sign-in?app_id=...", async () => {
  const end = await authorize(new Browser());
  assert.equal(end.page?.pathname, "/sign-in");
  assert.equal(end.page.searchParams.get("app_id"), app.id);
});

check("AUTH-02", "a password sign-in ends at the redirect URI with code, state and iss", async () => {
  const browser = new Browser();
  const end = await authorize(browser, { prompt: "consent" });
  const submitted = await submitPassword(browser, f.bob);
  shape(expectStatus(submitted, 200), { redirectTo: "string" });
  const { callback, params } = await browser.visit(submitted.body.redirectTo);
  assert.equal(`${callback.origin}${callback.pathname}`, redirectUri);
  shape(params, { code: "string" });
  assert.deepEqual([params.state, params.iss], [end.state, issuer]);
});

check("AUTH-03", "a wrong password and an unknown user are both 422 session.invalid_credentials", async () => {
  const browser = new Browser();
  await authorize(browser);
  expectStatus(await submitPassword(browser, { ...f.alice, password: "wrong" }), 422, "session.invalid_credentials");
  expectStatus(
    await submitPassword(browser, { email: f.world.email("nobody"), password: "wrong" }),
    422,
    "session.invalid_credentials",
  );
});

check(
  "AUTH-04",
  "the Experience API without an authorization request in progress is 400 session.not_found",
  async () => {
    expectStatus(await new Browser().experience("PUT", "", { interactionEvent: "SignIn" }), 400, "session.not_found");
  },
);

check(
  "AUTH-05",
  "with a session and no prompt: a code at once, but no refresh token even with offline_access",
  async () => {
    const { tokens } = await silentSignIn((await session()).browser, { prompt: undefined });
    absent(tokens, "refresh_token");
    assert.ok(!tokens.scope.split(" ").includes("offline_access"), tokens.scope);
  },
);

check("AUTH-06", "with a session and prompt=consent: a code at once and a refresh token", async () => {
  const { tokens } = await silentSignIn((await session()).browser, { prompt: "consent" });
  shape(tokens, { refresh_token: "string" });
  assert.ok(tokens.scope.split(" ").includes("offline_access"), tokens.scope);
});

check("AUTH-07", "prompt=none without a session comes back with login_required", async () => {
  redirectedError(await authorize(new Browser(), { prompt: "none" }), "login_required");
});

check("AUTH-08", "prompt=none with a session gives a code, without refresh token", async () => {
  const { tokens } = await silentSignIn((await session()).browser, { prompt: "none" });
  absent(tokens, "refresh_token");
});

check("AUTH-09", "prompt=login with a session shows the sign-in page", async () => {
  const end = await authorize((await session()).browser, { prompt: "login" });
  assert.equal(end.page?.pathname, "/sign-in");
});

check(
  "AUTH-10",
  "a redirect_uri that is not registered is 400 oidc.invalid_redirect_uri, without a redirect",
  async () => {
    const end = await authorize(new Browser(), { extra: { redirect_uri: `${redirectUri}-other` } });
    assert.equal(end.callback, undefined);
    expectOidcError(end, 400, "invalid_redirect_uri");
  },
);

check("AUTH-11", "an unknown client_id is 400 oidc.invalid_client, without a redirect", async () => {
  const end = await authorize(new Browser(), { extra: { client_id: unknownId } });
  assert.equal(end.callback, undefined);
  expectOidcError(end, 400, "invalid_client");
});

check("AUTH-12", "an unknown resource comes back with invalid_target", async () => {
  redirectedError(
    await authorize(new Browser(), { resource: [organizationsResource, "https://unknown.example.com"] }),
    "invalid_target",
  );
});

check("AUTH-13", "unknown scopes are dropped silently", async () => {
  const { tokens } = await silentSignIn((await session()).browser, {
    prompt: "consent",
    scope: `${baseScope} no:such:scope`,
  });
  assert.ok(!tokens.scope.includes("no:such:scope"), tokens.scope);
});

check("AUTH-14", "first_screen=register leads to /register, and login_hint is passed on to the page", async () => {
  const end = await authorize(new Browser(), {
    extra: { first_screen: "register", login_hint: "someone@example.com" },
  });
  assert.equal(end.page?.pathname, "/register");
  assert.equal(end.page.searchParams.get("login_hint"), "someone@example.com");
  const signInPage = await authorize(new Browser(), { extra: { login_hint: "someone@example.com" } });
  assert.equal(signInPage.page?.pathname, "/sign-in");
  assert.equal(signInPage.page.searchParams.get("login_hint"), "someone@example.com");
});

check(
  "CODE-01",
  "the exchange answers an opaque access token, an ID token, a refresh token and the granted scopes",
  async () => {
    const response = await exchange(await signInForCode(f.bob, { prompt: "consent" }));
    const body = shape(expectStatus(response, 200), {
      access_token: "string",
      expires_in: "number",
      id_token: "string",
      refresh_token: "string",
      scope: "string",
      token_type: "string",
    });
    assert.equal(body.token_type, "Bearer");
    assert.ok(
      !isJwt(body.access_token) && !isJwt(body.refresh_token) && isJwt(body.id_token),
      "opaque access and refresh token, JWT id_token",
    );
    assert.deepEqual(body.scope.split(" ").sort(), baseScope.split(" ").sort());
  },
);

check(
  "CODE-02",
  "a wrong code_verifier, a wrong redirect_uri and an unknown code are all 400 oidc.invalid_grant",
  async () => {
    const signedIn = await signInForCode(f.bob);
    expectOidcError(await exchange(signedIn, { code_verifier: "x".repeat(60) }), 400, "invalid_grant");
    expectOidcError(await exchange(signedIn, { redirect_uri: `${redirectUri}-other` }), 400, "invalid_grant");
    expectOidcError(await exchange(signedIn, { code: "no-such-code" }), 400, "invalid_grant");
  },
);

check("CODE-03", "a used code is 400 oidc.invalid_grant, and its replay revokes the grant", async () => {
  const signedIn = await signIn(f.bob);
  expectStatus(await refresh(signedIn.tokens.refresh_token), 200);
  expectOidcError(await exchange(signedIn), 400, "invalid_grant");
  expectOidcError(await refresh(signedIn.tokens.refresh_token), 400, "invalid_grant");
});

check("CODE-04", "PKCE is optional for this confidential application", async () => {
  const signedIn = await signInForCode(f.bob, {
    extra: { code_challenge: undefined, code_challenge_method: undefined },
  });
  shape(expectStatus(await exchange(signedIn, { code_verifier: undefined }), 200), {
    access_token: "string",
    id_token: "string",
  });
});

check(
  "AUTH-15",
  "prompt=select_account is not supported, a nonce needs openid: both come back with invalid_request",
  async () => {
    assert.equal(
      (await authorize((await session()).browser, { prompt: "select_account" })).params?.error,
      "invalid_request",
    );
    assert.equal((await authorize(new Browser(), { scope: "email" })).params?.error, "invalid_request");
  },
);
