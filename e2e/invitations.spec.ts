// Invitations: sending them to many, and looking after those that are open.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expire } from "./clock";
import { expect, fillInSignIn, sendForm, test, untilHydrated, writePost } from "./journey";
import { addressOf, invitationOf, invitationsTo, invite, linkTo, openMail, register } from "./outbox";
import { cannotBeUsed, heading, items, press, row, told } from "./page";
import { makeLamps } from "./stages";

const sections = (page: Page) => page.getByRole("navigation", { name: "Sections" });

async function inMenu(page: Page, address: string, entry: string) {
  await page.getByLabel(`What can be done with the invitation to ${address}`).click();
  const menu = row(page, address).getByRole("group");
  await menu
    .getByRole("button", { name: entry, exact: true })
    .or(menu.getByRole("link", { name: entry }))
    .click();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("Ann invites three people, reads of each address what became of it, and one opens the mail, registers and joins", async ({
      world,
      operator,
      open,
      expectRefusals,
    }) => {
      const { lamps, ann, ben } = await makeLamps(operator);
      const [nora, zoe, dan, cat] = [addressOf("nora"), addressOf("zoe"), addressOf("dan"), addressOf("cat")];
      const anns = await open(ann, { javaScriptEnabled });
      await invite(anns, lamps, cat);
      await writePost(anns, lamps, { title: "Only lamps here" });
      await anns.goto(paths.members);
      await anns.getByRole("link", { name: "Invite people" }).click();
      await anns
        .getByLabel("E-mail addresses")
        .fill(
          [`Nora Noon <${nora}>, ${zoe.toUpperCase()}`, `${zoe}; nobody`, ben.email, cat, `${dan}, Admin`].join("\n"),
        );
      await anns.getByLabel("Note").fill("Come and write about lamps.");
      await press(anns, "Send invitations");

      await expect(heading(anns, "3 people invited")).toBeVisible();
      await expect(items(anns)).toContainText([
        `${nora}Invited. The mail is sent.`,
        `${zoe.toUpperCase()}Invited. The mail is sent.`,
        `${zoe}Stands in the list twice.`,
        "nobodyIs not an e-mail address.",
        `${ben.email}Is a member already.`,
        `${cat}Is invited already.`,
        `${dan}Invited. The mail is sent.`,
      ]);
      const link = await linkTo(world, nora);
      await expect(anns.getByRole("textbox", { name: `Link for ${nora}` })).toHaveValue(link);
      expect(await invitationsTo(world, zoe)).toHaveLength(1);
      expect(await invitationsTo(world, ben.email)).toHaveLength(0);

      const again = anns.getByRole("region", { name: "Correct and send again" });
      await expect(again.getByLabel("E-mail addresses")).toHaveValue("nobody");
      await expect(again.getByLabel("Note")).toHaveValue("Come and write about lamps.");
      await again.getByLabel("E-mail addresses").fill(addressOf("somebody"));
      await press(anns, "Send invitations");
      await expect(heading(anns, "1 person invited")).toBeVisible();

      const page = await openMail(await open(undefined, { javaScriptEnabled }), world, nora);
      await expect(heading(page, "You are invited to Lamps")).toBeVisible();
      await expect(page.getByRole("region", { name: "The invitation" })).toContainText(
        "Ann invites n***@example.com as Collaborator",
      );
      await expect(page.getByText("Come and write about lamps.")).toBeVisible();
      await expect(page.getByRole("main")).toContainText("write posts and comments");
      expect(await page.content()).not.toContain(nora);
      await page.getByRole("link", { name: "Continue" }).click();
      await expect(page.getByLabel("E-mail address"), "one begins with the invited address").toHaveValue(nora);
      await register(page, world, { name: "Nora", email: nora });
      await expect(heading(page, "Join Lamps?")).toBeVisible();
      await press(page, "Join Lamps as Collaborator");
      await told(page, "You are a Collaborator of Lamps. You can: read posts");
      await expect(page.getByRole("link", { name: "Only lamps here" })).toBeVisible();
      await page.goto(paths.organizations);
      await expect(items(page), "none of her own").toHaveText([/Lamps.*Collaborator/]);
      expectRefusals(404);
      await page.goto(paths.post(world.records.globex?.posts ?? ""));
      await expect(heading(page, "Not found")).toBeVisible();

      await anns.goto(paths.invitations);
      await expect(row(anns, dan)).toContainText("Admin");
      await expect(row(anns, zoe.toUpperCase())).toContainText("Come and write about lamps.");
      await expect(row(anns, zoe.toUpperCase())).toContainText("Expires in 7 days");
      await anns.getByRole("link", { name: "Accepted" }).click();
      await expect(row(anns, nora)).toContainText("Accepted");
      await sections(anns).getByRole("link", { name: "Members" }).click();
      await expect(anns.getByText("3 members (4 invited)")).toBeVisible();
      await expect(row(anns, nora)).toContainText("Collaborator");
    });

    test("a list of a file is sent, and comes back as text when it is not right, with all that was typed", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      const [nora, zoe, cat] = [addressOf("nora"), addressOf("zoe"), addressOf("cat")];
      const csv = (...bytes: number[]) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(bytes) });
      const file = csv(...Buffer.from(`Name,E-mail,Role\n"Noon, Nora",${nora},Boss\nZoe,${zoe},\n`));
      const addresses = page.getByLabel("E-mail addresses");
      const [note, days] = [page.getByLabel("Note"), page.getByLabel("Days until it expires")];
      expectRefusals(422);

      await page.goto(paths.invite);
      await addresses.fill(cat);
      await page.getByLabel("Or a CSV file").setInputFiles(file);
      await page.getByLabel("Admin").check();
      await note.fill("Welcome.\nSee you soon.");
      await days.fill("31");
      await press(page, "Send invitations");
      await expect(addresses).toHaveAccessibleDescription(
        /There is no role “Boss”. The roles are Admin and Collaborator./,
      );
      await expect(addresses).toHaveValue(`${cat}\n${nora}, Boss\n${zoe}`);
      await expect(days).toHaveAccessibleDescription(/at most 30 days/);
      await expect(days).toHaveValue("31");
      await expect(note).toHaveValue("Welcome.\nSee you soon.");
      await expect(page.getByLabel("Admin")).toBeChecked();

      await days.fill("30");
      await addresses.fill(`${cat}\n${nora}, collaborator`);
      await page.getByLabel("Or a CSV file").setInputFiles(csv(0xff, 0xfe, 0x61, 0x00));
      await press(page, "Send invitations");
      await expect(page.getByLabel("Or a CSV file")).toHaveAccessibleDescription(/cannot be read as text/);
      await expect(addresses).toHaveValue(`${cat}\n${nora}, collaborator`);

      await page.getByLabel("Or a CSV file").setInputFiles(csv(...Buffer.from(zoe)));
      await press(page, "Send invitations");
      await expect(heading(page, "3 people invited")).toBeVisible();
      await page.goto(paths.invitations);
      await expect(row(page, nora)).toContainText("Collaborator");
      await expect(row(page, cat)).toContainText("Admin");
      await expect(row(page, zoe)).toContainText("Admin");
      await expect(row(page, zoe)).toContainText("Expires in 30 days");
    });
  });
}

test("what Ann has typed is kept when Logto is away, and when her session has ended", async ({
  world,
  operator,
  open,
  outage,
  expectRefusals,
}) => {
  const { ann } = await makeLamps(operator);
  const nora = addressOf("nora");
  const page = await open(ann);
  await page.goto(paths.invite);
  await untilHydrated(page);
  await page.getByLabel("E-mail addresses").fill(nora);
  await page.getByLabel("Note").fill("Come and write about lamps.");
  await outage.begin();
  expectRefusals(503, 401);
  await press(page, "Send invitations");
  await expect(heading(page, "We cannot check your access right now")).toBeVisible();
  await expect(page.getByText("Come and write about lamps.")).toBeVisible();
  await outage.end();

  await page.context().clearCookies();
  await press(page, "Try again");
  await expect(heading(page, "You are signed out")).toBeVisible();
  await expect(page.getByText("Come and write about lamps.")).toBeVisible();
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Sign in (opens a new tab)" }).click();
  await fillInSignIn(await opened, ann);
  await press(page, "Send again");
  await expect(heading(page, "1 person invited")).toBeVisible();
  expect(await invitationsTo(world, nora)).toHaveLength(1);
  await page.goto(paths.invitations);
  await expect(row(page, nora)).toContainText("Come and write about lamps.");
});

test("Ann sends again, makes a new link, changes the role and revokes several, and reads what each did", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const page = await open(ann);
  const [nora, zoe] = [addressOf("nora"), addressOf("zoe")];
  await invite(page, lamps, nora, zoe);
  const first = await linkTo(world, nora);
  expire(world, nora);

  await page.goto(`${paths.invitations}?status=expired`);
  await expect(row(page, nora)).toContainText("Expired");
  await inMenu(page, nora, "Send again");
  await told(page, `Sent again to ${nora}. Now valid until`);
  await expect(row(page, nora)).toContainText("Expires in 7 days");
  await expect(row(page, nora)).toContainText("2 times");
  expect(await invitationsTo(world, nora)).toHaveLength(2);
  expect(await linkTo(world, nora), "the link stays").toBe(first);

  await inMenu(page, nora, "Make a new link");
  await expect(heading(page, "New link")).toBeVisible();
  const second = await linkTo(world, nora);
  expect(second).not.toBe(first);
  await expect(page.getByRole("textbox", { name: `Link for ${nora}` })).toHaveValue(second);
  expectRefusals(410);
  const reader = await open();
  await reader.goto(first);
  await cannotBeUsed(reader);
  await reader.goto(second);
  await expect(heading(reader, "You are invited to Lamps")).toBeVisible();

  await page.goto(paths.invitations);
  await inMenu(page, nora, "Change role");
  await page.getByLabel("Admin").check();
  await press(page, "Change role");
  await told(page, `${nora} is now invited as Admin.`);
  await reader.reload();
  await expect(reader.getByRole("main")).toContainText("change roles and remove people");

  await press(page, "Revoke");
  await told(page, "choose at least one invitation");
  await page.getByLabel(`Choose ${nora}`).check();
  await page.getByLabel(`Choose ${zoe}`).check();
  await press(page, "Revoke");
  await told(page, "The invitations are revoked.");
  await expect(page.getByText("No open invitations")).toBeVisible();
  await reader.reload();
  await cannotBeUsed(reader);
});

test("Ben, a Collaborator, invites nobody and sees no invitation", async ({ operator, open, expectRefusals }) => {
  const { lamps, ann, ben } = await makeLamps(operator);
  const email = addressOf("nora");
  await invite(await open(ann), lamps, email);
  const page = await open(ben);
  await sections(page).getByRole("link", { name: "Members" }).click();
  await expect(page.getByText("Ask Ann to invite someone.")).toBeVisible();
  await expect(page.getByRole("link", { name: /Invite|Invitations|Requests/ })).toHaveCount(0);
  expectRefusals(403);
  for (const path of [paths.invite, paths.invitations, paths.requests]) {
    await page.goto(path);
    await expect(heading(page, "You may not do this")).toBeVisible();
    expect(await page.content()).not.toContain(email);
  }
  const sent = await sendForm(page, lamps, paths.invite, invitationOf(addressOf("zoe")));
  expect(sent.status()).toBe(403);
});
