// Invitations and codes by mail, as the people of a journey send and get them: the emulator's outbox keeps all mail.
import { expect, type Page } from "@playwright/test";
import { z } from "zod";
import { paths } from "../app/paths";
import { sendForm } from "./journey";
import type { Organization } from "./operator";
import type { WorldDescription } from "./world";

const Mails = z.array(
  z.object({
    to: z.string(),
    type: z.string(),
    payload: z.looseObject({ code: z.string().optional(), link: z.string().optional() }),
  }),
);

type Outbox = Pick<WorldDescription, "outboxUrl">;

/** Oldest first. */
export async function mailsTo({ outboxUrl }: Outbox, address: string) {
  const mails = Mails.parse(await (await fetch(outboxUrl)).json());
  return mails.filter(({ to }) => to.toLowerCase() === address.toLowerCase());
}

export async function invitationsTo(world: Outbox, address: string) {
  return (await mailsTo(world, address)).filter(({ type }) => type === "OrganizationInvitation");
}

/** The link of the last invitation. */
export async function linkTo(world: Outbox, address: string): Promise<string> {
  const link = (await invitationsTo(world, address)).at(-1)?.payload.link;
  if (!link) throw new Error(`No invitation was sent to ${address}`);
  return link;
}

/** Somebody's own in every journey. */
export const addressOf = (name: string) => `${name}.${crypto.randomUUID()}@example.com`;

/** As a form with these addresses, one a line, for Collaborators. */
export function invitationOf(...addresses: (string | undefined)[]): Record<string, string> {
  const lines = addresses.map((address) => `${address}, Collaborator`);
  return { batch: crypto.randomUUID(), addresses: lines.join("\n"), role: "of each line", days: "7" };
}

/** Invites without the form, for journeys that begin with an invitation. */
export async function invite(page: Page, organization: Organization, ...addresses: (string | undefined)[]) {
  const answer = await sendForm(page, organization, paths.invite, invitationOf(...addresses));
  expect(answer.status()).toBe(200);
}

/** In the outbox, by the link of the newest mail. @returns the page that it leads to */
export async function openMail(page: Page, { outboxUrl }: Outbox, address: string): Promise<Page> {
  await page.goto(outboxUrl.replace(".json", ""));
  const mail = page.getByRole("article").filter({ hasText: address }).first();
  await mail.getByRole("link").click();
  return page;
}

/** Of the newest mail that has one; "" when there is none. */
export async function codeSentTo(address: string, world: Outbox): Promise<string> {
  return (await mailsTo(world, address)).findLast(({ payload }) => payload.code)?.payload.code ?? "";
}

/** From the sign-in page of Logto, as somebody who has no account yet. Ends on a page of Atrium. */
export async function register(page: Page, world: Outbox, { name, email }: { name: string; email: string }) {
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByLabel("Code", { exact: true })).toBeVisible();
  await page.getByLabel("Code", { exact: true }).fill(await codeSentTo(email, world));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Create the account" }).click();
}
