// Roles in force at once, in pages that are already open: what their readers see, keep and lose while somebody else changes what they may do.
import type { Browser, Page } from "@playwright/test";
import { paths } from "../app/paths";
import { startWorld } from "../scripts/world";
import { endLastDay } from "./clock";
import { expect, sendForm, signIn, switchTo, switcher, test, writePost } from "./journey";
import { hide, lookAgain, withoutLine, untilItListens } from "./tabs";
import { invite } from "./outbox";
import { giveRole, removeMember } from "./member-steps";
import { createOperator, type Operator, type Person } from "./operator";
import { heading, press } from "./page";
import { makeLamps, makeLampsAndChairs } from "./stages";

/** Two Admins of one organization. */
async function makeAdmins(operator: Operator) {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const ben = await operator.makePerson("Ben", [lamps, "Admin"]);
  return { lamps, ann, ben };
}

const addresses = (page: Page) => page.getByLabel("E-mail addresses");
const comment = (page: Page) => page.getByLabel("Write a comment");

test("Ann demotes Ben while he types an invitation: his text stays, and he reads why it cannot be sent", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, ben } = await makeAdmins(operator);
  const page = await open(ann);
  const bens = await open(ben);
  expectRefusals(403);
  await bens.goto(paths.invite);
  await addresses(bens).fill("nora@example.com");
  const send = bens.getByRole("button", { name: "Send invitations" });
  await expect(send, "he may still").not.toHaveAttribute("aria-disabled");

  await giveRole(page, ben, "Collaborator");
  await expect(bens.getByText("You are now a Collaborator in Lamps (changed by Ann).")).toBeVisible();
  await expect(send).toHaveAccessibleDescription(/your role does not allow you to invite people now/);
  await expect(send).toHaveAttribute("aria-disabled", "true");
  await expect(addresses(bens)).toHaveValue("nora@example.com");
  await expect(bens.getByRole("banner")).toContainText("Collaborator");
  await send.click({ force: true });
  await expect(addresses(bens)).toHaveValue("nora@example.com");

  await giveRole(page, ben, "Admin");
  await expect(bens.getByText("Ann made you an Admin of Lamps.")).toBeVisible();
  await expect(bens.getByText("You are now a Collaborator")).toHaveCount(0);
  await send.click();
  await expect(heading(bens, "1 person invited")).toBeVisible();
});

test("Ann makes Ben an Admin while he writes a comment: what he may do appears in place, and Ann sees it land", async ({
  operator,
  open,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const path = await writePost(page, lamps, { title: "Bulbs" });
  const bens = await open(ben);
  const second = await bens.context().newPage();
  await second.goto(paths.members);
  await expect(second.getByText("Ask Ann to invite someone.")).toBeVisible();
  await bens.goto(path);
  await comment(bens).fill("Nine of them");
  await expect(bens.getByRole("link", { name: "Delete" })).toHaveCount(0);

  await giveRole(page, ben, "Admin");
  await expect(bens.getByRole("link", { name: "Delete" })).toBeVisible();
  await expect(bens.getByText("Ann made you an Admin of Lamps.")).toBeVisible();
  await expect(comment(bens)).toHaveValue("Nine of them");
  await expect(second.getByRole("link", { name: "Invite people" }).first()).toBeVisible();
  await expect(page.getByText("Ben is now Admin of Lamps. In force now, and in Ben's 2 open pages.")).toBeVisible();

  await bens.getByRole("button", { name: "Dismiss" }).click();
  await expect(bens.getByText("Ann made you an Admin")).toHaveCount(0);
  await press(bens, "Comment");
  await expect(bens.getByRole("article").filter({ hasText: "Nine of them" })).toBeVisible();
});

test("an Admin who is demoted on a page that only Admins have is told by whom, and what to do", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, ben } = await makeAdmins(operator);
  const page = await open(ann);
  const bens = await open(ben);
  expectRefusals(403);
  await bens.goto(paths.invitations);
  await expect(heading(bens, "Invitations")).toBeVisible();
  await giveRole(page, ben, "Collaborator");
  await expect(heading(bens, "You may not do this")).toBeVisible();
  await expect(bens.getByText("You are now a Collaborator in Lamps (changed by Ann).")).toBeVisible();
  await bens.getByRole("link", { name: "Go to the posts" }).click();
  await expect(bens).toHaveTitle("Posts · Lamps");
});

test("Ann removes Ben with three tabs open, one of them hidden: none shows anything of Lamps, and his text is kept", async ({
  operator,
  open,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  await writePost(page, lamps, { title: "Bulbs" });
  const list = await open(ben);
  const members = await list.context().newPage();
  const editor = await list.context().newPage();
  await list.goto(paths.posts);
  await expect(list.getByRole("link", { name: "Bulbs" })).toBeVisible();
  await members.goto(paths.members);
  await expect(members).toHaveTitle("Members · Lamps");
  await hide(members);
  await editor.goto(paths.newPost);
  await editor.getByLabel("Text", { exact: true }).fill("Half a thought");

  await removeMember(page, lamps, ben);
  for (const tab of [list, members, editor]) {
    await expect(heading(tab, "You are in no organization yet")).toBeVisible();
    await expect(tab).toHaveTitle("Organizations · Atrium");
    await expect(tab.getByRole("alert")).toHaveText("You no longer have access to Lamps. Ann has removed you.");
    await expect(tab.getByText(/Bulbs/)).toHaveCount(0);
  }
  await expect(editor.getByText("Half a thought")).toBeVisible();
  await editor.getByRole("button", { name: "Let it go" }).click();
  await expect(editor.getByText("Half a thought")).toHaveCount(0);
  await expect(list.getByText("What you typed is kept")).toHaveCount(0);
});

test("an Admin gives the organization another name, and open pages say who", async ({ operator, open }) => {
  const { lamps, ann, ben } = await makeAdmins(operator);
  const page = await open(ann);
  const bens = await open(ben);
  await bens.goto(paths.newPost);
  await bens.getByLabel("Title", { exact: true }).fill("Half a thought");
  expect((await sendForm(page, lamps, paths.organizationName, { name: "Lanterns" })).status()).toBe(302);
  await expect(bens.getByText("Lamps is now called Lanterns (renamed by Ann).")).toBeVisible();
  await expect(bens.getByRole("banner")).toContainText("Lanterns");
  await expect(bens.getByLabel("Title", { exact: true })).toHaveValue("Half a thought");
  await expect(page.getByText("Lamps is now called Lanterns (renamed by you).")).toBeVisible();
});

test("an organization gets another name at Logto, and open pages say so", async ({ operator, open }) => {
  const { lamps, ann } = await makeLamps(operator);
  const page = await open(ann);
  await page.goto(paths.newPost);
  await page.getByLabel("Title", { exact: true }).fill("Half a thought");
  await operator.renameOrganization(lamps, "Lanterns");
  await expect(page.getByText("Lamps is now called Lanterns.")).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Lanterns");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Half a thought");
});

test("an Admin asks for the organization's end, and open pages say who; on the day after the last they end", async ({
  browser,
}) => {
  const world = await startWorld();
  try {
    const { baseUrl, databaseFile } = world.description;
    const { lamps, ann, ben } = await makeLamps(createOperator(world.description));
    const [page, bens] = [await openAt(browser, baseUrl, ann), await openAt(browser, baseUrl, ben)];
    await writePost(page, lamps, { title: "Bulbs" });
    await bens.goto(paths.posts);
    await expect(bens.getByRole("link", { name: "Bulbs" })).toBeVisible();
    expect((await sendForm(page, lamps, paths.deleteOrganization, { name: "Lamps" })).status()).toBe(302);
    await expect(
      bens.getByText(/^Lamps will be deleted on .*, as Ann has asked, with everything in it\./),
    ).toBeVisible();

    await world.killApp();
    endLastDay({ databaseFile }, lamps.id);
    await world.startApp();
    await expect(heading(bens, "You are in no organization yet")).toBeVisible();
    await expect(bens.getByRole("alert")).toHaveText("Lamps was deleted, as Ann had asked.");
    await expect(bens.getByText("Bulbs")).toHaveCount(0);
  } finally {
    await world.stop();
  }
});

/** A browser whose pages may lose their server: what that writes into its console is no fault. */
async function openAt(browser: Browser, baseURL: string, person: Person): Promise<Page> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await signIn(page, person);
  return page;
}

test("an organization is deleted at Logto while its pages are open: they end, and say which", async ({
  operator,
  open,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const page = await open(ann);
  await writePost(page, lamps, { title: "Bulbs" });
  await page.goto(paths.posts);
  await expect(page.getByRole("link", { name: "Bulbs" })).toBeVisible();
  await operator.deleteOrganization(lamps);
  await expect(heading(page, "You are in no organization yet")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("Lamps");
  await expect(page.getByText("Bulbs")).toHaveCount(0);
});

async function openTwoTabs(operator: Operator, open: (person: Person) => Promise<Page>) {
  const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
  const tab = await open(ann);
  await tab.getByRole("main").getByRole("button", { name: "Lamps" }).click();
  await expect(tab).toHaveTitle("Posts · Lamps");
  const other = await tab.context().newPage();
  await other.goto(paths.posts);
  return { tab, other, lamps, chairs };
}

test("a tab whose reader has switched in another shows nothing of the organization before, and comes back as it was", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { tab, other, lamps, chairs } = await openTwoTabs(operator, open);
  expectRefusals(409);
  await switchTo(other, lamps, chairs);
  await expect(heading(tab, "You switched to Chairs in another tab.")).toBeVisible();
  await expect(tab).toHaveTitle("You are in Chairs now · Atrium");
  await expect(tab.getByText("No posts yet").filter({ visible: true })).toHaveCount(0);
  await expect(tab.getByRole("navigation")).toHaveCount(0);

  await tab.getByRole("button", { name: "Switch back to Lamps" }).click();
  await expect(tab).toHaveTitle("Posts · Lamps");
  await expect(switcher(tab, lamps)).toBeVisible();
  await expect(heading(other, "You switched to Lamps in another tab.")).toBeVisible();

  await other.getByRole("link", { name: "Show Lamps" }).click();
  await expect(other).toHaveTitle("Posts · Lamps");
});

test("a tab in which something is being typed keeps it through a switch in another, there and back", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { tab, other, lamps, chairs } = await openTwoTabs(operator, open);
  const title = tab.getByLabel("Title", { exact: true });
  expectRefusals(409);
  await tab.goto(paths.newPost);
  await title.fill("For Lamps");
  await switchTo(other, lamps, chairs);
  await expect(tab.getByText("You switched to Chairs in another tab.")).toBeVisible();
  await expect(tab.getByRole("link", { name: "Show Chairs" })).toBeVisible();
  await expect(title).toHaveValue("For Lamps");

  await press(tab, "Switch back to Lamps");
  await expect(tab.getByText("You switched to Chairs")).toHaveCount(0);
  await expect(title).toHaveValue("For Lamps");
  await press(tab, "Publish");
  await expect(tab).toHaveTitle("For Lamps · Lamps");
});

test("signing out in one tab ends the others, and none signs in again by itself", async ({ operator, open }) => {
  const { lamps, ann } = await makeLamps(operator);
  const tab = await open(ann);
  await writePost(tab, lamps, { title: "Bulbs" });
  await tab.goto(paths.posts);
  const writing = await tab.context().newPage();
  await writing.goto(paths.newPost);
  await writing.getByLabel("Title", { exact: true }).fill("Half a thought");
  const other = await tab.context().newPage();
  await other.goto(paths.posts);
  await press(other, "Sign out");
  for (const page of [other, tab]) {
    await expect(page.getByRole("link", { name: "Create an account" })).toBeVisible();
    await expect(page.getByText("Bulbs")).toHaveCount(0);
  }
  await expect(writing.getByText("You have signed out in another tab.")).toBeVisible();
  await expect(writing.getByLabel("Title", { exact: true })).toHaveValue("Half a thought");
  expect((await tab.request.get(paths.posts, { maxRedirects: 0 })).status()).toBe(302);
});

test("an invitation arrives in a page that is open", async ({ operator, open }) => {
  const { lamps, ann } = await makeLamps(operator);
  const chairs = await operator.makeOrganization("Chairs");
  const carl = await operator.makePerson("Carl", [chairs, "Collaborator"]);
  const page = await open(ann);
  const carls = await open(carl);
  await untilItListens(carls);
  await expect(carls).toHaveTitle("Posts · Chairs");
  await invite(page, lamps, carl.email);
  await expect(carls.getByText("Ann invites you to Lamps as Collaborator.")).toBeVisible();
  await carls.getByRole("link", { name: "Look at the invitation" }).click();
  await carls.getByRole("button", { name: "Join Lamps" }).click();
  await expect(carls).toHaveTitle("Posts · Lamps");
});

test("a page whose line is down says so, follows when somebody comes back to it, and is live again", async ({
  operator,
  open,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const path = await writePost(page, lamps, { title: "Bulbs" });
  const bens = await open(ben);
  const mend = await withoutLine(bens);
  await bens.goto(path);
  await expect(bens.getByText("Not live.")).toBeVisible();
  await giveRole(page, ben, "Admin");
  await expect(bens.getByRole("link", { name: "Delete" })).toHaveCount(0);
  await lookAgain(bens);
  await expect(bens.getByRole("link", { name: "Delete" })).toBeVisible();

  await mend();
  await lookAgain(bens);
  await expect(bens.getByText("Not live.")).toHaveCount(0);
  await giveRole(page, ben, "Collaborator");
  await expect(bens.getByRole("link", { name: "Delete" })).toHaveCount(0);
});

test("a hidden page holds no line, and follows before it is read again", async ({ operator, open }) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const path = await writePost(page, lamps, { title: "Bulbs" });
  const bens = await open(ben);
  await bens.goto(path);
  const show = await hide(bens);
  await giveRole(page, ben, "Admin");
  await expect(bens.getByRole("link", { name: "Delete" }), "nobody looks at it").toHaveCount(0);
  await show();
  await expect(bens.getByRole("link", { name: "Delete" })).toBeVisible();
  await giveRole(page, ben, "Collaborator");
  await expect(bens.getByRole("link", { name: "Delete" }), "its line is back").toHaveCount(0);
});

test("a comment is kept when its post is deleted while it is being written", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const path = await writePost(page, lamps, { title: "Bulbs" });
  const bens = await open(ben);
  expectRefusals(404);
  await bens.goto(path);
  await comment(bens).fill("Nine of them");
  expect((await sendForm(page, lamps, `${path}/delete`)).status()).toBe(302);
  await giveRole(page, ben, "Admin");
  await expect(bens.getByText("What this page was about is gone")).toBeVisible();
  await expect(comment(bens)).toHaveValue("Nine of them");
});

test("whoever is removed while they write reads by whom when they send it, and their text is kept", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const page = await open(ann);
  const bens = await open(ben, { javaScriptEnabled: false });
  expectRefusals(403);
  await bens.goto(paths.newPost);
  await bens.getByLabel("Title", { exact: true }).fill("Half a thought");
  await removeMember(page, lamps, ben);
  await press(bens, "Publish");
  await expect(heading(bens, "You no longer have access to Lamps")).toBeVisible();
  await expect(bens.getByText("You are not a member of Lamps any more: Ann has removed you.")).toBeVisible();
  await expect(bens.getByText("Half a thought")).toBeVisible();
});

test("without JavaScript the next click is right, and what was typed is kept", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { ann, ben } = await makeAdmins(operator);
  const page = await open(ann);
  const bens = await open(ben, { javaScriptEnabled: false });
  expectRefusals(403);
  await bens.goto(paths.invite);
  await addresses(bens).fill("nora@example.com");
  await giveRole(page, ben, "Collaborator");
  await press(bens, "Send invitations");
  await expect(heading(bens, "You may not do this")).toBeVisible();
  await expect(bens.getByText("nora@example.com")).toBeVisible();
  await bens.goto(paths.members);
  await expect(bens.getByText("Ask Ann to invite someone.")).toBeVisible();
});
