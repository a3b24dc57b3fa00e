// What every journey stands on: a world per worker, an operator at Logto, and browsers in which no error goes unseen.
import {
  test as base,
  expect,
  type APIResponse,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "@playwright/test";
import { organizationField, paths } from "../app/paths";
import { startWorld } from "../scripts/world";
import { createOperator, type Operator, type Organization, type Person } from "./operator";
import type { CastKey, WorldDescription } from "./world";

export { expect } from "@playwright/test";

interface WorldFixtures {
  /** Settings of the app beside the world's own: `test.use({ environment })` gives a file a world of its own. */
  environment: Record<string, string>;
  /** Of one worker, which runs one test at a time: nobody else's webhooks or faults reach it. */
  world: WorldDescription;
  operator: Operator;
}

interface JourneyFixtures {
  /** A browser of their own; with a person, signed in through the real door. */
  open(person?: Pick<Person, "email" | "password">, options?: BrowserContextOptions): Promise<Page>;
  /** Statuses that this journey is meant to be refused with. Any other error in a browser fails it, and so does a refusal that never came. */
  expectRefusals(...statuses: number[]): void;
  errors: { expected: number[]; seen: string[] };
  /** Logto does not answer anybody; at the end of the journey it does again. */
  outage: { begin(): Promise<void>; end(): Promise<void> };
}

export const test = base.extend<JourneyFixtures, WorldFixtures>({
  environment: [{}, { scope: "worker", option: true }],

  world: [
    async ({ environment }, use) => {
      const world = await startWorld({ environment });
      await use(world.description);
      await world.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  operator: [async ({ world }, use) => use(createOperator(world)), { scope: "worker" }],

  baseURL: async ({ world }, use) => use(world.baseUrl),

  errors: async ({ world }, use, journey) => {
    const errors: JourneyFixtures["errors"] = { expected: [], seen: [] };
    await use(errors);
    if (journey.status !== journey.expectedStatus) await journey.attach("atrium.log", { path: world.logFile });
    const statuses = errors.seen.map(refusedWith);
    expect(
      errors.seen.filter((_, index) => !errors.expected.includes(statuses[index] ?? 0)),
      "errors in the browser",
    ).toEqual([]);
    expect(
      errors.expected.filter((status) => !statuses.includes(status)),
      "refusals that never came",
    ).toEqual([]);
  },

  expectRefusals: async ({ errors }, use) => use((...statuses) => void errors.expected.push(...statuses)),

  outage: async ({ world }, use) => {
    const outage = outageOf(world);
    await use(outage);
    await outage.end();
  },

  open: async ({ browser, errors }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (person, options) => {
      const context = await browser.newContext(options);
      opened.push(context);
      context.on("console", (message) => message.type() === "error" && errors.seen.push(message.text()));
      context.on("weberror", (error) => errors.seen.push(String(error.error())));
      const page = await context.newPage();
      if (person) await signIn(page, person);
      return page;
    });
    for (const context of opened) await context.close();
  },
});

/** Every connection to Logto breaks off. The end is when Atrium has noticed it: for a moment it spares itself the asking. */
function outageOf({ logtoEndpoint, baseUrl }: WorldDescription): JourneyFixtures["outage"] {
  const faults = `${logtoEndpoint}/emulator/faults`;
  return {
    async begin() {
      const headers = { "Content-Type": "application/json" };
      const { status } = await fetch(faults, { method: "POST", headers, body: JSON.stringify([{ kind: "reset" }]) });
      expect(status).toBe(201);
    },
    async end() {
      await fetch(faults, { method: "DELETE" });
      const begin = async () => (await fetch(`${baseUrl}${paths.signIn()}`, { redirect: "manual" })).status;
      await expect.poll(begin, { message: "Atrium reaches Logto" }).toBe(302);
    },
  };
}

/** Chromium's own words for an answer of 400 or more. */
function refusedWith(error: string): number | undefined {
  const status = /the server responded with a status of (\d+)/.exec(error)?.[1];
  return status ? Number(status) : undefined;
}

/** One of the demo cast, for journeys that only look. */
export function castMember({ users }: WorldDescription, key: CastKey) {
  const member = users.find((user) => user.key === key);
  if (!member) throw new Error(`${key} is not of the cast`);
  return member;
}

/** From wherever, by the real door: Logto's page, and back. */
export async function signIn(page: Page, person: Pick<Person, "email" | "password">): Promise<void> {
  await page.goto(paths.signIn());
  await fillInSignIn(page, person);
}

/** On Logto's page. Ends on a page of Atrium. */
export async function fillInSignIn(page: Page, { email, password }: Pick<Person, "email" | "password">) {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** Until React has taken the page over: before that a link is a plain link, which loads the next page whole. */
export async function untilHydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => Object.keys(document.body).some((key) => key.startsWith("__reactProps")));
}

/** Sends a form by hand, as a page of that organization in this browser would. */
export function sendForm(
  page: Page,
  organization: Organization,
  path: string,
  fields: Record<string, string> = {},
): Promise<APIResponse> {
  return page.request.post(path, {
    form: { [organizationField]: organization.id, ...fields },
    headers: { Origin: new URL(page.url()).origin },
    maxRedirects: 0,
  });
}

/** Writes a post without the form, for journeys that need one to be there. @returns its path */
export async function writePost(
  page: Page,
  organization: Organization,
  { title, body = "", status = "published" }: { title: string; body?: string; status?: "draft" | "published" },
): Promise<string> {
  const answer = await sendForm(page, organization, paths.newPost, { title, body, status });
  expect(answer.status()).toBe(302);
  return new URL(answer.headers().location ?? "", page.url()).pathname;
}

/** A place where a page's own words for its organization are: the switcher, or the name alone for whoever has one only. */
export function switcher(page: Page, organization: Organization | string) {
  const name = typeof organization === "string" ? organization : organization.name;
  return page.getByLabel(`Switch organization, current: ${name}`);
}

/** Moves to another organization by the switcher, as a person does. */
export async function switchTo(page: Page, from: Organization | string, to: Organization | string): Promise<void> {
  await switcher(page, from).click();
  await page.getByRole("button", { name: typeof to === "string" ? to : to.name }).click();
  await expect(switcher(page, to)).toBeVisible();
}
