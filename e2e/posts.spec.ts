// Posts: writing, publishing, changing and deleting them, finding them again, and what other people may do.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { withoutMoment } from "./http/ask";
import { castMember, expect, sendForm, test, writePost } from "./journey";
import { makeLamps } from "./stages";

const titles = (page: Page) => page.getByRole("table", { name: "Posts, newest first" }).getByRole("link");
const done = (page: Page, what: string) => page.getByRole("status").filter({ hasText: what });

test("a post goes from draft to published, changed, archived and deleted, and others see what they may", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const bens = await open(ben);
  expectRefusals(404);

  await page.getByRole("link", { name: "Write the first post" }).click();
  await page.getByLabel("Title", { exact: true }).fill("New lamps");
  await page.getByLabel("Text", { exact: true }).fill("They are **bright**.");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveTitle("New lamps · Lamps");
  await expect(page.getByText("Only you can see this draft.")).toBeVisible();
  const path = new URL(page.url()).pathname;

  await bens.goto(paths.posts);
  await expect(bens.getByText("No posts yet")).toBeVisible();
  await bens.goto(`${paths.posts}?text=lamps`);
  await expect(bens.getByText("No post matches")).toBeVisible();
  await bens.goto(path);
  await expect(bens.getByRole("heading", { name: "Not found" })).toBeVisible();

  await page.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue("They are **bright**.");
  await page.getByLabel("Title", { exact: true }).fill("Brighter lamps");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(done(page, "Your changes are saved.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Brighter lamps", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(done(page, "The post is published.")).toBeVisible();

  await bens.goto(paths.posts);
  await titles(bens).getByText("Brighter lamps").click();
  await expect(bens.getByRole("strong")).toHaveText("bright");

  await page.getByRole("button", { name: "Archive" }).click();
  await expect(done(page, "The post is archived.")).toBeVisible();
  await bens.goto(paths.posts);
  await expect(bens.getByText("Brighter lamps")).toHaveCount(0);
  await bens.goto(path);
  await expect(bens.getByRole("heading", { name: "Brighter lamps", level: 1 })).toBeVisible();

  await page.getByRole("link", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "Delete “Brighter lamps”?" })).toBeVisible();
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Brighter lamps", level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete post" }).click();
  await expect(done(page, "The post and its comments are deleted.")).toBeVisible();
  await bens.goto(path);
  await expect(bens.getByRole("heading", { name: "Not found" })).toBeVisible();
});

test("a post that is not right comes back with a sentence at each field and the text kept", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann } = await makeLamps(operator);
  const page = await open(ann);
  await page.goto(paths.newPost);
  const [title, text] = [page.getByLabel("Title", { exact: true }), page.getByLabel("Text", { exact: true })];
  const publish = page.getByRole("button", { name: "Publish" });
  expectRefusals(422);

  await text.fill("A text without a title");
  await publish.click();
  await expect(title).toHaveAccessibleDescription(/Give the post a title\./);
  await expect(title).toBeFocused();
  await expect(text).toHaveValue("A text without a title");

  await title.fill("t".repeat(161));
  await text.fill("b".repeat(20_001));
  await publish.click();
  await expect(title).toHaveAccessibleDescription(/Use at most 160 characters\./);
  await expect(text).toHaveAccessibleDescription(/Use at most 20,000 characters\./);
  await expect(title).toHaveValue("t".repeat(161));
  await expect(text).toHaveValue("b".repeat(20_001));

  await title.fill("t".repeat(160));
  await text.fill("b".repeat(20_000));
  await publish.click();
  await expect(page.getByRole("heading", { name: "t".repeat(160), level: 1 })).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("a double click writes one post", async ({ operator, open }) => {
      const { ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      await page.goto(paths.newPost);
      await page.getByLabel("Title", { exact: true }).fill("Once");
      await page.getByRole("button", { name: "Publish" }).dblclick();
      await expect(page.getByRole("heading", { name: "Once", level: 1 })).toBeVisible();
      await page.goto(paths.posts);
      await expect(titles(page)).toHaveText(["Once"]);
    });

    test("whoever saves over a newer text sees both, loses nothing, and decides", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann, lamps } = await makeLamps(operator);
      const tab = await open(ann, { javaScriptEnabled });
      const path = await writePost(tab, lamps, { title: "Prices", body: "Ten each." });
      const other = await tab.context().newPage();
      expectRefusals(409);

      const save = async (page: Page, text: string) => {
        await page.getByLabel("Text", { exact: true }).fill(text);
        await page.getByRole("button", { name: "Save" }).click();
      };
      const conflict = async (mine: string, theirs: string) => {
        await expect(tab.getByRole("alert")).toContainText("saved from somewhere else");
        await expect(tab.getByLabel("Text", { exact: true })).toHaveValue(mine);
        await expect(tab.getByRole("region", { name: "What is saved now" })).toContainText(theirs);
      };

      await tab.goto(`${path}/edit`);
      await other.goto(`${path}/edit`);
      await save(other, "Eleven each.");
      await expect(done(other, "saved")).toBeVisible();
      await save(tab, "Twelve each.");
      await conflict("Twelve each.", "Eleven each.");
      await tab.getByRole("button", { name: "Save mine over it" }).click();
      await expect(done(tab, "saved")).toBeVisible();
      await expect(tab.getByText("Twelve each.")).toBeVisible();

      await tab.goto(`${path}/edit`);
      await other.goto(`${path}/edit`);
      await save(other, "Thirteen each.");
      await expect(done(other, "saved")).toBeVisible();
      await save(tab, "Fourteen each.");
      await conflict("Fourteen each.", "Thirteen each.");
      await tab.getByRole("link", { name: "Take this one, drop mine" }).click();
      await expect(tab.getByLabel("Text", { exact: true })).toHaveValue("Thirteen each.");
      await expect(tab.getByRole("alert")).toHaveCount(0);
      await tab.goto(path);
      await expect(tab.getByText("Thirteen each.")).toBeVisible();
    });
  });
}

test("a reader finds posts by status, author and words, and page by page", async ({ operator, open }) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const page = await open(ann);
  const bens = await open(ben);
  await writePost(bens, lamps, { title: "The oldest, by Ben", body: "About wicks." });
  for (let count = 1; count <= 24; count += 1) await writePost(page, lamps, { title: `Post ${count}` });
  await writePost(page, lamps, { title: "Not yet", status: "draft" });
  const archived = await writePost(page, lamps, { title: "Put away" });
  expect((await sendForm(page, lamps, `${archived}/archive`)).status()).toBe(302);

  await page.goto(paths.posts);
  await expect(titles(page)).toHaveCount(20);
  await expect(titles(page).first()).toHaveText("Not yet");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(titles(page)).toHaveText(["Post 5", "Post 4", "Post 3", "Post 2", "Post 1", "The oldest, by Ben"]);
  await expect(page.getByRole("link", { name: "Older" })).toHaveCount(0);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(titles(page)).toHaveCount(20);

  const search = page.getByRole("button", { name: "Search" });
  await page.getByLabel("Search in title and text").fill("WICKS");
  await search.click();
  await expect(titles(page)).toHaveText(["The oldest, by Ben"]);
  await page.getByLabel("Search in title and text").fill("wax");
  await search.click();
  await expect(page.getByText("No post matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all posts" }).click();
  await expect(titles(page)).toHaveCount(20);

  await page.getByLabel("Author").selectOption("Ben");
  await search.click();
  await expect(titles(page)).toHaveText(["The oldest, by Ben"]);
  await page.getByLabel("Author").selectOption("All authors");
  await page.getByLabel("Status").selectOption("My drafts");
  await search.click();
  await expect(titles(page)).toHaveText(["Not yet"]);
  await page.getByLabel("Status").selectOption("Archived");
  await search.click();
  await expect(titles(page)).toHaveText(["Put away"]);
});

test("a Collaborator changes and deletes their own posts, and nobody else's", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const anns = await open(ann);
  const bens = await open(ben);
  const byAnn = await writePost(anns, lamps, { title: "By Ann" });
  const byBen = await writePost(bens, lamps, { title: "By Ben" });
  expectRefusals(403);

  await bens.goto(byAnn);
  await expect(bens.getByRole("heading", { name: "By Ann", level: 1 })).toBeVisible();
  await expect(bens.getByRole("link", { name: /Edit|Delete/ })).toHaveCount(0);
  await expect(bens.getByRole("button", { name: /Archive|Publish/ })).toHaveCount(0);
  for (const step of ["edit", "delete"]) {
    expect((await bens.goto(`${byAnn}/${step}`))?.status()).toBe(403);
    await expect(bens.getByRole("heading", { name: "You may not do this" })).toBeVisible();
  }
  expect((await sendForm(bens, lamps, `${byAnn}/delete`)).status()).toBe(403);
  expect((await sendForm(bens, lamps, `${byAnn}/archive`)).status()).toBe(403);
  expect((await sendForm(bens, lamps, `${byAnn}/edit`, { title: "Mine", body: "", version: "1" })).status()).toBe(403);

  await bens.goto(byBen);
  await bens.getByRole("link", { name: "Delete" }).click();
  await bens.getByRole("button", { name: "Delete post" }).click();
  await expect(done(bens, "deleted")).toBeVisible();

  await anns.goto(byAnn);
  await expect(anns.getByRole("heading", { name: "By Ann", level: 1 })).toBeVisible();
});

test("an Admin deletes anyone's post and edits nobody else's", async ({ operator, open, expectRefusals }) => {
  const { ann, ben, lamps } = await makeLamps(operator);
  const bens = await open(ben);
  const byBen = await writePost(bens, lamps, { title: "By Ben" });
  const page = await open(ann);
  expectRefusals(403);
  await page.goto(`${byBen}/edit`);
  await expect(page.getByRole("heading", { name: "You may not do this" })).toBeVisible();

  await page.goto(byBen);
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await page.getByRole("link", { name: "Delete" }).click();
  await expect(
    page.getByText("This post by Ben and all its comments will be gone for everyone in Lamps."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Delete post" }).click();
  await expect(done(page, "deleted")).toBeVisible();
  await expect(page.getByText("No posts yet")).toBeVisible();
});

test("Eve gets the same 404, byte for byte, for Acme's post as for one that never existed", async ({ world, open }) => {
  const page = await open(castMember(world, "eve"));
  const { acme, eve } = world.records;
  const mine = eve?.posts ?? "";
  const foreign = acme?.posts ?? "";
  const missing = "A".repeat(foreign.length);
  const ask = async (id: string, step: string) => {
    const answer = await page.request.get(paths.post(id) + step);
    const nonce = /'nonce-([^']+)'/.exec(answer.headers()["content-security-policy"] ?? "")?.[1] ?? "";
    const body = withoutMoment(await answer.text());
    return { status: answer.status(), body: body.replaceAll(id, "ID").replaceAll(nonce, "NONCE") };
  };
  for (const step of ["", "/edit", "/delete", ".data", "/edit.data"]) {
    expect((await ask(mine, step)).status, `her own ${step}`).toBe(200);
    const refused = await ask(foreign, step);
    expect(refused.status).toBe(404);
    expect(refused).toEqual(await ask(missing, step));
  }
});
