// One-time tokens: the Management API part.
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
  shape,
  shapes,
  sleep,
  unknownId,
} from "../driver.mjs";

const path = "/one-time-tokens";
const f = fixture();
const create = async (data = {}) => {
  const response = await post(path, { email: f.world.email("ott"), ...data });
  if (response.status === 201) f.world.created(path, response.body.id);
  return response;
};
const verify = ({ token, email }) => post(`${path}/verify`, { token, email });

check("OTT-01", "create answers 201 with an active token of 600 seconds, and the context", async () => {
  const organization = await f.world.organization();
  const context = { jitOrganizationIds: [organization.id] };
  const body = shape(expectStatus(await create({ context }), 201), shapes.oneTimeToken);
  assert.deepEqual([body.status, body.context, body.token.length], ["active", context, 32]);
  assert.ok(Math.abs(body.expiresAt - body.createdAt - 600_000) < 1000, `lifetime ${body.expiresAt - body.createdAt}`);
  assert.deepEqual((await must(create())).context, {});
});

check("OTT-02", "expiresIn 0 is refused (400 guard.invalid_input)", async () => {
  expectValidationError(await create({ expiresIn: 0 }), "expiresIn");
});

check("OTT-03", "verify answers 200 consumed; a second time 400 one_time_token.token_consumed", async () => {
  const token = await must(create());
  const body = shape(expectStatus(await verify(token), 200), shapes.oneTimeToken);
  assert.deepEqual([body.id, body.status], [token.id, "consumed"]);
  assert.equal((await must(get(`${path}/${token.id}`))).status, "consumed");
  expectStatus(await verify(token), 400, "one_time_token.token_consumed");
});

check(
  "OTT-04",
  "an unknown token is 404 one_time_token.token_not_found; another e-mail 400 one_time_token.email_mismatch, and the token stays active",
  async () => {
    const token = await must(create());
    expectStatus(await verify({ ...token, token: "no-such-token" }), 404, "one_time_token.token_not_found");
    expectStatus(await verify({ ...token, email: f.world.email("other") }), 400, "one_time_token.email_mismatch");
    expectStatus(await verify(token), 200);
  },
);

check(
  "OTT-05",
  "a revoked token is 400 one_time_token.token_revoked and cannot be made active (400 one_time_token.cannot_reactivate_token)",
  async () => {
    const token = await must(create());
    assert.equal(expectStatus(await put(`${path}/${token.id}/status`, { status: "revoked" }), 200).status, "revoked");
    expectStatus(await verify(token), 400, "one_time_token.token_revoked");
    expectStatus(
      await put(`${path}/${token.id}/status`, { status: "active" }),
      400,
      "one_time_token.cannot_reactivate_token",
    );
  },
);

check("OTT-06", "an expired token is 400 one_time_token.token_expired", async () => {
  const token = await must(create({ expiresIn: 1 }));
  await sleep(token.expiresAt - Date.now() + 200);
  expectStatus(await verify(token), 400, "one_time_token.token_expired");
});

check("OTT-07", "list by e-mail, get and delete; an unknown id is 404", async () => {
  const token = await must(create());
  assert.deepEqual(
    expectStatus(await get(`${path}?email=${encodeURIComponent(token.email)}`), 200).map(({ id }) => id),
    [token.id],
  );
  assert.equal(shape(expectStatus(await get(`${path}/${token.id}`), 200), shapes.oneTimeToken).token, token.token);
  expectStatus(await del(`${path}/${token.id}`), 204);
  expectStatus(await get(`${path}/${token.id}`), 404, "entity.not_exists_with_id");
  expectStatus(await del(`${path}/${unknownId}`), 404, "entity.not_found");
});
