// Every page of Atrium and of the emulator in each of its states, and the way there.
import { expect, type Page } from "@playwright/test";
import { z } from "zod";
import { paths } from "../app/paths";
import { sendForm, signIn, switchTo, writePost } from "./journey";
import type { Operator, Organization, Person } from "./operator";
import type { WorldDescription } from "./world";

export interface Stage {
  page: Page;
  world: WorldDescription;
  operator: Operator;
  outage: { begin(): Promise<void> };
}

export interface View {
  name: string;
  /** The operation of app/auth/policy.ts whose page it is; none for refusals and for the emulator's pages. */
  of?: string;
  /** The status the page comes with when it is not 200. */
  refusedWith?: number;
  open(stage: Stage): Promise<unknown>;
}

const long = "Antidisestablishmentarianism".repeat(4);
const markdown = `A first paragraph with **strong** and *stressed* words, \`code\` and a [link](https://example.com).

## A heading

1. One
2. Two

> Somebody said this.

| Mill | Price | Lead time | Distance | Contact | Remarks |
|---|---|---|---|---|---|
| Northgate | £310 | 3 weeks | 120 miles | northgate@example.com | Holds the price until March |

\`\`\`
a line of code that is much longer than a narrow screen is wide, so that it has to be scrolled in its own box
\`\`\`

${long}`;

const castMember = ({ world }: Stage, key: string) => {
  const user = world.users.find((candidate) => candidate.key === key);
  if (!user) throw new Error(`${key} is not of the cast`);
  return user;
};

const acmePost = ({ world }: Stage) => paths.post(world.records.acme?.posts ?? "");

/** Ada, who only looks: what she sees is the same for every view. */
async function asAda(stage: Stage, path: string) {
  await signIn(stage.page, castMember(stage, "ada"));
  await stage.page.goto(path);
}

/** Ann, with an organization of her own, for views that need something written. */
async function asAnn({ page, operator }: Stage): Promise<{ ann: Person; lamps: Organization }> {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  await signIn(page, ann);
  return { ann, lamps };
}

async function asAnnOfTwo(stage: Stage): Promise<{ ann: Person; lamps: Organization; chairs: Organization }> {
  const { page, operator } = stage;
  const [lamps, chairs] = [await operator.makeOrganization("Lamps"), await operator.makeOrganization("Chairs")];
  const ann = await operator.makePerson("Ann", [lamps, "Admin"], [chairs, "Collaborator"]);
  await signIn(page, ann);
  await page.getByRole("main").getByRole("button", { name: "Lamps" }).click();
  await expect(page).toHaveTitle("Posts · Lamps");
  return { ann, lamps, chairs };
}

async function typePost(page: Page) {
  await page.goto(paths.newPost);
  await page.getByLabel("Title", { exact: true }).fill("Half a thought");
  await page.getByLabel("Text", { exact: true }).fill(`Line one.\n\n${long}`);
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page, name: string | RegExp) =>
  expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();

async function writeComment(page: Page, organization: Organization, post: string, body: string): Promise<string> {
  const answer = await sendForm(page, organization, `${post}/comments`, { body });
  return `${post}/comments/${/#comment-(.+)$/.exec(answer.headers().location ?? "")?.[1]}`;
}

const posts: View[] = [
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
      const { lamps } = await asAnn(stage);
      const path = await writePost(stage.page, lamps, { title: "Put away", body: "Old." });
      await sendForm(stage.page, lamps, `${path}/archive`);
      const ben = await stage.operator.makePerson("Ben", [lamps, "Collaborator"]);
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

const organizations: View[] = [
  {
    name: "organizations, choose one",
    of: "organizations.list",
    open: async ({ page, operator }) => {
      const [lamps, chairs] = [await operator.makeOrganization(long), await operator.makeOrganization("Chairs")];
      await signIn(page, await operator.makePerson("Ann", [lamps, "Admin"], [chairs, "Collaborator"]));
      await heading(page, "Choose an organization");
    },
  },
  {
    name: "organizations, none left",
    of: "organizations.list",
    open: async (stage) => {
      const { ann, lamps } = await asAnn(stage);
      await stage.operator.removeMember(lamps, ann);
      await stage.page.goto(paths.posts);
      await heading(stage.page, "You are in no organization yet");
    },
  },
  { name: "create an organization", of: "organizations.new", open: (stage) => asAda(stage, paths.newOrganization) },
  {
    name: "create an organization, refused",
    of: "organizations.new",
    refusedWith: 422,
    open: async (stage) => {
      await asAda(stage, paths.newOrganization);
      await press(stage.page, "Create organization");
      await expect(stage.page.getByText("Give the organization a name")).toBeVisible();
    },
  },
];

const refusals: View[] = [
  { name: "landing", of: "home", open: ({ page }) => page.goto(paths.home) },
  {
    name: "sign-in that did not work",
    of: "auth.callback",
    refusedWith: 400,
    open: ({ page }) => page.goto(paths.callback),
  },
  {
    name: "sign-in while Logto is away",
    of: "auth.sign-in",
    refusedWith: 503,
    open: async (stage) => {
      await stage.outage.begin();
      await stage.page.goto(paths.signIn());
    },
  },
  { name: "not found, signed out", of: "not-found", refusedWith: 404, open: ({ page }) => page.goto("/nowhere") },
  {
    name: "not found, in an organization",
    refusedWith: 404,
    open: (stage) => asAda(stage, paths.post("A".repeat(22))),
  },
  {
    name: "an address that cannot be read",
    refusedWith: 400,
    open: ({ page }) => page.goto("/posts/%E0%A4%A"),
  },
  {
    name: "a permission is missing",
    refusedWith: 403,
    open: async (stage) => {
      await signIn(stage.page, castMember(stage, "cleo"));
      await stage.page.goto(`${paths.post(stage.world.records.globex?.posts ?? "")}/delete`);
      await heading(stage.page, "You may not do this");
    },
  },
  { name: "a form of another organization", refusedWith: 409, open: staleForm },
  {
    name: "switched back, with the text not yet sent",
    of: "organizations.switched",
    refusedWith: 409,
    open: async (stage) => {
      await staleForm(stage);
      await press(stage.page, "Switch back to Lamps");
      await heading(stage.page, "You have switched back");
    },
  },
  {
    name: "signed out while writing",
    refusedWith: 401,
    open: async (stage) => {
      await asAnn(stage);
      await typePost(stage.page);
      await stage.page.context().clearCookies();
      await press(stage.page, "Publish");
      await heading(stage.page, "You are signed out");
    },
  },
  {
    name: "removed while writing",
    refusedWith: 403,
    open: async (stage) => {
      const { ann, lamps } = await asAnn(stage);
      await typePost(stage.page);
      await stage.operator.removeMember(lamps, ann);
      await press(stage.page, "Publish");
      await heading(stage.page, "You no longer have access to Lamps");
    },
  },
  {
    name: "reading while Logto is away",
    open: async (stage) => {
      await asAnn(stage);
      await stage.outage.begin();
      await stage.page.goto(paths.posts);
      await expect(stage.page.getByText("Logto cannot be reached")).toBeVisible();
    },
  },
  {
    name: "writing while Logto is away",
    refusedWith: 503,
    open: async (stage) => {
      await asAnn(stage);
      await typePost(stage.page);
      await stage.outage.begin();
      await press(stage.page, "Publish");
      await heading(stage.page, "We cannot check your access right now");
    },
  },
];

async function staleForm(stage: Stage) {
  const { page } = stage;
  const { lamps, chairs } = await asAnnOfTwo(stage);
  await typePost(page);
  const other = await page.context().newPage();
  await other.goto(paths.posts);
  await switchTo(other, lamps, chairs);
  await other.close();
  await press(page, "Publish");
  await heading(page, "This page belongs to another organization");
}

const emulator: View[] = [
  { name: "emulator, sign in", open: ({ page }) => page.goto(paths.signIn()) },
  {
    name: "emulator, sign in refused",
    refusedWith: 422,
    open: async ({ page }) => {
      await page.goto(paths.signIn());
      await page.getByLabel("E-mail address").fill("nobody@example.com");
      await page.getByLabel("Password").fill("not the password");
      await press(page, "Sign in");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "emulator, register", open: ({ page }) => page.goto(paths.register) },
  { name: "emulator, enter the code", open: askForCode },
  {
    name: "emulator, wrong code",
    refusedWith: 400,
    open: async ({ page }) => {
      await askForCode({ page });
      await page.getByLabel("Code").fill("000");
      await press(page, "Continue");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "emulator, name and password",
    open: async ({ page, world }) => {
      const email = await askForCode({ page });
      const Mails = z.array(z.object({ to: z.string(), payload: z.looseObject({ code: z.string().optional() }) }));
      const mails = Mails.parse(await (await fetch(world.outboxUrl)).json());
      await page.getByLabel("Code").fill(mails.findLast(({ to }) => to === email)?.payload.code ?? "");
      await press(page, "Continue");
      await expect(page.getByLabel("Name")).toBeVisible();
    },
  },
  {
    name: "emulator, outbox",
    open: async ({ page, world }) => {
      await askForCode({ page });
      await page.goto(`${world.logtoEndpoint}/emulator/outbox`);
    },
  },
  { name: "emulator, console", open: ({ page, world }) => page.goto(`${world.logtoEndpoint}/emulator`) },
  {
    name: "emulator, no sign-in under way",
    refusedWith: 400,
    open: ({ page, world }) => page.goto(`${world.logtoEndpoint}/sign-in`),
  },
  {
    name: "emulator, nothing is here",
    refusedWith: 404,
    open: ({ page, world }) => page.goto(`${world.logtoEndpoint}/nowhere`),
  },
];

async function askForCode({ page }: { page: Page }): Promise<string> {
  const email = `nora.${crypto.randomUUID()}@example.com`;
  await page.goto(paths.register);
  await page.getByLabel("E-mail address").fill(email);
  await press(page, "Send the code");
  await expect(page.getByLabel("Code", { exact: true })).toBeVisible();
  return email;
}

export const views = [...refusals, ...organizations, ...posts, ...emulator];
