import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/start";
import { templateRoles } from "../../app/permissions";
import { createManagementApi, defaultResource, type ManagementApi } from "../management-api";
import { mark } from "./manifest";
import { provision, type ProvisionOptions } from "./provision";
import { z } from "zod";

const baseUrl = "http://localhost:3000";
const machine = { appId: "operator", appSecret: "operator-secret" };

let emulator: Emulator;
let api: ManagementApi;

beforeEach(async () => {
  emulator = await startEmulator({
    port: 0,
    file: ":memory:",
    machine: { id: machine.appId, secret: machine.appSecret },
  });
  api = createManagementApi({ endpoint: emulator.endpoint, machine, resource: defaultResource });
});
afterEach(() => emulator.close());

async function run(options: Partial<ProvisionOptions> = {}) {
  const lines: string[] = [];
  const result = await provision({
    endpoint: emulator.endpoint,
    machine,
    baseUrl,
    print: (line) => lines.push(line),
    ...options,
  });
  return { ...result, report: lines.join("\n") };
}

describe("An operator with a fresh Logto", () => {
  it("gets an application, permissions, roles and a webhook, and the credentials that the app needs", async () => {
    const { exitCode, credentials, report } = await run();
    expect({ exitCode, report }).toMatchObject({ exitCode: 0 });

    const application = await api.get(`/applications/${credentials?.appId}`, z.looseObject({}));
    expect(application).toMatchObject({
      type: "Traditional",
      oidcClientMetadata: { redirectUris: [`${baseUrl}/auth/callback`], postLogoutRedirectUris: [`${baseUrl}/`] },
      customClientMetadata: { rotateRefreshToken: false },
    });
    const roles = await api.get("/organization-roles", Roles);
    expect(permissionsByRole(roles)).toEqual(
      Object.fromEntries(templateRoles.map(({ name, permissions }) => [name, permissions.toSorted()])),
    );
    const [hook] = await api.get(
      "/hooks",
      z.array(z.looseObject({ signingKey: z.string(), events: z.array(z.string()) })),
    );
    expect(hook).toMatchObject({
      enabled: true,
      config: { url: `${baseUrl}/webhooks/logto` },
      signingKey: credentials?.webhookSigningKey,
    });
    expect(hook?.events).toContain("Organization.Membership.Updated");
  });

  it("sees with --check what is missing, and nothing is written", async () => {
    const writes = await countWrites();
    const { exitCode, report } = await run({ check: true });
    expect(exitCode).toBe(1);
    expect(report).toMatch(/^create role Admin/m);
    expect(await writes()).toBe(0);
  });

  it("can run it again: the second run writes nothing, and --check finds nothing", async () => {
    const first = await run();
    const writes = await countWrites();
    const second = await run();
    const check = await run({ check: true });
    expect([second.exitCode, check.exitCode]).toEqual([0, 0]);
    expect(second.credentials).toEqual(first.credentials);
    expect(second.report).not.toMatch(/^(create|change)/m);
    expect(await writes()).toBe(0);
    expect(first.writes).toBeGreaterThan(0);
  });

  it("finishes what an interrupted run began", async () => {
    await fault({ kind: "status", status: 500, match: { method: "POST", path: "/api/organization-roles" }, times: 1 });
    const broken = await run();
    expect(broken.exitCode).toBe(2);
    const again = await run();
    expect(again).toMatchObject({ exitCode: 0 });
    expect(await applicationsNamed("Atrium")).toHaveLength(1);
  });

  it("never reads a secret in the report", async () => {
    const { credentials, report } = await run({ rotate: true });
    expect(credentials).toBeDefined();
    for (const secret of [credentials?.appSecret, credentials?.webhookSigningKey, machine.appSecret]) {
      expect(report).not.toContain(secret);
    }
  });

  it("gets a new secret only by --rotate, and the old one stays valid", async () => {
    const before = await run();
    const rotated = await run({ rotate: true });
    expect(rotated).toMatchObject({ exitCode: 0 });
    expect(rotated.credentials?.appSecret).not.toBe(before.credentials?.appSecret);
    const secrets = await api.get(
      `/applications/${before.credentials?.appId}/secrets`,
      z.array(z.object({ value: z.string() })),
    );
    expect(secrets.map(({ value }) => value)).toContain(before.credentials?.appSecret);
    expect((await run()).credentials).toEqual(rotated.credentials);
  });
});

describe("What others made", () => {
  it("stays: their URLs, metadata, events, roles and permissions", async () => {
    const { credentials } = await run();
    const path = `/applications/${credentials?.appId}`;
    await api.write("PATCH", path, {
      oidcClientMetadata: {
        redirectUris: ["https://other.example.com/callback"],
        postLogoutRedirectUris: [],
        backchannelLogoutUri: "https://other.example.com/logout",
      },
      customClientMetadata: { refreshTokenTtlInDays: 30 },
    });
    const [hook] = await api.get("/hooks", z.array(z.object({ id: z.string() })));
    await api.write("PATCH", `/hooks/${hook?.id}`, {
      events: ["PostSignIn"],
      config: { url: `${baseUrl}/webhooks/logto`, headers: { a: "b" } },
    });

    const { exitCode, report } = await run();
    expect({ exitCode, report }).toMatchObject({ exitCode: 0 });
    expect(await api.get(path, z.looseObject({}))).toMatchObject({
      oidcClientMetadata: {
        redirectUris: ["https://other.example.com/callback", `${baseUrl}/auth/callback`],
        postLogoutRedirectUris: [`${baseUrl}/`],
        backchannelLogoutUri: "https://other.example.com/logout",
      },
      customClientMetadata: { refreshTokenTtlInDays: 30, rotateRefreshToken: false },
    });
    const after = await api.get(
      `/hooks/${hook?.id}`,
      z.object({ events: z.array(z.string()), config: z.looseObject({}) }),
    );
    expect(after.events).toEqual(expect.arrayContaining(["PostSignIn", "User.Deleted"]));
    expect(after.config).toMatchObject({ headers: { a: "b" } });
  });

  it("shows as drift when it widens a role of ours, and goes only with --prune", async () => {
    await run();
    await api.write("POST", "/organization-scopes", { name: "print:posts" });
    const scopes = await api.get("/organization-scopes", Named);
    const [role] = (await api.get("/organization-roles", Roles)).filter(({ name }) => name === "Collaborator");
    const extra = scopes.find(({ name }) => name === "print:posts");
    await api.write("POST", `/organization-roles/${role?.id}/scopes`, { organizationScopeIds: [extra?.id] });

    expect(await run({ check: true })).toMatchObject({
      exitCode: 1,
      report: expect.stringMatching(/^drift +role Collaborator: .*print:posts/m),
    });
    expect(await run()).toMatchObject({ exitCode: 0, writes: 0 });
    expect(await run({ prune: true })).toMatchObject({ exitCode: 0, writes: 1 });
    expect(await run({ check: true })).toMatchObject({ exitCode: 0 });
  });

  it("is adopted when it has our name and no mark, and is marked then", async () => {
    const existing = await makeApplication({ name: "Atrium", customData: { theirs: 1 } });
    const { exitCode, credentials, report } = await run();
    expect({ exitCode, report }).toMatchObject({ exitCode: 0 });
    expect(credentials?.appId).toBe(existing);
    expect(await api.get(`/applications/${existing}`, z.looseObject({}))).toMatchObject({
      customData: { theirs: 1, [mark]: "atrium" },
    });
  });

  it("lets two installations live on one Logto, each with an application and a webhook of its own", async () => {
    const one = await run();
    const other = await run({ key: "staging", name: "Atrium staging", baseUrl: "https://staging.example.com" });
    expect([one, other]).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(other.credentials?.appId).not.toBe(one.credentials?.appId);
    expect(other.credentials?.webhookSigningKey).not.toBe(one.credentials?.webhookSigningKey);
    expect(await run({ check: true })).toMatchObject({ exitCode: 0, credentials: one.credentials });
  });
});

describe("Refused, with nothing written", () => {
  const refusals: [string, () => Promise<unknown>, Partial<ProvisionOptions>, RegExp][] = [
    [
      "two applications of our name",
      () => Promise.all([1, 2].map(() => makeApplication({ name: "Atrium" }))),
      {},
      /2 applications could be it/,
    ],
    [
      "an application of ours that is gone",
      async () => {},
      { applicationId: "gone" },
      /no application with the id gone/,
    ],
    ["an application of another type", () => makeApplication({ name: "Atrium", type: "SPA" }), {}, /of type SPA/],
    [
      "another installation's application",
      () => makeApplication({ name: "Atrium", customData: { [mark]: "staging" } }),
      {},
      /belongs to the installation "staging"/,
    ],
    [
      "a permission in another spelling",
      () => api.write("POST", "/organization-scopes", { name: "Read:Posts" }),
      {},
      /spelt "Read:Posts"/,
    ],
    [
      "a role in another spelling",
      () => api.write("POST", "/organization-roles", { name: "ADMIN" }),
      {},
      /spelt "ADMIN"/,
    ],
    [
      "a machine role of our name",
      () => api.write("POST", "/organization-roles", { name: "Admin", type: "MachineToMachine" }),
      {},
      /role for machines/,
    ],
    ["two webhooks at our address", twoHooks, {}, /2 webhooks could be it/],
    ["sign-up that has nothing to mail its codes with", dropConnector, {}, /BROKEN/],
    [
      "mail without a password",
      async () => {},
      { smtp: { host: "mail", port: 587, user: "", password: "", from: "a@b.c" } },
      /SMTP_USER and SMTP_PASSWORD/,
    ],
    ["somebody else's e-mail connector", async () => {}, { smtp }, /--replace-mail/],
  ];

  it.each(refusals)("is %s", async (_what, arrange, options, sentence) => {
    await arrange();
    const writes = await countWrites();
    const { exitCode, report } = await run(options);
    expect(report).toMatch(sentence);
    expect([exitCode, await writes()]).toEqual([2, 0]);
  });

  it("is a machine without the role, and one with a wrong secret", async () => {
    const id = await makeApplication({ name: "Machine", type: "MachineToMachine" });
    const [secret] = await api.get(`/applications/${id}/secrets`, z.array(z.object({ value: z.string() })));
    const powerless = await run({ machine: { appId: id, appSecret: secret?.value ?? "" } });
    expect(powerless).toMatchObject({ exitCode: 2, report: expect.stringContaining('"Logto Management API access"') });
    const mistaken = await run({ machine: { ...machine, appSecret: "wrong" } });
    expect(mistaken).toMatchObject({ exitCode: 2, report: expect.stringContaining("its secret is another one") });
  });

  it("is a Logto that does not answer", async () => {
    await emulator.close();
    expect(await run({ patience: 0 })).toMatchObject({
      exitCode: 2,
      report: expect.stringContaining("does not answer"),
    });
  });
});

describe("Mail by SMTP", () => {
  it("is set up with the invitation as plain text, and once only", async () => {
    await dropConnector();
    const first = await run({ smtp });
    expect(first).toMatchObject({ exitCode: 0 });
    expect(await run({ smtp })).toMatchObject({ exitCode: 0, writes: 0 });
    const [template] = await api.get("/email-templates?templateType=OrganizationInvitation", Templates);
    expect(template?.details).toMatchObject({
      contentType: "text/plain",
      content: expect.stringContaining("{{link}}"),
    });
    expect(first.report).not.toContain(smtp.password);
  });

  it("takes the place of another connector only with --replace-mail", async () => {
    const { exitCode, report } = await run({ smtp, replaceMail: true });
    expect({ exitCode, report }).toMatchObject({ exitCode: 0 });
    expect(await run({ smtp })).toMatchObject({ exitCode: 0, writes: 0 });
  });

  it("changes when the password does, and what somebody added to the connector stays", async () => {
    await dropConnector();
    await run({ smtp });
    const { exitCode, report } = await run({ smtp: { ...smtp, password: "another" } });
    expect([exitCode, report]).toEqual([0, expect.stringMatching(/^change e-mail connector/m)]);
    const [connector] = await api.get("/connectors", z.array(z.object({ config: z.looseObject({}) })));
    expect(connector?.config).toMatchObject({ auth: { pass: "another" }, templates: expect.any(Array) });
  });

  it("keeps an invitation text that somebody else wrote", async () => {
    await dropConnector();
    const details = { subject: "Hi", content: "Come: {{link}}", contentType: "text/plain" };
    await api.write("PUT", "/email-templates", {
      templates: [{ languageTag: "en", templateType: "OrganizationInvitation", details }],
    });
    expect(await run({ smtp })).toMatchObject({
      exitCode: 0,
      report: expect.stringContaining("somebody else's text, kept"),
    });
    const [template] = await api.get("/email-templates?templateType=OrganizationInvitation", Templates);
    expect(template?.details).toEqual(details);
  });
});

describe("Sign-up", () => {
  it("is only looked at, until --sign-in sets it to a proved address", async () => {
    await api.write("PATCH", "/sign-in-exp", { signUp: { identifiers: ["username"], password: true, verify: false } });
    expect(await run()).toMatchObject({ exitCode: 0, report: expect.stringMatching(/^warn +sign-up: NO ADDRESS/m) });
    expect(await run({ signIn: true })).toMatchObject({
      exitCode: 0,
      report: expect.stringMatching(/^change sign-up/m),
    });
    expect(await run({ signIn: true })).toMatchObject({
      exitCode: 0,
      writes: 0,
      report: expect.stringMatching(/^ok +sign-up: proves/m),
    });
  });
});

const smtp = {
  host: "mail.example.com",
  port: 587,
  user: "atrium",
  password: "mail-password-1",
  from: "atrium@example.com",
};
const Named = z.array(z.object({ id: z.string(), name: z.string() }));
const Roles = z.array(z.object({ id: z.string(), name: z.string(), scopes: Named }));
const Templates = z.array(z.object({ details: z.looseObject({}) }));

function permissionsByRole(roles: z.infer<typeof Roles>) {
  return Object.fromEntries(roles.map(({ name, scopes }) => [name, scopes.map((scope) => scope.name).toSorted()]));
}

async function makeApplication(application: { name: string; type?: string; customData?: object }): Promise<string> {
  const made = await api.write("POST", "/applications", { type: "Traditional", ...application });
  return z.object({ id: z.string() }).parse(made).id;
}

async function twoHooks() {
  const hook = { events: ["User.Deleted"], config: { url: `${baseUrl}/webhooks/logto` } };
  for (const name of ["one", "other"]) await api.write("POST", "/hooks", { name, ...hook });
}

async function applicationsNamed(name: string) {
  return (await api.get("/applications", Named)).filter((application) => application.name === name);
}

async function dropConnector() {
  const [connector] = await api.get("/connectors", z.array(z.object({ id: z.string() })));
  await api.write("DELETE", `/connectors/${connector?.id}`);
}

async function fault(...rules: object[]) {
  const headers = { "content-type": "application/json" };
  await fetch(`${emulator.endpoint}/emulator/faults`, { method: "POST", headers, body: JSON.stringify(rules) });
}

/** Counts at the emulator itself what changes anything there: rules that do nothing but see requests pass. */
async function countWrites() {
  const methods = ["POST", "PUT", "PATCH", "DELETE"];
  await fault(...methods.map((method) => ({ kind: "slow", delayMs: 0, match: { method, path: "/api" } })));
  return async () => {
    const rules: { seen: number }[] = await (await fetch(`${emulator.endpoint}/emulator/faults`)).json();
    return rules.reduce((sum, { seen }) => sum + seen, 0);
  };
}
