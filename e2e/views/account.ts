// One's own account, and the end of it.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { signIn } from "../journey";
import { press } from "../page";
import { asAda, asAnnOfTwo, asAnother, heading, long, type Stage, type View } from "./view";

/** Alone in one organization, one of several in another, and needed in a third. */
async function asAnnOfThree({ page, operator }: Stage) {
  const names = [long, "Chairs", "Desks"];
  const [lamps, chairs, desks] = await Promise.all(names.map((name) => operator.makeOrganization(name)));
  if (!lamps || !chairs || !desks) throw new Error("The organizations were not made");
  await operator.makePerson("Ben", [chairs, "Admin"], [desks, "Collaborator"]);
  await signIn(page, await operator.makePerson("Ann", [lamps, "Admin"], [chairs, "Collaborator"], [desks, "Admin"]));
}

export const account: View[] = [
  { name: "account", of: "account.show", open: (stage) => asAda(stage, paths.account) },
  {
    name: "account, of two organizations, signed in twice",
    of: "account.show",
    open: async (stage) => {
      const { page } = stage;
      const { ann } = await asAnnOfTwo(stage);
      await asAnother(page, ann);
      await page.goto(paths.account);
      await expect(page.getByRole("button", { name: "Sign out everywhere but here" })).toBeVisible();
    },
  },
  {
    name: "account, in the dark theme",
    of: "account.show",
    open: async (stage) => {
      await asAda(stage, paths.account);
      await press(stage.page, "Dark");
      await expect(stage.page.getByRole("status")).toContainText("The theme is changed");
    },
  },
  {
    name: "delete the account, needed elsewhere",
    of: "account.delete.confirm",
    open: async (stage) => {
      await asAnnOfThree(stage);
      await stage.page.goto(paths.deleteAccount);
      await heading(stage.page, "Delete your account?");
    },
  },
  {
    name: "delete the account, wrongly confirmed",
    of: "account.delete.confirm",
    refusedWith: 422,
    open: async ({ page, operator }) => {
      const [lamps, chairs] = [await operator.makeOrganization("Lamps"), await operator.makeOrganization("Chairs")];
      await operator.makePerson("Ben", [chairs, "Admin"]);
      const ann = await operator.makePerson("Ann", [lamps, "Admin"], [chairs, "Collaborator"]);
      await signIn(page, ann);
      await page.goto(paths.deleteAccount);
      await page.getByLabel(`Type ${ann.email} to confirm`).fill("something else");
      await press(page, "Delete your account and Lamps");
      await expect(page.getByText(/^This is not ann/)).toBeVisible();
    },
  },
  {
    name: "landing page, after the account was deleted",
    of: "home",
    open: ({ page }) => page.goto(`${paths.home}?done=account-deleted`),
  },
];
