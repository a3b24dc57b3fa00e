// A page in one of its states, and what the ways to them share.
import { expect, type Page } from "@playwright/test";
import { paths } from "../../app/paths";
import { castMember, signIn } from "../journey";
import type { Operator, Person } from "../operator";
import { makeLamps, makeLampsAndChairs } from "../stages";
import type { WorldDescription } from "../world";

export interface Stage {
  page: Page;
  world: WorldDescription;
  operator: Operator;
  outage: { begin(): Promise<void> };
  /** Somebody else, in a browser of their own. */
  open(person: Person): Promise<Page>;
}

export interface View {
  name: string;
  /** The operation of app/auth/policy.ts whose page it is; none for refusals and for the emulator's pages. */
  of?: string;
  /** The status the page comes with when it is not 200. */
  refusedWith?: number;
  open(stage: Stage): Promise<unknown>;
}

/** Wider than a narrow screen. */
export const long = "Antidisestablishmentarianism".repeat(4);
export const markdown = `A first paragraph with **strong** and *stressed* words, \`code\` and a [link](https://example.com).

## A heading

1. One
2. Two

> Somebody said this.

| Mill | Price | Lead time | Distance | Contact | Remarks |
|---|---|---|---|---|---|
| Northgate | £310 | 3 weeks | 120 miles | northgate@example.com | Holds the price until March |

\`\`\`
a line of code that is much longer than a narrow screen is wide, so that it has to be scrolled in its own box
\`\`\`

${long}`;

export const acmePost = ({ world }: Stage) => paths.post(world.records.acme?.posts ?? "");

/** Ada, who only looks: what she sees is the same for every view. */
export async function asAda({ page, world }: Stage, path: string) {
  await signIn(page, castMember(world, "ada"));
  await page.goto(path);
}

/** Ann, with an organization of her own, for views that need something written. */
export async function asAnn({ page, operator }: Stage) {
  const stage = await makeLamps(operator);
  await signIn(page, stage.ann);
  return stage;
}

export async function asAnnOfTwo({ page, operator }: Stage) {
  const stage = await makeLampsAndChairs(operator);
  await signIn(page, stage.ann);
  await page.getByRole("main").getByRole("button", { name: "Lamps" }).click();
  await expect(page).toHaveTitle("Posts · Lamps");
  return stage;
}

/** In the same browser, whoever was signed in before. No page is open meanwhile that could notice that its session is gone. */
export async function asAnother(page: Page, person: Person) {
  await page.goto("about:blank");
  await page.context().clearCookies();
  await signIn(page, person);
}

/** Presses a button of an invitation's page, without the page. */
export async function answerInvitation(page: Page, link: string, answer: "decline" | "ask") {
  const headers = { Origin: new URL(link).origin };
  const answered = await page.request.post(`${link}/${answer}`, { headers, maxRedirects: 0 });
  expect(answered.status()).toBe(302);
}

export async function typePost(page: Page) {
  await page.goto(paths.newPost);
  await page.getByLabel("Title", { exact: true }).fill("Half a thought");
  await page.getByLabel("Text", { exact: true }).fill(`Line one.\n\n${long}`);
}

export const heading = (page: Page, name: string) =>
  expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
