// Members: who is here, changing what they may do, removing them, and leaving.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expect, sendForm, test, writePost } from "./journey";
import { invitationsTo } from "./outbox";
import { heading, press } from "./page";
import { makeLamps } from "./stages";

const table = (page: Page) => page.getByRole("table", { name: "Members" });
const row = (page: Page, name: string) =>
  table(page)
    .getByRole("row")
    .filter({ has: page.getByText(name, { exact: true }) });
const done = (page: Page) => page.getByRole("status");

async function inMenu(page: Page, name: string, entry: string) {
  await page.getByLabel(`What can be done with ${name}`).click();
  await row(page, name).getByRole("link", { name: entry }).click();
}

test("members are listed with their role, searched, filtered and read page by page", async ({ operator, open }) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  for (let count = 10; count < 30; count += 1) await operator.makePerson(`Person${count}`, [lamps, "Collaborator"]);
  const page = await open(ann);
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Members" }).click();
  await expect(page).toHaveTitle("Members · Lamps");
  await expect(page.getByText("22 members", { exact: true })).toBeVisible();
  await expect(table(page).getByRole("row")).toHaveCount(21);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(table(page).getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("link", { name: "Next" })).toHaveCount(0);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(table(page).getByRole("row")).toHaveCount(21);

  const search = page.getByRole("button", { name: "Search" });
  await page.getByLabel("Search by name or e-mail address").fill(ben.email.slice(0, 12));
  await search.click();
  await expect(table(page).getByRole("row")).toHaveCount(2);
  await expect(row(page, "Ben")).toContainText("Not seen yet");
  await page.getByLabel("Search by name or e-mail address").fill("nobody of this name");
  await search.click();
  await expect(page.getByText("No member matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all members" }).click();
  await expect(table(page).getByRole("row")).toHaveCount(21);
  await page.getByRole("combobox", { name: "Role" }).selectOption("Admin");
  await search.click();
  await expect(table(page).getByRole("row")).toHaveCount(2);
  await expect(row(page, "Ann")).toContainText("You");
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("Ann makes Ben an Admin and a Collaborator again, reads first what changes, and Ben's pages follow", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      const bens = await open(ben, { javaScriptEnabled });
      const byAnn = await writePost(page, lamps, { title: "By Ann" });
      await bens.goto(paths.members);
      await expect(bens.getByText("Ask Ann to invite someone.")).toBeVisible();
      await expect(bens.getByLabel("What can be done with Ann")).toHaveCount(0);

      await page.goto(paths.members);
      await page.getByLabel("Role of Ben: Collaborator").click();
      await row(page, "Ben")
        .getByRole("link", { name: /^Admin/ })
        .click();
      await expect(heading(page, "Make Ben Admin of Lamps?")).toBeVisible();
      await expect(page.getByRole("region", { name: "What Ben gains" })).toContainText(
        "change roles and remove people",
      );
      await expect(page.getByRole("region", { name: "What Ben loses" })).toHaveCount(0);
      await press(page, "Make Ben Admin");
      await expect(done(page)).toContainText("Ben is now Admin of Lamps.");
      await expect(row(page, "Ben")).toContainText("Admin");

      await bens.goto(byAnn);
      await expect(bens.getByRole("link", { name: "Delete" }), "an Admin deletes anyone's post").toBeVisible();
      await bens.goto(paths.members);
      await expect(bens.getByRole("link", { name: "Invite people" }).first()).toBeVisible();

      await inMenu(page, "Ben", "Change role");
      await expect(heading(page, "Change the role of Ben")).toBeVisible();
      await page.getByLabel("Collaborator").check();
      await press(page, "Continue");
      await expect(page.getByRole("region", { name: "What Ben loses" })).toContainText("invite people");
      await press(page, "Make Ben Collaborator");
      await expect(done(page)).toContainText("Ben is now Collaborator of Lamps.");

      await bens.goto(byAnn);
      await expect(bens.getByRole("link", { name: "Delete" })).toHaveCount(0);
      await bens.goto(paths.members);
      await expect(bens.getByText("Ask Ann to invite someone.")).toBeVisible();
      expectRefusals(403);
      await bens.goto(paths.invite);
      await expect(heading(bens, "You may not do this")).toBeVisible();
    });

    test("Ann removes Ben, reads first what goes and what stays, and Ben is out at once", async ({
      world,
      operator,
      open,
    }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      const bens = await open(ben, { javaScriptEnabled });
      await writePost(bens, lamps, { title: "By Ben" });
      await writePost(bens, lamps, { title: "Half done", status: "draft" });
      await page.goto(paths.members);
      await inMenu(page, "Ben", "Remove Ben");
      await expect(heading(page, "Remove Ben from Lamps?")).toBeVisible();
      await expect(page.getByRole("main")).toContainText(`Ben (${ben.email}) loses access to Lamps at once.`);
      await expect(page.getByRole("main")).toContainText("1 draft that nobody else can see.");
      await expect(page.getByRole("main")).toContainText("1 published post and all comments, under Ben's name.");
      await press(page, "Remove Ben");
      await expect(done(page)).toContainText("has no access any more");
      await expect(row(page, "Ben")).toHaveCount(0);
      await page.goto(paths.posts);
      await expect(page.getByRole("table")).toContainText("By Ben");

      if (!javaScriptEnabled) await bens.goto(paths.posts);
      await expect(bens.getByRole("alert")).toHaveText("You no longer have access to Lamps. Ann has removed you.");
      expect(await invitationsTo(world, ben.email)).toHaveLength(0);
    });
  });
}

test("somebody always manages the members: the only one neither leaves nor steps down", async ({ operator, open }) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const reason = /^You are the only one who manages the members\./;
  await page.goto(paths.members);
  await page.getByLabel("What can be done with Ann").click();
  await expect(row(page, "Ann").getByText(reason).filter({ visible: true })).toBeVisible();
  await expect(row(page, "Ann").getByRole("link", { name: /Leave|Change role/ })).toHaveCount(0);

  await page.goto(paths.leave);
  const leave = page.getByRole("button", { name: "Leave Lamps" });
  await expect(leave).toBeDisabled();
  await expect(leave).toHaveAccessibleDescription(reason);
  const sent = await sendForm(page, lamps, paths.leave);
  expect(sent.status()).toBe(409);
  expect(await sent.text()).toContain("Nothing was changed: nobody else manages the members.");

  await page.goto(paths.memberRole(ann.id));
  await page.getByLabel("Collaborator").check();
  await press(page, "Continue");
  await expect(page.getByRole("button", { name: "Make Ann Collaborator" })).toBeDisabled();
  const roleId = new URL(page.url()).searchParams.get("to") ?? "";
  expect((await sendForm(page, lamps, paths.memberRole(ann.id), { role: roleId })).status()).toBe(409);

  await page.goto(paths.memberRole(ben.id));
  await page.getByLabel("Admin").check();
  await press(page, "Continue");
  await press(page, "Make Ben Admin");
  await expect(done(page)).toContainText("Ben is now Admin");
  await page.getByLabel("What can be done with Ann").click();
  const ownRole = row(page, "Ann").getByText("You cannot change your own role. Ask Ben.");
  await expect(ownRole.filter({ visible: true })).toBeVisible();
  await row(page, "Ann").getByRole("link", { name: "Leave Lamps" }).click();
  await press(page, "Leave Lamps");
  await expect(heading(page, "You are in no organization yet")).toBeVisible();
  await expect(done(page)).toContainText("You have left Lamps.");
  await page.goto(paths.posts);
  await expect(page).toHaveURL(paths.organizations);
});

test("two Admins who demote each other at once leave one of them", async ({ operator, open }) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const carl = await operator.makePerson("Carl", [lamps, "Admin"]);
  const [anns, carls] = [await open(ann), await open(carl)];
  await anns.goto(paths.memberRole(ben.id));
  const collaborator = await anns.getByLabel("Collaborator").inputValue();
  const answers = await Promise.all([
    sendForm(anns, lamps, paths.memberRole(carl.id), { role: collaborator }),
    sendForm(carls, lamps, paths.memberRole(ann.id), { role: collaborator }),
  ]);
  expect(answers.filter((answer) => answer.status() === 302)).toHaveLength(1);
  const bens = await open(ben);
  await bens.goto(paths.members);
  await expect(table(bens).getByRole("row").filter({ hasText: "Admin" })).toHaveCount(1);
});

test("a member of another organization is not found, as one who never was", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const chairs = await operator.makeOrganization("Chairs");
  const carl = await operator.makePerson("Carl", [chairs, "Collaborator"]);
  const page = await open(ann);
  expectRefusals(404);
  await page.goto(paths.removeMember(ben.id));
  await expect(heading(page, "Remove Ben from Lamps?")).toBeVisible();
  for (const id of [carl.id, "a".repeat(carl.id.length)]) {
    for (const path of [paths.memberRole(id), paths.removeMember(id)]) {
      await page.goto(path);
      await expect(heading(page, "Not found")).toBeVisible();
      expect((await sendForm(page, lamps, path, { role: "any" })).status()).toBe(404);
    }
  }
});
