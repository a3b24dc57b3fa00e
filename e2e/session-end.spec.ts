// The session ends while somebody is writing: the page keeps the text, and sends it after a new sign-in.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { castMember, expect, fillInSignIn, test, untilHydrated } from "./journey";
import { deafen } from "./tabs";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("whoever signs out in another tab while writing signs in again and sends the same text", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const lamps = await operator.makeOrganization("Lamps");
      const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
      const tab = await open(ann, { javaScriptEnabled });
      await tab.getByRole("link", { name: "Write the first post" }).click();
      await tab.getByLabel("Title", { exact: true }).fill("A long thought");
      await tab.getByLabel("Text", { exact: true }).fill("Line one.\n\nLine two, with *stars*.");

      const other = await tab.context().newPage();
      await other.goto(paths.posts);
      await other.getByRole("button", { name: "Sign out" }).click();
      if (!javaScriptEnabled) await other.getByRole("button", { name: "Sign out" }).click(); // Logto's page cannot send itself
      await expect(other.getByRole("link", { name: "Create an account" })).toBeVisible();

      expectRefusals(401);
      await tab.getByRole("button", { name: "Publish" }).click();
      await expect(tab.getByRole("heading", { name: "You are signed out" })).toBeVisible();
      await expect(tab.getByText("Line two, with *stars*.")).toBeVisible();

      const opened = tab.context().waitForEvent("page");
      await tab.getByRole("link", { name: "Sign in (opens a new tab)" }).click();
      await fillInSignIn(await opened, ann);
      await tab.getByRole("button", { name: "Send again" }).click();
      await expect(tab.getByRole("heading", { name: "A long thought", level: 1 })).toBeVisible();
      await expect(tab.getByRole("emphasis")).toHaveText("stars");
    });
  });
}

test("a page whose session is gone leads to the sign-in and comes back to the same place", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open(ann);
  await deafen(page);
  await page.goto(paths.posts);
  await untilHydrated(page);
  await page.context().clearCookies();
  expectRefusals(401);
  await page.getByRole("link", { name: "Write the first post" }).click();
  await fillInSignIn(page, ann);
  await expect(page).toHaveTitle("New post · Lamps");
});

test("a comment typed in a session that is gone is kept", async ({ world, open, expectRefusals }) => {
  const page = await open(castMember(world, "ada"));
  await deafen(page);
  await page.goto(paths.post(world.records.acme?.posts ?? ""));
  await page.getByLabel("Write a comment").fill("Just one thing.");
  await page.context().clearCookies();
  expectRefusals(401);
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await expect(page.getByText("Just one thing.")).toBeVisible();
});

test("a page that begins after somebody has left it leads them nowhere else", async ({ operator, open }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open(ann);
  await untilHydrated(page); // or the script of the page before would be held
  const script = await hold(page, "**/assets/entry.client-*.js");
  await page.goto(paths.posts, { waitUntil: "commit" });
  await expect(page.getByRole("heading", { name: "Posts", level: 1 })).toBeVisible();
  await script.asked;

  const signIn = await hold(page, `**${paths.signIn()}`);
  await page.evaluate((address) => location.assign(address), paths.signIn());
  await signIn.asked;
  const other = await page.context().newPage();
  await other.goto(paths.posts);
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("link", { name: "Create an account" })).toBeVisible();

  script.letGo();
  const isEvents = (request: { url(): string }) => new URL(request.url()).pathname === paths.events;
  await page.waitForResponse(isEvents); // it hears that nobody is signed in any more,
  await page.waitForRequest(isEvents); // and goes on to listen
  signIn.letGo();
  await expect(page.getByLabel("Password")).toBeVisible();
});

/** Keeps what is asked for at an address waiting until it is let go. */
async function hold(page: Page, address: string): Promise<{ asked: Promise<void>; letGo(): void }> {
  let arrive = () => {};
  let letGo = () => {};
  const asked = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(address, async (route) => {
    arrive();
    await released;
    await route.continue();
  });
  return { asked, letGo };
}
