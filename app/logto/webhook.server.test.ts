import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Hint, webhookDoor } from "./webhook.server";

const signingKey = "a signing key of a hook";
const at = Date.parse("2026-03-01T12:00:00.000Z");
const quiet = { info() {}, warn() {} };
let server: Server;
let url: string;
let hints: Hint[] = [];

beforeAll(async () => {
  const app = express().use(express.raw({ type: () => true, limit: "2mb" }));
  app.post("/", webhookDoor({ signingKey, now: () => at, log: quiet, follow: async (hint) => void hints.push(hint) }));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());
beforeEach(() => void (hints = []));

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

test("a signed event of this moment is followed", async () => {
  const body = eventAt(at);
  expect(await send(body, sign(body))).toBe(204);
  expect(hints).toEqual([{ event: "Organization.Membership.Updated", organization: undefined, people: undefined }]);
});

describe("a hint says what it is about, as far as Logto does", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `person${index}`);
  test.each<[string, object, Partial<Hint>]>([
    [
      "Organization.Membership.Updated",
      { organizationId: "acme", addedUserIds: ["ada"], removedUserIds: ["bob", "ada"] },
      { organization: "acme", people: ["ada", "bob"] },
    ],
    ["Organization.Membership.Updated", { organizationId: "acme" }, { organization: "acme", people: undefined }],
    [
      "Organization.Membership.Updated",
      { organizationId: "acme", removedUserIds: many },
      { organization: "acme", people: undefined },
    ],
    ["Organization.Deleted", { params: { id: "acme" } }, { organization: "acme", people: undefined }],
    ["Organization.Data.Updated", { params: { id: "acme" }, data: { id: "other" } }, { organization: "acme" }],
    ["User.Data.Updated", { params: { userId: "ada" } }, { people: ["ada"] }],
    ["User.Deleted", { data: { id: "ada" } }, { people: ["ada"] }],
    ["User.SuspensionStatus.Updated", {}, { people: undefined }],
    ["OrganizationRole.Scopes.Updated", { params: { id: "a role" } }, { people: undefined }],
    [
      "Organization.Membership.Updated",
      { organizationId: 7, addedUserIds: "ada", params: [], data: null },
      { organization: undefined, people: undefined },
    ],
  ])("%s %o", async (event, more, hint) => {
    const body = JSON.stringify({ event, createdAt: new Date(at).toISOString(), ...more });
    expect(await send(body, sign(body))).toBe(204);
    expect(hints).toEqual([expect.objectContaining({ event, ...hint })]);
  });
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
  expect(hints).toEqual([]);
});

test.each([
  ["five minutes and a second old", eventAt(at - 301_000)],
  ["of the future", eventAt(at + 301_000)],
  ["without a time", JSON.stringify({ event: "User.Deleted" })],
  ["no JSON", "{"],
])("a signed event that is %s has no effect", async (_name, body) => {
  expect(await send(body, sign(body))).toBe(400);
  expect(hints).toEqual([]);
});

test("an event may have one megabyte, and no more", async () => {
  const fill = (length: number) => {
    const bare = JSON.stringify({ event: "User.Deleted", createdAt: new Date(at).toISOString(), note: "" });
    return bare.replace('""', JSON.stringify("x".repeat(length - bare.length)));
  };
  const [most, more] = [fill(1024 * 1024), fill(1024 * 1024 + 1)];
  expect(await send(most, sign(most))).toBe(204);
  expect(await send(more, sign(more))).toBe(413);
  expect(hints).toHaveLength(1);
});

test("a hook without a signing key refuses to start", () => {
  expect(() => webhookDoor({ signingKey: "", now: () => at, log: quiet, follow: async () => {} })).toThrow(
    "signing key",
  );
});
