// Invitations: sending them to many, answering them in every situation, and looking after those that are open.
import type { APIResponse, Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expire } from "./clock";
import { expect, fillInSignIn, sendForm, switcher, test, writePost } from "./journey";
import type { Operator } from "./operator";
import { invitationsTo, linkTo, register } from "./outbox";

const addressOf = (name: string) => `${name}.${crypto.randomUUID()}@example.com`;
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, level: 1 });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const sections = (page: Page) => page.getByRole("navigation", { name: "Sections" });

/** An organization with an Admin. */
async function makeLamps(operator: Operator) {
  const lamps = await operator.makeOrganization("Lamps");
  return { lamps, ann: await operator.makePerson("Ann", [lamps, "Admin"]) };
}

/** By the form, as a person does. Ends at the page that tells what became of each. */
async function invite(page: Page, addresses: string): Promise<void> {
  await page.goto(paths.invite);
  await page.getByLabel("E-mail addresses").fill(addresses);
  await press(page, "Send invitations");
  await expect(heading(page, /invited$/)).toBeVisible();
}

const outcome = (page: Page, address: string) =>
  page.getByRole("main").getByRole("listitem").filter({ hasText: address });
const row = (page: Page, address: string) => page.getByRole("row").filter({ hasText: address });

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
    test("Ann invites several people, and reads of each address what became of it", async ({
      world,
      operator,
      open,
    }) => {
      const { lamps, ann } = await makeLamps(operator);
      const ben = await operator.makePerson("Ben", [lamps, "Collaborator"]);
      const [nora, zoe, cat] = [addressOf("nora"), addressOf("zoe"), addressOf("cat")];
      const page = await open(ann, { javaScriptEnabled });
      await invite(page, cat);
      await page.getByRole("link", { name: "Invite more people" }).click();
      await page
        .getByLabel("E-mail addresses")
        .fill([`Nora Noon <${nora}>, ${zoe.toUpperCase()}`, `${zoe}; nobody`, ben.email, cat].join("\n"));
      await page.getByLabel("Note").fill("Come and write about lamps.");
      await press(page, "Send invitations");

      await expect(heading(page, "2 people invited")).toBeVisible();
      await expect(page.getByRole("main").getByRole("listitem")).toContainText([
        `${nora}Invited. The mail is sent.`,
        `${zoe.toUpperCase()}Invited. The mail is sent.`,
        `${zoe}Stands in the list twice.`,
        "nobodyIs not an e-mail address.",
        `${ben.email}Is a member already.`,
        `${cat}Is invited already.`,
      ]);
      const link = await linkTo(world, nora);
      await expect(outcome(page, nora).getByRole("textbox", { name: `Link for ${nora}` })).toHaveValue(link);
      expect(await invitationsTo(world, zoe)).toHaveLength(1);
      expect(await invitationsTo(world, ben.email)).toHaveLength(0);
      await expect(page.getByLabel("E-mail addresses"), "what can be corrected is kept").toHaveValue("nobody");

      await page.getByRole("link", { name: "Invitations" }).first().click();
      await expect(row(page, nora)).toContainText("Collaborator");
      await expect(row(page, nora)).toContainText("Come and write about lamps.");
      await expect(row(page, nora)).toContainText("Expires in 7 days");
      await page.getByRole("link", { name: "Members" }).last().click();
      await expect(page.getByText("2 members (3 invited)")).toBeVisible();
    });

    test("somebody new opens the mail, registers, joins, and has no organization beside the one that invited", async ({
      world,
      operator,
      open,
    }) => {
      const { lamps, ann } = await makeLamps(operator);
      const anns = await open(ann);
      await writePost(anns, lamps, { title: "Only lamps here" });
      const chairs = await operator.makeOrganization("Chairs");
      const others = await open(await operator.makePerson("Carl", [chairs, "Admin"]));
      await writePost(others, chairs, { title: "Only chairs here" });
      const email = addressOf("nora");
      await invite(anns, email);

      const page = await open(undefined, { javaScriptEnabled });
      await page.goto(await linkTo(world, email));
      await expect(heading(page, "You are invited to Lamps")).toBeVisible();
      await expect(page.getByRole("region", { name: "The invitation" })).toContainText(
        "Ann invites n***@example.com as Collaborator",
      );
      await expect(page.getByRole("main")).toContainText("write posts and comments");
      expect(await page.content()).not.toContain(email);
      await page.getByRole("link", { name: "Continue" }).click();
      await expect(page.getByLabel("E-mail address"), "one begins with the invited address").toHaveValue(email);
      await register(page, world, { name: "Nora", email });

      await expect(heading(page, "Join Lamps?")).toBeVisible();
      await press(page, "Join Lamps as Collaborator");
      await expect(page.getByRole("status")).toContainText("You are a Collaborator of Lamps. You can: read posts");
      await expect(page.getByRole("link", { name: "Only lamps here" })).toBeVisible();
      await expect(page.getByText("Only chairs here")).toHaveCount(0);
      await page.goto(paths.organizations);
      await expect(page.getByRole("main").getByRole("listitem")).toHaveText([/Lamps.*Collaborator/]);

      await anns.goto(paths.members);
      await expect(row(anns, email)).toContainText("Collaborator");
      await anns.goto(`${paths.invitations}?status=accepted`);
      await expect(row(anns, email)).toContainText("Accepted");
    });

    test("a list of a file is sent, and comes back as text when it is not right", async ({
      operator,
      open,
      expectRefusals,
    }) => {
      const { ann } = await makeLamps(operator);
      const page = await open(ann, { javaScriptEnabled });
      const [nora, zoe] = [addressOf("nora"), addressOf("zoe")];
      const file = (text: string | Buffer) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      const addresses = page.getByLabel("E-mail addresses");
      expectRefusals(422);

      await page.goto(paths.invite);
      await page.getByLabel("Days until it expires").fill("31");
      await page
        .getByLabel("Or a CSV file")
        .setInputFiles(file(`Name,E-mail,Role\n"Noon, Nora",${nora},Boss\nZoe,${zoe},\n`));
      await press(page, "Send invitations");
      await expect(addresses).toHaveAccessibleDescription(
        /There is no role “Boss”. The roles are Admin and Collaborator./,
      );
      await expect(addresses).toHaveValue(`${nora}, Boss\n${zoe}`);
      await expect(page.getByLabel("Days until it expires")).toHaveAccessibleDescription(/at most 30 days/);

      await page.getByLabel("Days until it expires").fill("30");
      await addresses.fill("");
      await page.getByLabel("Or a CSV file").setInputFiles(file(Buffer.from([0xff, 0xfe, 0x61, 0x00])));
      await press(page, "Send invitations");
      await expect(page.getByLabel("Or a CSV file")).toHaveAccessibleDescription(/cannot be read as text/);

      await page
        .getByLabel("Or a CSV file")
        .setInputFiles(file(`Name,E-mail,Role\n"Noon, Nora",${nora},admin\nZoe,${zoe},\n`));
      await press(page, "Send invitations");
      await expect(heading(page, "2 people invited")).toBeVisible();
      await page.goto(paths.invitations);
      await expect(row(page, nora)).toContainText("Admin");
      await expect(row(page, zoe)).toContainText("Collaborator");
      await expect(row(page, zoe)).toContainText("Expires in 30 days");
    });
  });
}

test.describe("a link that is somebody else's", () => {
  test("tells who is signed in, never the whole address, and lets them change account, ask or go", async ({
    world,
    operator,
    open,
  }) => {
    const { ann } = await makeLamps(operator);
    const anns = await open(ann);
    const nora = await operator.makePerson("Nora");
    await invite(anns, nora.email);
    const link = await linkTo(world, nora.email);

    const carl = await operator.makePerson("Carl", [await operator.makeOrganization("Chairs"), "Admin"]);
    const page = await open(carl);
    await page.goto(link);
    await expect(heading(page, "This invitation is for another address")).toBeVisible();
    await expect(
      page.getByText(`You are signed in as ${carl.email}. This invitation to Lamps is for n***@example.com.`),
    ).toBeVisible();
    expect(await page.content()).not.toContain(nora.email);
    await press(page, `Ask for an invitation to ${carl.email}`);
    await expect(page.getByRole("status")).toContainText(`told that you would like to join Lamps as ${carl.email}`);
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
    await request.getByRole("link", { name: "Invite" }).click();
    await expect(anns.getByLabel("E-mail addresses")).toHaveValue(carl.email);
    await press(anns, "Send invitations");
    await expect(heading(anns, "1 person invited")).toBeVisible();
    await anns.goto(paths.requests);
    await expect(anns.getByText("Nobody asks to be invited")).toBeVisible();
    expect(await invitationsTo(world, carl.email)).toHaveLength(1);
  });
});

test.describe("declining", () => {
  test("needs no account", async ({ world, operator, open, expectRefusals }) => {
    const { ann } = await makeLamps(operator);
    const anns = await open(ann);
    const email = addressOf("nora");
    await invite(anns, email);
    const page = await open();
    await page.goto(await linkTo(world, email));
    expectRefusals(410);
    await press(page, "Decline");
    await expect(heading(page, "You have declined the invitation")).toBeVisible();
    await page.goto(await linkTo(world, email));
    await expect(heading(page, "This invitation link can't be used any more")).toBeVisible();

    await anns.goto(`${paths.invitations}?status=declined`);
    await expect(row(anns, email)).toContainText("Declined");
  });

  test("is offered with what waits for one, at the first sign-in too", async ({ operator, open, world }) => {
    const { ann } = await makeLamps(operator);
    const chairs = await operator.makeOrganization("Chairs");
    const email = addressOf("nora");
    await invite(await open(ann), email);
    await invite(await open(await operator.makePerson("Carl", [chairs, "Admin"])), email);

    const page = await open();
    await page.goto(paths.register);
    await page.getByRole("link", { name: "Sign in" }).click();
    await register(page, world, { name: "Nora", email });
    await expect(heading(page, "Find your organizations")).toBeVisible();
    await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(2);
    await page.getByRole("button", { name: "Decline the invitation to Lamps" }).click();
    await expect(page.getByRole("status")).toContainText("The invitation is declined.");
    await expect(page.getByRole("main").getByRole("listitem")).toHaveText([/Chairs.*Carl invites you as Collaborator/]);
    await page.getByRole("button", { name: "Join Chairs" }).click();
    await expect(page.getByRole("status")).toContainText("You are a Collaborator of Chairs.");
  });
});

test("whoever is invited and goes on alone gets an organization of their own, and joins later by the switcher", async ({
  world,
  operator,
  open,
}) => {
  const { ann } = await makeLamps(operator);
  const email = addressOf("nora");
  await invite(await open(ann), email);
  const page = await open();
  await page.goto(paths.signIn());
  await register(page, world, { name: "Nora", email });
  await press(page, "Set up my organization");
  await expect(page).toHaveTitle("Posts · Nora's organization");
  await switcher(page, "Nora's organization").click();
  await page.getByRole("button", { name: /Lamps.*Join/ }).click();
  await expect(page.getByRole("status")).toContainText("You are a Collaborator of Lamps.");
  await expect(switcher(page, "Lamps")).toHaveAccessibleDescription("Collaborator");
});

test("every link that cannot be used leads to one same page, byte for byte", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { ann } = await makeLamps(operator);
  const anns = await open(ann);
  const [used, expired, revoked, declined, open_] = ["used", "expired", "revoked", "declined", "open"].map(addressOf);
  const all = [used, expired, revoked, declined, open_].map((address) => address ?? "");
  await invite(anns, all.join("\n"));
  const links = await Promise.all(all.map((address) => linkTo(world, address)));
  const [usedLink = "", expiredLink = "", revokedLink = "", declinedLink = "", openLink = ""] = links;

  const joining = await open();
  await joining.goto(usedLink);
  await joining.getByRole("link", { name: "Continue" }).click();
  await register(joining, world, { name: "Nora", email: used ?? "" });
  await press(joining, "Join Lamps as Collaborator");
  await expect(joining).toHaveTitle("Posts · Lamps");
  expire(world, expired ?? "");
  await anns.goto(paths.invitations);
  await inMenu(anns, revoked ?? "", "Revoke");
  await expect(anns.getByRole("status")).toContainText(`The invitation to ${revoked} is revoked.`);

  const page = await open();
  expectRefusals(410);
  await page.goto(declinedLink);
  await press(page, "Decline");
  await expect(heading(page, "You have declined the invitation")).toBeVisible();

  const cut = openLink.slice(0, -4);
  const swapped = openLink.replace(/\.[^.]+$/, usedLink.slice(usedLink.lastIndexOf(".")));
  const never = `${world.baseUrl}${paths.join(`${"A".repeat(22)}.${"B".repeat(22)}`)}`;
  const control = await page.request.get(openLink);
  expect(control.status(), "the open one is another page").toBe(200);
  const seen = [];
  for (const link of [usedLink, expiredLink, revokedLink, declinedLink, cut, swapped, never, `${openLink}x`])
    seen.push(await bytesOf(link, await page.request.get(link)));
  expect(new Set(seen).size).toBe(1);

  await page.goto(never);
  await press(page, "Ask for a new invitation");
  await expect(page.getByRole("status")).toHaveText(
    "If the link was real, the people who can invite you have been told.",
  );
  await anns.goto(paths.requests);
  await expect(anns.getByText("Nobody asks to be invited")).toBeVisible();
  await page.goto(expiredLink);
  await press(page, "Ask for a new invitation");
  await expect(page.getByRole("status")).toHaveText(
    "If the link was real, the people who can invite you have been told.",
  );
  await anns.goto(paths.requests);
  await expect(anns.getByRole("article")).toContainText([`${expired}Has a link that can’t be used any more`]);
  await anns.goto(`${paths.invitations}?status=expired`);
  await expect(row(anns, expired ?? "")).toContainText("Asks for a new link.");
});

/** All that is sent but the request's own id and nonce, and the link itself, which the page's form goes back to. */
async function bytesOf(link: string, answer: APIResponse): Promise<string> {
  const { "content-security-policy": policy = "", ...headers } = answer.headers();
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
  for (const own of ["date", "x-request-id", "content-length"]) delete headers[own];
  const token = link.slice(link.lastIndexOf("/") + 1);
  const body = (await answer.text()).replaceAll(nonce, "NONCE").replaceAll(token, "TOKEN");
  return JSON.stringify([answer.status(), headers, body]);
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
  await invite(page, `${nora}\n${zoe}`);
  const first = await linkTo(world, nora);
  expire(world, nora);

  await page.goto(`${paths.invitations}?status=expired`);
  await expect(row(page, nora)).toContainText("Expired");
  await inMenu(page, nora, "Send again");
  await expect(page.getByRole("status")).toContainText(`Sent again to ${nora}. Now valid until`);
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
  await expect(heading(reader, "This invitation link can't be used any more")).toBeVisible();
  await reader.goto(second);
  await expect(heading(reader, "You are invited to Lamps")).toBeVisible();

  await page.goto(paths.invitations);
  await inMenu(page, nora, "Change role");
  await page.getByLabel("Admin").check();
  await press(page, "Change role");
  await expect(page.getByRole("status")).toContainText(`${nora} is now invited as Admin.`);
  await reader.reload();
  await expect(reader.getByRole("main")).toContainText("change roles and remove people");

  await press(page, "Revoke");
  await expect(page.getByRole("status")).toContainText("choose at least one invitation");
  await page.getByLabel(`Choose ${nora}`).check();
  await page.getByLabel(`Choose ${zoe}`).check();
  await page.getByRole("button", { name: "Revoke" }).first().click();
  await expect(page.getByRole("status")).toContainText("The invitations are revoked.");
  await expect(page.getByText("No open invitations")).toBeVisible();
  await reader.reload();
  await expect(heading(reader, "This invitation link can't be used any more")).toBeVisible();
});

test("a link opened in one tab and answered in another is answered once", async ({
  world,
  operator,
  open,
  expectRefusals,
}) => {
  const { ann } = await makeLamps(operator);
  const nora = await operator.makePerson("Nora");
  await invite(await open(ann), nora.email);
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
  await expect(heading(other, "This invitation link can't be used any more")).toBeVisible();
  await page.reload();
  await expect(page).toHaveTitle("Posts · Lamps");
});

test("Ben, a Collaborator, invites nobody and sees no invitation", async ({ operator, open, expectRefusals }) => {
  const { lamps, ann } = await makeLamps(operator);
  const ben = await operator.makePerson("Ben", [lamps, "Collaborator"]);
  const email = addressOf("nora");
  await invite(await open(ann), email);
  const page = await open(ben);
  await sections(page).getByRole("link", { name: "Members" }).click();
  await expect(page.getByText("Ask Ann to invite someone.")).toBeVisible();
  await expect(page.getByRole("link", { name: /Invite|Invitations|Requests/ })).toHaveCount(0);
  expectRefusals(403);
  for (const path of [paths.invite, paths.invitations, paths.requests]) {
    await page.goto(path);
    await expect(heading(page, "You may not do this")).toBeVisible();
  }
  const sent = await sendForm(page, lamps, paths.invite, {
    addresses: email,
    batch: crypto.randomUUID(),
    role: "any",
    days: "7",
  });
  expect(sent.status()).toBe(403);
  expect(await page.content()).not.toContain(email);
});
