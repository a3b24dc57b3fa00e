// What is told at the foot of an open page, and what takes its place when it is not its session's any more.
import { expect, type Page } from "@playwright/test";
import { paths } from "../../app/paths";
import { sendForm, signIn, switchTo, writePost } from "../journey";
import { giveRole } from "../member-steps";
import type { Organization } from "../operator";
import { invite } from "../outbox";
import { makeLamps } from "../stages";
import { untilItListens, withoutLine } from "../tabs";
import { asAnn, asAnnOfTwo, heading, typePost, type Stage, type View } from "./view";

export const live: View[] = [
  {
    name: "given another role, in an organization that gets another name",
    open: async (stage) => {
      const { lamps, ann } = await asAnn(stage);
      await stage.page.goto(paths.members);
      await stage.operator.setRole(lamps, ann, "Collaborator");
      await expect(stage.page.getByText("You are now a Collaborator in Lamps.")).toBeVisible();
      await stage.operator.renameOrganization(lamps, "Lanterns");
      await expect(stage.page.getByText("Lamps is now called Lanterns.")).toBeVisible();
    },
  },
  {
    name: "made an Admin, and invited elsewhere",
    open: async (stage) => {
      const { ann, ben } = await makeLamps(stage.operator);
      const chairs = await stage.operator.makeOrganization("Chairs");
      const carl = await stage.operator.makePerson("Carl", [chairs, "Admin"]);
      await signIn(stage.page, ben);
      await untilItListens(stage.page);
      await giveRole(await stage.open(ann), ben, "Admin");
      await expect(stage.page.getByText("Ann made you an Admin of Lamps.")).toBeVisible();
      await invite(await stage.open(carl), chairs, ben.email);
      await expect(stage.page.getByText("Carl invites you to Chairs as Collaborator.")).toBeVisible();
    },
  },
  {
    name: "allowed more than Logto was asked for, while writing",
    open: async (stage) => {
      const come = await stage.operator.takePermission("read:audit-log");
      await asAnn(stage);
      await typePost(stage.page);
      await come();
      await expect(stage.page.getByRole("button", { name: "Use it now" })).toBeVisible();
    },
  },
  {
    name: "an organization that is going to be deleted, as a colleague has asked",
    open: async (stage) => {
      const { lamps, ann, ben } = await makeLamps(stage.operator);
      await signIn(stage.page, ben);
      await untilItListens(stage.page);
      const anns = await stage.open(ann);
      expect((await sendForm(anns, lamps, paths.deleteOrganization, { name: "Lamps" })).status()).toBe(302);
      await expect(stage.page.getByText(", as Ann has asked,")).toBeVisible();
    },
  },
  {
    name: "demoted while writing an invitation",
    refusedWith: 403,
    open: async (stage) => {
      const { lamps, ann } = await asAnn(stage);
      await stage.page.goto(paths.invite);
      await stage.page.getByLabel("E-mail addresses").fill("nora@example.com");
      await stage.operator.setRole(lamps, ann, "Collaborator");
      await expect(stage.page.getByText("This cannot be sent any more")).toBeVisible();
    },
  },
  {
    name: "removed while writing, told at once",
    open: async (stage) => {
      const { lamps, ann } = await asAnn(stage);
      await typePost(stage.page);
      await stage.operator.removeMember(lamps, ann);
      await heading(stage.page, "You are in no organization yet");
      await expect(stage.page.getByText("Half a thought")).toBeVisible();
    },
  },
  {
    name: "switched in another tab",
    refusedWith: 409,
    open: async (stage) => {
      const { lamps, chairs } = await asAnnOfTwo(stage);
      const other = await switchElsewhere(stage, lamps, chairs);
      await heading(stage.page, "You switched to Chairs in another tab.");
      await other.close();
    },
  },
  {
    name: "switched in another tab while writing",
    refusedWith: 409,
    open: async (stage) => {
      const { lamps, chairs } = await asAnnOfTwo(stage);
      await typePost(stage.page);
      const other = await switchElsewhere(stage, lamps, chairs);
      await expect(stage.page.getByText("You switched to Chairs in another tab.")).toBeVisible();
      await other.close();
    },
  },
  {
    name: "signed out in another tab while writing",
    open: async (stage) => {
      await asAnn(stage);
      await typePost(stage.page);
      const other = await stage.page.context().newPage();
      await other.goto(paths.posts);
      await other.getByRole("button", { name: "Sign out" }).click();
      await expect(other.getByRole("link", { name: "Create an account" })).toBeVisible();
      await other.close();
      await expect(stage.page.getByText("You have signed out in another tab.")).toBeVisible();
    },
  },
  {
    name: "a comment on a post that is gone",
    refusedWith: 404,
    open: async (stage) => {
      const { lamps, ann } = await asAnn(stage);
      const path = await writePost(stage.page, lamps, { title: "Bulbs" });
      await stage.page.goto(path);
      await stage.page.getByLabel("Write a comment").fill("Nine of them");
      expect((await sendForm(stage.page, lamps, `${path}/delete`)).status()).toBe(302);
      await stage.operator.setRole(lamps, ann, "Collaborator");
      await expect(stage.page.getByText("What this page was about is gone")).toBeVisible();
    },
  },
  {
    name: "not live",
    open: async (stage) => {
      await asAnn(stage);
      await withoutLine(stage.page);
      await stage.page.reload();
      await expect(stage.page.getByText("Not live.")).toBeVisible();
    },
  },
];

/** The other tab stays open, for it is what tells the first one where the session is now. */
async function switchElsewhere({ page }: Stage, from: Organization, to: Organization): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(paths.posts);
  await switchTo(other, from, to);
  return other;
}
