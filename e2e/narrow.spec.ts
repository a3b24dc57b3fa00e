// On a phone: the sidebar is a bar with a menu, and everything stays within reach.
import { paths } from "../app/paths";
import { expect, switcher, test } from "./journey";
import { makeLampsAndChairs } from "./stages";

for (const javaScriptEnabled of [true, false]) {
  test(`Ann finds her way on a narrow phone ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({
    operator,
    open,
  }) => {
    const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
    const page = await open(undefined, { javaScriptEnabled, viewport: { width: 360, height: 740 }, hasTouch: true });
    const menu = page.getByText("Menu", { exact: true });
    const sections = page.getByRole("navigation", { name: "Sections" });

    await page.goto(paths.signIn());
    await page.getByLabel("E-mail address").fill(ann.email);
    await page.getByLabel("Password").fill(ann.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).tap();
    await page.getByRole("main").getByRole("button", { name: "Lamps" }).tap();
    await expect(page).toHaveTitle("Posts · Lamps");

    await page.getByRole("link", { name: "Write the first post" }).tap();
    await expect(page).toHaveTitle("New post · Lamps");
    await expect(sections).toBeHidden();
    await menu.tap();
    await expect(page.getByText(ann.email).filter({ visible: true })).toHaveCount(1);
    await sections.getByRole("link", { name: "Posts" }).tap();
    await expect(page).toHaveTitle("Posts · Lamps");
    await expect(sections, "the menu closes behind one").toBeHidden();

    await switcher(page, lamps).tap();
    await page.getByRole("button", { name: "Chairs Collaborator" }).tap();
    await expect(page).toHaveTitle("Posts · Chairs");
    await expect(switcher(page, chairs)).toBeVisible();

    await menu.tap();
    await page.getByRole("button", { name: "Sign out" }).tap();
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Sign out" }).tap(); // Logto's page cannot send itself
    await expect(page.getByRole("link", { name: "Create an account" })).toBeVisible();
  });
}
