import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startEmulator, type Emulator } from "../emulator/start";
import { readEnvFile } from "./env-file.mjs";
import { main } from "./provision-logto";

let emulator: Emulator;
let folder: string;
let environment: Record<string, string>;
let printed: string;

beforeEach(async () => {
  emulator = await startEmulator({ port: 0, file: ":memory:" });
  folder = mkdtempSync(join(tmpdir(), "atrium-provision-"));
  environment = {
    LOGTO_ENDPOINT: emulator.endpoint,
    LOGTO_M2M_APP_ID: emulator.machine.id,
    LOGTO_M2M_APP_SECRET: emulator.machine.secret,
    APP_URL: "http://localhost:3000",
  };
  printed = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("An operator at the command line", () => {
  it("gets the lines for the app in a file that only they can read, and no secret on the screen", async () => {
    const file = join(folder, ".env");
    writeFileSync(file, "PORT=3100\n");
    expect(await main(["--env-file", file], environment)).toBe(0);

    const written = readEnvFile(file);
    expect(written).toMatchObject({ PORT: "3100", ...environment });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const name of ["LOGTO_APP_SECRET", "LOGTO_WEBHOOK_SIGNING_KEY", "LOGTO_M2M_APP_SECRET"]) {
      expect(written[name]).toMatch(/\S{16}/);
      expect(printed).not.toContain(written[name]);
    }
  });

  it("is told how to get the lines, and sees them only by --print-env", async () => {
    expect(await main([], environment)).toBe(0);
    expect(printed).toContain("--env-file .env writes them there");
    expect(printed).not.toContain("LOGTO_APP_SECRET=");
    expect(await main(["--print-env"], environment)).toBe(0);
    expect(printed).toMatch(/^LOGTO_APP_SECRET=\S{16,}$/m);
  });

  it("has an exit code for a script: 1 while something differs, 0 once nothing does", async () => {
    expect(await main(["--check"], environment)).toBe(1);
    expect(await main([], environment)).toBe(0);
    expect(await main(["--check"], environment)).toBe(0);
  });

  it("uses the application that .env names from then on", async () => {
    expect(await main(["--check"], { ...environment, LOGTO_APP_ID: "gone" })).toBe(2);
    expect(printed).toContain("no application with the id gone");
  });

  it.each([
    [[], { LOGTO_ENDPOINT: "" }, "LOGTO_ENDPOINT (such as"],
    [[], { LOGTO_ENDPOINT: "not an address" }, "LOGTO_ENDPOINT (such as"],
    [[], { APP_URL: "" }, "APP_URL (where the app is reached"],
    [[], { LOGTO_M2M_APP_SECRET: " " }, "LOGTO_M2M_APP_SECRET"],
    [["--chekc"], {}, "Unknown option '--chekc'"],
    [[], { SMTP_HOST: "mail.example.com", SMTP_PORT: "smtp" }, "SMTP_PORT"],
  ])("is told what is wrong with %j %j, and nothing is asked of Logto", async (parameters, changed, sentence) => {
    expect(await main(parameters, { ...environment, ...changed })).toBe(2);
    expect(printed).toContain(sentence);
    expect(printed).not.toContain("application Atrium");
  });
});
