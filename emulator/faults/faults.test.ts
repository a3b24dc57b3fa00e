// Faults: what an application sees of a Logto that is not well.
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type World, signIn, startReceiver, startWorld } from "../test-driver";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world.control("DELETE", "/faults"));
afterAll(() => world.emulator.close());

const fault = (...rules: object[]) => world.control<{ id: string }[]>("POST", "/faults", rules);
const organizations = () => world.api<unknown[]>("GET", "/organizations");

describe("faults of requests", () => {
  test("an operator who switches nothing on sees none", async () => {
    expect((await world.control("GET", "/faults")).body).toEqual([]);
    expect((await organizations()).status).toBe(200);
  });

  test("Logto answers 500 twice, then works again", async () => {
    await fault({ kind: "status", match: { path: "/api/organizations" }, times: 2 });
    const statuses = [await organizations(), await organizations(), await organizations()].map(({ status }) => status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  test("Logto answers 429 with Retry-After, to POST only", async () => {
    const match = { method: "post", path: "^/api/organizations$" };
    await fault({ kind: "status", status: 429, headers: { "retry-after": "7" }, match });
    const refused = await world.api("POST", "/organizations", { name: "Acme" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await organizations()).status).toBe(200);
  });

  test("Logto did it, but the answer was lost", async () => {
    await fault({ kind: "status", when: "after", times: 1, match: { method: "POST", path: "/api/organizations" } });
    expect((await world.api("POST", "/organizations", { name: "Made all the same" })).status).toBe(500);
    const found = await world.api<{ name: string }[]>("GET", "/organizations?q=Made%20all%20the%20same");
    expect(found.body.map(({ name }) => name)).toEqual(["Made all the same"]);
  });

  test("the connection is reset before or after the operation", async () => {
    await fault({ kind: "reset", times: 1, match: { method: "POST" } });
    await expect(world.api("POST", "/organizations", { name: "Reset before" })).rejects.toThrow("fetch failed");
    await fault({ kind: "reset", when: "after", times: 1, match: { method: "POST" } });
    await expect(world.api("POST", "/organizations", { name: "Reset after" })).rejects.toThrow("fetch failed");
    const found = await world.api<{ name: string }[]>("GET", "/organizations?q=Reset%20");
    expect(found.body.map(({ name }) => name)).toEqual(["Reset after"]);
  });

  test("Logto hangs: the caller's own patience ends the wait", async () => {
    await fault({ kind: "hang", times: 1, match: { path: "/api/status" } });
    const url = `${world.emulator.endpoint}/api/status`;
    await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow("timeout");
    expect((await fetch(url)).status).toBe(204);
  });

  test("nothing listens for a while, then Logto is back on the same port", async () => {
    await fault({ kind: "refused", delayMs: 150, times: 1, match: { path: "/api/status" } });
    const url = `${world.emulator.endpoint}/api/status`;
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    const refusal: unknown = await fetch(url).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await expect
      .poll(() =>
        fetch(url)
          .then(({ status }) => status)
          .catch(() => 0),
      )
      .toBe(204);
  });

  test("the answer is half a JSON", async () => {
    await fault({ kind: "malformed", times: 1 });
    const broken = await organizations();
    expect([broken.status, broken.body]).toEqual([200, undefined]);
    expect((await organizations()).body).toBeInstanceOf(Array);
  });

  test("a slow answer comes late, and whole", async () => {
    await fault({ kind: "slow", delayMs: 120, times: 1 });
    const before = Date.now();
    expect((await organizations()).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(115);
  });

  test("a rule passes the first ones, and an unknown kind is refused with Logto's error shape", async () => {
    await fault({ kind: "status", after: 1, times: 1, match: { path: "/api/organizations" } });
    expect([(await organizations()).status, (await organizations()).status]).toEqual([200, 500]);
    expect((await fault({ kind: "nope" })).status).toBe(400);
  });
});

describe("faults of tokens", () => {
  test("an organization token is refused while plain refreshes work: by grant type and body", async () => {
    const ada = await world.person("Ada");
    const { tokens } = await signIn(world, ada.email);
    await fault({ kind: "status", status: 503, match: { grantType: "refresh_token", body: "organization_id" } });
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    expect((await world.refresh(tokens.refresh_token, { organization_id: "any" })).status).toBe(503);
    await world.control("DELETE", "/faults");
    expect((await world.refresh(tokens.refresh_token, { organization_id: "any" })).status).toBe(403);
  });

  test("a token signed with another key does not verify; the next one does", async () => {
    const bob = await world.person("Bob");
    const { tokens } = await signIn(world, bob.email);
    const keys = createRemoteJWKSet(new URL(`${world.emulator.endpoint}/oidc/jwks`));
    await fault({ kind: "wrong-key", times: 1, match: { path: "/oidc/token" } });
    const { body: forged } = await world.refresh(tokens.refresh_token);
    await expect(jwtVerify(forged.id_token, keys)).rejects.toThrow("signature verification failed");
    const { body: real } = await world.refresh(tokens.refresh_token);
    await expect(jwtVerify(real.id_token, keys)).resolves.toMatchObject({ payload: { sub: bob.id } });
  });

  test("a token of a Logto whose clock is ahead verifies, but is from the future", async () => {
    const cleo = await world.person("Cleo");
    const { tokens } = await signIn(world, cleo.email);
    await fault({ kind: "skew", seconds: 900, times: 1, match: { path: "/oidc/token" } });
    const { body } = await world.refresh(tokens.refresh_token);
    expect((decodeJwt(body.id_token).iat ?? 0) - Date.now() / 1000).toBeGreaterThan(800);
  });
});

describe("faults of messages", () => {
  async function receiver() {
    const { url, bodies, close } = await startReceiver();
    await world.api("POST", "/hooks", { name: "names", events: ["Organization.Created"], config: { url } });
    return { names: () => bodies<{ data: { name: string } }>().map(({ data }) => data.name), close };
  }
  const create = (name: string) => world.api("POST", "/organizations", { name });

  test("a webhook is lost, the next is doubled, two more change places", async () => {
    const hook = await receiver();
    await fault({ kind: "webhook-lost", times: 1 });
    await create("lost");
    await fault({ kind: "webhook-doubled", times: 1, match: { event: "Organization.Created" } });
    await create("doubled");
    await expect.poll(hook.names).toEqual(["doubled", "doubled"]);
    await fault({ kind: "webhook-out-of-order", times: 2 });
    await create("first");
    await create("second");
    await expect.poll(hook.names).toEqual(expect.arrayContaining(["first", "second"]));
    await create("usual");
    await expect.poll(hook.names).toContain("usual");
    hook.close();
  });

  test("a mail that cannot be sent leaves no invitation behind; the next one arrives", async () => {
    const { body: organization } = await world.api<{ id: string }>("POST", "/organizations", { name: "Mail" });
    const invitation = {
      organizationId: organization.id,
      invitee: "dan@example.com",
      expiresAt: Date.now() + 60_000,
      messagePayload: {},
    };
    await fault({ kind: "mail-failure", times: 1, match: { to: "Dan@example.com" } });
    expect((await world.api("POST", "/organization-invitations", invitation)).body).toMatchObject({
      code: "connector.general",
    });
    expect((await world.api("GET", "/organization-invitations?invitee=dan@example.com")).body).toEqual([]);
    expect((await world.api("POST", "/organization-invitations", invitation)).status).toBe(201);
    expect(await world.mails("dan@example.com")).toHaveLength(1);
  });

  test("accepting and revoking at once both succeed, as they can at Logto; without the fault only one does", async () => {
    const { body: organization } = await world.api<{ id: string }>("POST", "/organizations", { name: "Race" });
    const user = await world.person("Fay");
    const both = async () => {
      const data = { organizationId: organization.id, invitee: user.email, expiresAt: Date.now() + 60_000 };
      const { body } = await world.api<{ id: string }>("POST", "/organization-invitations", data);
      const set = (status: object) => world.api("PUT", `/organization-invitations/${body.id}/status`, status);
      const answers = await Promise.all([
        set({ status: "Accepted", acceptedUserId: user.id }),
        set({ status: "Revoked" }),
      ]);
      await world.api("DELETE", `/organizations/${organization.id}/users/${user.id}`);
      return answers.map(({ status }) => status).sort();
    };
    expect(await both()).toEqual([200, 422]);
    await fault({ kind: "invitation-race", delayMs: 50 });
    expect(await both()).toEqual([200, 200]);
  });
});

describe("baseline, time and roles", () => {
  test("a reset brings back what was there at the baseline, and clears the faults", async () => {
    await world.api("POST", "/organizations", { name: "Before the baseline" });
    await world.control("POST", "/baseline");
    const gina = await world.person("Gina");
    await fault({ kind: "status", match: { path: "/oidc" } });
    expect((await world.control("POST", "/reset")).status).toBe(204);
    expect((await world.control("GET", "/faults")).body).toEqual([]);
    expect((await world.api("GET", `/users/${gina.id}`)).status).toBe(404);
    expect((await world.api("GET", "/organizations?q=Before%20the%20baseline")).body).toHaveLength(1);
  });

  test("time passes for invitations and refresh tokens", async () => {
    const hal = await world.person("Hal");
    const { body: organization } = await world.api<{ id: string }>("POST", "/organizations", { name: "Time" });
    const data = { organizationId: organization.id, invitee: "ivy@example.com", expiresAt: Date.now() + 60_000 };
    const { body: invitation } = await world.api<{ id: string }>("POST", "/organization-invitations", data);
    const { tokens } = await signIn(world, hal.email);
    await world.control("POST", "/clock", { advanceSeconds: 120 });
    expect((await world.api("GET", `/organization-invitations/${invitation.id}`)).body).toMatchObject({
      status: "Expired",
    });
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    await world.control("POST", "/clock", { advanceSeconds: 14 * 86_400 });
    expect((await world.refresh(tokens.refresh_token)).body).toMatchObject({ error: "invalid_grant" });
  });

  test("an operator changes a role, which is in force with the next organization token", async () => {
    const jo = await world.person("Jo");
    const scope = `note:read-${Date.now()}`;
    const { body: permission } = await world.api<{ id: string }>("POST", "/organization-scopes", { name: scope });
    await world.api("POST", "/organization-roles", { name: "Reader", organizationScopeIds: [permission.id] });
    const { body: organization } = await world.api<{ id: string }>("POST", "/organizations", { name: "Roles" });
    await world.api("POST", `/organizations/${organization.id}/users`, { userIds: [jo.id] });
    const asked = `openid offline_access urn:logto:scope:organizations ${scope}`;
    const { tokens } = await signIn(world, jo.email, { scope: asked });
    const scopes = async () =>
      (await world.refresh(tokens.refresh_token, { organization_id: organization.id })).body.scope;
    expect(await scopes()).toBe("");
    const path = `/organizations/${organization.id}/users/${jo.id}/roles`;
    expect((await world.control("PUT", path, { organizationRoleNames: ["Reader"] })).body).toMatchObject([
      { name: "Reader" },
    ]);
    expect(await scopes()).toBe(scope);
  });
});
