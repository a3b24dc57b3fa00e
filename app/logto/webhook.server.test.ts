import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Hint, webhookDoor } from "./webhook.server";

const signingKey = "a signing key of a hook";
const at = Date.parse("2026-03-01T12:00:00.000Z");
let server: Server;
let url: string;
let hints: Hint[] = [];
let lines: { level: string; line: object; text: string }[] = [];
let follow: (hint: Hint) => Promise<void>;

const log = {
  info: (line: object, text: string) => void lines.push({ level: "info", line, text }),
  warn: (line: object, text: string) => void lines.push({ level: "warn", line, text }),
};

beforeEach(async () => {
  [hints, lines] = [[], []];
  follow = async (hint) => void hints.push(hint);
  const app = express().use(express.raw({ type: () => true, limit: "2mb" }));
  app.post("/", webhookDoor({ signingKey, now: () => at, log, follow: (hint) => follow(hint) }));
  app.use(((_error, _request, response, _next) => response.status(500).end()) satisfies ErrorRequestHandler);
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => void server.close());

const sign = (body: string, key = signingKey) => createHmac("sha256", key).update(body).digest("hex");
const eventAt = (time: number, event = "Organization.Membership.Updated") =>
  JSON.stringify({ event, createdAt: new Date(time).toISOString() });

async function answerTo(body: string, signature: string | undefined) {
  const headers = {
    "content-type": "application/json",
    ...(signature !== undefined && { "logto-signature-sha-256": signature }),
  };
  return fetch(url, { method: "POST", headers, body });
}

const send = async (body: string, signature: string | undefined) => (await answerTo(body, signature)).status;

test("a signed event of this moment is followed", async () => {
  const body = eventAt(at);
  expect(await send(body, sign(body))).toBe(204);
  expect(hints).toEqual([{ event: "Organization.Membership.Updated", organization: undefined, people: undefined }]);
  expect(lines).toEqual([
    { level: "info", line: { event: "webhook", name: "Organization.Membership.Updated" }, text: "webhook" },
  ]);
});

test("an event is answered when it has been followed, and fails with what follows it", async () => {
  follow = () => Promise.reject(new Error("Logto is away"));
  expect(await send(eventAt(at), sign(eventAt(at)))).toBe(500);
});

describe("a hint says what it is about, as far as Logto does", () => {
  const people = (count: number) => Array.from({ length: count }, (_, index) => `person${index}`);
  const name = "n".repeat(128);
  test.each<{ name: string; event: string; more: object; hint: Partial<Hint> }>([
    {
      name: "who was added and removed, each once",
      event: "Organization.Membership.Updated",
      more: { organizationId: "acme", addedUserIds: ["ada"], removedUserIds: ["bob", "ada"] },
      hint: { organization: "acme", people: ["ada", "bob"] },
    },
    {
      name: "nobody is named",
      event: "Organization.Membership.Updated",
      more: { organizationId: "acme" },
      hint: { organization: "acme", people: undefined },
    },
    {
      name: "as many are removed as Logto names at most: there may be more",
      event: "Organization.Membership.Updated",
      more: { organizationId: "acme", addedUserIds: ["ada"], removedUserIds: people(5_000) },
      hint: { organization: "acme", people: undefined },
    },
    {
      name: "one less: these are all",
      event: "Organization.Membership.Updated",
      more: { organizationId: "acme", addedUserIds: people(4_999) },
      hint: { organization: "acme", people: people(4_999) },
    },
    {
      name: "an organization that is gone",
      event: "Organization.Deleted",
      more: { params: { id: "acme" } },
      hint: { organization: "acme", people: undefined },
    },
    {
      name: "an organization by its address, not by what is written of it",
      event: "Organization.Data.Updated",
      more: { params: { id: "acme" }, data: { id: "other" } },
      hint: { organization: "acme" },
    },
    { name: "a person", event: "User.Data.Updated", more: { params: { userId: "ada" } }, hint: { people: ["ada"] } },
    { name: "a person by name", event: "User.Data.Updated", more: { userId: "ada" }, hint: { people: ["ada"] } },
    {
      name: "a person who is gone",
      event: "User.Deleted",
      more: { data: { id: "ada" }, organizationId: "acme" },
      hint: { organization: undefined, people: ["ada"] },
    },
    { name: "no person", event: "User.SuspensionStatus.Updated", more: {}, hint: { people: undefined } },
    {
      name: "a role",
      event: "OrganizationRole.Scopes.Updated",
      more: { params: { id: "a role" } },
      hint: { people: undefined },
    },
    {
      name: "nothing that can be read",
      event: "Organization.Membership.Updated",
      more: { organizationId: 7, addedUserIds: "ada", params: [], data: null },
      hint: { organization: undefined, people: undefined },
    },
    {
      name: "names as long as they may be",
      event: "Organization.Membership.Updated",
      more: { organizationId: name, addedUserIds: [name] },
      hint: { organization: name, people: [name] },
    },
    {
      name: "names that are too long, or empty",
      event: "Organization.Membership.Updated",
      more: { organizationId: `${name}n`, addedUserIds: [`${name}n`], removedUserIds: ["ada"], params: { id: "" } },
      hint: { organization: undefined, people: ["ada"] },
    },
    {
      name: "a list with a name that is empty",
      event: "Organization.Membership.Updated",
      more: { addedUserIds: ["", "ada"] },
      hint: { organization: undefined, people: undefined },
    },
  ])("$event: $name", async ({ event, more, hint }) => {
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
  ["one with something before it", `0${sign(eventAt(at))}`],
  ["one with something after it", `${sign(eventAt(at))}0`],
  ["one of another body", sign(eventAt(at + 1))],
])("with %s as its signature an event has no effect", async (_name, signature) => {
  const answer = await answerTo(eventAt(at), signature);
  expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
    401,
    "text/plain; charset=utf-8",
    "The signature does not fit.",
  ]);
  expect(hints).toEqual([]);
  expect(lines).toEqual([refusedFor("signature")]);
});

test.each([
  ["five minutes and a moment old", "too old", eventAt(at - 300_001)],
  ["of the future", "too old", eventAt(at + 300_001)],
  ["without a time", "unreadable", JSON.stringify({ event: "User.Deleted" })],
  ["called something too long", "unreadable", eventAt(at, "e".repeat(101))],
  ["no JSON", "unreadable", "{"],
])("a signed event that is %s has no effect", async (_name, reason, body) => {
  const answer = await answerTo(body, sign(body));
  expect([answer.status, await answer.text()]).toEqual([
    400,
    "The event cannot be read, or is not of the last five minutes.",
  ]);
  expect(hints).toEqual([]);
  expect(lines).toEqual([refusedFor(reason)]);
});

test.each([
  ["five minutes old", eventAt(at - 300_000)],
  ["five minutes ahead", eventAt(at + 300_000)],
  ["called something as long as may be", eventAt(at, "e".repeat(100))],
])("a signed event that is %s is followed", async (_name, body) => {
  expect(await send(body, sign(body))).toBe(204);
  expect(hints).toHaveLength(1);
});

test("an event may have one megabyte, and no more", async () => {
  const fill = (length: number) => {
    const bare = JSON.stringify({ event: "User.Deleted", createdAt: new Date(at).toISOString(), note: "" });
    return bare.replace('""', JSON.stringify("x".repeat(length - bare.length)));
  };
  const [most, more] = [fill(1024 * 1024), fill(1024 * 1024 + 1)];
  expect(await send(most, sign(most))).toBe(204);
  const answer = await answerTo(more, sign(more));
  expect([answer.status, await answer.text()]).toEqual([413, "An event may have one megabyte."]);
  expect(hints).toHaveLength(1);
  expect(lines.at(-1)).toEqual(refusedFor("too large"));
});

test("a hook without a signing key refuses to start", () => {
  expect(() => webhookDoor({ signingKey: "", now: () => at, log, follow: async () => {} })).toThrow(
    "Webhooks need a signing key",
  );
});

const refusedFor = (reason: string) => ({
  level: "warn",
  line: { event: "webhook.refused", reason },
  text: "webhook refused",
});
