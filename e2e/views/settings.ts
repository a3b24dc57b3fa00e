// The settings, the export and the deletion of an organization.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { sendForm } from "../journey";
import { press } from "../page";
import { asAda, asAnn, asAnnOfTwo, asAnother, heading, type Stage, type View } from "./view";

/** Ann's organization waits to be deleted. */
async function asAnnWhoDeletes(stage: Stage) {
  const made = await asAnn(stage);
  const asked = await sendForm(stage.page, made.lamps, paths.deleteOrganization, { name: "Lamps" });
  expect(asked.status()).toBe(302);
  return made;
}

export const settings: View[] = [
  { name: "settings", of: "settings.show", open: (stage) => asAda(stage, paths.settings) },
  {
    name: "settings, a name that is too long",
    refusedWith: 422,
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.settings);
      await stage.page.getByRole("textbox", { name: "Name" }).fill("x".repeat(129));
      await press(stage.page, "Rename");
      await expect(stage.page.getByText("A name has at most 128 characters")).toBeVisible();
    },
  },
  {
    name: "settings, a domain that is none",
    refusedWith: 422,
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.settings);
      await stage.page.getByLabel("Domains whose addresses may be invited").fill("example.com\nnot a domain");
      await press(stage.page, "Save the domains");
      await expect(stage.page.getByText("are not domains")).toBeVisible();
    },
  },
  {
    name: "export, none yet",
    of: "settings.export",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.exports);
      await heading(stage.page, "Export Lamps");
    },
  },
  {
    name: "export, ready",
    of: "settings.export",
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      expect((await sendForm(stage.page, lamps, paths.exports)).status()).toBe(302);
      const download = stage.page.getByRole("link", { name: "Download the ZIP file" });
      await expect
        .poll(async () => {
          await stage.page.goto(paths.exports);
          return download.count();
        })
        .toBe(1);
    },
  },
  {
    name: "delete an organization",
    of: "settings.delete.confirm",
    open: (stage) => asAda(stage, paths.deleteOrganization),
  },
  {
    name: "delete an organization, another name typed",
    of: "settings.delete.confirm",
    refusedWith: 422,
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.deleteOrganization);
      await stage.page.getByLabel("To confirm, type the name: Lamps").fill("Chairs");
      await press(stage.page, "Delete Lamps");
      await expect(stage.page.getByText("This is not its name.")).toBeVisible();
    },
  },
  {
    name: "delete an organization, which waits",
    of: "settings.delete.confirm",
    open: async (stage) => {
      await asAnnWhoDeletes(stage);
      await stage.page.goto(paths.deleteOrganization);
      await expect(stage.page.getByRole("button", { name: "Keep Lamps" })).toHaveCount(2);
    },
  },
  {
    name: "posts of an organization that will be deleted, read by a Collaborator",
    of: "posts.list",
    open: async (stage) => {
      const { ben } = await asAnnWhoDeletes(stage);
      await asAnother(stage.page, ben);
      await stage.page.goto(paths.posts);
      await expect(stage.page.getByText("Save what you still need.")).toBeVisible();
    },
  },
  {
    name: "posts, while another of one's organizations will be deleted",
    of: "posts.list",
    open: async (stage) => {
      const { lamps } = await asAnnOfTwo(stage);
      const asked = await sendForm(stage.page, lamps, paths.deleteOrganization, { name: "Lamps" });
      expect(asked.status()).toBe(302);
      await stage.page.goto(paths.organizations);
      await stage.page.getByRole("main").getByRole("button", { name: "Chairs" }).click();
      await expect(stage.page.getByText("Lamps, another of your organizations, will be deleted")).toBeVisible();
    },
  },
];
