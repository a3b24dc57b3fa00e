// What whoever is signed out sees, and every refusal.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { castMember, signIn, switchTo } from "../journey";
import { deafen } from "../tabs";
import { press } from "../page";
import { asAda, asAnn, asAnnOfTwo, heading, typePost, type Stage, type View } from "./view";

export const refusals: View[] = [
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
  {
    name: "back at once, with nothing to ask Logto for",
    of: "auth.consent",
    open: (stage) => asAda(stage, paths.consent(paths.posts)),
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
      await signIn(stage.page, castMember(stage.world, "cleo"));
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
      await deafen(stage.page);
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
