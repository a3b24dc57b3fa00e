// The switcher and the way into a page, for whoever uses the keyboard.
import { paths } from "../app/paths";
import { untilScriptsWork } from "./hands";
import { expect, switcher, test, writePost } from "./journey";
import type { Operator } from "./operator";

async function makeAnn(operator: Operator, names: string[]) {
  const organizations = [];
  for (const name of names) organizations.push(await operator.makeOrganization(name));
  const ann = await operator.makePerson(
    "Ann",
    ...organizations.map((one) => [one, "Admin"] satisfies [typeof one, "Admin"]),
  );
  return { ann, organizations };
}

test("the switcher opens, walks, finds by letters, closes and switches by keys", async ({ operator, open }) => {
  const { ann, organizations } = await makeAnn(operator, ["Chairs", "Clocks", "Lamps"]);
  const page = await open(ann);
  await page.getByRole("main").getByRole("button", { name: "Clocks" }).click();
  await expect(page).toHaveTitle("Posts · Clocks");
  await writePost(page, organizations[1]!, { title: "Tick" });
  await page.reload();
  await untilScriptsWork(page);
  const menu = switcher(page, "Clocks");
  const row = (name: string) => page.getByRole("button", { name: `${name} Admin` });
  const create = page.getByRole("link", { name: "Create organization" });
  const keys = async (...names: string[]) => {
    for (const name of names) await page.keyboard.press(name);
  };

  await keys("Tab", "Tab");
  await expect(menu, "after the skip link").toBeFocused();
  await keys("Enter");
  await expect(row("Lamps")).toBeVisible();
  await keys("ArrowDown");
  await expect(row("Clocks"), "begins at the current one").toBeFocused();
  await keys("ArrowDown");
  await expect(row("Lamps")).toBeFocused();
  await keys("ArrowDown");
  await expect(create).toBeFocused();
  await keys("ArrowDown");
  await expect(create, "stays at the end").toBeFocused();
  await keys("Home");
  await expect(row("Chairs")).toBeFocused();
  await keys("End");
  await expect(create).toBeFocused();
  await keys("ArrowUp");
  await expect(row("Lamps")).toBeFocused();
  await keys("c", "l");
  await expect(row("Clocks"), "the letters typed together").toBeFocused();

  await keys("Escape");
  await expect(row("Lamps")).toBeHidden();
  await expect(menu, "focus is back").toBeFocused();

  await keys("ArrowUp");
  await expect(create, "opens from the end").toBeFocused();
  await keys("ArrowUp");
  await expect(row("Lamps")).toBeFocused();
  await keys("Enter");
  await expect(page).toHaveTitle("Posts · Lamps");
});

test("from seven organizations on the switcher is searched by typing", async ({ operator, open }) => {
  const names = ["Beds", "Chairs", "Clocks", "Desks", "Lamps", "Rugs", "Shelves"];
  const { ann, organizations } = await makeAnn(operator, names);
  const page = await open(ann);
  await page.getByRole("main").getByRole("button", { name: "Beds" }).click();
  await expect(page).toHaveTitle("Posts · Beds");
  await writePost(page, organizations[0]!, { title: "Soft" });
  await page.reload();
  await untilScriptsWork(page);

  await switcher(page, "Beds").focus();
  await page.keyboard.press("Enter");
  const search = page.getByRole("searchbox", { name: "Search organizations" });
  await expect(search).toBeFocused();
  await page.keyboard.type("LA");
  await expect(page.getByRole("button", { name: / Admin$/ })).toHaveText(["Lamps Admin"].map(() => /Lamps/));
  await page.keyboard.press("Home");
  await expect(search, "Home moves the caret").toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle("Posts · Lamps");
});

test("the skip link leads past the sidebar, on every kind of page", async ({ operator, open }) => {
  const { ann } = await makeAnn(operator, ["Lamps"]);
  const page = await open(ann);
  for (const path of [paths.posts, paths.newPost, paths.organizations]) {
    await page.goto(path);
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
  }
});

test("after a move to another page the reader stands at its heading", async ({ operator, open }) => {
  const { ann, organizations } = await makeAnn(operator, ["Lamps"]);
  const page = await open(ann);
  await writePost(page, organizations[0]!, { title: "Bulbs" });
  await page.reload();
  await untilScriptsWork(page);
  await page.getByRole("link", { name: "Bulbs" }).click();
  await expect(page.getByRole("heading", { name: "Bulbs", level: 1 })).toBeFocused();
});
