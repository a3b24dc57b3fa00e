// One's own account: the theme, the sessions, leaving an organization one is not in, and the end of it all.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expect, test, writePost } from "./journey";
import { heading, press, told } from "./page";
import { makeLamps, makeLampsAndChairs } from "./stages";
import { deafen } from "./tabs";

const scheme = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("Ann finds her account at her name, and the theme that she chooses is there on every page at once", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled, colorScheme: "light" });
      await page.getByRole("link", { name: `Ann ${ann.email}` }).click();
      await expect(heading(page, "Your account")).toBeVisible();
      await expect(part(page, "You")).toContainText(ann.email);
      expect(await scheme(page)).toBe("light dark");

      await press(page, "Dark");
      await told(page, "The theme is changed, in this browser.");
      expect(await scheme(page)).toBe("dark");
      await page.goto(paths.posts);
      expect(await scheme(page)).toBe("dark");
      expectRefusals(404);
      await page.goto("/no/such/page");
      await expect(heading(page, "Not found")).toBeVisible();
      expect(await scheme(page)).toBe("dark");

      await page.goto(paths.account);
      await press(page, "As my device");
      await told(page, "The theme is changed, in this browser.");
      expect(await scheme(page)).toBe("light dark");
    });

    test("Ann signs out the phone that she has lost, and then everything but this browser", async ({
      world,
      operator,
      open,
    }) => {
      const { ann } = await makeLamps(operator);
      const phone = await open(ann, {
        userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) Version/18.5 Safari/604.1",
      });
      const tablet = await open(ann, { userAgent: "Mozilla/5.0 (iPad; CPU OS 18_5) Version/18.5 Safari/604.1" });
      const isIn = async (device: Page) => {
        const { status } = await device.request
          .get(world.baseUrl + paths.posts, { maxRedirects: 0 })
          .then((answer) => ({ status: answer.status() }));
        return status === 200;
      };
      const page = await open(ann, { javaScriptEnabled });
      await page.goto(paths.account);
      const sessions = part(page, "Where you are signed in").getByRole("listitem");
      await expect(sessions).toHaveCount(3);
      await expect(sessions.first()).toContainText("This one");
      await press(page, "Sign out Safari on iPhone");
      await told(page, "That session is signed out.");
      await expect(sessions).toHaveCount(2);
      expect([await isIn(phone), await isIn(tablet)]).toEqual([false, true]);

      await press(page, "Sign out everywhere but here");
      await told(page, "You are signed out everywhere but here.");
      await expect(sessions).toHaveCount(1);
      await expect(page.getByRole("button", { name: "Sign out everywhere but here" })).toHaveCount(0);
      expect([await isIn(tablet), await isIn(page)]).toEqual([false, true]);
    });

    test("Ann leaves an organization that she is not in at the moment: the way leads into it first", async ({
      operator,
      open,
    }) => {
      const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
      await operator.makePerson("Cat", [chairs, "Admin"]);
      const page = await open(ann, { javaScriptEnabled });
      await page.getByRole("main").getByRole("button", { name: "Lamps" }).click();
      await expect(page).toHaveTitle("Posts · Lamps");
      await page.goto(paths.account);
      await expect(part(page, "Your organizations").getByRole("listitem").filter({ hasText: "Lamps" })).toContainText(
        "Admin · You are here",
      );
      await press(page, "Switch to Chairs and leave it");
      await expect(page).toHaveTitle("Leave · Chairs");
      await press(page, "Leave Chairs");
      await told(page, "You have left Chairs.");
      await page.getByRole("main").getByRole("button", { name: lamps.name }).click();
      await expect(page).toHaveTitle("Posts · Lamps");
      await page.goto(paths.account);
      await expect(part(page, "Your organizations").getByRole("listitem")).toHaveCount(1);
    });

    test("Ann's account stays while Lamps needs her, and goes when Ben looks after it: her post stays under her name", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      const post = await writePost(page, lamps, { title: "By Ann" });
      await page.goto(paths.account);
      await page.getByRole("link", { name: "Delete your account" }).click();
      await expect(heading(page, "Delete your account?")).toBeVisible();
      const button = page.getByRole("button", { name: "Delete your account", exact: true });
      await expect(button).toHaveAccessibleDescription(/First somebody else has to manage the members of Lamps/);
      await press(page, "Go to the members of Lamps");
      await expect(page).toHaveTitle("Members · Lamps");

      await operator.addMember(lamps, ben, "Admin");
      await page.goto(paths.deleteAccount);
      const fates = page.getByRole("list", { name: "What becomes of your organizations" });
      await expect(fates).toContainText("What you published stays, under your name.");
      const confirmation = page.getByLabel(`Type ${ann.email} to confirm`);
      expectRefusals(422);
      await confirmation.fill("ann");
      await button.click();
      await expect(confirmation).toHaveAccessibleDescription(/Nothing was changed/);
      await expect(confirmation).toHaveValue("ann");
      await confirmation.fill(ann.email.toUpperCase());
      await button.click();
      await told(page, "Your account is deleted.");
      await page.goto(paths.signIn());
      expectRefusals(422);
      await page.getByLabel("E-mail address").fill(ann.email);
      await page.getByLabel("Password").fill(ann.password);
      await press(page, "Sign in");
      await expect(page.getByRole("alert")).toContainText("not right");

      const bens = await open(ben);
      await bens.goto(post);
      await expect(heading(bens, "By Ann")).toBeVisible();
      await expect(bens.getByRole("main")).toContainText("Ann");
      await bens.goto(paths.members);
      await expect(bens.getByText("1 member", { exact: true })).toBeVisible();
    });
  });
}

test("an organization goes along that nobody else is in, and the page says so first", async ({ operator, open }) => {
  const dora = await operator.makePerson("Dora");
  const page = await open(dora);
  await expect(page).toHaveTitle("Posts · Dora's organization");
  await page.goto(paths.deleteAccount);
  await expect(page.getByRole("list", { name: "What becomes of your organizations" })).toContainText(
    "Is deleted too, with every post, comment and invitation: nobody else is in it.",
  );
  await page.getByLabel(`Type ${dora.email} to confirm`).fill(dora.email);
  await press(page, "Delete your account and Dora's organization");
  await told(page, "Your account is deleted.");
});

test("somebody who joins while the page is open keeps the organization: Dora is asked anew", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const shelves = await operator.makeOrganization("Shelves");
  const dora = await operator.makePerson("Dora", [shelves, "Admin"]);
  const page = await open(dora);
  await deafen(page); // else the page shows it before the button is pressed
  await page.goto(paths.deleteAccount);
  await page.getByLabel(`Type ${dora.email} to confirm`).fill(dora.email);
  const ed = await operator.makePerson("Ed", [shelves, "Collaborator"]);
  expectRefusals(409);
  await press(page, "Delete your account and Shelves");
  await expect(page.getByRole("alert")).toContainText("Your account was not deleted");
  await expect(page.getByRole("button", { name: "Delete your account", exact: true })).toHaveAccessibleDescription(
    /manage the members of Shelves/,
  );
  const eds = await open(ed);
  await expect(eds).toHaveTitle("Posts · Shelves");
});
