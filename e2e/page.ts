// What journeys look at and press on many pages.
import { expect, type Page } from "@playwright/test";

export const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, level: 1 });
export const items = (page: Page) => page.getByRole("main").getByRole("listitem");
/** Of a table, by a text in it. */
export const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Some pages have a second status, which counts what they list. */
export const told = (page: Page, sentence: string) =>
  expect(page.getByRole("status").filter({ hasText: sentence })).toBeVisible();

export const cannotBeUsed = (page: Page) =>
  expect(heading(page, "This invitation link can't be used any more")).toBeVisible();
