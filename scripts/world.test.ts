import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { paths } from "../app/paths";
import { root } from "./install.mjs";
import type { World } from "./world";

const command = ["scripts/run.mjs", "scripts/world.ts", "--json"];

it("Whoever tests from outside gets a world by one line of JSON, and nothing of it is left when they hang up", async () => {
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const world = await firstObject(child.stdout);
  expect(Object.keys(world)).toEqual([
    ...["baseUrl", "logtoEndpoint", "management", "application", "users", "organizations", "records", "routes"],
    ...["outboxUrl", "webhook", "databaseFile", "logFile", "reportDir"],
  ]);
  const folder = dirname(world.databaseFile);
  expect([world.databaseFile, world.logFile, world.reportDir].map((path) => existsSync(path))).toEqual([
    true,
    true,
    true,
  ]);
  expect((await fetch(world.baseUrl + paths.ready)).status).toBe(200);
  expect(await (await fetch(world.outboxUrl)).json()).toEqual([]);
  expect(world.users.map(({ key, organizations }) => [key, organizations.map(({ role }) => role)])).toEqual([
    ["ada", ["Admin"]],
    ["bob", ["Collaborator", "Admin"]],
    ["cleo", ["Collaborator"]],
    ["eve", ["Admin"]],
  ]);
  for (const { key } of world.organizations) {
    expect(world.records[key]).toMatchObject({
      posts: expect.any(String),
      comments: expect.any(String),
      members: expect.any(String),
    });
  }

  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(existsSync(join(folder))).toBe(false);
  for (const address of [world.baseUrl, world.logtoEndpoint])
    await expect(fetch(address)).rejects.toThrow("fetch failed");
}, 120_000);

async function firstObject(output: NodeJS.ReadableStream): Promise<World["description"]> {
  for await (const line of createInterface({ input: output })) if (line.startsWith("{")) return JSON.parse(line);
  throw new Error("The command printed no JSON");
}
