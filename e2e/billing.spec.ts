// Billing: choosing a plan, running out of seats, whom invoices are for, and the invoices themselves.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { billForMonths, operate } from "./billing-steps";
import { expect, sendForm, test } from "./journey";
import { addressOf, invite, linkTo } from "./outbox";
import { heading, press, row, told } from "./page";
import { makeLamps } from "./stages";

const sidebar = (page: Page) => page.getByRole("navigation", { name: "Sections" });
const panel = (page: Page, name: string) => page.getByRole("region", { name });

/** Opens the invoice whose number ends so. @returns its number */
async function openInvoice(page: Page, ending: string): Promise<string> {
  const link = page.getByRole("main").getByRole("link", { name: new RegExp(`-${ending}$`) });
  const number = (await link.textContent()) ?? "";
  await link.click();
  await expect(heading(page, `Invoice ${number}`)).toBeVisible();
  return number;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("Ann reads what Team would mean, chooses it, gets its invoice, and sees it paid", async ({
      world,
      operator,
      open,
    }) => {
      const { ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      await sidebar(page).getByRole("link", { name: "Billing" }).click();
      await expect(page).toHaveTitle("Billing · Lamps");
      await expect(page.getByText("2 of 10 seats used: 2 members.")).toBeVisible();

      await page.getByRole("link", { name: "Change plan" }).click();
      await expect(heading(page, "Change plan")).toBeVisible();
      await page.getByRole("radio", { name: /^Team/ }).check();
      await press(page, "Continue");
      await expect(heading(page, "Put Lamps on Team?")).toBeVisible();
      await expect(page.getByRole("row", { name: "Total, without tax €29.00" })).toBeVisible();
      await press(page, "Choose Team");
      await told(page, "Lamps is on Team.");
      await expect(panel(page, "Team")).toContainText("2 of 100 seats used");

      const number = await openInvoice(page, "0001");
      await expect(page.getByText("Open", { exact: true })).toBeVisible();
      expect(await operate(world, "mark-paid", number)).toContain("is paid now");
      await page.reload();
      await expect(page.getByText("Paid", { exact: true })).toBeVisible();
      await page.getByRole("link", { name: "Invoices" }).click();
      await expect(row(page, number)).toContainText("€29.00");
    });

    test("Ann says whom the invoices are for; what is wrong is told beside it, and what she typed stays", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      expectRefusals(422);
      const { ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      await page.goto(paths.billingDetails);
      await page.getByLabel("Company").fill("Lamps & Sons Ltd");
      await page.getByLabel("E-mail address for invoices").fill("not an address");
      await press(page, "Save billing details");
      await expect(page.getByText("Give an e-mail address, such as billing@example.com.")).toBeVisible();
      await expect(
        page.getByText("Choose a country from the list.").or(page.getByText("Choose a country.")),
      ).toBeVisible();
      await expect(page.getByLabel("Company")).toHaveValue("Lamps & Sons Ltd");

      await page.getByLabel("Address", { exact: true }).fill("12 Mill Lane");
      await page.getByLabel("City").fill("Leeds");
      await page.getByLabel("Country").selectOption({ label: "United Kingdom" });
      await page.getByLabel("E-mail address for invoices").fill("billing@example.com");
      await page.getByLabel("Purchase order").fill("PO 7");
      await press(page, "Save billing details");
      await told(page, "The billing details are saved.");
      for (const text of ["Lamps & Sons Ltd", "United Kingdom", "Purchase order: PO 7"])
        await expect(panel(page, "Billing details")).toContainText(text);
    });
  });
}

test("Ben, a Collaborator, has no link to billing, and its addresses refuse him", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  await billForMonths(world, lamps);
  const anns = await open(ann);
  await anns.goto(paths.invoices);
  await openInvoice(anns, "0001");
  const invoice = new URL(anns.url()).pathname;

  expectRefusals(403);
  const page = await open(ben);
  await expect(sidebar(page).getByRole("link", { name: "Members" })).toBeVisible();
  await expect(sidebar(page).getByRole("link", { name: "Billing" })).toHaveCount(0);
  for (const path of [paths.billing, paths.plan(), paths.billingDetails, paths.invoices, invoice]) {
    await page.goto(path);
    await expect(heading(page, "You may not do this")).toBeVisible();
  }
  expect((await page.request.get(paths.invoicesCsv)).status()).toBe(403);
  expect((await anns.request.get(paths.invoicesCsv)).status(), "Ann may").toBe(200);
  const chosen = await sendForm(page, lamps, paths.plan(), { plan: "business", basis: "none" });
  expect(chosen.status()).toBe(403);
});

test("when all seats are used nobody is invited, and Ann is told what to do", async ({ operator, open }) => {
  const { lamps, ann } = await makeLamps(operator);
  for (let count = 0; count < 7; count += 1) await operator.makePerson(`Person${count}`, [lamps, "Collaborator"]);
  const page = await open(ann);
  const [last, tooMany] = [addressOf("last"), addressOf("too.many")];
  await page.goto(paths.invite);
  await page.getByLabel("E-mail addresses").fill(`${last}\n${tooMany}`);
  await page.getByRole("radio", { name: "Collaborator" }).check();
  await press(page, "Send invitations");
  await expect(heading(page, "1 person invited")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: tooMany })).toContainText(
    "Not invited: all seats of your organization’s plan are used. Choose a larger plan under Billing",
  );

  await page.goto(paths.members);
  await expect(page.getByText("10 of 10 seats used")).toBeVisible();
  await expect(page.getByRole("button", { name: "Invite people" })).toHaveAttribute("aria-disabled", "true");
  await page.goto(paths.plan("team"));
  await press(page, "Choose Team");
  await told(page, "Lamps is on Team.");
  await page.goto(paths.members);
  await page.getByRole("link", { name: "Invite people" }).click();
  await page.getByLabel("E-mail addresses").fill(tooMany);
  await press(page, "Send invitations");
  await expect(heading(page, "1 person invited")).toBeVisible();

  await page.goto(paths.plan("free"));
  await expect(page.getByText("11 seats are used, and Free has 10.", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose Free" })).toHaveAttribute("aria-disabled", "true");
});

test("Nora's invitation waits for a seat that members made at Logto have taken", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const nora = await operator.makePerson("Nora");
  const anns = await open(ann);
  await invite(anns, lamps, nora.email);
  for (let count = 0; count < 8; count += 1) await operator.makePerson(`Person${count}`, [lamps, "Collaborator"]);

  expectRefusals(409);
  const noras = await open(nora);
  await noras.goto(await linkTo(world, nora.email));
  await press(noras, "Join Lamps as Collaborator");
  await expect(
    noras.getByText(
      "You have not joined. All seats of the plan of Lamps are used. Ask Ann to make room, then try again.",
    ),
  ).toBeVisible();

  await anns.goto(paths.billing);
  await expect(anns.getByText("11 of 10 seats used: 10 members, 1 open invitation.")).toBeVisible();
  await anns.goto(paths.plan("team"));
  await press(anns, "Choose Team");
  await told(anns, "Lamps is on Team.");
  await press(noras, "Join Lamps as Collaborator");
  await expect(noras).toHaveTitle("Posts · Lamps");
});

test("Ann reads her invoices, takes them away as CSV, and prints one without the frame", async ({
  world,
  operator,
  open,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  await billForMonths(world, lamps);
  const page = await open(ann);
  await page.goto(paths.invoices);
  await expect(page.getByRole("row")).toHaveCount(4);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("invoices.csv");
  const csv = await (await page.request.get(paths.invoicesCsv)).text();
  expect(csv.trim().split("\r\n")).toHaveLength(4);
  expect(csv).toContain("Team,2,37.00,EUR,Lamps Ltd");

  await openInvoice(page, "0003");
  await expect(page.getByRole("row", { name: "Total, without tax €37.00" })).toBeVisible();
  await expect(page.getByText("Lamps Ltd")).toBeVisible();
  await expect(page.getByRole("region", { name: "From" })).toContainText("Atrium, for examples only");
  await page.emulateMedia({ media: "print" });
  await expect(sidebar(page)).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByRole("row", { name: "Total, without tax €37.00" })).toBeVisible();
  const printed = await page.pdf({ format: "A4" });
  expect(printed.toString("latin1").match(/\/Type \/Page\b/g), "one sheet").toHaveLength(1);
});

test("what was saved meanwhile is shown beside what Ann writes, and she decides", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const page = await open(ann);
  await page.goto(paths.billingDetails);
  const optional = { line2: "", postalCode: "", taxId: "", purchaseOrder: "" };
  const details = {
    company: "Chairs Ltd",
    line1: "Here",
    city: "York",
    country: "GB",
    email: "a@example.com",
    ...optional,
  };
  const saved = await sendForm(page, lamps, paths.billingDetails, { ...details, version: "0" });
  expect(saved.status()).toBe(302);

  expectRefusals(409);
  await page.getByLabel("Company").fill("Lamps Ltd");
  await page.getByLabel("Address", { exact: true }).fill("12 Mill Lane");
  await page.getByLabel("City").fill("Leeds");
  await page.getByLabel("Country").selectOption("GB");
  await page.getByLabel("E-mail address for invoices").fill("billing@example.com");
  await press(page, "Save billing details");
  await expect(panel(page, "What is saved now")).toContainText("Chairs Ltd");
  await expect(page.getByLabel("Company")).toHaveValue("Lamps Ltd");
  await press(page, "Save billing details");
  await told(page, "The billing details are saved.");
  await expect(panel(page, "Billing details")).toContainText("Lamps Ltd");
});
