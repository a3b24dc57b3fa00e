// The audit log: an Admin reads who did what, filters it and takes it along; a Collaborator does not get to it.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expect, sendForm, test, writePost } from "./journey";
import { addressOf, invite } from "./outbox";
import { heading, press, row } from "./page";
import { makeLamps } from "./stages";

const table = (page: Page) => page.getByRole("table", { name: "Audit log, newest first" });
const lines = (page: Page) => table(page).getByRole("row");
const inSidebar = (page: Page) =>
  page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Audit log" });

async function download(page: Page, name: string) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("Ann reads who did what to whom, filters it, and takes the filtered lines along", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      const bens = await open(ben, { javaScriptEnabled });
      const byAnn = await writePost(page, lamps, { title: "=Ann's formula" });
      await writePost(bens, lamps, { title: "Half a thought", status: "draft" });
      const nora = addressOf("nora");
      await invite(page, lamps, nora);
      const refused = await sendForm(bens, lamps, `${byAnn}/archive`);
      expect(refused.status(), "it is not Ben's").toBe(403);
      const removed = await sendForm(page, lamps, paths.removeMember(ben.id));
      expect(removed.status()).toBe(302);

      await page.goto(paths.posts);
      await inSidebar(page).click();
      await expect(page).toHaveTitle("Audit log · Lamps");
      await expect(lines(page)).toHaveCount(7);
      const archived = row(page, "Archived a post");
      await expect(archived).toContainText("Ben");
      await expect(archived).toContainText("=Ann's formula");
      await expect(archived).toContainText("Refused");
      await expect(archived).toContainText("It was somebody else's");
      await expect(row(page, "Invited somebody")).toContainText(nora);
      await expect(row(page, "Removed a member")).toHaveCount(2);
      await expect(row(page, "Removed a member").filter({ hasText: "Asked for" })).toHaveCount(1);
      await expect(table(page)).not.toContainText("Half a thought");

      await page.getByRole("combobox", { name: "Who", exact: true }).selectOption("Ben");
      await press(page, "Search");
      await expect(lines(page)).toHaveCount(3);
      await page.getByLabel("Result").selectOption("Refused");
      await press(page, "Search");
      await expect(lines(page)).toHaveCount(2);
      await expect(page.getByRole("combobox", { name: "Who", exact: true })).toHaveValue(/.+/);

      const csv = await download(page, "CSV");
      expect(csv.name).toMatch(/^Lamps.*-audit-log\.csv$/);
      const [headings, line, ...rest] = csv.text.trim().split("\r\n");
      expect(headings).toContain("at,actorName,actorEmail,action");
      expect(line).toContain(`Ben,${ben.email},posts.archive,post,'=Ann's formula`);
      expect(rest).toEqual([]);
      const json = await download(page, "JSON");
      expect(JSON.parse(json.text)).toMatchObject([
        { actorName: "Ben", action: "posts.archive", result: "refused", reason: "not-yours" },
      ]);

      await page.getByLabel("To whom or what").fill("nobody of this name");
      await press(page, "Search");
      await expect(page.getByText("No line matches")).toBeVisible();
      await page.getByRole("link", { name: "Show the whole log" }).click();
      await expect(lines(page)).toHaveCount(7);

      expectRefusals(400);
      await page.goto(`${paths.audit}?from=2026-02-30&target=formula`);
      await expect(page.getByText("This is no day. Write it as 2026-11-30.")).toBeVisible();
      await expect(page.getByLabel("First day (UTC)"), "what was typed is kept").toHaveValue("2026-02-30");
      await page.getByLabel("First day (UTC)").fill("2026-02-28");
      await press(page, "Search");
      await expect(lines(page)).toHaveCount(3);
    });

    test("Ben, who is a Collaborator, finds no link to it and is refused", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann, ben } = await makeLamps(operator);
      const page = await open(ben, { javaScriptEnabled });
      await page.goto(paths.posts);
      await expect(page.getByRole("link", { name: "Members" })).toBeVisible();
      await expect(inSidebar(page)).toHaveCount(0);
      expectRefusals(403);
      for (const path of [paths.audit, paths.auditCsv, paths.auditJson]) {
        await page.goto(path);
        await expect(heading(page, "You may not do this")).toBeVisible();
      }
      const anns = await open(ann, { javaScriptEnabled });
      await anns.goto(paths.audit);
      await expect(anns.getByText("Nothing was done yet")).toBeVisible();
    });
  });
}

test("Ann reads a long log page by page, while more is added", async ({ operator, open }) => {
  const { lamps, ann } = await makeLamps(operator);
  const page = await open(ann);
  for (let count = 1; count <= 55; count += 1) await writePost(page, lamps, { title: `Post ${count}` });
  await page.goto(paths.audit);
  await expect(lines(page)).toHaveCount(51);
  await expect(row(page, "Post 6")).toBeVisible();
  await writePost(page, lamps, { title: "Meanwhile" });
  await page.getByRole("link", { name: "Older" }).click();
  await expect(lines(page)).toHaveCount(6);
  await expect(row(page, "Post 5")).toBeVisible();
  await expect(row(page, "Post 6")).toHaveCount(0);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(row(page, "Meanwhile")).toBeVisible();
});
