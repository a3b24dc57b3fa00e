// People, members and invitations beyond the conformance suite: what Logto was seen to answer.
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
const inAnHour = () => Date.now() + 3_600_000;

describe("members and roles", () => {
  test("an unknown user in PUT changes nothing; a member without membership rows has no roles to delete", async () => {
    const [ada, acme] = [await world.person("Ada"), await make("/organizations", { name: "Acme" })];
    await api("POST", `/organizations/${acme}/users`, { userIds: [ada.id, ada.id] });
    expect(codeOf(await api("PUT", `/organizations/${acme}/users`, { userIds: ["nobody"] }))).toEqual([
      422,
      "entity.relation_foreign_key_not_found",
    ]);
    expect((await api<unknown[]>("GET", `/organizations/${acme}/users`)).body).toHaveLength(1);
    const bob = await world.person("Bob");
    expect(codeOf(await api("DELETE", `/organizations/${acme}/users/${bob.id}/roles/x`))).toEqual([
      422,
      "organization.require_membership",
    ]);
    const roles = {
      userIds: [ada.id, bob.id],
      organizationRoleIds: [await make("/organization-roles", { name: "R" })],
    };
    expect(codeOf(await api("POST", `/organizations/${acme}/users/roles`, roles))).toEqual([
      422,
      "entity.relation_foreign_key_not_found",
    ]);
    expect((await api("GET", `/organizations/${acme}/users/${ada.id}/roles`)).body).toEqual([]);
    expect((await api("GET", `/organizations/${acme}/users/${bob.id}/scopes`)).body).toEqual([]);
    expect((await api("POST", `/organizations/${acme}/users/${ada.id}/roles`, {})).body).toEqual({
      organizationRoleIds: [],
    });
  });

  test("leaving takes the roles along, and a deleted role leaves members and pending invitations", async () => {
    const [ada, acme] = [await world.person("Ada"), await make("/organizations", { name: "Acme" })];
    const roleId = await make("/organization-roles", { name: "R" });
    const members = `/organizations/${acme}/users`;
    const join = () => api("POST", members, { userIds: [ada.id] });
    await join();
    await api("PUT", `${members}/${ada.id}/roles`, { organizationRoleIds: [roleId] });
    await api("DELETE", `${members}/${ada.id}`);
    await join();
    expect((await api("GET", `${members}/${ada.id}/roles`)).body).toEqual([]);
    await api("PUT", `${members}/${ada.id}/roles`, { organizationRoleNames: ["R"] });
    const invitation = await make("/organization-invitations", {
      organizationId: acme,
      invitee: "x@example.com",
      expiresAt: inAnHour(),
      organizationRoleIds: [roleId],
    });
    const filtered = await api<unknown[]>("GET", `${members}?organizationRoleId=${roleId}`);
    expect([filtered.body.length, filtered.headers.get("total-number")]).toEqual([1, "1"]);
    await api("DELETE", `/organization-roles/${roleId}`);
    expect((await api("GET", `${members}/${ada.id}/roles`)).body).toEqual([]);
    expect((await api("GET", `/organization-invitations/${invitation}`)).body).toMatchObject({ organizationRoles: [] });
  });

  test("parallel adds make one membership, parallel removals one 204", async () => {
    const [ada, acme] = [await world.person("Ada"), await make("/organizations", { name: "Acme" })];
    const members = `/organizations/${acme}/users`;
    const adds = await Promise.all(Array.from({ length: 10 }, () => api("POST", members, { userIds: [ada.id] })));
    expect(adds.map(({ status }) => status)).toEqual(Array(10).fill(201));
    const removals = await Promise.all(Array.from({ length: 4 }, () => api("DELETE", `${members}/${ada.id}`)));
    expect(removals.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404]);
  });
});

describe("users", () => {
  test("addresses keep their letters, are unique in any case, and are found in any case unless asked strictly", async () => {
    const id = await make("/users", { primaryEmail: "Ada@Example.com" });
    expect(codeOf(await api("POST", "/users", { primaryEmail: "ada@example.com" }))).toEqual([
      422,
      "user.email_already_in_use",
    ]);
    const find = async (query: string) =>
      (await api<{ id: string }[]>("GET", `/users?${query}`)).body.map((user) => user.id);
    expect(await find("search.primaryEmail=ADA%40example.com&mode.primaryEmail=exact")).toEqual([id]);
    expect(await find("search.primaryEmail=ada%40example.com&mode.primaryEmail=exact&isCaseSensitive=true")).toEqual(
      [],
    );
    expect(await find("search=%25example%25")).toEqual([id]);
    expect((await api("POST", "/users", {})).body).toMatchObject({ primaryEmail: null, hasPassword: false });
  });

  test("custom data is merged and a deleted user takes invitations along", async () => {
    const [ada, acme] = [await world.person("Ada"), await make("/organizations", { name: "Acme" })];
    await api("PATCH", `/users/${ada.id}/custom-data`, { customData: { a: 1, b: { c: 1 } } });
    expect((await api("PATCH", `/users/${ada.id}/custom-data`, { customData: { b: 2 } })).body).toEqual({ a: 1, b: 2 });
    const invitation = await make("/organization-invitations", {
      organizationId: acme,
      invitee: "x@example.com",
      expiresAt: inAnHour(),
      inviterId: ada.id,
    });
    await api("DELETE", `/users/${ada.id}`);
    expect(codeOf(await api("GET", `/organization-invitations/${invitation}`))).toEqual([404, "entity.not_found"]);
  });
});

describe("invitations and their mails", () => {
  let acme: string;
  beforeEach(async () => {
    acme = await make("/organizations", { name: "Acme" });
  });
  const invite = (invitee: string, more: object = {}) =>
    api("POST", "/organization-invitations", { organizationId: acme, invitee, expiresAt: inAnHour(), ...more });
  const ofAddress = async (invitee: string) =>
    (await api<unknown[]>("GET", `/organization-invitations?invitee=${invitee}`)).body.length;

  test("another letter case is another address when inviting, the same when listing and accepting", async () => {
    const ada = await world.person("Ada");
    await invite("ada@example.com");
    const second = await invite("Ada@example.com");
    expect([second.status, await ofAddress("ADA@example.com")]).toEqual([201, 2]);
    const accepted = await api("PUT", `/organization-invitations/${second.body.id}/status`, {
      status: "Accepted",
      acceptedUserId: ada.id,
    });
    expect(accepted.status).toBe(200);
    expect(codeOf(await invite("ada@example.com"))).toEqual([422, "request.invalid_input"]);
    expect((await invite("aDA@example.com")).status).toBe(201);
  });

  test("ten mails in ten minutes, then 429 and nothing stays; without a mail it still works", async () => {
    const { body } = await invite("flood@example.com", { messagePayload: {} });
    const resend = () => api("POST", `/organization-invitations/${body.id}/message`);
    for (let sent = 1; sent < 10; sent += 1) expect((await resend()).status).toBe(204);
    expect(codeOf(await resend())).toEqual([429, "request.message_rate_limited"]);
    await api("DELETE", `/organization-invitations/${body.id}`);
    expect(codeOf(await invite("FLOOD@example.com", { messagePayload: {} }))).toEqual([
      429,
      "request.message_rate_limited",
    ]);
    expect(await ofAddress("flood@example.com")).toBe(0);
    expect((await invite("flood@example.com")).status).toBe(201);
    await world.control("POST", "/clock", { advanceSeconds: 601 });
    expect((await invite("FLOOD@example.com", { messagePayload: {} })).status).toBe(201);
  });

  test("without an e-mail connector a mail is 501, and nothing stays", async () => {
    const { body } = await api<{ id: string }[]>("GET", "/connectors");
    await api("DELETE", `/connectors/${body[0]?.id}`);
    expect(codeOf(await invite("x@example.com", { messagePayload: {} }))).toEqual([501, "connector.not_found"]);
    expect(await ofAddress("x@example.com")).toBe(0);
  });

  test("an SMTP connector's mail lies in the outbox as its template makes it", async () => {
    const templates = ["Register", "SignIn", "ForgotPassword", "Generic"].map((usageType) => ({
      usageType,
      contentType: "text/plain",
      subject: usageType,
      content: "{{code}}",
    }));
    const config = {
      host: "mail.example.com",
      port: 587,
      auth: { user: "u", pass: "p" },
      fromEmail: "a@example.com",
      templates,
    };
    expect((await api("POST", "/connectors", { connectorId: "simple-mail-transfer-protocol", config })).status).toBe(
      200,
    );
    await api("PUT", "/email-templates", {
      templates: [
        {
          languageTag: "en",
          templateType: "OrganizationInvitation",
          details: {
            subject: "Join {{ organization.name }}",
            content: "{{link}} {{inviter.name}} {{organization.nope}}.",
          },
        },
      ],
    });
    await invite("smtp@example.com", { messagePayload: { link: "https://app/1" } });
    expect(await world.mails("smtp@example.com")).toMatchObject([
      { message: { subject: "Join Acme", content: "https://app/1 {{inviter.name}} ." } },
    ]);
    await api("POST", "/connectors", {
      connectorId: "simple-mail-transfer-protocol",
      config: { ...config, auth: { user: "", pass: "" } },
    });
    expect(codeOf(await invite("other@example.com", { messagePayload: {} }))).toEqual([
      400,
      "connector.invalid_config",
    ]);
  });
});
