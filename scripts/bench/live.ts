// The command `npm run bench:live`: how soon a change is seen on another open page, what open pages cost, and how often Logto is asked.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { performance } from "node:perf_hooks";
import { startGround, type App, type Ground } from "../../e2e/ground";
import { newcomer, openOffice } from "../../e2e/office";
import { openPages } from "../../e2e/open-pages";
import { paths } from "../../app/paths";
import { verdict } from "./figures";
import { visible } from "./visible";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const streamsEach = 20;

const holdsAt = (name: string, figure: number, most: number, unit: string) =>
  verdict(name, figure, figure <= most, `${most} or less`, ` ${unit}`);

async function hold(ground: Ground, app: App, count: number) {
  const office = await openOffice(ground, app);
  const pages = await openPages(ground, app, { webhooks: false });
  const worker = new Worker(new URL("./listeners.mjs", import.meta.url));
  const streams: { url: string; cookie: string }[] = [];
  const origin = new URL(pages.webhookUrl).origin;
  for (let person = 0; person * streamsEach < count; person += 1) {
    const somebody = await newcomer(ground, app, `Somebody${person}`);
    await ground.addMember(office.organizationId, { id: somebody.logtoId }, "Collaborator");
    const browser = await app.signIn(somebody);
    const row = await app.sessionOf(browser);
    await app.auth.sessions.activate(row?.idHash ?? "", office.organizationId);
    await app.guards(browser).requireMember("posts.list");
    const url = `${origin}${paths.events}?page=${office.organizationId}`;
    const cookie = browser.cookies(ground.origin);
    for (let tab = 0; tab < streamsEach && streams.length < count; tab += 1) streams.push({ url, cookie });
  }
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  worker.postMessage({ streams });
  await new Promise((resolve) => worker.once("message", resolve));
  collectGarbage();
  const perStream = (process.memoryUsage().heapUsed - before) / count;

  return {
    office,
    pages,
    perStream,
    async release() {
      const exited = new Promise((resolve) => worker.once("exit", resolve));
      worker.postMessage({});
      await exited;
      const until = performance.now() + 10_000;
      while (pages.streams.count() > 0 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return pages.streams.count();
    },
  };
}

async function held(ground: Ground, app: App, count: number) {
  const { office, pages, perStream, release } = await hold(ground, app, count);
  console.log(`${pages.streams.count()} streams held`);
  holdsAt("heap per stream", perStream / 1024, 64, "KiB");

  const minutes = 10;
  await pages.rounds.run();
  app.sent.length = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    app.clock.ahead += 60_000;
    await pages.rounds.run();
    await pages.streams.tick();
  }
  const members = Math.ceil(count / streamsEach) + 1;
  const lists = app.sent.filter(({ path }) => path === `/api/organizations/${office.organizationId}/users`).length;
  console.log(`Requests to Logto for an organization of ${members} with idle pages only`);
  holdsAt("lists of members, a minute and hundred", lists / minutes / Math.ceil(members / 100), 1, "requests");
  holdsAt("renewals, a minute", app.renewals() / minutes, 0, "requests");
  console.log("After all pages were closed");
  holdsAt("streams left", await release(), 0, "streams");
  await pages.close();
}

async function asked(ground: Ground, app: App) {
  const acme = await ground.makeOrganization("Asked");
  const browser = await app.signIn(await ground.makePerson("Ada", [[acme, "Admin"]]));
  const minutes = 30;
  app.sent.length = 0;
  for (let second = 0; second < minutes * 60; second += 5) {
    app.clock.ahead += 5_000;
    await app.guards(browser).requireMember("posts.list");
  }
  console.log("Requests to Logto for a session that asks for a page every five seconds");
  holdsAt("renewals, a minute", app.sent.length / minutes, 1, "requests");
}

await visible(10);
await visible(1_000);
const ground = await startGround();
try {
  const app = ground.openApp();
  await held(ground, app, 3_000);
  app.clock.ahead = 0;
  await asked(ground, app);
} finally {
  await ground.close();
}
