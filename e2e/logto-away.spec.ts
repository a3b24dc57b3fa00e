// Logto does not answer: what is known already can be read, nothing can be changed, and nothing typed is lost.
import { paths } from "../app/paths";
import { expect, fillInSignIn, test, writePost } from "./journey";
import { deafen } from "./tabs";

// Every request asks Logto, so that its absence is felt at once.
test.use({ environment: { MEMBERSHIP_MAX_AGE_SECONDS: "0" } });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("a reader goes on reading, a writer keeps the text and sends it when Logto is back", async ({
      operator,
      open,
      outage,
      expectRefusals,
    }) => {
      const lamps = await operator.makeOrganization("Lamps");
      const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]), { javaScriptEnabled });
      await writePost(page, lamps, { title: "Bulbs", body: "Nine of them." });
      await deafen(page); // what it asks for by itself may still be answered
      await page.goto(paths.posts);
      await expect(page.getByText("Logto cannot be reached")).toHaveCount(0);
      await outage.begin();

      await page.getByRole("link", { name: "Bulbs" }).click();
      await expect(page.getByText("Nine of them.")).toBeVisible();
      await expect(
        page.getByText("Logto cannot be reached at the moment. You can read, but not change anything."),
      ).toBeVisible();

      expectRefusals(503);
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Text", { exact: true }).fill("Ten of them.");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("heading", { name: "We cannot check your access right now" })).toBeVisible();
      await expect(page.getByText("Ten of them.")).toBeVisible();

      await outage.end();
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByRole("heading", { name: "Bulbs", level: 1 })).toBeVisible();
      await expect(page.getByText("Ten of them.")).toBeVisible();
      await expect(page.getByText("Logto cannot be reached")).toHaveCount(0);
    });
  });
}

test("somebody who wants to sign in reads that Logto does not answer, and comes in when it is back", async ({
  operator,
  open,
  outage,
  expectRefusals,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open();
  await page.goto(paths.home);
  await outage.begin();
  expectRefusals(503);
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByText("Logto, which signs people in, does not answer at the moment.")).toBeVisible();

  await outage.end();
  await page.getByRole("link", { name: "Try again" }).click();
  await fillInSignIn(page, ann);
  await expect(page).toHaveTitle("Posts · Lamps");
});

test("somebody removed while Logto is away reads nothing, once Atrium was told", async ({
  operator,
  open,
  outage,
  expectRefusals,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open(ann);
  await writePost(page, lamps, { title: "Bulbs" });
  await deafen(page);
  await page.goto(paths.posts);
  await operator.removeMember(lamps, ann);
  await outage.begin();
  expectRefusals(503);
  await page.goto(paths.posts);
  await expect(page.getByRole("heading", { name: "We cannot check your access right now" })).toBeVisible();
  await expect(page.getByText("Bulbs")).toHaveCount(0);
});

test("somebody who signs out while Logto is away is signed out all the same", async ({ operator, open, outage }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]));
  await outage.begin();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Create an account" })).toBeVisible();
  expect((await page.request.get(paths.posts, { maxRedirects: 0 })).status()).toBe(302);
});
