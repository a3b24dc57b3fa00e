// Choosing and creating organizations.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { signIn } from "../journey";
import { deafen } from "../tabs";
import { press } from "../page";
import { asAda, asAnn, heading, long, type View } from "./view";

export const organizations: View[] = [
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
      await deafen(stage.page);
      await stage.page.reload();
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
