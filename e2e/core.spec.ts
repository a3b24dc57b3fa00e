// The core journey, whole: sign in, write, edit, publish, comment, switch, delete, sign out. With a pointer, with the keyboard alone, without JavaScript.
import { paths } from "../app/paths";
import { keyboard, pointer } from "./hands";
import { expect, switcher, test } from "./journey";
import { makeLampsAndChairs } from "./stages";

const ways = [
  { way: "with a pointer", hand: pointer, javaScriptEnabled: true },
  { way: "with the keyboard alone", hand: keyboard, javaScriptEnabled: true },
  { way: "without JavaScript", hand: pointer, javaScriptEnabled: false },
  { way: "with the keyboard and without JavaScript", hand: keyboard, javaScriptEnabled: false },
];

for (const { way, hand, javaScriptEnabled } of ways) {
  test(`Ann does a day's work ${way}`, async ({ operator, open }) => {
    const { ann, lamps, chairs } = await makeLampsAndChairs(operator);
    const page = await open(undefined, { javaScriptEnabled });
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const link = (name: string) => page.getByRole("link", { name, exact: true });
    const field = (name: string) => page.getByLabel(name, { exact: true });
    const main = page.getByRole("main");

    await page.goto(paths.home);
    await hand.press(main.getByRole("link", { name: "Sign in" }));
    await hand.type(field("E-mail address"), ann.email);
    await hand.type(field("Password"), ann.password);
    await hand.press(button("Sign in"));
    await hand.press(main.getByRole("button", { name: "Lamps" }));
    await expect(page).toHaveTitle("Posts · Lamps");

    await hand.press(link("Write the first post"));
    await hand.type(field("Title"), "New lamps");
    await hand.type(field("Text"), "They are bright.");
    await hand.press(button("Save draft"));
    await expect(page).toHaveTitle("New lamps · Lamps");
    await hand.press(link("Edit"));
    await hand.type(field("Text"), "They are **very** bright.");
    await hand.press(button("Save"));
    await expect(page.getByRole("strong")).toHaveText("very");
    await hand.press(button("Publish"));
    await expect(page.getByRole("status").filter({ hasText: "The post is published." })).toBeVisible();
    await hand.type(field("Write a comment"), "Nine of them, please.");
    await hand.press(button("Comment"));
    await expect(page.getByRole("article").filter({ hasText: "Nine of them, please." })).toBeVisible();

    await hand.press(switcher(page, lamps));
    await hand.press(button("Chairs Collaborator"));
    await expect(page).toHaveTitle("Posts · Chairs");
    await expect(page.getByText("No posts yet")).toBeVisible();
    await hand.press(switcher(page, chairs));
    await hand.press(button("Lamps Admin"));
    await expect(page).toHaveTitle("Posts · Lamps");

    await hand.press(main.getByRole("link", { name: "New lamps" }));
    await hand.press(link("Delete"));
    await hand.press(button("Delete post"));
    await expect(page.getByRole("status").filter({ hasText: "deleted" })).toBeVisible();
    await expect(page.getByText("No posts yet")).toBeVisible();

    await hand.press(button("Sign out"));
    // Logto's page sends itself, if it can.
    if (!javaScriptEnabled) await hand.press(button("Sign out"));
    await expect(page.getByRole("heading", { name: "Work together, organization by organization" })).toBeVisible();
  });
}
