import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { webhookDoor } from "./webhook.server";

const signingKey = "a signing key of a hook";
const at = Date.parse("2026-03-01T12:00:00.000Z");
const quiet = { info() {}, warn() {} };
let server: Server;
let url: string;
let marked = 0;

beforeAll(async () => {
  const app = express().use(express.raw({ type: () => true }));
  app.post("/", webhookDoor({ signingKey, now: () => at, log: quiet, markStale: async () => void (marked += 1) }));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());
beforeEach(() => void (marked = 0));

const sign = (body: string, key = signingKey) => createHmac("sha256", key).update(body).digest("hex");
const eventAt = (time: number, event = "Organization.Membership.Updated") =>
  JSON.stringify({ event, createdAt: new Date(time).toISOString() });

async function send(body: string, signature: string | undefined) {
  const headers = {
    "content-type": "application/json",
    ...(signature !== undefined && { "logto-signature-sha-256": signature }),
  };
  return (await fetch(url, { method: "POST", headers, body })).status;
}

test("a signed event of this moment makes every answer stale", async () => {
  const body = eventAt(at);
  expect(await send(body, sign(body))).toBe(204);
  expect(marked).toBe(1);
});

test.each([
  ["none", undefined],
  ["an empty one", ""],
  ["another hook's", sign(eventAt(at), "another key")],
  ["a cut one", sign(eventAt(at)).slice(0, 40)],
  ["one in capitals", sign(eventAt(at)).toUpperCase()],
  ["one of another body", sign(eventAt(at + 1))],
])("with %s as its signature an event has no effect", async (_name, signature) => {
  expect(await send(eventAt(at), signature)).toBe(401);
  expect(marked).toBe(0);
});

test.each([
  ["five minutes and a second old", eventAt(at - 301_000)],
  ["of the future", eventAt(at + 301_000)],
  ["without a time", JSON.stringify({ event: "User.Deleted" })],
  ["no JSON", "{"],
])("a signed event that is %s has no effect", async (_name, body) => {
  expect(await send(body, sign(body))).toBe(400);
  expect(marked).toBe(0);
});

test("an event that is none of ours is taken and left alone", async () => {
  const body = eventAt(at, "PostSignIn");
  expect(await send(body, sign(body))).toBe(204);
  expect(marked).toBe(0);
});

test("a hook without a signing key refuses to start", () => {
  expect(() => webhookDoor({ signingKey: "", now: () => at, log: quiet, markStale: async () => {} })).toThrow(
    "signing key",
  );
});
