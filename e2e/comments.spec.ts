// Comments under a post: writing, changing and deleting one's own, and what an Admin may do.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expect, sendForm, test, writePost } from "./journey";
import { makeLamps } from "./stages";

const comments = (page: Page) => page.getByRole("region", { name: "Comments" }).getByRole("article");

async function say(page: Page, text: string) {
  await page.getByLabel("Write a comment").fill(text);
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(comments(page).filter({ hasText: text })).toBeVisible();
  await expect(page.getByLabel("Write a comment")).toHaveValue("");
}

/** The path of the only comment by this author that the page's person may edit. */
async function pathOfComment(page: Page, author: string): Promise<string> {
  const link = page.getByRole("link", { name: `Edit the comment by ${author}` });
  return (await link.getAttribute("href")) ?? "";
}

test("two people discuss a post, and each changes and deletes their own words", async ({ operator, open }) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const anns = await open(ann);
  const bens = await open(ben);
  const path = await writePost(anns, lamps, { title: "Bulbs" });
  await bens.goto(path);
  await expect(bens.getByText("Nobody has said anything yet.")).toBeVisible();
  await say(bens, "How many?");
  await anns.goto(path);
  await say(anns, "Nine.");
  await expect(comments(anns)).toHaveText([/Ben.*How many\?/, /Ann.*Nine\./]);

  await bens.getByRole("link", { name: "Edit the comment by Ben" }).click();
  await expect(bens.getByLabel("Comment", { exact: true })).toHaveValue("How many?");
  await bens.getByLabel("Comment", { exact: true }).fill("How many, and when?");
  await bens.getByRole("button", { name: "Save" }).click();
  await expect(bens.getByText("Your comment is saved.")).toBeVisible();
  await expect(comments(bens).first()).toContainText("How many, and when?");
  await expect(comments(bens).first()).toContainText("edited");

  await bens.getByLabel("Delete the comment by Ben").click();
  await expect(bens.getByText("Delete the comment by Ben? That cannot be undone.")).toBeVisible();
  await bens.getByRole("button", { name: "Delete comment" }).click();
  await expect(bens.getByText("The comment is deleted.")).toBeVisible();
  await expect(comments(bens)).toHaveText([/Ann.*Nine\./]);

  await bens.goto(paths.posts);
  await expect(bens.getByRole("row", { name: "Bulbs" }).getByRole("cell", { name: "1", exact: true })).toBeVisible();
});

test("an Admin deletes anyone's comment; a Collaborator only their own", async ({ operator, open, expectRefusals }) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const anns = await open(ann);
  const bens = await open(ben);
  const path = await writePost(anns, lamps, { title: "Bulbs" });
  await anns.goto(path);
  await say(anns, "By Ann.");
  const byAnn = await pathOfComment(anns, "Ann");
  await bens.goto(path);
  await say(bens, "By Ben.");
  expectRefusals(403);

  await expect(bens.getByRole("link", { name: "Edit the comment by Ann" })).toHaveCount(0);
  await expect(bens.getByLabel("Delete the comment by Ann")).toHaveCount(0);
  await bens.goto(byAnn);
  await expect(bens.getByRole("heading", { name: "You may not do this" })).toBeVisible();
  expect((await sendForm(bens, lamps, byAnn, { body: "Mine now", version: "1" })).status()).toBe(403);
  expect((await sendForm(bens, lamps, `${byAnn}/delete`)).status()).toBe(403);

  await anns.goto(path);
  await anns.getByLabel("Delete the comment by Ben").click();
  await anns.getByRole("button", { name: "Delete comment" }).click();
  await expect(anns.getByText("The comment is deleted.")).toBeVisible();
  await expect(comments(anns)).toHaveText([/By Ann\./]);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("a comment that is not right comes back with a sentence and its text kept", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann, lamps } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      await page.goto(await writePost(page, lamps, { title: "Bulbs", body: "Nine of them." }));
      expectRefusals(422);
      const comment = page.getByLabel("Write a comment");
      const send = page.getByRole("button", { name: "Comment", exact: true });

      await send.click();
      await expect(comment).toHaveAccessibleDescription(/Write something first\./);
      await comment.fill("c".repeat(5_001));
      await send.click();
      await expect(comment).toHaveAccessibleDescription(/Use at most 5,000 characters\./);
      await expect(comment).toHaveValue("c".repeat(5_001));
      await expect(page.getByText("Nine of them.")).toBeVisible();
      await comment.fill("Short enough.");
      await send.click();
      await expect(comments(page)).toHaveText([/Short enough\./]);
    });

    test("whoever saves over a newer comment sees both and decides", async ({ operator, open, expectRefusals }) => {
      const { ann, lamps } = await makeLamps(operator);
      const tab = await open(ann, { javaScriptEnabled });
      await tab.goto(await writePost(tab, lamps, { title: "Bulbs" }));
      await say(tab, "Nine.");
      const path = await pathOfComment(tab, "Ann");
      const other = await tab.context().newPage();
      expectRefusals(409);

      await tab.goto(path);
      await other.goto(path);
      await other.getByLabel("Comment", { exact: true }).fill("Ten.");
      await other.getByRole("button", { name: "Save" }).click();
      await expect(comments(other)).toHaveText([/Ten\./]);
      await tab.getByLabel("Comment", { exact: true }).fill("Eleven.");
      await tab.getByRole("button", { name: "Save" }).click();
      await expect(tab.getByRole("alert")).toContainText("saved from somewhere else");
      await expect(tab.getByLabel("Comment", { exact: true })).toHaveValue("Eleven.");
      await expect(tab.getByRole("region", { name: "What is saved now" })).toContainText("Ten.");
      await tab.getByRole("button", { name: "Save mine over it" }).click();
      await expect(comments(tab)).toHaveText([/Eleven\./]);
    });
  });
}

test("a comment sent to a post that was archived meanwhile is refused and kept", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const anns = await open(ann);
  const bens = await open(ben);
  const path = await writePost(anns, lamps, { title: "Bulbs" });
  await bens.goto(path);
  await bens.getByLabel("Write a comment").fill("Too late?");
  expect((await sendForm(anns, lamps, `${path}/archive`)).status()).toBe(302);
  expectRefusals(409);
  await bens.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(bens.getByRole("alert")).toContainText("archived meanwhile");
  await expect(bens.getByLabel("Write a comment")).toHaveValue("Too late?");
});

test("a long discussion is read page by page", async ({ operator, open }) => {
  const { ann, lamps } = await makeLamps(operator);
  const page = await open(ann);
  const path = await writePost(page, lamps, { title: "Bulbs" });
  for (let count = 1; count <= 52; count += 1) {
    expect((await sendForm(page, lamps, `${path}/comments`, { body: `Comment ${count}` })).status()).toBe(302);
  }
  await page.goto(path);
  await expect(comments(page)).toHaveCount(50);
  await page.getByRole("link", { name: "Later comments" }).click();
  await expect(comments(page)).toHaveText([/Comment 51/, /Comment 52/]);
  await page.getByRole("link", { name: "First comments" }).click();
  await expect(comments(page)).toHaveCount(50);
});

test("a comment on somebody else's draft, or on no post at all, is refused alike", async ({ operator, open }) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const anns = await open(ann);
  const bens = await open(ben);
  const draft = await writePost(anns, lamps, { title: "Secret", status: "draft" });
  const ask = async (page: Page, path: string) =>
    (await sendForm(page, lamps, `${path}/comments`, { body: "Hello" })).status();
  expect(await ask(bens, draft)).toBe(404);
  expect(await ask(bens, paths.post("A".repeat(22)))).toBe(404);
  expect(await ask(anns, draft)).toBe(302);
});
