// Members: the list, and every page that asks before it changes one.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { castMember, signIn } from "../journey";
import { invite } from "../outbox";
import { press } from "../page";
import { asAda, asAnn, asAnother, heading, long, type View } from "./view";

export const members: View[] = [
  { name: "members", of: "members.list", open: (stage) => asAda(stage, paths.members) },
  {
    name: "members with long names, menu of roles open",
    of: "members.list",
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      await stage.operator.makePerson(long.slice(0, 50), [lamps, "Collaborator"]);
      await invite(stage.page, lamps, "nora@example.com");
      await stage.page.goto(paths.members);
      await expect(stage.page.getByText("3 members (1 invited)")).toBeVisible();
      await stage.page.getByLabel("Role of Ben: Collaborator").click();
    },
  },
  {
    name: "members, menu of one open",
    of: "members.list",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.members);
      await stage.page.getByLabel("What can be done with Ann").click();
      await expect(stage.page.getByText("You are the only one").filter({ visible: true })).toBeVisible();
    },
  },
  {
    name: "members, read by a Collaborator",
    of: "members.list",
    open: async ({ page, world }) => {
      await signIn(page, castMember(world, "cleo"));
      await page.goto(paths.members);
      await expect(page.getByText(/^Ask .+ to invite someone\.$/)).toBeVisible();
    },
  },
  {
    name: "members, none matches",
    of: "members.list",
    open: (stage) => asAda(stage, `${paths.members}?text=nothing+like+it`),
  },
  {
    name: "members, one only",
    of: "members.list",
    open: async ({ page, operator }) => {
      await signIn(page, await operator.makePerson("Ann", [await operator.makeOrganization("Lamps"), "Admin"]));
      await page.goto(paths.members);
      await expect(page.getByText("Only you are here.")).toBeVisible();
    },
  },
  {
    name: "choose a role",
    of: "members.role.confirm",
    open: async (stage) => {
      const { ben } = await asAnn(stage);
      await stage.page.goto(paths.memberRole(ben.id));
      await heading(stage.page, "Change the role of Ben");
    },
  },
  {
    name: "give a role",
    of: "members.role.confirm",
    open: async (stage) => {
      const { ben } = await asAnn(stage);
      await stage.page.goto(paths.memberRole(ben.id));
      await stage.page.getByLabel("Admin").check();
      await press(stage.page, "Continue");
      await heading(stage.page, "Make Ben Admin of Lamps?");
    },
  },
  {
    name: "give a role, which cannot be",
    of: "members.role.confirm",
    open: async (stage) => {
      const { ann } = await asAnn(stage);
      await stage.page.goto(paths.memberRole(ann.id));
      await stage.page.getByLabel("Collaborator").check();
      await press(stage.page, "Continue");
      await heading(stage.page, "Make Ann Collaborator of Lamps?");
    },
  },
  {
    name: "remove a member",
    of: "members.remove.confirm",
    open: async (stage) => {
      const { ben } = await asAnn(stage);
      await stage.page.goto(paths.removeMember(ben.id));
      await heading(stage.page, "Remove Ben from Lamps?");
    },
  },
  {
    name: "leave an organization",
    of: "members.leave.confirm",
    open: async (stage) => {
      const { ben } = await asAnn(stage);
      await asAnother(stage.page, ben);
      await stage.page.goto(paths.leave);
      await heading(stage.page, "Leave Lamps?");
    },
  },
  {
    name: "leave an organization, which cannot be",
    of: "members.leave.confirm",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.leave);
      await heading(stage.page, "Leave Lamps?");
    },
  },
];
