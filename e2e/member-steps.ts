// What an Admin does to a colleague, in journeys about what the colleague sees of it.
import { expect, type Page } from "@playwright/test";
import { paths } from "../app/paths";
import { sendForm } from "./journey";
import type { Organization, Person, Role } from "./operator";
import { press } from "./page";

/** By the page that asks first, as a person does. */
export async function giveRole(page: Page, person: Person, role: Role): Promise<void> {
  await page.goto(paths.memberRole(person.id));
  await page.getByLabel(role).check();
  await press(page, "Continue");
  await press(page, `Make ${person.name} ${role}`);
  await expect(page.getByText(`${person.name} is now ${role}`)).toBeVisible();
}

/** Without the page that asks. */
export async function removeMember(page: Page, organization: Organization, person: Person): Promise<void> {
  expect((await sendForm(page, organization, paths.removeMember(person.id))).status()).toBe(302);
}
