import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readConfig } from "./config.server";

const enough = {
  LOGTO_ENDPOINT: "https://acme.logto.app/",
  LOGTO_APP_ID: "app",
  LOGTO_APP_SECRET: "app-secret",
  LOGTO_M2M_APP_ID: "machine",
  LOGTO_M2M_APP_SECRET: "machine-secret",
  LOGTO_WEBHOOK_SIGNING_KEY: "signing-key",
  SESSION_SECRET: "a".repeat(32),
};

function faultsOf(environment: Record<string, string | undefined>): string {
  try {
    readConfig(environment);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

describe("the configuration", () => {
  it("needs only Logto's names and the secrets; everything else has a default", () => {
    expect(readConfig(enough)).toEqual({
      production: false,
      development: true,
      app: { origin: "http://localhost:3000", secure: false },
      server: { host: "127.0.0.1", port: 3000, trustProxy: false },
      logto: {
        endpoint: "https://acme.logto.app",
        appId: "app",
        appSecret: "app-secret",
        webhookSigningKey: "signing-key",
        management: { resource: "https://default.logto.app/api", appId: "machine", appSecret: "machine-secret" },
      },
      session: { secrets: ["a".repeat(32)] },
      database: { file: ".data/atrium.db" },
      exports: { folder: ".data/exports" },
      membership: { maxAgeSeconds: 60 },
      audit: { days: 400 },
      invoices: { from: [] },
      limits: { perPersonPerMinute: 600, perAddressPerMinute: 1200, signInPerAddressPerMinute: 30, bodyBytes: 1048576 },
      log: { level: "info", file: undefined },
    });
  });

  it("tells the operator of every missing variable in one go", () => {
    const message = faultsOf({});
    for (const name of Object.keys(enough)) expect(message).toContain(`- ${name} is not set. It is needed.`);
  });

  it("counts an empty value as not set", () => {
    expect(readConfig({ ...enough, PORT: "", TRUST_PROXY: " ", LOG_FILE: "" })).toEqual(readConfig(enough));
    expect(faultsOf({ ...enough, LOGTO_WEBHOOK_SIGNING_KEY: " " })).toContain("LOGTO_WEBHOOK_SIGNING_KEY is not set");
  });

  it("takes the sender of the invoices line by line", () => {
    const { invoices } = readConfig({
      ...enough,
      INVOICE_FROM: "Example Ltd | 1 Main Street, London || IBAN GB00 TEST |",
    });
    expect(invoices.from).toEqual(["Example Ltd", "1 Main Street, London", "IBAN GB00 TEST"]);
  });

  it("never shows a value in its complaint", () => {
    const message = faultsOf({ ...enough, SESSION_SECRET: "hunter2,hunter3", APP_URL: "http://u:hunter4@app.test" });
    expect(message).toContain("SESSION_SECRET must be one secret or several");
    expect(message).toContain("APP_URL must be an origin");
    expect(message).not.toContain("hunter");
  });

  it.each([
    ["NODE_ENV", "staging"],
    ["APP_URL", "app.test"],
    ["APP_URL", "https://app.test/path"],
    ["APP_URL", "https://app.test/?q"],
    ["APP_URL", "ftp://app.test"],
    ["PORT", "eighty"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["LOGTO_ENDPOINT", "http://logto.example.com"],
    ["LOGTO_MANAGEMENT_RESOURCE", "default"],
    ["SESSION_SECRET", `${"a".repeat(32)},short`],
    ["SESSION_SECRET", `${"a".repeat(32)},`],
    ["MEMBERSHIP_MAX_AGE_SECONDS", "61"],
    ["TRUST_PROXY", "everybody"],
    ["TRUST_PROXY", "10.0.0.0/33"],
    ["TRUST_PROXY", "10.0.0.0/8/8"],
    ["TRUST_PROXY", "true"],
    ["RATE_LIMIT_PER_PERSON_PER_MINUTE", "0"],
    ["RATE_LIMIT_PER_ADDRESS_PER_MINUTE", "1.5"],
    ["RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE", "many"],
    ["BODY_LIMIT_BYTES", "1MB"],
    ["LOG_LEVEL", "loud"],
  ])("refuses %s=%s with a sentence that names it", (name, value) => {
    expect(faultsOf({ ...enough, [name]: value })).toMatch(new RegExp(`^- ${name} (must|is) .+\\.$`, "m"));
  });

  it("takes http for the app in production only on this machine", () => {
    const production = { ...enough, NODE_ENV: "production" };
    expect(faultsOf({ ...production, APP_URL: "http://app.example.com" })).toContain(
      "APP_URL must begin with https://",
    );
    expect(faultsOf({ ...production, APP_URL: "http://localhost.example.com" })).toContain("APP_URL must begin");
    expect(readConfig({ ...production, APP_URL: "https://app.example.com/" }).app).toEqual({
      origin: "https://app.example.com",
      secure: true,
    });
    for (const url of ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"]) {
      expect(readConfig({ ...production, APP_URL: url }).app.origin).toBe(url);
    }
  });

  it("takes an http Logto on this machine, which is where the emulator lives", () => {
    expect(readConfig({ ...enough, LOGTO_ENDPOINT: "http://127.0.0.1:3001" }).logto.endpoint).toBe(
      "http://127.0.0.1:3001",
    );
  });

  it("reads the proxies in front of the app as a number or as addresses", () => {
    const trustProxy = (value: string) => readConfig({ ...enough, TRUST_PROXY: value }).server.trustProxy;
    expect(trustProxy("1")).toBe(1);
    expect(trustProxy("0")).toBe(false);
    expect(trustProxy("loopback, 10.0.0.0/8, 2001:db8::/32, 192.0.2.1")).toEqual([
      "loopback",
      "10.0.0.0/8",
      "2001:db8::/32",
      "192.0.2.1",
    ]);
  });

  it("reads several session secrets, the first of which is in use", () => {
    const [first, second] = ["a".repeat(32), "b".repeat(40)];
    expect(readConfig({ ...enough, SESSION_SECRET: `${first}, ${second}` }).session.secrets).toEqual([first, second]);
  });

  it("is described in .env.example, variable by variable", () => {
    const described = readFileSync(new URL("../.env.example", import.meta.url), "utf8").match(
      /^[A-Z][A-Z0-9_]*(?==)/gm,
    );
    const source = readFileSync(new URL("./config.server.ts", import.meta.url), "utf8").match(
      /^ {4}[A-Z][A-Z0-9_]+(?=:)/gm,
    );
    const variables = source?.map((name) => name.trim()).filter((name) => name !== "NODE_ENV");
    expect(described?.toSorted()).toEqual(variables?.toSorted());
  });
});
