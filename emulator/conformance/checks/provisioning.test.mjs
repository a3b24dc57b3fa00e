// What a provisioning script relies on: applications, secrets, machine roles, template, hooks, sign-in experience, connectors, e-mail templates.
// Settings that exist once (sign-in experience, e-mail connector) are written back as they are, or not at all:
// PROV-23 replaces the e-mail connector of the target, so it runs only when there is none or with LOGTO_REPLACE_CONNECTOR=1.
import {
  Browser,
  absent,
  api,
  assert,
  authorize,
  check,
  del,
  expectOidcError,
  expectStatus,
  expectValidationError,
  endpoint,
  fixture,
  get,
  getJson,
  machineToken,
  managementResource,
  must,
  patch,
  post,
  put,
  sameSet,
  shape,
  shapes,
  sleep,
  sorted,
  total,
  unknownId,
  webhook,
} from "../driver.mjs";

const f = fixture();
const name = (kind) => `${f.world.tag}-${kind}${f.world.next()}`;
const applicationShape = {
  tenantId: "string",
  id: "string",
  name: "string",
  description: "string|null",
  type: "string",
  oidcClientMetadata: "object",
  customClientMetadata: "object",
  customData: "object",
  isThirdParty: "boolean",
  createdAt: "number",
};
const secretShape = {
  tenantId: "string",
  applicationId: "string",
  name: "string",
  value: "string",
  createdAt: "number",
  expiresAt: "number|null",
};
const hookShape = {
  tenantId: "string",
  id: "string",
  name: "string",
  events: "array",
  config: "object",
  signingKey: "string",
  enabled: "boolean",
  createdAt: "number",
};
const templateShape = {
  tenantId: "string",
  id: "string",
  languageTag: "string",
  templateType: "string",
  details: "object",
  createdAt: "number",
};
const uris = {
  redirectUris: ["https://app.example.com/auth/callback"],
  postLogoutRedirectUris: ["https://app.example.com"],
};
const deadHook = { url: "http://127.0.0.1:9/hook" };

async function application(data = {}) {
  const body = await must(post("/applications", { name: name("app"), type: "Traditional", ...data }));
  f.world.created("/applications", body.id);
  return body;
}
async function hook(data = {}) {
  const response = await post("/hooks", {
    name: name("hook"),
    events: ["OrganizationRole.Deleted"],
    config: deadHook,
    ...data,
  });
  if (response.status === 201) f.world.created("/hooks", response.body.id);
  return response;
}
const secretsOf = async ({ id }) => must(get(`/applications/${id}/secrets`));
const tokenOf = ({ id }, secret) => machineToken(undefined, { client: { id, secret } });
/** The role whose scopes hold "all" of the Management API: the seeded one, whatever its name is. */
async function managementRole() {
  for (const role of await must(get("/roles?type=MachineToMachine&page_size=100"))) {
    const scopes = await must(get(`/roles/${role.id}/scopes`));
    if (scopes.some((scope) => scope.name === "all" && scope.resource?.indicator === managementResource)) return role;
  }
  return assert.fail('no machine-to-machine role has the scope "all" of the Management API');
}

check(
  "PROV-01",
  "creating a Traditional application answers 200 (not 201) with the whole application, without its secret",
  async () => {
    const response = await post("/applications", {
      name: name("app"),
      type: "Traditional",
      description: "d",
      oidcClientMetadata: uris,
      customClientMetadata: { alwaysIssueRefreshToken: true },
      customData: { by: "script" },
    });
    if (response.status < 300) f.world.created("/applications", response.body.id);
    const body = shape(expectStatus(response, 200), applicationShape);
    assert.deepEqual(
      [body.type, body.description, body.oidcClientMetadata, body.customClientMetadata, body.customData],
      ["Traditional", "d", uris, { alwaysIssueRefreshToken: true }, { by: "script" }],
    );
    absent(body, "secret");
  },
);

check(
  "PROV-02",
  "an application needs a type; metadata defaults to empty lists; both lists of metadata are needed and hold URLs (400)",
  async () => {
    const { oidcClientMetadata, customClientMetadata, customData } = await application({ type: "MachineToMachine" });
    assert.deepEqual(
      [oidcClientMetadata, customClientMetadata, customData],
      [{ redirectUris: [], postLogoutRedirectUris: [] }, {}, {}],
    );
    expectValidationError(await post("/applications", { name: name("app") }), "type");
    expectValidationError(
      await post("/applications", { name: name("app"), type: "Traditional", oidcClientMetadata: { redirectUris: [] } }),
      "oidcClientMetadata",
    );
    expectValidationError(
      await post("/applications", {
        name: name("app"),
        type: "Traditional",
        oidcClientMetadata: { ...uris, redirectUris: ["not a url"] },
      }),
      "oidcClientMetadata",
    );
  },
);

check(
  "PROV-03",
  "a new application has one secret, readable at any time; an unknown application 404 entity.not_exists_with_id",
  async () => {
    const app = await application();
    const [first, ...more] = await secretsOf(app);
    assert.equal(more.length, 0);
    shape(first, secretShape);
    assert.deepEqual([first.name, first.applicationId, first.expiresAt], ["Default secret", app.id, null]);
    assert.deepEqual(await secretsOf(app), [first]);
    expectStatus(await get(`/applications/${unknownId}/secrets`), 404, "entity.not_exists_with_id");
  },
);

check(
  "PROV-04",
  "secrets overlap: a second one (201) works beside the first, a deleted one (204) stops at once; a name is unique per application",
  async () => {
    const app = await application({ type: "MachineToMachine" });
    const [first] = await secretsOf(app);
    const second = shape(
      expectStatus(await post(`/applications/${app.id}/secrets`, { name: "second" }), 201),
      secretShape,
    );
    expectStatus(
      await post(`/applications/${app.id}/secrets`, { name: "second" }),
      422,
      "application.secret_name_exists",
    );
    expectValidationError(await post(`/applications/${app.id}/secrets`, {}), "name");
    for (const { value } of [first, second]) expectStatus(await tokenOf(app, value), 200);
    expectStatus(await del(`/applications/${app.id}/secrets/${encodeURIComponent(first.name)}`), 204);
    expectOidcError(await tokenOf(app, first.value), 401, "invalid_client");
    expectStatus(await tokenOf(app, second.value), 200);
    assert.deepEqual(await secretsOf(app), [second]);
    expectStatus(
      await del(`/applications/${app.id}/secrets/${encodeURIComponent(first.name)}`),
      404,
      "entity.not_found",
    );
  },
);

check(
  "PROV-05",
  "get answers the application and isAdmin; the list is whole without page parameters, else paginated; types filters it",
  async () => {
    const [web, machine] = [await application(), await application({ type: "MachineToMachine" })];
    const { isAdmin, ...rest } = expectStatus(await get(`/applications/${web.id}`), 200);
    assert.deepEqual([rest, isAdmin], [web, false]);
    expectStatus(await get(`/applications/${unknownId}`), 404, "entity.not_exists_with_id");
    const all = await get("/applications");
    assert.equal(all.headers.get("total-number"), null);
    assert.deepEqual(
      [web, machine].map(({ id }) => all.body.find((item) => item.id === id)),
      [web, machine],
    );
    const found = async (query) => {
      const ids = (await must(get(`/applications?${query}`))).map(({ id }) => id);
      return [web, machine].map(({ id }) => ids.includes(id));
    };
    assert.deepEqual(await found("types=Traditional"), [true, false]);
    assert.deepEqual(await found("types=Traditional&types=MachineToMachine"), [true, true]);
    const page = await get("/applications?page=1&page_size=1&types=Traditional");
    assert.equal(expectStatus(page, 200).length, 1);
    assert.ok(total(page) >= 1);
    expectValidationError(await get("/applications?types=Nope"), "types");
  },
);

check(
  "PROV-06",
  "names of applications are not unique; search.name with mode.name=exact finds them all, and only them",
  async () => {
    const label = name("twin");
    const ids = [(await application({ name: label })).id, (await application({ name: label })).id];
    await application({ name: `${label} more` });
    const query = (text) => `/applications?search.name=${encodeURIComponent(text)}&mode.name=exact&types=Traditional`;
    sameSet(
      (await must(get(query(label)))).map(({ id }) => id),
      ids,
      "applications found",
    );
    assert.deepEqual(await must(get(query(`${label} none`))), []);
  },
);

check(
  "PROV-07",
  "patch replaces oidcClientMetadata as a whole, keeps the rest, and the same patch again changes nothing; half of it is 400",
  async () => {
    const app = await application({ oidcClientMetadata: uris, description: "kept" });
    const path = `/applications/${app.id}`;
    const full = {
      ...uris,
      backchannelLogoutUri: "https://app.example.com/backchannel",
      backchannelLogoutSessionRequired: true,
    };
    for (let round = 0; round < 2; round += 1)
      assert.deepEqual(expectStatus(await patch(path, { oidcClientMetadata: full }), 200), {
        ...app,
        oidcClientMetadata: full,
      });
    expectValidationError(
      await patch(path, { oidcClientMetadata: { backchannelLogoutUri: full.backchannelLogoutUri } }),
      "oidcClientMetadata",
    );
    expectValidationError(
      await patch(path, { oidcClientMetadata: { ...full, backchannelLogoutUri: "not a url" } }),
      "oidcClientMetadata",
    );
    assert.deepEqual((await must(get(path))).oidcClientMetadata, full);
    assert.deepEqual(expectStatus(await patch(path, { oidcClientMetadata: uris }), 200), app);
    expectStatus(await patch(`/applications/${unknownId}`, { name: "x" }), 404, "entity.not_exists_with_id");
  },
);

check(
  "PROV-08",
  "patch replaces customClientMetadata and customData; PATCH .../custom-data merges its top-level keys and answers the custom data",
  async () => {
    const app = await application({
      customClientMetadata: { alwaysIssueRefreshToken: true },
      customData: { a: 1, b: { c: 1 } },
    });
    const path = `/applications/${app.id}`;
    const body = expectStatus(
      await patch(path, { customClientMetadata: { refreshTokenTtlInDays: 30 }, customData: { b: { d: 2 }, e: 3 } }),
      200,
    );
    assert.deepEqual(
      [body.customClientMetadata, body.customData],
      [{ refreshTokenTtlInDays: 30 }, { b: { d: 2 }, e: 3 }],
    );
    assert.deepEqual(expectStatus(await patch(`${path}/custom-data`, { b: { x: 1 }, f: 4 }), 200), {
      b: { x: 1 },
      e: 3,
      f: 4,
    });
    expectValidationError(
      await patch(path, { customClientMetadata: { refreshTokenTtlInDays: 181 } }),
      "customClientMetadata",
    );
    assert.deepEqual(expectStatus(await patch(path, {}), 200).customClientMetadata, { refreshTokenTtlInDays: 30 });
  },
);

check("PROV-09", "changed redirect URIs count at once", async () => {
  const app = await application({ oidcClientMetadata: uris });
  const begin = (redirect_uri) => authorize(new Browser(), { extra: { client_id: app.id, redirect_uri } });
  const [before, after] = [uris.redirectUris[0], "https://app.example.com/other"];
  assert.match((await begin(before)).page.pathname, /^\/sign-in/);
  await must(patch(`/applications/${app.id}`, { oidcClientMetadata: { ...uris, redirectUris: [after] } }));
  assert.match((await begin(after)).page.pathname, /^\/sign-in/);
  expectStatus(await begin(before), 400, "oidc.invalid_redirect_uri");
});

check(
  "PROV-10",
  "delete answers 204; then the application and its secrets are gone (404 entity.not_exists_with_id), also for the token endpoint",
  async () => {
    const app = await application({ type: "MachineToMachine" });
    const [{ value }] = await secretsOf(app);
    expectStatus(await del(`/applications/${app.id}`), 204);
    for (const path of [`/applications/${app.id}`, `/applications/${app.id}/secrets`])
      expectStatus(await get(path), 404, "entity.not_exists_with_id");
    expectStatus(await del(`/applications/${app.id}`), 404, "entity.not_exists_with_id");
    expectOidcError(await tokenOf(app, value), 400, "invalid_client");
  },
);

check(
  "PROV-11",
  "a machine application can use the Management API only with the role: POST is idempotent (201, addedRoleIds), DELETE takes it away from the next token",
  async () => {
    const [app, role] = [await application({ type: "MachineToMachine" }), await managementRole()];
    const path = `/applications/${app.id}/roles`;
    const [{ value }] = await secretsOf(app);
    const call = async () => {
      const { access_token: token, scope } = expectStatus(await tokenOf(app, value), 200);
      return { scope, response: await get("/resources", { token }) };
    };
    const refused = async () => {
      const { scope, response } = await call();
      assert.equal(scope, undefined);
      expectStatus(response, 403, "auth.forbidden");
    };
    await refused();
    assert.deepEqual(expectStatus(await post(path, { roleIds: [role.id] }), 201), {
      roleIds: [role.id],
      addedRoleIds: [role.id],
    });
    assert.deepEqual(expectStatus(await post(path, { roleIds: [role.id] }), 201), {
      roleIds: [role.id],
      addedRoleIds: [],
    });
    assert.deepEqual(
      (await must(get(path))).map(({ id }) => id),
      [role.id],
    );
    const { scope, response } = await call();
    assert.equal(scope, "all");
    expectStatus(response, 200);
    expectStatus(await post(path, { roleIds: [unknownId] }), 404, "entity.not_exists_with_id");
    expectStatus(
      await post(`/applications/${(await application()).id}/roles`, { roleIds: [role.id] }),
      422,
      "application.invalid_type",
    );
    expectStatus(await del(`${path}/${role.id}`), 204);
    expectStatus(await del(`${path}/${role.id}`), 404, "entity.not_found");
    await refused();
  },
);

check(
  "PROV-12",
  'the resources hold the Management API, with includeScopes also its scope "all"; its indicator cannot be taken (422)',
  async () => {
    const find = (list) => list.find(({ indicator }) => indicator === managementResource);
    shape(find(expectStatus(await get("/resources"), 200)), {
      tenantId: "string",
      id: "string",
      name: "string",
      indicator: "string",
      isDefault: "boolean",
      accessTokenTtl: "number",
    });
    assert.ok(
      find(await must(get("/resources?includeScopes=true"))).scopes.some((scope) => scope.name === "all"),
      'no scope "all"',
    );
    expectStatus(
      await post("/resources", { name: name("resource"), indicator: managementResource }),
      422,
      "resource.resource_identifier_in_use",
    );
  },
);

check(
  "PROV-13",
  "the organization scopes are listed whole and by name without page parameters, else paginated; q is a part of the name in any case",
  async () => {
    const scopes = [await f.world.scope("beta"), await f.world.scope("alpha")];
    const all = await get("/organization-scopes");
    assert.equal(all.headers.get("total-number"), null);
    const mine = expectStatus(all, 200).filter(({ id }) => scopes.some((scope) => scope.id === id));
    assert.deepEqual(mine, [scopes[1], scopes[0]]);
    mine.forEach((scope) => shape(scope, shapes.scope));
    assert.deepEqual(await must(get(`/organization-scopes?q=${encodeURIComponent(`${f.world.tag}:ALPHA`)}`)), [
      scopes[1],
    ]);
    const page = await get(`/organization-scopes?q=${encodeURIComponent(f.world.tag)}&page=1&page_size=1`);
    assert.deepEqual([expectStatus(page, 200).length, total(page) >= 2], [1, true]);
  },
);

check(
  "PROV-14",
  "PUT of a role's scopes is idempotent in any order (204), and the list of roles shows the set; [] empties it; an id twice is 422",
  async () => {
    const [read, write] = [await f.world.scope(), await f.world.scope()];
    const role = await f.world.role();
    const path = `/organization-roles/${role.id}/scopes`;
    const listed = async () =>
      (await must(get(`/organization-roles?q=${encodeURIComponent(role.name)}&page_size=100`)))
        .find(({ id }) => id === role.id)
        .scopes.map(({ id }) => id);
    for (const ids of [
      [read.id, write.id],
      [write.id, read.id],
    ]) {
      expectStatus(await put(path, { organizationScopeIds: ids }), 204);
      sameSet(await listed(), ids, "scopes");
    }
    expectStatus(
      await put(path, { organizationScopeIds: [read.id, read.id] }),
      422,
      "entity.unique_integrity_violation",
    );
    sameSet(await listed(), [read.id, write.id], "scopes");
    expectStatus(await put(path, { organizationScopeIds: [] }), 204);
    assert.deepEqual(await listed(), []);
  },
);

check(
  "PROV-15",
  "hooks are listed whole without page parameters, with their signing keys; names are not unique; an unknown id 404 entity.not_exists_with_id",
  async () => {
    const label = name("hook");
    const made = [(await hook({ name: label })).body, (await hook({ name: label })).body];
    const all = await get("/hooks");
    assert.equal(all.headers.get("total-number"), null);
    made.forEach((item) => {
      shape(item, hookShape);
      assert.deepEqual(
        all.body.find(({ id }) => id === item.id),
        item,
      );
    });
    assert.notEqual(made[0].signingKey, made[1].signingKey);
    assert.deepEqual(expectStatus(await get(`/hooks/${made[0].id}`), 200), made[0]);
    expectStatus(await get(`/hooks/${unknownId}`), 404, "entity.not_exists_with_id");
    const page = await get("/hooks?page=1&page_size=1");
    assert.deepEqual([expectStatus(page, 200).length, total(page) >= 2], [1, true]);
  },
);

check(
  "PROV-16",
  "patch of a hook replaces events and config, keeps the signing key, and the same patch again changes nothing",
  async () => {
    const { body: made } = await hook({ config: { ...deadHook, headers: { "x-a": "1" } } });
    const path = `/hooks/${made.id}`;
    const change = {
      events: ["OrganizationScope.Deleted", "OrganizationRole.Deleted"],
      config: { url: `${deadHook.url}/2` },
    };
    for (let round = 0; round < 2; round += 1) {
      const body = expectStatus(await patch(path, change), 200);
      sameSet(body.events, change.events, "events");
      assert.deepEqual({ ...body, events: made.events }, { ...made, config: change.config });
    }
    expectValidationError(await patch(path, { events: [] }), "events");
    expectValidationError(await patch(path, { config: { headers: {} } }), "config");
    expectStatus(await patch(path, { signingKey: "x".repeat(32) }), 422, "entity.invalid_input");
    assert.equal((await must(get(path))).signingKey, made.signingKey);
    expectStatus(await patch(`/hooks/${unknownId}`, { name: "x" }), 404, "entity.not_exists");
  },
);

check(
  "PROV-17",
  "a hook without events is refused (400 hook.missing_events, [] guard.invalid_input), a given signing key is ignored; delete 204, again 404",
  async () => {
    expectStatus(await hook({ events: undefined }), 400, "hook.missing_events");
    expectValidationError(await hook({ events: [] }), "events");
    expectValidationError(await hook({ config: undefined }), "config");
    const { body } = await hook({ signingKey: "x".repeat(32), enabled: false });
    assert.deepEqual([body.enabled, body.signingKey === "x".repeat(32)], [false, false]);
    expectStatus(await del(`/hooks/${body.id}`), 204);
    expectStatus(await del(`/hooks/${body.id}`), 404, "entity.not_found");
  },
);

check("PROV-18", "recent-logs of a hook tells deliveries that succeeded from those that failed", async () => {
  const receiver = await webhook(f.world, { events: ["OrganizationScope.Created"] });
  const ended = async (id) => {
    for (const limit = Date.now() + 5000; ;) {
      const response = await get(`/hooks/${receiver.hook.id}/recent-logs?page_size=100`);
      const entry = expectStatus(response, 200).find(({ payload }) => payload.hookRequest?.body?.data?.id === id);
      if (entry) {
        assert.ok(total(response) >= 1);
        return shape(entry, { id: "string", key: "string", payload: "object", createdAt: "number" });
      }
      if (Date.now() > limit) assert.fail(`no log entry for ${id} within 5 s`);
      await sleep(50);
    }
  };
  const good = await ended((await f.world.scope()).id);
  assert.deepEqual(
    [good.key, good.payload.result, good.payload.hookId, good.payload.response?.statusCode],
    ["TriggerHook.OrganizationScope.Created", "Success", receiver.hook.id, 200],
  );
  receiver.answerWith(() => 500);
  const bad = await ended((await f.world.scope()).id);
  assert.deepEqual([bad.payload.result, typeof bad.payload.error], ["Error", "string"]);
});

check(
  "PROV-19",
  "the sign-in experience names methods, sign-up and mode; a patch with what is there changes nothing, one without known keys is 422",
  async () => {
    const before = shape(expectStatus(await get("/sign-in-exp"), 200), {
      tenantId: "string",
      id: "string",
      signIn: "object",
      signUp: "object",
      signInMode: "string",
      languageInfo: "object",
    });
    shape(before.signUp, { identifiers: "array", password: "boolean", verify: "boolean" }, "signUp");
    shape(before.languageInfo, { autoDetect: "boolean", fallbackLanguage: "string" }, "languageInfo");
    for (const method of before.signIn.methods)
      shape(
        method,
        { identifier: "string", password: "boolean", verificationCode: "boolean", isPasswordPrimary: "boolean" },
        "method",
      );
    assert.match(before.signInMode, /^(SignIn|Register|SignInAndRegister)$/);
    assert.deepEqual(
      expectStatus(
        await patch("/sign-in-exp", { signInMode: before.signInMode, languageInfo: before.languageInfo }),
        200,
      ),
      before,
    );
    expectStatus(await patch("/sign-in-exp", {}), 422, "entity.invalid_input");
    expectValidationError(await patch("/sign-in-exp", { signInMode: "Nope" }), "signInMode");
    assert.deepEqual(await must(get("/sign-in-exp")), before);
  },
);

check(
  "PROV-20",
  "a sign-up by e-mail that does not verify addresses cannot be set (400 sign_in_experiences.passwordless_requires_verify), also not as second identifier",
  async () => {
    const { signUp } = await must(get("/sign-in-exp"));
    try {
      for (const refused of [
        { identifiers: ["email"], password: true, verify: false },
        {
          identifiers: ["username"],
          password: true,
          verify: false,
          secondaryIdentifiers: [{ identifier: "email", verify: false }],
        },
      ]) {
        expectStatus(
          await patch("/sign-in-exp", { signUp: refused }),
          400,
          "sign_in_experiences.passwordless_requires_verify",
        );
      }
      expectValidationError(
        await patch("/sign-in-exp", { signUp: { identifiers: ["email"], password: true } }),
        "signUp",
      );
    } finally {
      const now = await must(get("/sign-in-exp"));
      if (JSON.stringify(now.signUp) !== JSON.stringify(signUp)) await patch("/sign-in-exp", { signUp });
      assert.deepEqual(now.signUp, signUp);
    }
  },
);

check(
  "PROV-21",
  "without a token: /status answers 204, /.well-known/sign-in-exp the sign-up and the mode",
  async () => {
    const status = await api("GET", "/status", undefined, { token: null });
    expectStatus(status, 204);
    assert.equal(status.text, "");
    const { signUp, signInMode, signIn } = await must(get("/sign-in-exp"));
    const open = expectStatus(await getJson(`${endpoint}/api/.well-known/sign-in-exp`), 200);
    assert.deepEqual([open.signUp, open.signInMode, open.signIn], [signUp, signInMode, signIn]);
  },
);

const connectorShape = {
  id: "string",
  connectorId: "string",
  type: "string",
  target: "string",
  config: "object",
  metadata: "object",
};
const emailConnectors = async () => (await must(get("/connectors"))).filter(({ type }) => type === "Email");
/** Reports the check as skipped when the target does not have the http-email connector. */
async function withoutHttpEmail(t) {
  const response = await get("/connector-factories");
  const there =
    response.status === 200 &&
    Array.isArray(response.body) &&
    response.body.some(({ id, type }) => id === "http-email" && type === "Email");
  if (!there) t.skip("the target lists no http-email connector factory");
  return !there;
}

check(
  "PROV-22",
  "connectors: at most one of type Email; a bad config 400 connector.invalid_config, an unknown factory 422, neither changes anything; an unknown id 404",
  async (t) => {
    if (await withoutHttpEmail(t)) return;
    const before = await emailConnectors();
    assert.ok(before.length <= 1, `${before.length} e-mail connectors`);
    for (const connector of before) {
      shape(connector, connectorShape);
      assert.deepEqual(expectStatus(await get(`/connectors/${connector.id}`), 200), connector);
    }
    expectStatus(
      await post("/connectors", { connectorId: "http-email", config: { authorization: "x" } }),
      400,
      "connector.invalid_config",
    );
    expectStatus(
      await post("/connectors", { connectorId: "no-such-connector", config: {} }),
      422,
      "connector.not_found_with_connector_id",
    );
    expectValidationError(
      await post("/connectors", { config: { endpoint: "http://127.0.0.1:9/mail" } }),
      "connectorId",
    );
    expectStatus(await get(`/connectors/${unknownId}`), 404, "entity.not_found");
    expectStatus(
      await patch(`/connectors/${unknownId}`, { config: { endpoint: "http://127.0.0.1:9/mail" } }),
      404,
      "entity.not_found",
    );
    assert.deepEqual(await emailConnectors(), before);
  },
);

check(
  "PROV-23",
  "a second e-mail connector replaces the first (200, new id); patch replaces the config; without one, sign-up by e-mail is 400",
  async (t) => {
    if (await withoutHttpEmail(t)) return;
    const [old] = await emailConnectors();
    if (old && process.env.LOGTO_REPLACE_CONNECTOR !== "1") {
      t.skip("the target has an e-mail connector, and LOGTO_REPLACE_CONNECTOR=1 is not set");
      return;
    }
    const create = async (config) =>
      shape(expectStatus(await post("/connectors", { connectorId: "http-email", config }), 200), connectorShape);
    try {
      const first = await create({ endpoint: "http://127.0.0.1:9/mail" });
      const second = await create({ endpoint: "http://127.0.0.1:9/mail2", authorization: "Bearer x" });
      assert.deepEqual(
        (await emailConnectors()).map(({ id }) => id),
        [second.id],
      );
      expectStatus(await get(`/connectors/${first.id}`), 404, "entity.not_found");
      for (let round = 0; round < 2; round += 1)
        assert.deepEqual(
          expectStatus(
            await patch(`/connectors/${second.id}`, { config: { endpoint: "http://127.0.0.1:9/mail3" } }),
            200,
          ).config,
          { endpoint: "http://127.0.0.1:9/mail3" },
        );
      expectStatus(
        await patch(`/connectors/${second.id}`, { config: { authorization: "x" } }),
        400,
        "connector.invalid_config",
      );
      expectStatus(await del(`/connectors/${second.id}`), 204);
      expectStatus(await del(`/connectors/${second.id}`), 404, "entity.not_found");
      assert.deepEqual(await emailConnectors(), []);
      const { signUp } = await must(get("/sign-in-exp"));
      expectStatus(
        await patch("/sign-in-exp", { signUp: { identifiers: ["email"], password: true, verify: true } }),
        400,
        "sign_in_experiences.enabled_connector_not_found",
      );
      assert.deepEqual((await must(get("/sign-in-exp"))).signUp, signUp);
    } finally {
      for (const { id } of await emailConnectors()) if (id !== old?.id) await del(`/connectors/${id}`);
      if (old && (await emailConnectors()).length === 0)
        await must(post("/connectors", { id: old.id, connectorId: old.connectorId, config: old.config }));
    }
  },
);

check(
  "PROV-24",
  "e-mail templates: PUT makes or replaces per language and type and keeps the id, PATCH .../details merges, DELETE by filter answers rowCount",
  async () => {
    const languageTag = f.world.tag.slice(0, 16); // 16 characters at most
    const details = { subject: "Join {{organization.name}}", content: "{{link}}", contentType: "text/plain" };
    const write = async (text) =>
      expectStatus(
        await put("/email-templates", {
          templates: [{ languageTag, templateType: "OrganizationInvitation", details: text }],
        }),
        200,
      );
    f.world.onCleanup(() => del(`/email-templates?languageTag=${languageTag}`));
    const [made] = await write(details);
    shape(made, templateShape);
    assert.deepEqual(
      [made.languageTag, made.templateType, made.details],
      [languageTag, "OrganizationInvitation", details],
    );
    assert.deepEqual(await write(details), [made]);
    assert.deepEqual(await write({ subject: "s", content: "c" }), [
      { ...made, details: { subject: "s", content: "c" } },
    ]);
    const patched = expectStatus(
      await patch(`/email-templates/${made.id}/details`, { replyTo: "help@example.com" }),
      200,
    );
    assert.deepEqual(patched.details, { subject: "s", content: "c", replyTo: "help@example.com" });
    assert.deepEqual(
      await must(get(`/email-templates?languageTag=${languageTag}&templateType=OrganizationInvitation`)),
      [patched],
    );
    assert.deepEqual(expectStatus(await get(`/email-templates/${made.id}`), 200), patched);
    expectValidationError(await put("/email-templates", { templates: [] }), "templates");
    expectValidationError(
      await put("/email-templates", { templates: [{ languageTag, templateType: "Nope", details }] }),
      "templates",
    );
    expectStatus(await del("/email-templates"), 422, "connector.email_connector.bulk_deletion_no_filter");
    for (const rowCount of [1, 0])
      assert.deepEqual(expectStatus(await del(`/email-templates?languageTag=${languageTag}`), 200), { rowCount });
    expectStatus(await get(`/email-templates/${made.id}`), 404, "entity.not_exists_with_id");
  },
);

check(
  "PROV-25",
  "q finds an organization by its whole name or id; after a rename (200, the same again too) only by the new name",
  async () => {
    const organization = await f.world.organization({ description: "kept" });
    const [label, renamed] = [crypto.randomUUID(), `${f.world.tag} renamed`];
    for (let round = 0; round < 2; round += 1)
      assert.deepEqual(expectStatus(await patch(`/organizations/${organization.id}`, { name: label }), 200), {
        ...organization,
        name: label,
      });
    const found = async (q) =>
      sorted((await must(get(`/organizations?q=${encodeURIComponent(q)}&page_size=100`))).map(({ id }) => id));
    assert.deepEqual(
      [await found(label), await found(organization.id), await found(`${label}x`)],
      [[organization.id], [organization.id], []],
    );
    await must(patch(`/organizations/${organization.id}`, { name: renamed }));
    assert.deepEqual([await found(label), await found(renamed)], [[], [organization.id]]);
    expectValidationError(await patch(`/organizations/${organization.id}`, { name: null }), "name");
  },
);
