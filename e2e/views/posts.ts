// Posts and comments, each page in its states.
import { expect, type Page } from "@playwright/test";
import { paths } from "../../app/paths";
import { sendForm, signIn, writePost } from "../journey";
import type { Organization } from "../operator";
import { press } from "../page";
import { acmePost, asAda, asAnn, asAnnOfTwo, heading, long, markdown, type Stage, type View } from "./view";

export const posts: View[] = [
  { name: "posts", of: "posts.list", open: (stage) => asAda(stage, paths.posts) },
  {
    name: "posts of somebody in two organizations, switcher open",
    of: "posts.list",
    open: async (stage) => {
      const { page } = stage;
      await asAnnOfTwo(stage);
      await page.getByLabel("Switch organization").click();
      await expect(page.getByRole("button", { name: "Chairs Collaborator" })).toBeVisible();
    },
  },
  {
    name: "posts with long words, and the page after the first",
    of: "posts.list",
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      for (let count = 0; count < 21; count += 1) await writePost(stage.page, lamps, { title: `${count} ${long}` });
      await stage.page.goto(paths.posts);
      await stage.page.getByRole("link", { name: "Older" }).click();
      await expect(stage.page.getByRole("link", { name: "Newest" })).toBeVisible();
    },
  },
  {
    name: "posts, none matches",
    of: "posts.list",
    open: (stage) => asAda(stage, `${paths.posts}?text=nothing+like+it`),
  },
  { name: "posts, none yet", of: "posts.list", open: asAnn },
  { name: "new post", of: "posts.new", open: (stage) => asAda(stage, paths.newPost) },
  {
    name: "new post, refused",
    of: "posts.new",
    refusedWith: 422,
    open: async (stage) => {
      await asAda(stage, paths.newPost);
      await stage.page.getByLabel("Text", { exact: true }).fill("b".repeat(20_001));
      await press(stage.page, "Publish");
      await expect(stage.page.getByText("Give the post a title.")).toBeVisible();
    },
  },
  { name: "post with comments", of: "posts.show", open: (stage) => asAda(stage, acmePost(stage)) },
  {
    name: "post with every kind of Markdown, just published",
    of: "posts.show",
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      await stage.page.goto(await writePost(stage.page, lamps, { title: long, body: markdown, status: "draft" }));
      await press(stage.page, "Publish");
      await expect(stage.page.getByText("The post is published.")).toBeVisible();
    },
  },
  {
    name: "post, a draft without text",
    of: "posts.show",
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      await stage.page.goto(await writePost(stage.page, lamps, { title: "Not yet", status: "draft" }));
      await heading(stage.page, "Not yet");
    },
  },
  {
    name: "post, archived, read by somebody else",
    of: "posts.show",
    open: async (stage) => {
      const { lamps, ben } = await asAnn(stage);
      const path = await writePost(stage.page, lamps, { title: "Put away", body: "Old." });
      await sendForm(stage.page, lamps, `${path}/archive`);
      await press(stage.page, "Sign out");
      await expect(stage.page.getByRole("link", { name: "Create an account" })).toBeVisible();
      await signIn(stage.page, ben);
      await stage.page.goto(path);
      await heading(stage.page, "Put away");
    },
  },
  {
    name: "post, asked whether to delete a comment",
    of: "posts.show",
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      const path = await writePost(stage.page, lamps, { title: "Bulbs", body: "Nine." });
      await writeComment(stage.page, lamps, path, "Ten?");
      await stage.page.goto(path);
      await stage.page.getByLabel("Delete the comment by Ann").click();
      await expect(stage.page.getByRole("button", { name: "Delete comment" })).toBeVisible();
    },
  },
  {
    name: "post, comment refused",
    of: "posts.show",
    refusedWith: 422,
    open: async (stage) => {
      await asAda(stage, acmePost(stage));
      await press(stage.page, "Comment");
      await expect(stage.page.getByText("Write something first.")).toBeVisible();
    },
  },
  { name: "edit post", of: "posts.edit", open: editOfBulbs },
  {
    name: "edit post, saved by somebody else meanwhile",
    of: "posts.edit",
    refusedWith: 409,
    open: async (stage) => {
      const { lamps, path } = await editOfBulbs(stage);
      await stage.page.getByLabel("Text", { exact: true }).fill(markdown);
      await sendForm(stage.page, lamps, `${path}/edit`, { title: "Bulbs", body: `Ten. ${long}`, version: "1" });
      await press(stage.page, "Save");
      await expect(stage.page.getByRole("region", { name: "What is saved now" })).toBeVisible();
    },
  },
  {
    name: "delete post",
    of: "posts.delete.confirm",
    open: (stage) => asAda(stage, `${acmePost(stage)}/delete`),
  },
  { name: "edit comment", of: "comments.edit", open: editOfComment },
  {
    name: "edit comment, saved by somebody else meanwhile",
    of: "comments.edit",
    refusedWith: 409,
    open: async (stage) => {
      const { lamps, path } = await editOfComment(stage);
      await stage.page.getByLabel("Comment", { exact: true }).fill(long);
      await sendForm(stage.page, lamps, path, { body: "Eleven.", version: "1" });
      await press(stage.page, "Save");
      await expect(stage.page.getByRole("region", { name: "What is saved now" })).toBeVisible();
    },
  },
  {
    name: "comments, for whoever types their address",
    open: (stage) => asAda(stage, `${acmePost(stage)}/comments`),
  },
];

async function editOfBulbs(stage: Stage) {
  const { lamps } = await asAnn(stage);
  const path = await writePost(stage.page, lamps, { title: "Bulbs", body: markdown });
  await stage.page.goto(`${path}/edit`);
  await heading(stage.page, "Edit post");
  return { lamps, path };
}

async function editOfComment(stage: Stage) {
  const { lamps } = await asAnn(stage);
  const post = await writePost(stage.page, lamps, { title: "Bulbs" });
  const path = await writeComment(stage.page, lamps, post, "Nine.");
  await stage.page.goto(path);
  await heading(stage.page, "Edit comment");
  return { lamps, path };
}

async function writeComment(page: Page, organization: Organization, post: string, body: string): Promise<string> {
  const answer = await sendForm(page, organization, `${post}/comments`, { body });
  return `${post}/comments/${/#comment-(.+)$/.exec(answer.headers().location ?? "")?.[1]}`;
}
