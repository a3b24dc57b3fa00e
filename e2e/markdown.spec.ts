// What people write is shown and never run: posts, comments and names that try to be scripts.
import type { Page } from "@playwright/test";
import { paths } from "../app/paths";
import { expect, sendForm, test, writePost } from "./journey";

const hostile = [
  "A **strong** beginning, and a [link](https://example.com/ok).",
  "<script>window.hacked = 'script'</script>",
  "<style>body { display: none }</style>",
  "<img src='x' onerror=\"window.hacked = 'onerror'\">",
  "<svg onload=\"window.hacked = 'onload'\"></svg>",
  "<a href=\"javascript:window.hacked = 'href'\" onclick=\"window.hacked = 'onclick'\">click me</a>",
  "[click me too](javascript:window.hacked%3D'markdown')",
  "[and me](vbscript:hacked) [me](data:text/html,<script>window.hacked=1</script>) <javascript:window.hacked=1>",
  "![picture](javascript:window.hacked=1) ![frame](http://example.com/tracker.png)",
  "<iframe src='https://example.com'></iframe><form action='https://example.com'><input name='q'></form>",
  "</textarea></script><script>window.hacked = 'breakout'</script>",
  "```html\n<script>window.hacked = 'fence'</script>\n```",
].join("\n\n");

/** Whatever in the page's content could run, lead away or restyle. Our own forms and their fields are outside of what is written. */
function dangers(page: Page): Promise<string[]> {
  return page.getByRole("main").evaluate((main) => {
    const elements = [...main.querySelectorAll("*")];
    const tags = elements.filter(({ localName }) =>
      ["script", "style", "iframe", "object", "embed", "link", "meta", "base"].includes(localName),
    );
    const attributes = elements.flatMap((element) =>
      [...element.attributes].filter(
        ({ name, value }) =>
          /^(on|style$|srcdoc$|formaction$)/i.test(name) ||
          (["href", "src", "action", "xlink:href"].includes(name) && !/^(\/|#|\?|https?:|mailto:)/i.test(value)),
      ),
    );
    return [...tags.map(({ outerHTML }) => outerHTML), ...attributes.map(({ name, value }) => `${name}=${value}`)];
  });
}

const hacked = (page: Page) => page.evaluate(() => "hacked" in window);

test("a post and a comment full of scripts are shown as text", async ({ operator, open }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]));
  const path = await writePost(page, lamps, { title: "<script>window.hacked = 'title'</script>", body: hostile });
  expect((await sendForm(page, lamps, `${path}/comments`, { body: hostile })).status()).toBe(302);

  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("<script>window.hacked = 'title'</script>");
  await expect(page.getByRole("strong").first()).toHaveText("strong");
  await expect(page.getByRole("link", { name: "link", exact: true })).toHaveCount(2);
  await expect(page.getByRole("link", { name: "link", exact: true }).first()).toHaveAttribute(
    "rel",
    "noopener noreferrer nofollow ugc",
  );
  await expect(page.getByRole("link", { name: /click me|and me/ })).toHaveCount(0);
  expect(await dangers(page)).toEqual([]);
  expect(await hacked(page)).toBe(false);

  await page.goto(`${path}/edit`);
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue(hostile);
  expect(await dangers(page)).toEqual([]);
  expect(await hacked(page)).toBe(false);
  await page.goto(`${path}/delete`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("window.hacked");
  await page.goto(paths.posts);
  await expect(page.getByRole("link", { name: "<script>window.hacked = 'title'</script>" })).toBeVisible();
  expect(await hacked(page)).toBe(false);
});

test("names of people and organizations are text wherever they stand", async ({ operator, open }) => {
  const name = "<img src=x onerror=\"window.hacked = 'name'\">";
  const lamps = await operator.makeOrganization(`${name} & Lamps`);
  const chairs = await operator.makeOrganization("</script><script>window.hacked = 1</script>");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"], [chairs, "Admin"]);
  const page = await open(ann);
  await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: "& Lamps" })).toBeVisible();
  expect(await dangers(page)).toEqual([]);
  await page.getByRole("main").getByRole("button", { name: "& Lamps" }).click();
  await expect(page).toHaveTitle(`Posts · ${name} & Lamps`);
  expect(await dangers(page)).toEqual([]);
  expect(await hacked(page)).toBe(false);
});

test("the browser itself refuses a script that is not ours, and the journeys would notice", async ({
  operator,
  open,
  errors,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]));
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", `<img alt="" src="data:," onerror="window.hacked = true">`);
  });
  expect(await hacked(page)).toBe(false);
  await expect.poll(() => errors.seen).toEqual([expect.stringContaining("Content Security Policy")]);
  errors.seen.length = 0;
});
