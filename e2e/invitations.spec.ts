// Invitations: sending them to many, answering them in every situation, and looking after those that are open.
import type { APIResponse, Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expire } from "./clock";
import { expect, fillInSignIn, sendForm, switcher, test, untilHydrated, writePost } from "./journey";
import type { Operator } from "./operator";
import { addressOf, invitationOf, invitationsTo, invite, linkTo, openMail, register } from "./outbox";

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, level: 1 });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const sections = (page: Page) => page.getByRole("navigation", { name: "Sections" });
const items = (page: Page) => page.getByRole("main").getByRole("listitem");
const row = (page: Page, address: string) => page.getByRole("row").filter({ hasText: address });
const told = (page: Page, sentence: string) =>
  expect(page.getByRole("status").filter({ hasText: sentence })).toBeVisible();
const cannotBeUsed = (page: Page) =>
  expect(heading(page, "This invitation link can't be used any more"), page.url()).toBeVisible();

/** An organization with an Admin. */
async function makeLamps(operator: Operator) {
  const lamps = await operator.makeOrganization("Lamps");
  return { lamps, ann: await operator.makePerson("Ann", [lamps, "Admin"]) };
}

/** By the form, as a person does. Ends at the page that tells what became of each. */
async function inviteByForm(page: Page, addresses: string): Promise<void> {
  await page.goto(paths.invite);
  await page.getByLabel("E-mail addresses").fill(addresses);
  await press(page, "Send invitations");
  await expect(heading(page, /invited$/)).toBeVisible();
}

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
      const { lamps, ann } = await makeLamps(operator);
      const ben = await operator.makePerson("Ben", [lamps, "Collaborator"]);
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

test("a link that is somebody else's tells who is signed in, never the whole address, and lets them change account, ask or go", async ({
  world,
  operator,
  open,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const nora = await operator.makePerson("Nora");
  const carl = await operator.makePerson("Carl", [await operator.makeOrganization("Chairs"), "Admin"]);
  const anns = await open(ann);
  await invite(anns, lamps, nora.email);
  const link = await linkTo(world, nora.email);

  const page = await open(carl);
  await page.goto(link);
  await expect(heading(page, "This invitation is for another address")).toBeVisible();
  await expect(
    page.getByText(`You are signed in as ${carl.email}. This invitation to Lamps is for n***@example.com.`),
  ).toBeVisible();
  expect(await page.content()).not.toContain(nora.email);
  await press(page, `Ask for an invitation to ${carl.email}`);
  await told(page, `told that you would like to join Lamps as ${carl.email}`);
  await page.getByRole("link", { name: "Not now" }).click();
  await expect(page).toHaveTitle("Posts · Chairs");

  await page.goto(link);
  await page.getByRole("link", { name: "Switch account" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveValue(nora.email);
  await page.getByLabel("Password").fill(nora.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(heading(page, "Join Lamps?")).toBeVisible();
  await press(page, "Join Lamps as Collaborator");
  await expect(page).toHaveTitle("Posts · Lamps");

  await anns.goto(paths.requests);
  const request = anns.getByRole("article").filter({ hasText: carl.email });
  await expect(request).toContainText(`Opened the link for ${nora.email}`);
  await request.getByRole("link", { name: "Invite" }).click();
  await expect(anns.getByLabel("E-mail addresses")).toHaveValue(carl.email);
  await press(anns, "Send invitations");
  await expect(heading(anns, "1 person invited")).toBeVisible();
  await anns.goto(paths.requests);
  await expect(anns.getByText("Nobody asks to be invited")).toBeVisible();
  expect(await invitationsTo(world, carl.email)).toHaveLength(1);
});

test("what waits for an address is offered at the first sign-in, to join or to decline", async ({
  world,
  operator,
  open,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const chairs = await operator.makeOrganization("Chairs");
  const carl = await operator.makePerson("Carl", [chairs, "Admin"]);
  const email = addressOf("nora");
  await invite(await open(ann), lamps, email);
  await invite(await open(carl), chairs, email);

  const page = await open();
  await page.goto(paths.signIn());
  await register(page, world, { name: "Nora", email });
  await expect(heading(page, "Find your organizations")).toBeVisible();
  await expect(items(page)).toHaveCount(2);
  await press(page, "Decline the invitation to Lamps");
  await told(page, "The invitation is declined.");
  await expect(items(page)).toHaveText([/Chairs.*Carl invites you as Collaborator/]);
  await press(page, "Join Chairs");
  await told(page, "You are a Collaborator of Chairs.");
});

test("whoever is invited and goes on alone gets an organization of their own, and joins later by the switcher", async ({
  world,
  operator,
  open,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const email = addressOf("nora");
  await invite(await open(ann), lamps, email);
  const page = await open();
  await page.goto(paths.signIn());
  await register(page, world, { name: "Nora", email });
  await press(page, "Set up my organization");
  await expect(page).toHaveTitle("Posts · Nora's organization");
  await switcher(page, "Nora's organization").click();
  await page.getByRole("button", { name: /Lamps.*Join/ }).click();
  await told(page, "You are a Collaborator of Lamps.");
  await expect(switcher(page, "Lamps")).toHaveAccessibleDescription("Collaborator");
});

test("every link that cannot be used leads to one same page, byte for byte, and whoever asks there is heard if it was real", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { lamps, ann } = await makeLamps(operator);
  const nora = await operator.makePerson("Nora");
  const [expired, revoked, declined, pending] = ["expired", "revoked", "declined", "pending"].map(addressOf);
  const anns = await open(ann);
  await invite(anns, lamps, nora.email, expired, revoked, declined, pending);
  const [usedLink, expiredLink, revokedLink, declinedLink, openLink] = await Promise.all(
    [nora.email, expired, revoked, declined, pending].map((address = "") => linkTo(world, address)),
  );

  const noras = await open(nora);
  await noras.goto(usedLink ?? "");
  await press(noras, "Join Lamps as Collaborator");
  await expect(noras).toHaveTitle("Posts · Lamps");
  expire(world, expired ?? "");
  await anns.goto(paths.invitations);
  await inMenu(anns, revoked ?? "", "Revoke");
  await told(anns, `The invitation to ${revoked} is revoked.`);
  const page = await open();
  expectRefusals(410);
  await page.goto(declinedLink ?? "");
  await press(page, "Decline");
  await expect(heading(page, "You have declined the invitation"), "without an account").toBeVisible();

  const cut = openLink?.slice(0, -4);
  const ofAnother = openLink?.replace(/\.[^.]+$/, usedLink?.slice(usedLink.lastIndexOf(".")) ?? "");
  const never = `${world.baseUrl}${paths.join(`${"A".repeat(22)}.${"B".repeat(22)}`)}`;
  const control = await page.request.get(openLink ?? "");
  expect(control.status(), "the open one is another page").toBe(200);
  const seen = new Set<string>();
  for (const link of [usedLink, expiredLink, revokedLink, declinedLink, cut, ofAnother, `${openLink}x`, never])
    seen.add(await bytesOf(link ?? "", await page.request.get(link ?? "")));
  expect(seen.size).toBe(1);

  await page.goto(never);
  await ask(page);
  await anns.goto(paths.requests);
  await expect(anns.getByText("Nobody asks to be invited")).toBeVisible();
  await page.goto(expiredLink ?? "");
  await ask(page);
  await anns.goto(paths.requests);
  await expect(anns.getByRole("article")).toContainText([`${expired}Has a link that can't be used any more`]);
  await anns.goto(`${paths.invitations}?status=expired`);
  await expect(row(anns, expired ?? "")).toContainText("Asks for a new link.");
});

async function ask(page: Page): Promise<void> {
  await press(page, "Ask for a new invitation");
  await told(page, "If the link was real, the people who can invite you have been told.");
}

/** All that is sent but the request's own id and nonce, and the link itself, which the page's form goes back to. */
async function bytesOf(link: string, answer: APIResponse): Promise<string> {
  const { "content-security-policy": policy = "", ...headers } = answer.headers();
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
  for (const own of ["date", "x-request-id", "content-length"]) delete headers[own];
  const token = link.slice(link.lastIndexOf("/") + 1);
  const body = (await answer.text()).replaceAll(nonce, "NONCE").replaceAll(token, "TOKEN");
  return JSON.stringify([answer.status(), headers, policy.replaceAll(nonce, "NONCE"), body]);
}

test("Ann sends again, makes a new link, changes the role and revokes several, and reads what each did", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { ann } = await makeLamps(operator);
  const page = await open(ann);
  const [nora, zoe] = [addressOf("nora"), addressOf("zoe")];
  await inviteByForm(page, `${nora}\n${zoe}`);
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

test("a link opened in two tabs is answered once", async ({ world, operator, open, expectRefusals }) => {
  const { lamps, ann } = await makeLamps(operator);
  const nora = await operator.makePerson("Nora");
  await invite(await open(ann), lamps, nora.email);
  const link = await linkTo(world, nora.email);
  const page = await open();
  await page.goto(link);
  await page.getByRole("link", { name: "Continue" }).click();
  await fillInSignIn(page, nora);
  const other = await page.context().newPage();
  await other.goto(link);
  await press(page, "Join Lamps as Collaborator");
  await expect(page).toHaveTitle("Posts · Lamps");
  expectRefusals(410);
  await press(other, "Decline");
  await cannotBeUsed(other);
  await page.reload();
  await expect(page).toHaveTitle("Posts · Lamps");
});

test("Ben, a Collaborator, invites nobody and sees no invitation", async ({ operator, open, expectRefusals }) => {
  const { lamps, ann } = await makeLamps(operator);
  const ben = await operator.makePerson("Ben", [lamps, "Collaborator"]);
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
