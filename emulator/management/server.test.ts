// What all routes of the Management API have in common: tokens, validation, pages; and that no input stops the emulator.
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Browser, type World, codeOf, signIn, startWorld } from "../test-driver";

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

describe("tokens and validation", () => {
  const withToken = async (authorization: string) => {
    const response = await fetch(`${world.emulator.endpoint}/api/organizations`, { headers: { authorization } });
    return [
      response.status,
      (await response.json()) as { code: string; data?: { code?: string; claim?: string } },
    ] as const;
  };

  test("another scheme, a broken signature and a person's opaque token are refused", async () => {
    expect(await withToken("Basic abc")).toMatchObject([401, { code: "auth.authorization_token_type_not_supported" }]);
    const ada = await world.person("Ada");
    const { tokens } = await signIn(world, ada.email);
    const [head, , signature] = tokens.id_token.split(".");
    expect(await withToken(`Bearer ${head}.e30.${signature}`)).toMatchObject([
      401,
      { data: { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" } },
    ]);
    expect(await withToken(`Bearer ${tokens.access_token}`)).toMatchObject([401, { code: "auth.unauthorized" }]);
  });

  test.each(["/users", "/organizations", "/organization-roles", "/organization-scopes"])(
    "a PATCH of %s that says nothing is 422",
    async (path) => {
      const id = await make(path, { name: "somebody or something" });
      expect(codeOf(await api("PATCH", `${path}/${id}`, { unknown: 1 }))).toEqual([422, "entity.invalid_input"]);
    },
  );

  test("the refusal of a body tells key, kind and what came instead", async () => {
    const { body } = await api<{ details: string; data: { issues: object[] } }>("POST", "/organizations", {});
    expect(body.details).toBe('Error in key path "name": (invalid_type) Expected string but received undefined.');
    expect(body.data.issues).toMatchObject([
      { code: "invalid_type", expected: "string", received: "undefined", path: ["name"] },
    ]);
  });

  test("a page past the end is empty with the full count, and other parameters stay in the links", async () => {
    for (const name of ["paged 1", "paged 2"]) await make("/organizations", { name });
    const page = await api<unknown[]>("GET", "/organizations?q=paged&page=9&page_size=1");
    expect([page.body, page.headers.get("total-number")]).toEqual([[], "2"]);
    expect(page.headers.get("link")).toContain(
      `<${world.emulator.endpoint}/organizations?q=paged&page=1&page_size=1>; rel="first"`,
    );
    expect(codeOf(await api("GET", "/organizations?page=abc"))).toEqual([400, "guard.invalid_pagination"]);
  });
});

describe("no input stops the emulator", () => {
  const paths = [
    "/organizations",
    "/users",
    "/organization-invitations",
    "/organization-roles",
    "/applications",
    "/hooks",
    "/connectors",
  ];

  test("whatever is posted where, the answer is a refusal or a record, and the next call works", async () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.dictionary(fc.constantFrom("name", "type", "userIds", "events", "config"), fc.jsonValue()),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("POST", "PUT", "PATCH", "DELETE"),
        fc.constantFrom(...paths),
        fc.string(),
        body,
        async (method, path, id, value) => {
          const target = id === "" ? path : `${path}/${encodeURIComponent(id)}`;
          expect((await api(method, target, value)).status).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("nor do odd requests at the other doors", async () => {
    const { endpoint } = world.emulator;
    const odd: [string, RequestInit][] = [
      ["/oidc/token", { method: "POST", headers: { "content-type": "application/json" }, body: "{broken" }],
      ["/oidc/token", { method: "POST", headers: { "content-type": "text/xml" }, body: "<a/>" }],
      ["/oidc/auth?client_id[]=1&redirect_uri=%00", {}],
      ["/oidc/session/end?id_token_hint=garbage", {}],
      ["/oidc/nowhere", {}],
      ["/api/organizations/%E0%A4%A", {}],
      [
        "/sign-in",
        { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "identifier[]=x" },
      ],
      ["/emulator/faults", { method: "POST", headers: { "content-type": "application/json" }, body: "[{]" }],
      ["/emulator/member-roles", { method: "POST" }],
      ["/%00", {}],
    ];
    for (const [path, init] of odd) {
      const { status } = await fetch(`${endpoint}${path}`, { redirect: "manual", ...init });
      expect([path, status < 500]).toEqual([path, true]);
    }
    expect((await new Browser(endpoint).open("/emulator")).status).toBe(200);
  });
});
