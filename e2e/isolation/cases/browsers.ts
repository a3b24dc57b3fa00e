// Cases C2 and H4 in Chromium: two tabs, going back, a shared computer, what a browser keeps, and markup in names.
import { chromium, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { paths } from "../../../app/paths";
import { chromiumPath } from "../../../scripts/chromium.mjs";
import type { Person } from "../../operator";
import type { Cast } from "../cast";
import { learnIds } from "../known-ids";
import { partOf, type CaseFunction, type Ground } from "./case";

async function inBrowser({ stage }: Ground, run: (browser: Browser) => Promise<void>): Promise<void> {
  const executablePath = await chromiumPath();
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];
  const browser = await chromium.launch({ executablePath, headless: !stage.headed, args });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
}

async function signIn(page: Page, { world }: Cast, { email, password }: Person): Promise<void> {
  await page.goto(world.baseUrl + paths.signIn());
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

async function moveTo(page: Page, name: string): Promise<void> {
  await page.getByLabel(/^Switch organization, current:/).click();
  await page.getByRole("button", { name }).click();
  await page.getByLabel(`Switch organization, current: ${name}`).waitFor();
}

/** Everything that a page's origin has kept in this browser, and all that the page shows and says. */
async function keptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const stored = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        stored.push(request.url, (await (await cache.match(request))?.text()) ?? "");
    }
    for (const { name = "" } of await indexedDB.databases()) stored.push(name);
    return [document.documentElement.outerHTML, ...stored].join("\n");
  });
}

const twoTabs: CaseFunction = async (ground) => {
  const { cast, claim, control, subjects } = ground;
  const { acme, globex } = cast.organizations;
  await subjects.post("acme", cast.actors.ada.visitor, "published");
  await subjects.post("globex", cast.actors.gita.visitor, "published");
  learnIds(cast.database, cast.canaries);
  const bobIn = (id: string) => ({ organization: id, organizations: new Set([acme.id, globex.id]), person: "Bob" });
  const foreign = (text: string, id: string) => cast.canaries.foreignIn(text, bobIn(id)).map(({ what }) => what);
  await inBrowser(ground, async (browser) => {
    const context = await browser.newContext({ baseURL: cast.world.baseUrl });
    const first = await context.newPage();
    await signIn(first, cast, cast.people.bob);
    if (await first.getByRole("main").getByRole("button", { name: acme.name }).isVisible()) {
      await first.getByRole("main").getByRole("button", { name: acme.name }).click();
      await first.getByLabel(`Switch organization, current: ${acme.name}`).waitFor();
    } else if (!(await first.getByLabel(`Switch organization, current: ${acme.name}`).isVisible()))
      await moveTo(first, acme.name);
    await first.goto(paths.newPost);
    await first.getByLabel("Title", { exact: true }).fill("Written for Acme");
    const second = await context.newPage();
    await second.goto(paths.posts);
    control("Bob's tabs show Acme's posts", true, (await second.content()).includes(acme.id));
    await moveTo(second, globex.name);
    claim("The tab that has moved shows nothing of Acme's", [], foreign(await keptBy(second), globex.id));

    const before = cast.database.checksumOf(globex.id);
    await first.getByRole("button", { name: "Publish" }).click();
    await first
      .getByRole("heading", { level: 1, name: /belongs to|another organization|Acme/i })
      .first()
      .waitFor();
    claim("What was written on the page of Acme is not written in Globex", before, cast.database.checksumOf(globex.id));
    claim("and the text is still there", true, (await first.content()).includes("Written for Acme"), "broken");

    await second.goBack();
    await second.waitForLoadState();
    await second.getByLabel(`Switch organization, current: ${globex.name}`).waitFor();
    claim("Going back shows no page of Acme's", [], foreign(await keptBy(second), globex.id));
    await signOutOf(second);
    await sharedComputer(ground, context, foreign);
  });
};

async function signOutOf(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Create an account" }).waitFor();
}

/** After Bob, Eve signs in to the same browser. */
async function sharedComputer(
  { cast, claim, control }: Ground,
  context: BrowserContext,
  foreign: (text: string, id: string) => string[],
) {
  const page = await context.newPage();
  await page.goto("/");
  claim("After the sign-out the browser has kept nothing of either", [], foreign(await keptBy(page), "none"));
  await context.clearCookies({ domain: new URL(cast.world.logtoEndpoint).hostname });
  await signIn(page, cast, cast.people.eve);
  const { elsewhere } = cast.organizations;
  const eve = { organization: elsewhere.id, organizations: new Set([elsewhere.id]), person: "Eve" };
  claim(
    "Eve, who signs in next, sees nothing of Bob's",
    [],
    cast.canaries.foreignIn(await keptBy(page), eve).map(({ what }) => what),
  );
  control("She sees her own organization", true, (await page.content()).includes(elsewhere.id));
}

const markup: CaseFunction = async (ground) => {
  const { cast, claim, control } = ground;
  const { ada } = cast.actors;
  const nasty = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
  const answer = await ada.visitor.submit(paths.newPost, {
    title: nasty,
    body: `${nasty}\n\n[a](javascript:document.title='run')\n\n\u202Etxt.exe`,
    status: "published",
  });
  const path = answer.headers.find(([name]) => name === "location")?.[1]?.split("?")[0] ?? "";
  await inBrowser(ground, async (browser) => {
    const page = await (await browser.newContext({ baseURL: cast.world.baseUrl })).newPage();
    await signIn(page, cast, cast.people.ada);
    for (const place of [path, paths.posts]) {
      await page.goto(place);
      await page.waitForLoadState("networkidle");
      claim(
        `Markup in a title runs nothing on ${place === path ? "its page" : "the list"}`,
        false,
        (await page.title()).startsWith("run"),
      );
      control("It is shown as it was typed", true, await page.getByText(nasty.slice(0, 20)).first().isVisible());
    }
    await page.goto(path);
    const links = await page
      .getByRole("main")
      .getByRole("link")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
    claim(
      "A link to a script is no link",
      [],
      links.filter((href) => /^\s*javascript:/i.test(href)),
    );
    await page.evaluate(() =>
      document.body.insertAdjacentHTML("beforeend", `<img src="/none.png" alt="" onerror="document.title = 'run'">`),
    );
    await page.waitForLoadState("networkidle");
    const injected = await page.title();
    claim("The policy of the page lets no script in that is not the app's", false, injected === "run");
    await page.setContent(`<iframe src="${cast.world.baseUrl}/" title="framed"></iframe>`);
    await page.waitForLoadState("networkidle");
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    claim(
      "No other page can frame the app",
      false,
      (await framed?.content().catch(() => ""))?.includes("Atrium") ?? false,
    );
  });
  const asked = await ada.visitor.read(paths.posts, "document", { Origin: "https://evil.example" });
  claim(
    "No other origin may read an answer",
    [],
    asked.headers.filter(([name]) => name.startsWith("access-control-")),
  );
};

export const browsers = partOf(
  "browsers",
  "In a real browser: no tab, no way back, no shared computer and no markup shows what is another organization's.",
  {
    C2: twoTabs,
    H4: markup,
  },
);
