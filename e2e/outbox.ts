// Mail as the people of a journey get it: from the outbox of the emulator.
import { expect, type Page } from "@playwright/test";
import { z } from "zod";
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
