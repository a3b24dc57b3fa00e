// The link of an invitation: whom it lets in, and what everybody else can do there.
import type { APIResponse, Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expire } from "./clock";
import { expect, fillInSignIn, switcher, test } from "./journey";
import { addressOf, invitationsTo, invite, linkTo, register } from "./outbox";
import { cannotBeUsed, heading, items, press, row, told } from "./page";
import { makeLamps } from "./stages";
import { deafen } from "./tabs";

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
  await anns.getByLabel(`Choose ${revoked}`).check();
  await press(anns, "Revoke");
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
  await deafen(other);
  await other.goto(link);
  await press(page, "Join Lamps as Collaborator");
  await expect(page).toHaveTitle("Posts · Lamps");
  expectRefusals(410);
  await press(other, "Decline");
  await cannotBeUsed(other);
  await page.reload();
  await expect(page).toHaveTitle("Posts · Lamps");
});
