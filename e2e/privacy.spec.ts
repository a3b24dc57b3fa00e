// What the browser is given to keep, and what it is not: the cookie, the headers, caches and its history.
import { paths } from "../app/paths";
import { expect, test, writePost } from "./journey";

test("the session is one cookie that no script can read, and that says nothing", async ({ world, operator, open }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open(ann);
  const cookies = await page.context().cookies(world.baseUrl);
  expect(cookies).toEqual([
    expect.objectContaining({ name: "__session", httpOnly: true, sameSite: "Lax", path: "/", domain: "localhost" }),
  ]);
  expect(await page.evaluate(() => document.cookie)).toBe("");

  const value = decodeURIComponent(cookies[0]?.value ?? "");
  const readable = value.split(".").map((part) => Buffer.from(part, "base64").toString());
  for (const secret of [ann.id, ann.email, ann.name, lamps.id, lamps.name, "Admin", "write:posts"]) {
    expect([value, ...readable].join(" ")).not.toContain(secret);
  }
  const storages = await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }]);
  expect(JSON.stringify(storages)).not.toMatch(/Lamps|Ann|token/);
});

test("every answer forbids framing, sniffing and storing, and allows no script but its own", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]));
  const post = await writePost(page, lamps, { title: "Bulbs" });
  expectRefusals(404);
  const nonces = new Set<string>();
  for (const address of [
    paths.home,
    paths.posts,
    `${paths.posts}.data`,
    post,
    `${post}.data`,
    "/posts/nothing",
    "/nowhere",
  ]) {
    const headers = (await page.request.get(address)).headers();
    expect(headers, address).toMatchObject({
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers.vary, address).toMatch(/\bCookie\b/i);
    expect(headers, address).not.toHaveProperty("x-powered-by");
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, address).toMatch(/script-src 'strict-dynamic' 'nonce-[\w-]{20,}'/);
    expect(policy, address).toContain("frame-ancestors 'none'");
    expect(policy, address).not.toMatch(/unsafe-(inline|eval)/);
    nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? "");
  }
  expect(nonces.size, "a new one each time").toBe(7);
  await page.goto("/nowhere");
});

test("after signing out, going back shows nothing of what was read", async ({ operator, open }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const page = await open(await operator.makePerson("Ann", [lamps, "Admin"]));
  const path = await writePost(page, lamps, { title: "Bulbs", body: "Nine of them." });
  await page.goto(path);
  await expect(page.getByText("Nine of them.")).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Create an account" })).toBeVisible();

  while ((await page.goBack()) !== null) {
    await expect(page.getByText(/Bulbs|Nine of them|Lamps/)).toHaveCount(0);
    if (page.url().endsWith(path)) break;
  }
  await expect(page.getByText(/Bulbs|Nine of them|Lamps/)).toHaveCount(0);
});
