// What Admins set for their organization, the export of everything, and the end of an organization.
import { readFileSync } from "node:fs";
import { paths } from "../app/paths";
import { expect, sendForm, switcher, test, writePost } from "./journey";
import { addressOf, invitationOf, invite, linkTo } from "./outbox";
import { heading, press } from "./page";
import { makeLamps } from "./stages";
import { unzip } from "./unzip";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("Ann renames and colours the organization, and every page shows it", async ({ operator, open }) => {
      const { ann, ben } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      await page.getByRole("link", { name: "Settings" }).click();
      await expect(heading(page, "Settings")).toBeVisible();
      await page.getByRole("textbox", { name: "Name" }).fill("Lights & Lamps");
      await press(page, "Rename");
      await expect(page.getByText("The organization has its new name.")).toBeVisible();
      await expect(page).toHaveTitle("Settings · Lights & Lamps");
      await page.getByLabel("Pink").check();
      await press(page, "Change the colour");
      await expect(page.getByText("The colour is changed.")).toBeVisible();
      await expect(page.getByLabel("Pink")).toBeChecked();
      const bens = await open(ben);
      await bens.goto(paths.posts);
      await expect(bens).toHaveTitle("Posts · Lights & Lamps");
    });

    test("Ann sets with what an invitation begins and whose addresses are invited", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { lamps, ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      await page.goto(paths.settings);
      await page.getByRole("radio", { name: "Admin" }).check();
      await page.getByLabel("Days until a new invitation expires").fill("3");
      await press(page, "Save for new invitations");
      await expect(page.getByText("New invitations now begin with this role and this time.")).toBeVisible();
      await page.goto(paths.invite);
      await expect(page.getByRole("radio", { name: "Admin" })).toBeChecked();
      await expect(page.getByLabel("Days until it expires")).toHaveValue("3");

      await page.goto(paths.settings);
      expectRefusals(422);
      await page.getByLabel("Domains whose addresses may be invited").fill("no domain");
      await press(page, "Save the domains");
      await expect(page.getByText("“no” and “domain” are not domains.")).toBeVisible();
      await expect(page.getByLabel("Domains whose addresses may be invited")).toHaveValue("no domain");
      await page.getByLabel("Domains whose addresses may be invited").fill("@Example.org");
      await press(page, "Save the domains");
      await expect(page.getByText("Who can be invited is changed.")).toBeVisible();
      await expect(page.getByLabel("Domains whose addresses may be invited")).toHaveValue("example.org");
      const refused = await sendForm(page, lamps, paths.invite, invitationOf(addressOf("nora")));
      expect(await refused.text()).toContain("the settings allow only addresses of certain domains");
    });

    test("Ann fetches a file with everything, Ben's drafts too", async ({ operator, open }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      await writePost(await open(ben), lamps, { title: "Half a thought", status: "draft" });
      const page = await open(ann, { javaScriptEnabled });
      await page.goto(paths.exports);
      await expect(page.getByText("The drafts of all members are in it too")).toBeVisible();
      await press(page, "Export everything");
      const link = page.getByRole("link", { name: "Download the ZIP file" });
      if (!javaScriptEnabled) {
        await expect(page.getByRole("link", { name: "See how far it is" }).or(link)).toBeVisible();
        await expect
          .poll(async () => {
            await page.goto(paths.exports);
            return link.count();
          })
          .toBe(1);
      }
      await expect(link).toBeVisible();
      const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
      expect(download.suggestedFilename()).toMatch(/^atrium-export-\d{4}-\d\d-\d\d\.zip$/);
      const posts = JSON.parse(unzip(readFileSync(await download.path())).get("posts.json") ?? "");
      expect(posts).toMatchObject([{ title: "Half a thought", status: "draft" }]);
    });

    test("Ann asks for the deletion, everybody is told, nobody is invited, and Ann undoes it", async ({
      world,
      operator,
      open,
      expectRefusals,
    }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      const nora = await operator.makePerson("Nora");
      const page = await open(ann, { javaScriptEnabled });
      await invite(page, lamps, nora.email);
      await page.goto(paths.deleteOrganization);
      await expect(page.getByRole("main")).toContainText("2 members lose their access");
      await expect(page.getByRole("link", { name: "Export everything first" })).toBeVisible();
      expectRefusals(422);
      await page.getByLabel("To confirm, type the name: Lamps").fill("lamps");
      await press(page, "Delete Lamps");
      await expect(page.getByText("This is not its name. To delete it, type “Lamps”.")).toBeVisible();
      await page.getByLabel("To confirm, type the name: Lamps").fill("Lamps");
      await press(page, "Delete Lamps");
      await expect(page.getByText("The organization will be deleted. Until then it can be undone here.")).toBeVisible();

      const bens = await open(ben);
      await bens.goto(paths.posts);
      await expect(bens.getByText("Save what you still need.")).toBeVisible();
      await expect(bens.getByRole("button", { name: "Keep Lamps" })).toHaveCount(0);
      const refused = await sendForm(page, lamps, paths.invite, invitationOf(addressOf("late")));
      expect(await refused.text()).toContain("the organization is going to be deleted");
      const noras = await open(nora);
      const waits = noras.getByText(
        "Lamps is going to be deleted, so nobody can join it now. Ask Ann whether that is meant.",
      );
      await expect(waits).toBeVisible();
      await expect(noras.getByRole("button", { name: /^Join / })).toHaveCount(0);
      const link = await linkTo(world, nora.email);
      await noras.goto(link);
      await expect(heading(noras, "You cannot join Lamps now")).toBeVisible();
      await expect(waits).toBeVisible();
      await expect(noras.getByRole("button", { name: /Join|Decline/ })).toHaveCount(0);
      const accepted = await noras.request.post(link, { headers: { Origin: new URL(link).origin }, maxRedirects: 0 });
      expect(accepted.status()).toBe(409);
      expect(await accepted.text()).toContain("You have not joined. Lamps is going to be deleted");

      await page.goto(paths.posts);
      await press(page, "Keep Lamps");
      await expect(page.getByText("The organization stays. Nothing of it was deleted.")).toBeVisible();
      await noras.goto(await linkTo(world, nora.email));
      await press(noras, "Join Lamps as Collaborator");
      await expect(noras.getByText("You are a Collaborator of Lamps.")).toBeVisible();
    });
  });
}

test("a Collaborator has no settings: no link, and every address answers 403", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ben);
  await expect(page.getByRole("link", { name: "Members" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Settings" })).toHaveCount(0);
  expectRefusals(403);
  for (const path of [paths.settings, paths.exports, paths.deleteOrganization]) {
    await page.goto(path);
    await expect(heading(page, "You may not do this")).toBeVisible();
  }
  for (const path of [
    ...[paths.organizationName, paths.organizationColour, paths.invitationDefaults, paths.invitationDomains],
    ...[paths.exports, paths.deleteOrganization, paths.undoDeletion],
  ])
    expect((await sendForm(page, lamps, path, { name: "Lamps" })).status(), path).toBe(403);
  const anns = await open(ann);
  expect((await sendForm(anns, lamps, paths.undoDeletion)).status(), "Ann may").toBe(302);
});

test("on the pages of another organization one is told, too", async ({ operator, open }) => {
  const { lamps, ann } = await makeLamps(operator);
  const chairs = await operator.makeOrganization("Chairs");
  await operator.addMember(chairs, ann, "Collaborator");
  const page = await open(ann);
  await page.getByRole("main").getByRole("button", { name: "Lamps" }).click();
  await expect(switcher(page, "Lamps")).toBeVisible();
  expect((await sendForm(page, lamps, paths.deleteOrganization, { name: "Lamps" })).status()).toBe(302);
  await page.goto(paths.organizations);
  await page.getByRole("main").getByRole("button", { name: "Chairs" }).click();
  await expect(page.getByText("Lamps, another of your organizations, will be deleted")).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep Lamps" })).toHaveCount(0);
});
