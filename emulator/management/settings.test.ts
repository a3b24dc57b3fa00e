// Settings beyond the conformance suite: what Logto was seen to answer.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type World, codeOf, startWorld } from "../test-driver";

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

describe("settings", () => {
  test.each([
    [{ signIn: { methods: [] } }, 200, undefined],
    [{ signUp: { identifiers: ["username"], password: true, verify: false } }, 200, undefined],
    [{ signUp: { identifiers: [], password: false, verify: false } }, 200, undefined],
    [
      { languageInfo: { autoDetect: true, fallbackLanguage: "en-US" } },
      400,
      "sign_in_experiences.unsupported_default_language",
    ],
    [{ languageInfo: { autoDetect: true, fallbackLanguage: "xx" } }, 400, "guard.invalid_input"],
    [{ languageInfo: { fallbackLanguage: "de" } }, 400, "guard.invalid_input"],
    [
      {
        signIn: {
          methods: [{ identifier: "email", password: false, verificationCode: false, isPasswordPrimary: true }],
        },
      },
      400,
      "sign_in_experiences.at_least_one_authentication_factor",
    ],
    [{ unknown: true }, 422, "entity.invalid_input"],
  ])("sign-in experience %j is %i", async (changes, status, code) => {
    expect(codeOf(await api("PATCH", "/sign-in-exp", changes))).toEqual([status, code]);
  });

  test("PUT of an application's roles is not idempotent: the same set is 422, [] too, and removes", async () => {
    const app = await make("/applications", { name: "M", type: "MachineToMachine" });
    const { body: roles } = await api<{ id: string }[]>("GET", "/roles?type=MachineToMachine");
    const put = (roleIds: (string | undefined)[]) => api("PUT", `/applications/${app}/roles`, { roleIds });
    const all = [roles[0]?.id];
    expect(await put(all)).toMatchObject({ status: 200, text: "OK" });
    expect(codeOf(await put(all))).toEqual([422, "entity.invalid_input"]);
    expect(codeOf(await put([]))).toEqual([422, "entity.invalid_input"]);
    expect((await api("GET", `/applications/${app}/roles`)).body).toEqual([]);
  });

  test("what is empty is not stored in a connector; its metadata cannot be changed; a known id is 500", async () => {
    const config = { endpoint: "http://127.0.0.1:9/", authorization: "", extra: {}, kept: 1 };
    const { body } = await api<{ id: string; config: object }>("POST", "/connectors", {
      connectorId: "http-email",
      config,
    });
    expect(body.config).toEqual({ endpoint: "http://127.0.0.1:9/", kept: 1 });
    const path = `/connectors/${body.id}`;
    expect(codeOf(await api("PATCH", path, { metadata: { target: "x" } }))).toEqual([
      400,
      "connector.cannot_overwrite_metadata_for_non_standard_connector",
    ]);
    expect(codeOf(await api("PATCH", path, {}))).toEqual([422, "entity.invalid_input"]);
    expect((await api("POST", "/connectors", { id: body.id, connectorId: "http-email", config })).status).toBe(500);
  });

  test("the Management API resource cannot be changed, applications are searched strictly or not", async () => {
    expect(codeOf(await api("PATCH", "/resources/management-api", { accessTokenTtl: 60 }))).toEqual([
      400,
      "resource.cannot_modify_management_api",
    ]);
    expect(codeOf(await api("DELETE", "/resources/management-api"))).toEqual([
      400,
      "resource.cannot_delete_management_api",
    ]);
    await make("/applications", { name: "Twin", type: "SPA" });
    const found = async (query: string) =>
      (await api<unknown[]>("GET", `/applications?search.name=twin&mode.name=exact${query}`)).body.length;
    expect([await found(""), await found("&isCaseSensitive=true")]).toEqual([1, 0]);
    expect((await api("GET", "/applications?search.customData=x")).status).toBe(500);
  });
});
