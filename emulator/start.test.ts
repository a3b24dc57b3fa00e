// Starting, refusing to start, and starting again on the same file.
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import { startEmulator } from "./start";
import { Browser, signIn, startWorld } from "./test-driver";

const folder = mkdtempSync(join(tmpdir(), "emulator-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an emulator that is stopped and started again", () => {
  test("knows Ada, her session and her tokens, and its keys still verify", async () => {
    const file = join(folder, "again.db");
    const world = await startWorld({ file });
    const port = Number(new URL(world.emulator.endpoint).port);
    const ada = await world.person("Ada");
    const { browser, tokens } = await signIn(world, ada.email);
    await world.emulator.close();

    const second = await startEmulator({ port, file });
    expect(second).toMatchObject({ endpoint: world.emulator.endpoint, machine: { id: "test-machine" } });
    // The first calls may still meet connections of the first emulator.
    await expect.poll(() => world.api("GET", `/users/${ada.id}`).catch(() => undefined)).toMatchObject({ status: 200 });
    expect((await world.refresh(tokens.refresh_token)).status).toBe(200);
    const keys = (await (await fetch(`${second.endpoint}/oidc/jwks`)).json()) as JSONWebKeySet;
    await expect(jwtVerify(tokens.id_token, createLocalJWKSet(keys))).resolves.toBeDefined();
    expect((await browser.open(world.authorization())).url.searchParams.get("code")).not.toBeNull();
    await second.close();
  });

  test("sends its mail to its own outbox, whatever its port is now", async () => {
    const file = join(folder, "mail.db");
    await (await startWorld({ file })).emulator.close();
    const world = await startWorld({ file });
    const chrome = new Browser(world.emulator.endpoint);
    await chrome.open(world.authorization({ first_screen: "register" }));
    await chrome.submit("/register", { email: "new@example.com" });
    expect(await world.mails("new@example.com")).toHaveLength(1);
    await world.emulator.close();
  });

  test("keeps the machine application that it made itself", async () => {
    const file = join(folder, "machine.db");
    const first = await startEmulator({ port: 0, file });
    await first.close();
    const second = await startEmulator({ port: 0, file });
    expect(second.machine).toEqual(first.machine);
    await second.close();
  });
});

describe("an emulator that should serve others", () => {
  test.each(["https://app.example.com", "http://192.168.1.5:3000", "http://localhost.example.com", "nonsense"])(
    "refuses to start for an application at %s",
    async (appUrl) => {
      await expect(startEmulator({ port: 0, file: ":memory:", appUrl })).rejects.toThrow("not on loopback");
    },
  );

  test.each(["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"])(
    "starts for one at %s",
    async (appUrl) => {
      const emulator = await startEmulator({ port: 0, file: ":memory:", appUrl });
      expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      await emulator.close();
    },
  );

  test("answers nobody who calls it by another name", async () => {
    const emulator = await startEmulator({ port: 0, file: ":memory:" });
    const status = (host: string) =>
      new Promise((resolve, reject) => {
        const call = request(`${emulator.endpoint}/emulator`, { headers: { host } }, (response) =>
          resolve(response.statusCode),
        );
        call.on("error", reject).end();
      });
    expect(await status("rebound.example.com")).toBe(421);
    expect(await status(new URL(emulator.endpoint).host)).toBe(200);
    await emulator.close();
  });

  test("says plainly that its port is taken", async () => {
    const emulator = await startEmulator({ port: 0, file: ":memory:" });
    const port = Number(new URL(emulator.endpoint).port);
    await expect(startEmulator({ port, file: ":memory:" })).rejects.toThrow("is taken");
    await emulator.close();
  });
});
