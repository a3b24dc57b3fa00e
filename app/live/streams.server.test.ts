import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFeed, type Feed } from "./feed.server";
import { createStreams, type Streams } from "./streams.server";

/** Sessions, as rows would say; whoever is looked at alone is found where the row is. */
let rows: Map<string, { organization: string | null; epoch: number }>;
let glances: string[][];
let looks: string[];
let clock: number;
let feed: Feed;
let streams: Streams;
let server: Server;
const opened: Page[] = [];

interface Page {
  answer: IncomingMessage;
  /** What was heard so far. */
  text(): string;
  until(fits: (text: string) => boolean): Promise<string>;
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }); // time passes when a test says so
  rows = new Map();
  glances = [];
  looks = [];
  clock = 1_000_000;
  feed = createFeed({ now: () => clock });
  streams = createStreams({
    feed,
    async glance(sessions) {
      glances.push(sessions);
      return new Map([...rows].filter(([session]) => sessions.includes(session)));
    },
    async look({ session, organization }) {
      looks.push(session);
      const row = rows.get(session);
      if (!row) return "signed-out";
      return row.organization === organization ? { epoch: row.epoch } : "removed";
    },
    logBug(error) {
      throw error;
    },
    perPerson: 1_000,
    mostUnread: 64 * 1024,
  });
  server = createServer((asked, answer) => {
    const [session = "", user = "", readAt = ""] = (asked.url ?? "").slice(1).split("/");
    const since = readAt ? { readAt: new Date(Number(readAt)) } : {};
    streams.open({ session, user, organization: "acme", ...since }, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const { answer } of opened.splice(0)) answer.destroy();
  streams.stop();
  await new Promise((resolve) => server.close(resolve));
  vi.useRealTimers();
});

interface Opening {
  user?: string;
  reads?: boolean;
  readAt?: Date;
}

async function open(session: string, { user = session, reads = true, readAt }: Opening = {}): Promise<Page> {
  if (!rows.has(session)) rows.set(session, { organization: "acme", epoch: 1 });
  const { port } = server.address() as AddressInfo;
  const sent = request({
    host: "127.0.0.1",
    port,
    path: `/${session}/${user}/${readAt?.getTime() ?? ""}`,
    agent: false,
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    sent.once("response", resolve).once("error", reject).end(),
  );
  let text = "";
  let wake = () => {};
  answer.setEncoding("utf8").on("error", () => wake());
  answer.on("close", () => wake());
  if (reads)
    answer.on("data", (chunk: string) => {
      text += chunk;
      wake();
    });
  const page: Page = {
    answer,
    text: () => text,
    async until(fits) {
      while (!fits(text)) {
        if (answer.closed) throw new Error(`Closed after ${text}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return text;
    },
  };
  opened.push(page);
  if (reads) await page.until((heard) => heard.includes("event: ready"));
  return page;
}

const hears = (page: Page, what: string) => page.until((text) => text.includes(what));
const tell = (id: string) => feed.publish({ kind: "change", to: { organization: "acme" }, id, about: ["members"] });

test("what concerns everybody costs one read for each hundred pages, and no look at any alone", async () => {
  const pages = await Promise.all(Array.from({ length: 250 }, (_, number) => open(`s${number % 25}`)));
  looks.length = 0;
  tell("one");
  for (const page of pages) await hears(page, '"id":"one"');
  expect(glances).toHaveLength(3);
  for (const sessions of glances) expect(new Set(sessions).size, "each session once").toBe(sessions.length);
  expect(looks).toEqual([]);
  glances.length = 0;
  await streams.tick();
  expect([glances.length, looks.length], "and so does a look at all").toEqual([3, 0]);
});

test("only those whose row has changed are looked at alone, and whoever may not hear any more hears only why", async () => {
  const [ada, bob, cleo] = [await open("ada"), await open("bob"), await open("cleo")];
  looks.length = 0;
  rows.set("bob", { organization: "acme", epoch: 2 });
  rows.set("cleo", { organization: null, epoch: 2 });
  tell("one");
  await hears(ada, '"about":["members"]');
  await hears(bob, '"about":["members","membership"]');
  expect(await hears(cleo, "event: end")).toContain('{"why":"removed"}');
  expect(cleo.text()).not.toContain("event: change");
  expect(looks.toSorted()).toEqual(["bob", "cleo"]);
  expect(streams.count()).toBe(2);
});

test("what happens at the same moment is told as one change, under the id that is waited for", async () => {
  const page = await open("ada");
  tell("list");
  feed.publish({ kind: "change", to: { user: "ada" }, id: "role", about: ["membership"] });
  feed.publish({ kind: "confirmed", to: { user: "ada" }, change: "another", pages: 2 });
  await hears(page, "event: confirmed");
  expect(page.text().match(/event: change/g)).toHaveLength(1);
  expect(page.text()).toContain('"id":"role"');
});

test("whoever was taken out, of which this process has not been told, hears so within five seconds", async () => {
  const [ada, bob] = [await open("ada"), await open("bob")];
  rows.set("bob", { organization: null, epoch: 2 });
  vi.advanceTimersByTime(5_000);
  expect(await hears(bob, "event: end")).toContain('{"why":"removed"}');
  expect(ada.text()).not.toMatch(/event: (change|end)/);
});

test("a stream in which nothing happens gives a sign of life", async () => {
  const page = await open("ada");
  expect(page.text()).not.toContain("still here");
  vi.advanceTimersByTime(15_000);
  await hears(page, ": still here\n\n");
});

test("a reader who does not read is dropped, and holds up nobody", async () => {
  const deaf = await open("deaf", { reads: false });
  const page = await open("ada");
  const bulk = "x".repeat(60_000);
  for (let number = 0; streams.count() > 1 && number < 500; number += 1) {
    feed.publish({ kind: "confirmed", to: { user: "deaf" }, change: `${number} ${bulk}`, pages: 1 });
    tell(String(number));
    await hears(page, `"id":"${number}"`);
  }
  expect(streams.count()).toBe(1);
  expect(page.answer.closed).toBe(false);
  deaf.answer.resume();
  await new Promise((resolve) => deaf.answer.once("close", resolve));
});

test("a page that is closed leaves nothing behind", async () => {
  const page = await open("ada");
  expect([streams.count(), streams.organizations()]).toEqual([1, ["acme"]]);
  page.answer.destroy();
  while (streams.count() > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(streams.organizations()).toEqual([]);
});

test("what happened between the reading of a page and its line is told as soon as it listens, to those whom it concerns", async () => {
  tell("before");
  clock += 1;
  const readAt = feed.now();
  clock += 1;
  tell("meanwhile");
  feed.publish({ kind: "change", to: { organization: "globex" }, id: "elsewhere", about: ["organization"] });
  feed.publish({ kind: "change", to: { user: "bob" }, id: "to Bob", about: ["invitations"] });
  const [ada, bob] = [await open("ada", { readAt }), await open("bob", { readAt })];
  expect(await hears(ada, "event: change")).toContain('{"id":"meanwhile","about":["members"]}');
  expect(await hears(bob, "event: change")).toMatch(/"about":\["invitations","members"\]/);
  for (const page of [ada, bob]) expect(page.text()).not.toMatch(/before|elsewhere|"organization"/);
  const late = await open("late", { readAt: new Date(clock + 1) });
  tell("last");
  expect(await hears(late, "last"), "a moment that has not come is none").toMatch(/"about":\[.*"organizations".*\]/);
});

test("a page that was read longer ago than anybody remembers reads everything anew", async () => {
  const readAt = feed.now();
  clock += 1;
  for (let number = 0; number <= 1_000; number += 1) {
    clock += 1;
    feed.publish({ kind: "change", to: { organization: "globex" }, id: String(number), about: ["members"] });
  }
  const page = await open("ada", { readAt });
  await hears(page, '"about":["membership","organization","organizations","invitations","members"]');
  const next = await open("ada", { readAt: feed.now() });
  tell("one");
  expect(await hears(next, '"id":"one"')).not.toContain('"organization"');
});
