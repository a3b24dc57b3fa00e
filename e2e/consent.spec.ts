// A permission that comes into being while people are signed in: their pages get it from Logto without a page of Logto's, and nothing typed is lost.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expect, test } from "./journey";
import { press } from "./page";
import { makeLamps } from "./stages";
import { untilItListens } from "./tabs";

// A world of its own: the template that is changed here is everybody's.
test.use({ environment: { MEMBERSHIP_MAX_AGE_SECONDS: "59" } });

/** Its link is there for whoever has it. */
const late = "read:audit-log";
const link = (page: Page) => page.getByRole("link", { name: "Audit log" });
const bar = (page: Page) => page.getByText("Your role in Lamps allows more now");

/** @returns how often the page has gone to Logto for more */
function countVisits(page: Page): () => number {
  let visits = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === paths.consent() && request.isNavigationRequest()) visits += 1;
  });
  return () => visits;
}

test("an open page fetches it, comes back to the same place, says so, and does not go again", async ({
  operator,
  open,
}) => {
  const come = await operator.takePermission(late);
  const { ann } = await makeLamps(operator);
  const page = await open(ann);
  await page.goto(`${paths.members}?q=Ann`);
  await untilItListens(page);
  await expect(page.getByRole("link", { name: "Billing" })).toBeVisible();
  await expect(link(page)).toHaveCount(0);
  const visits = countVisits(page);

  await come();
  await expect(bar(page)).toBeVisible();
  await expect(link(page)).toBeVisible();
  await expect(page).toHaveURL(`${paths.members}?q=Ann`);
  expect(visits()).toBe(1);
  await link(page).click();
  await expect(page).toHaveTitle("Audit log · Lamps");
  await page.reload();
  await expect(page).toHaveTitle("Audit log · Lamps");
  expect(visits(), "once").toBe(1);
});

test("a page in which something is being typed waits for a click, and the text comes along", async ({
  operator,
  open,
}) => {
  const come = await operator.takePermission(late);
  const { ann } = await makeLamps(operator);
  const page = await open(ann);
  const [title, text] = [page.getByLabel("Title", { exact: true }), page.getByLabel("Text", { exact: true })];
  await page.goto(paths.newPost);
  await untilItListens(page);
  await title.fill("Bulbs");
  await text.fill("Nine of them.\n\nAll bright.");
  const visits = countVisits(page);

  await come();
  const use = page.getByRole("button", { name: "Use it now" });
  await expect(use).toBeVisible();
  await expect(link(page)).toHaveCount(0);
  await expect(text).toHaveValue("Nine of them.\n\nAll bright.");
  expect(visits(), "nobody is taken away from a text").toBe(0);

  await use.click();
  await expect(link(page)).toBeVisible();
  await expect(page).toHaveURL(paths.newPost);
  await expect(use).toHaveCount(0);
  await expect(title).toHaveValue("Bulbs");
  await expect(text).toHaveValue("Nine of them.\n\nAll bright.");
  expect(visits()).toBe(1);
  await press(page, "Publish");
  await expect(page).toHaveTitle("Bulbs · Lamps");
});

test("a page for which Logto does not give it stays as it was, and does not go again", async ({
  world,
  operator,
  open,
}) => {
  const come = await operator.takePermission(late);
  const { ann } = await makeLamps(operator);
  const page = await open(ann);
  await untilItListens(page);
  const visits = countVisits(page);
  const faults = `${world.logtoEndpoint}/emulator/faults`;
  const exchange = { kind: "status", status: 500, match: { path: "/oidc/token", grantType: "authorization_code" } };
  const headers = { "Content-Type": "application/json" };
  await fetch(faults, { method: "POST", headers, body: JSON.stringify([exchange]) });

  const isBack = page.waitForResponse((answer) => new URL(answer.url()).pathname === paths.callback);
  await come();
  await isBack;
  await expect(page).toHaveTitle("Posts · Lamps");
  await fetch(faults, { method: "DELETE" });
  await page.reload();
  await expect(page.getByRole("link", { name: "Billing" })).toBeVisible();
  await expect(link(page)).toHaveCount(0);
  expect(visits()).toBe(1);
});

test("without JavaScript the next page goes there first", async ({ operator, open }) => {
  const come = await operator.takePermission(late);
  const { ann } = await makeLamps(operator);
  const page = await open(ann, { javaScriptEnabled: false });
  await expect(page.getByRole("link", { name: "Billing" })).toBeVisible();
  await expect(link(page)).toHaveCount(0);
  const visits = countVisits(page);
  await come();
  await page.goto(`${paths.members}?q=Ann`);
  await expect(link(page)).toBeVisible();
  await expect(page).toHaveURL(`${paths.members}?q=Ann`);
  await page.goto(paths.posts);
  await expect(page).toHaveTitle("Posts · Lamps");
  expect(visits()).toBe(1);
});
