// Being in several organizations: switching, with another tab open too, creating one, and losing one.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { castMember, expect, switchTo, switcher, test, writePost } from "./journey";
import { deafen } from "./tabs";
import { makeLampsAndChairs } from "./stages";

const enter = async (page: Page, name: string) => {
  await page.goto(paths.organizations);
  await page.getByRole("main").getByRole("button", { name }).click();
  await expect(page).toHaveTitle(`Posts · ${name}`);
};

test("Bob switches between Acme and Globex, each with its name, its colour and his role there", async ({
  world,
  open,
}) => {
  const page = await open(castMember(world, "bob"));
  const colours: string[] = [];
  for (const { name, letter, role, other } of [
    { name: "Acme", letter: "A", role: "Collaborator", other: "Globex" },
    { name: "Globex", letter: "G", role: "Admin", other: "Acme" },
  ]) {
    await enter(page, name);
    await expect(switcher(page, name)).toHaveAccessibleDescription(role);
    const mark = switcher(page, name).getByText(letter, { exact: true });
    colours.push(await mark.evaluate((element) => getComputedStyle(element).backgroundColor));
    await page.getByRole("link", { name: "New post" }).click();
    await expect(page).toHaveTitle(`New post · ${name}`);
    await switchTo(page, name, other);
    await expect(page, "a page that every organization has stays").toHaveTitle(`New post · ${other}`);
  }
  expect(colours[0]).not.toBe(colours[1]);
});

test("a page of one record falls back to its list after a switch", async ({ operator, open }) => {
  const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
  const page = await open(ann);
  await enter(page, lamps.name);
  const path = await writePost(page, lamps, { title: "Bulbs" });
  for (const place of [path, `${path}/edit`, `${path}/delete`]) {
    await page.goto(place);
    await switchTo(page, lamps, chairs);
    await expect(page).toHaveURL(paths.posts);
    await expect(page).toHaveTitle("Posts · Chairs");
    await enter(page, lamps.name);
  }
});

test("somebody in one organization has no menu of them, and can create another", async ({ operator, open }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Collaborator"]));
  await expect(page.getByRole("banner")).toContainText("Lamps");
  await expect(switcher(page, lamps)).toHaveCount(0);
  await page.getByRole("link", { name: "Create organization" }).click();
  await expect(page.getByRole("heading", { name: "Create an organization" })).toBeVisible();
});

test("the creator of an organization is its Admin; a name that cannot be is refused with what was typed", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Collaborator"]));
  await page.goto(paths.newOrganization);
  const name = page.getByLabel("Name", { exact: true });
  const create = page.getByRole("button", { name: "Create organization" });
  expectRefusals(422);

  await name.fill("   ");
  await create.click();
  await expect(name).toHaveAccessibleDescription(/Give the organization a name/);
  await name.fill("x".repeat(129));
  await create.click();
  await expect(name).toHaveAccessibleDescription(/at most 128 characters/);
  await expect(name).toHaveValue("x".repeat(129));

  await name.fill(`  ${"y".repeat(128)}  `);
  await create.click();
  await expect(page).toHaveTitle(`Posts · ${"y".repeat(128)}`);
  await expect(switcher(page, "y".repeat(128))).toHaveAccessibleDescription("Admin");
  await expect(page.getByText("No posts yet")).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("a form of a tab left behind is refused with its text kept, and can be sent after switching back", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
      const tab = await open(ann, { javaScriptEnabled });
      await enter(tab, lamps.name);
      await typePost(tab);
      await moveInAnotherTab(tab, lamps.name, chairs.name);

      expectRefusals(409);
      await tab.getByRole("button", { name: "Publish" }).click();
      await expectStale(tab);

      await tab.getByRole("button", { name: "Switch back to Lamps" }).click();
      await expect(tab.getByRole("heading", { name: "You have switched back" })).toBeVisible();
      await expect(tab.getByText("Written for Lamps.")).toBeVisible();
      await expect(switcher(tab, lamps)).toBeVisible();
      await tab.getByRole("button", { name: "Send it now" }).click();
      await expect(tab).toHaveTitle("Half a thought · Lamps");
      await expect(tab.getByRole("main")).toContainText("Written for Lamps.");

      await enter(tab, chairs.name);
      await expect(tab.getByText("No posts yet")).toBeVisible();
    });

    test("a form of a tab left behind writes nothing when its author stays where they are now", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
      const tab = await open(ann, { javaScriptEnabled });
      await enter(tab, lamps.name);
      await typePost(tab);
      await moveInAnotherTab(tab, lamps.name, chairs.name);

      expectRefusals(409);
      await tab.getByRole("button", { name: "Save draft" }).click();
      await expectStale(tab);
      await tab.getByRole("link", { name: "Stay in Chairs" }).click();
      await expect(tab).toHaveTitle("Posts · Chairs");
      await expect(tab.getByText("No posts yet")).toBeVisible();
      await enter(tab, lamps.name);
      await expect(tab.getByText("No posts yet")).toBeVisible();
    });
  });
}

async function typePost(page: Page) {
  await page.goto(paths.newPost);
  await page.getByLabel("Title", { exact: true }).fill("Half a thought");
  await page.getByLabel("Text", { exact: true }).fill("Written for Lamps.");
}

async function moveInAnotherTab(tab: Page, from: string, to: string) {
  const other = await tab.context().newPage();
  await other.goto(paths.posts);
  await switchTo(other, from, to);
  await other.close();
}

async function expectStale(page: Page) {
  await expect(page.getByRole("heading", { name: "This page belongs to another organization" })).toBeVisible();
  await expect(page.getByText("This page belongs to Lamps. You are now in Chairs.")).toBeVisible();
  await expect(page.getByText("Half a thought")).toBeVisible();
  await expect(page.getByText("Written for Lamps.")).toBeVisible();
}

test("a link in a tab left behind loads the page whole, with nothing of the other organization", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
  const tab = await open(ann);
  await enter(tab, lamps.name);
  const path = await writePost(tab, lamps, { title: "Bulbs", body: "Nine of them." });
  await deafen(tab);
  await tab.reload();
  await moveInAnotherTab(tab, lamps.name, chairs.name);
  expectRefusals(409, 404);

  const loaded = tab.waitForEvent("load");
  await tab.getByRole("link", { name: "Bulbs" }).click();
  await loaded;
  await expect(tab).toHaveURL(path);
  await expect(tab.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect(switcher(tab, chairs)).toBeVisible();
  await expect(tab.getByText(/Bulbs|Lamps|Nine of them/).filter({ visible: true })).toHaveCount(0);
});

test("a tab left behind that goes back in its history shows the organization of now", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
  const tab = await open(ann);
  await enter(tab, lamps.name);
  await writePost(tab, lamps, { title: "Bulbs" });
  await deafen(tab);
  await tab.reload();
  await tab.getByRole("link", { name: "New post" }).click();
  await expect(tab).toHaveTitle("New post · Lamps");
  await moveInAnotherTab(tab, lamps.name, chairs.name);
  expectRefusals(409);

  await tab.goBack();
  await expect(tab).toHaveTitle("Posts · Chairs");
  await expect(switcher(tab, chairs)).toBeVisible();
  await expect(tab.getByText("Bulbs")).toHaveCount(0);
});

test("somebody removed by an operator is led from an open page to their other organizations, and is told why", async ({
  operator,
  open,
}) => {
  const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
  const page = await open(ann);
  await enter(page, lamps.name);
  await writePost(page, lamps, { title: "Bulbs" });
  await deafen(page);
  await page.reload();
  await operator.removeMember(lamps, ann);

  await page.getByRole("link", { name: "Bulbs" }).click();
  await expect(page.getByRole("heading", { name: "Choose an organization" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveText("You no longer have access to Lamps.");
  await expect(page.getByRole("main").getByRole("listitem")).toHaveText([/Chairs/]);
  await expect(page.getByText("You are here")).toHaveCount(0);

  await page.goto(paths.posts);
  await expect(page, "nobody is moved silently").toHaveURL(paths.organizations);
  await page.getByRole("button", { name: chairs.name }).click();
  await expect(page).toHaveTitle("Posts · Chairs");
});

test("somebody removed while writing keeps the text and may go elsewhere", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, lamps } = await makeLampsAndChairs(operator);
  const page = await open(ann);
  await enter(page, lamps.name);
  await deafen(page);
  await typePost(page);
  await operator.removeMember(lamps, ann);
  expectRefusals(403);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { name: "You no longer have access to Lamps" })).toBeVisible();
  await expect(page.getByText("Written for Lamps.")).toBeVisible();
  await page.getByRole("link", { name: "Choose an organization" }).click();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveText([/Chairs/]);
});

test("somebody whose only organization is deleted by an operator is told so and may create one", async ({
  operator,
  open,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]));
  await deafen(page);
  await page.reload();
  await operator.deleteOrganization(lamps);
  await page.getByRole("link", { name: "Write the first post" }).click();
  await expect(page.getByRole("alert")).toHaveText("You no longer have access to Lamps.");
  await expect(page.getByRole("heading", { name: "You are in no organization yet" })).toBeVisible();
  await page.getByRole("button", { name: "Set up my organization" }).click();
  await expect(page).toHaveTitle("Posts · Ann's organization");
});

test("somebody who is not a member cannot switch into an organization, known or not", async ({ operator, open }) => {
  const [lamps, chairs] = [await operator.makeOrganization("Lamps"), await operator.makeOrganization("Chairs")];
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open(ann);
  const ask = (organization: string) =>
    page.request.post(paths.switchOrganization, {
      form: { organization },
      headers: { Origin: new URL(page.url()).origin },
      maxRedirects: 0,
    });
  expect((await ask(lamps.id)).status()).toBe(302);
  expect((await ask(chairs.id)).status()).toBe(404);
  expect((await ask("abcdefghijkl")).status()).toBe(404);
  await page.reload();
  await expect(page).toHaveTitle("Posts · Lamps");
});
