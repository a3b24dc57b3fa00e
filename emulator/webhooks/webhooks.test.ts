// Webhooks: keys, logs, test payloads, and events that come in twos.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type World, codeOf, startReceiver, startWorld } from "../test-driver";

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.control("POST", "/baseline");
});
beforeEach(() => world.control("POST", "/reset"));
afterAll(() => world.emulator.close());

const api = <Body = { id: string }>(method: string, path: string, body?: unknown) =>
  world.api<Body>(method, path, body);
const make = async (path: string, body: object) => (await api("POST", path, body)).body.id;

describe("webhooks", () => {
  test("are signed with the new key alone once it is renewed, and log what the receiver said", async () => {
    const receiver = await startReceiver();
    const { body: hook } = await api<{ id: string; signingKey: string }>("POST", "/hooks", {
      name: "h",
      events: ["User.Deleted"],
      config: { url: receiver.url },
    });
    const { body: renewed } = await api<{ signingKey: string }>("PATCH", `/hooks/${hook.id}/signing-key`);
    expect(renewed.signingKey).not.toBe(hook.signingKey);
    const ada = await world.person("Ada");
    await api("DELETE", `/users/${ada.id}`);
    await expect.poll(() => receiver.received).toHaveLength(1);
    const [{ headers, raw } = { headers: {}, raw: Buffer.of() }] = receiver.received;
    expect(headers["logto-signature-sha-256"]).toBe(createHmac("sha256", renewed.signingKey).update(raw).digest("hex"));
    expect(headers["user-agent"]).toBe("Logto (https://logto.io/)");
    expect(JSON.parse(raw.toString())).toMatchObject({
      event: "User.Deleted",
      status: 204,
      data: { id: ada.id, name: "Ada" },
    });
    const logs = () =>
      api<{ payload: { response: object } }[]>("GET", `/hooks/${hook.id}/recent-logs`).then(({ body }) =>
        body.map(({ payload }) => payload.response),
      );
    await expect.poll(logs).toEqual([{ statusCode: 200, body: "thanks" }]);
    receiver.close();
  });

  test("a test payload tells at once what went wrong", async () => {
    const receiver = await startReceiver();
    const hook = await make("/hooks", { name: "h", events: ["User.Deleted"], config: { url: receiver.url } });
    const send = (url: string) => api("POST", `/hooks/${hook}/test`, { events: ["User.Deleted"], config: { url } });
    expect((await send(receiver.url)).status).toBe(204);
    receiver.answerWith(500);
    expect(await send(receiver.url)).toMatchObject({
      status: 422,
      body: { code: "hook.endpoint_responded_with_error", data: { responseStatus: 500, responseBody: "thanks" } },
    });
    expect(codeOf(await send("http://127.0.0.1:9/"))).toEqual([422, "hook.send_test_payload_failed"]);
    receiver.close();
  });

  test("a role made with scopes tells twice, and the second event names the role", async () => {
    const receiver = await startReceiver();
    const events = ["OrganizationRole.Created", "OrganizationRole.Scopes.Updated"];
    await make("/hooks", { name: "h", events, config: { url: receiver.url } });
    const scope = await make("/organization-scopes", { name: "a:b" });
    const role = await make("/organization-roles", { name: "R", organizationScopeIds: [scope] });
    await expect
      .poll(() =>
        receiver
          .bodies()
          .map(({ event }) => event)
          .sort(),
      )
      .toEqual(events);
    expect(receiver.bodies().find(({ event }) => event === events[1])).toMatchObject({ organizationRoleId: role });
    receiver.close();
  });
});
