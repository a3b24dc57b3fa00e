// Two ways to work a page: with a pointer, and with the keyboard alone. One journey can then be walked by either.
import { expect, type Locator, type Page } from "@playwright/test";

export interface Hand {
  press(target: Locator): Promise<void>;
  type(target: Locator, text: string): Promise<void>;
}

export const pointer: Hand = {
  press: (target) => target.click(),
  type: (target, text) => target.fill(text),
};

/** Tab until there, then Enter; nothing is clicked and nothing is focused by a program. */
export const keyboard: Hand = {
  async press(target) {
    await reach(target);
    await target.page().keyboard.press("Enter");
  },
  async type(target, text) {
    await reach(target);
    await target.page().keyboard.press("ControlOrMeta+A");
    await target.page().keyboard.insertText(text);
  },
};

/** More stops than any page has. */
const stopsAtMost = 120;

async function reach(target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < stopsAtMost; stops += 1) {
    if (await isFocused(target)) return;
    await target.page().keyboard.press("Tab");
  }
  throw new Error(`The Tab key does not lead to ${target}`);
}

export function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}

/** The server writes times in UTC, the browser in the reader's own: from then on the page's scripts are at work. */
export async function untilScriptsWork(page: Page): Promise<void> {
  await expect(page.getByRole("time").first()).not.toContainText("UTC");
}
