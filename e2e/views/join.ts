// The page of an invitation's link, in every situation that its reader can be in.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { sendForm, signIn } from "../journey";
import { addressOf, invitationOf, linkTo } from "../outbox";
import { press } from "../page";
import { heading, long, type Stage, type View } from "./view";

export const joining: View[] = [
  {
    name: "invitation, signed out",
    of: "join.show",
    open: async (stage) => {
      const { link } = await invited(stage, { address: addressOf("nora") });
      await stage.page.goto(link);
      await heading(stage.page, `You are invited to ${name}`);
    },
  },
  {
    name: "invitation, by whom it is for",
    of: "join.show",
    open: async (stage) => {
      const nora = await stage.operator.makePerson("Nora");
      const { link } = await invited(stage, { address: nora.email });
      await signIn(stage.page, nora);
      await stage.page.goto(link);
      await heading(stage.page, `Join ${name}?`);
    },
  },
  {
    name: "invitation, to an organization that will be deleted",
    of: "join.show",
    open: async (stage) => {
      const nora = await stage.operator.makePerson("Nora");
      const { link } = await invited(stage, { address: nora.email, deleted: true });
      await signIn(stage.page, nora);
      await expect(stage.page.getByText("is going to be deleted, so nobody can join it now")).toBeVisible();
      await stage.page.goto(link);
      await heading(stage.page, `You cannot join ${name} now`);
    },
  },
  {
    name: "invitation, accepted a moment ago",
    open: async (stage) => {
      const nora = await stage.operator.makePerson("Nora");
      const { link } = await invited(stage, { address: nora.email });
      await signIn(stage.page, nora);
      await stage.page.goto(link);
      await press(stage.page, `Join ${name} as Collaborator`);
      await expect(stage.page.getByText(`You are a Collaborator of ${name}.`)).toBeVisible();
    },
  },
  {
    name: "invitation, for another address",
    of: "join.show",
    open: async (stage) => {
      await asCarl(stage);
      await heading(stage.page, "This invitation is for another address");
    },
  },
  {
    name: "invitation, for another address, asked for one of their own",
    of: "join.show",
    open: async (stage) => {
      const { carl } = await asCarl(stage);
      await press(stage.page, `Ask for an invitation to ${carl.email}`);
      await expect(stage.page.getByText("have been told")).toBeVisible();
    },
  },
  {
    name: "invitation that cannot be used",
    of: "join.show",
    refusedWith: 410,
    open: async ({ page }) => {
      await page.goto(paths.join("cut-short"));
      await heading(page, "This invitation link can't be used any more");
    },
  },
  {
    name: "invitation that cannot be used, asked for a new one",
    of: "join.show",
    refusedWith: 410,
    open: async ({ page }) => {
      await page.goto(paths.join("cut-short"));
      await press(page, "Ask for a new invitation");
      await expect(page.getByText("have been told")).toBeVisible();
    },
  },
  {
    name: "invitation, declined",
    of: "join.show",
    refusedWith: 410,
    open: async (stage) => {
      const { link } = await invited(stage, { address: addressOf("nora") });
      await stage.page.goto(link);
      await press(stage.page, "Decline");
      await heading(stage.page, "You have declined the invitation");
    },
  },
  {
    name: "organizations, and invitations that wait",
    of: "organizations.list",
    open: async (stage) => {
      const chairs = await stage.operator.makeOrganization("Chairs");
      const nora = await stage.operator.makePerson("Nora", [chairs, "Admin"]);
      await invited(stage, { address: nora.email });
      await signIn(stage.page, nora);
      await stage.page.goto(paths.organizations);
      await expect(stage.page.getByRole("main").getByRole("button", { name: /^Join / })).toBeVisible();
    },
  },
  {
    name: "organizations, switcher with an invitation open",
    of: "organizations.list",
    open: async (stage) => {
      const chairs = await stage.operator.makeOrganization("Chairs");
      const nora = await stage.operator.makePerson("Nora", [chairs, "Admin"]);
      await invited(stage, { address: nora.email });
      await signIn(stage.page, nora);
      await stage.page.getByLabel("Switch organization").click();
      await expect(stage.page.getByText("Look at all, or decline")).toBeVisible();
    },
  },
  {
    name: "organizations, none but an invitation",
    of: "organizations.list",
    open: async (stage) => {
      const nora = await stage.operator.makePerson("Nora");
      await invited(stage, { address: nora.email });
      await signIn(stage.page, nora);
      await heading(stage.page, "Find your organizations");
    },
  },
];

const name = `Lamps ${long.slice(0, 60)}`;

/** By Ann, with a note. `deleted`: she has asked for the deletion of her organization since. Nobody is signed in afterwards. */
async function invited(
  { page, world, operator }: Stage,
  { address, deleted = false }: { address: string; deleted?: boolean },
) {
  const lamps = await operator.makeOrganization(name);
  await signIn(page, await operator.makePerson("Ann", [lamps, "Admin"]));
  const note = `Come and write about lamps.\n${long}`;
  await sendForm(page, lamps, paths.invite, { ...invitationOf(address), note });
  if (deleted) await sendForm(page, lamps, paths.deleteOrganization, { name });
  await page.goto("about:blank"); // so that no open page notices that its session is gone
  await page.context().clearCookies();
  return { link: await linkTo(world, address) };
}

async function asCarl(stage: Stage) {
  const { link } = await invited(stage, { address: addressOf("nora") });
  const carl = await stage.operator.makePerson("Carl");
  await signIn(stage.page, carl);
  await stage.page.goto(link);
  return { carl };
}
