// Billing, as those see it who look after it.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { billForMonths } from "../billing-steps";
import { sendForm } from "../journey";
import { press } from "../page";
import { asAda, asAnn, heading, long, type Stage, type View } from "./view";

export const billing: View[] = [
  { name: "billing", of: "billing.show", open: (stage) => asAda(stage, paths.billing) },
  {
    name: "billing, on Free",
    of: "billing.show",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.billing);
      await expect(stage.page.getByText("None: Free costs nothing.")).toBeVisible();
    },
  },
  {
    name: "billing, with a plan ahead",
    of: "billing.show",
    open: async (stage) => {
      await asAnnWhoPays(stage);
      await stage.page.goto(paths.plan("business"));
      await press(stage.page, "Choose Business");
      await expect(stage.page.getByRole("status").filter({ hasText: "stays on Team until" })).toBeVisible();
    },
  },
  { name: "plans", of: "billing.plan.choose", open: (stage) => asAda(stage, paths.plan()) },
  {
    name: "plan that costs something",
    of: "billing.plan.choose",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.plan("team"));
      await heading(stage.page, "Put Lamps on Team?");
    },
  },
  {
    name: "plan that is there already",
    of: "billing.plan.choose",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.plan("free"));
      await expect(stage.page.getByText("Lamps is on Free, or will be, already.")).toBeVisible();
    },
  },
  {
    name: "plan, another was chosen meanwhile",
    of: "billing.plan.choose",
    refusedWith: 409,
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      await stage.page.goto(paths.plan("business"));
      await sendForm(stage.page, lamps, paths.plan(), { plan: "team", basis: "none" });
      await press(stage.page, "Choose Business");
      await expect(stage.page.getByText("somebody has chosen another plan meanwhile")).toBeVisible();
    },
  },
  { name: "billing details", of: "billing.details.edit", open: (stage) => asAda(stage, paths.billingDetails) },
  {
    name: "billing details, refused",
    of: "billing.details.edit",
    refusedWith: 422,
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.billingDetails);
      await stage.page.getByLabel("Company").fill(long);
      await stage.page.getByLabel("E-mail address for invoices").fill("nobody");
      await press(stage.page, "Save billing details");
      await expect(stage.page.getByText("Choose a country")).not.toHaveCount(0);
      await expect(stage.page.getByText("Give an e-mail address, such as")).toBeVisible();
    },
  },
  {
    name: "billing details, saved by somebody else meanwhile",
    of: "billing.details.edit",
    refusedWith: 409,
    open: async (stage) => {
      const { lamps } = await asAnn(stage);
      await stage.page.goto(paths.billingDetails);
      await fillDetails(stage);
      const theirs = {
        company: long.slice(0, 100),
        line1: "Here",
        city: "Leeds",
        country: "GB",
        email: "a@example.com",
        ...{ line2: "", postalCode: "", taxId: "", purchaseOrder: "" },
      };
      await sendForm(stage.page, lamps, paths.billingDetails, { ...theirs, version: "0" });
      await press(stage.page, "Save billing details");
      await expect(stage.page.getByRole("region", { name: "What is saved now" })).toBeVisible();
    },
  },
  { name: "invoices", of: "billing.invoices", open: (stage) => asAda(stage, paths.invoices) },
  {
    name: "invoices, none",
    of: "billing.invoices",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.invoices);
      await expect(stage.page.getByText("No invoices yet")).toBeVisible();
    },
  },
  {
    // A file, and no page: the way to it is looked at.
    name: "invoices as CSV",
    of: "billing.invoices.csv",
    open: async (stage) => {
      await asAda(stage, paths.invoices);
      await expect(stage.page.getByRole("link", { name: "Download as CSV" })).toBeVisible();
    },
  },
  {
    name: "invoice",
    of: "billing.invoice",
    open: async (stage) => {
      await asAda(stage, paths.invoices);
      await stage.page
        .getByRole("main")
        .getByRole("link", { name: /-0001$/ })
        .click();
      await expect(stage.page.getByRole("heading", { name: /^Invoice .*-0001$/ })).toBeVisible();
    },
  },
];

async function asAnnWhoPays(stage: Stage) {
  const here = await asAnn(stage);
  await billForMonths(stage.world, here.lamps);
  return here;
}

async function fillDetails({ page }: Stage) {
  await page.getByLabel("Company").fill("Lamps Ltd");
  await page.getByLabel("Address", { exact: true }).fill("12 Mill Lane");
  await page.getByLabel("City").fill("Leeds");
  await page.getByLabel("Country").selectOption("GB");
  await page.getByLabel("E-mail address for invoices").fill("billing@example.com");
}
