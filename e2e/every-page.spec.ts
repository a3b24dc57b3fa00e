// Every page, in each of its states: accessible in light and dark, and no wider than a narrow phone. SCREENSHOTS=<folder> keeps pictures of all.
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { policy, type Operation } from "../app/auth/policy";
import { expect, test } from "./journey";
import { views } from "./views";

const pictures = process.env.SCREENSHOTS;
const narrow = { width: 360, height: 740 };

// Every request asks Logto, so that its absence shows at once.
test.use({ environment: { MEMBERSHIP_MAX_AGE_SECONDS: "0" } });

for (const { name, refusedWith, open } of views) {
  test(`${name}: everyone can use it, in light and dark, on a narrow screen too`, async ({
    world,
    operator,
    outage,
    open: openBrowser,
    expectRefusals,
  }) => {
    const page = await openBrowser();
    if (refusedWith) expectRefusals(refusedWith);
    await open({ page, world, operator, outage, open: openBrowser });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await untilStill(page);
      await keepPicture(page, name, colorScheme);
      expect.soft(await faults(page, colorScheme), colorScheme).toEqual([]);
    }
    await page.setViewportSize(narrow);
    await page.emulateMedia({ colorScheme: "light" });
    await untilStill(page);
    await keepPicture(page, name, "narrow");
    expect.soft(await page.evaluate(hiddenSideways), "pixels to scroll sideways").toBeLessThanOrEqual(0);
  });

  if (pictures) {
    test(`${name}: a picture without JavaScript`, async ({ world, operator, outage, open: openBrowser, errors }) => {
      const page = await openBrowser(undefined, { javaScriptEnabled: false });
      await open({ page, world, operator, outage, open: openBrowser });
      await keepPicture(page, name, "no-javascript");
      errors.seen.length = 0;
    });
  }
}

test("every page of the policy is among those looked at", () => {
  const pages = Object.entries<Operation>(policy)
    .filter(([, { method, route }]) => method === "GET" && route !== "server" && route !== "root")
    .map(([name]) => name);
  expect(pages.filter((name) => !views.some(({ of }) => of === name))).toEqual([]);
});

/** Only colours are others in the dark. No page of ours holds another site's, for which alone axe would open a second page. */
async function faults(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (colorScheme === "dark") axe.withRules(["color-contrast", "link-in-text-block"]);
  const { violations } = await axe.analyze();
  return violations.map(inShort);
}

/** Colours that are on their way from one theme to the other are nobody's. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))));
}

const hiddenSideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;

async function keepPicture(page: Page, name: string, kind: string): Promise<void> {
  if (!pictures) return;
  const file = `${name.replace(/[^a-z]+/gi, "-").toLowerCase()}.${kind}.png`;
  await page.screenshot({ path: join(pictures, file), fullPage: true });
}

function inShort({ id, help, nodes }: Awaited<ReturnType<AxeBuilder["analyze"]>>["violations"][number]) {
  return `${id}: ${help} (${nodes.map(({ target }) => target.join(" ")).join(", ")})`;
}
