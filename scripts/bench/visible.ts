// How soon somebody sees in their browser what an Admin has changed: from the Admin's form being sent until the other page has drawn it.
import { Worker } from "node:worker_threads";
import { performance } from "node:perf_hooks";
import { chromium, type JSHandle, type Page } from "@playwright/test";
import { enter, type Visitor } from "../../e2e/http/visitor";
import { openLogto } from "../../e2e/http/logto";
import { createOperator, type Operator, type Organization, type Role } from "../../e2e/operator";
import { paths } from "../../app/paths";
import { chromiumPath } from "../chromium.mjs";
import { startWorld, type World } from "../world";
import { quantile, verdict } from "./figures";

const changes = 60;
const streamsEach = 20;

/** The whole app, over HTTP, with Bob's page in Chromium and as many streams beside it. */
export async function visible(streams: number): Promise<void> {
  const world = await startWorld();
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ["--no-sandbox"] });
  try {
    const operator = createOperator(world.description);
    const lamps = await operator.makeOrganization("Lamps");
    const ada = await enter(world.description.baseUrl, await operator.makePerson("Ada", [lamps, "Admin"]), lamps);
    const bob = await operator.makePerson("Bob", [lamps, "Collaborator"]);
    const others = await holdStreams(world, operator, lamps, streams);
    const page = await browser.newPage({ baseURL: world.description.baseUrl });
    await page.goto(paths.signIn());
    await page.getByLabel("E-mail address").fill(bob.email);
    await page.getByLabel("Password").fill(bob.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    const isLive = page.waitForResponse((answer) => new URL(answer.url()).pathname === paths.events);
    await page.goto(paths.posts);
    await isLive;

    const logto = openLogto(world.description);
    const roles = { Admin: await logto.roleId("Admin"), Collaborator: await logto.roleId("Collaborator") };
    const took: number[] = [];
    for (let change = 0; change < changes; change += 1) {
      const role: Role = change % 2 === 0 ? "Admin" : "Collaborator";
      took.push(
        await changeOf(page, ada, { path: paths.memberRole(bob.id), role: roles[role], isAdmin: role === "Admin" }),
      );
    }
    console.log(`A colleague's role, from the form being sent until their open page has drawn it, ${streams} streams`);
    console.log(`  p50 ${quantile(took, 0.5).toFixed(0)} ms`);
    const p95 = quantile(took, 0.95);
    verdict("p95", p95, p95 <= 250, "250 ms or less", " ms");
    await others.terminate();
  } finally {
    await browser.close();
    await world.stop();
  }
}

async function holdStreams({ description }: World, operator: Operator, organization: Organization, count: number) {
  const streams: { url: string; cookie: string }[] = [];
  const url = `${description.baseUrl}${paths.events}?page=${organization.id}`;
  for (let person = 0; streams.length < count; person += 1) {
    const colleague = await operator.makePerson(`Colleague${person}`, [organization, "Collaborator"]);
    const { cookie } = await enter(description.baseUrl, colleague, organization);
    for (let tab = 0; tab < streamsEach && streams.length < count; tab += 1) streams.push({ url, cookie });
  }
  const worker = new Worker(new URL("./listeners.mjs", import.meta.url));
  worker.postMessage({ streams });
  await new Promise((resolve) => worker.once("message", resolve));
  return worker;
}

interface Change {
  path: string;
  role: string;
  isAdmin: boolean;
}

/** @returns milliseconds. Only an Admin has the link to the billing. */
async function changeOf(page: Page, ada: Visitor, { path, role, isAdmin }: Change): Promise<number> {
  const drawn = await page.evaluateHandle(watch, { link: paths.billing, isAdmin });
  const began = performance.timeOrigin + performance.now();
  const { status } = await ada.submit(path, { role });
  if (status !== 302) throw new Error(`The role was not changed: ${status}`);
  return (await momentOf(drawn)) - began;
}

const momentOf = (drawn: JSHandle<{ at: Promise<number> }>) => drawn.evaluate(({ at }) => at);

/**
 * In the page, so without named functions: the loader of this command would wrap them in a helper that is not there. `at` is when the frame after the
 * change has been drawn, in milliseconds since the epoch.
 */
function watch({ link, isAdmin }: { link: string; isAdmin: boolean }) {
  return {
    at: new Promise<number>((resolve) =>
      new MutationObserver((_changes, observer) => {
        if ((document.querySelector(`nav a[href="${link}"]`) !== null) !== isAdmin) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
      }).observe(document.body, { subtree: true, childList: true, attributes: true }),
    ),
  };
}
