// Signing in as each of the cast, registering as somebody new, and signing out.
import { request } from "@playwright/test";
import { paths } from "../app/paths";
import { castMember, expect, fillInSignIn, signIn, switcher, test } from "./journey";
import { codeSentTo } from "./outbox";
import { makeLampsAndChairs } from "./stages";
import type { CastKey } from "./world";

const cast: { key: CastKey; name: string; organizations: { name: string; role: string }[] }[] = [
  { key: "ada", name: "Ada", organizations: [{ name: "Acme", role: "Admin" }] },
  {
    key: "bob",
    name: "Bob",
    organizations: [
      { name: "Acme", role: "Collaborator" },
      { name: "Globex", role: "Admin" },
    ],
  },
  { key: "cleo", name: "Cleo", organizations: [{ name: "Globex", role: "Collaborator" }] },
  { key: "eve", name: "Eve", organizations: [{ name: "Eve's organization", role: "Admin" }] },
];

const sections: Record<string, string[]> = {
  Admin: ["Posts", "Members", "Billing", "Audit log", "Settings"],
  Collaborator: ["Posts", "Members"],
};

for (const { key, name, organizations } of cast) {
  test(`${name} signs in with e-mail and password and finds their organizations, roles and sections`, async ({
    world,
    open,
  }) => {
    const page = await open(castMember(world, key));
    await page.goto(paths.organizations);
    const main = page.getByRole("main");
    await expect(main.getByRole("listitem")).toHaveCount(organizations.length);
    for (const organization of organizations) {
      await page.goto(paths.organizations);
      await main.getByRole("button", { name: `${organization.name} ${organization.role}` }).click();
      await expect(page).toHaveTitle(`Posts · ${organization.name}`);
      await expect(page.getByRole("heading", { name: "Posts", level: 1 })).toBeVisible();
      await expect(page.getByRole("banner")).toContainText(organization.role);
      await expect(page.getByRole("navigation", { name: "Sections" }).getByRole("link")).toHaveText(
        sections[organization.role] ?? [],
      );
      await expect(page.getByText(`${key}@example.com`).filter({ visible: true })).toHaveCount(1);
    }
  });

  test(`${name} signs in with one click`, async ({ open }) => {
    const page = await open();
    await page.goto(paths.home);
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("button", { name: `Sign in as ${name}` }).click();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await expect(page.getByRole("banner")).toContainText(name);
  });
}

test("somebody with a wrong password is told so, and comes in with the right one", async ({
  operator,
  open,
  expectRefusals,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open();
  await page.goto(paths.signIn());
  expectRefusals(422);
  await page.getByLabel("E-mail address").fill(ann.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("not right");
  await fillInSignIn(page, ann);
  await expect(page).toHaveTitle("Posts · Lamps");
});

test("somebody who is not signed in is brought back to where they were going", async ({ world, operator, open }) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open();
  await page.goto(`${paths.posts}?status=draft`);
  await expect(page).toHaveURL(new RegExp(`^${world.logtoEndpoint}/`));
  await fillInSignIn(page, ann);
  await expect(page).toHaveURL(`${world.baseUrl}${paths.posts}?status=draft`);
});

test("somebody new registers, gets an organization of their own and writes its first post", async ({ world, open }) => {
  const email = `nora.${crypto.randomUUID()}@example.com`;
  const page = await open();
  await page.goto(paths.home);
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send the code" }).click();
  await page.getByLabel("Code").fill(await codeSentTo(email, world));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Nora");
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Create the account" }).click();

  await expect(page).toHaveTitle("Posts · Nora's organization");
  await expect(page.getByRole("banner")).toContainText("Admin");
  await expect(page.getByText("No posts yet")).toBeVisible();
  await page.getByRole("link", { name: "Write the first post" }).click();
  await page.getByLabel("Title", { exact: true }).fill("Hello");
  await page.getByLabel("Text", { exact: true }).fill("The *first* words here.");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { name: "Hello", level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "published" })).toBeVisible();
  await expect(page.getByRole("emphasis")).toHaveText("first");
});

test("signing out ends the session here and at Logto, whoever has kept the cookie", async ({
  world,
  operator,
  open,
}) => {
  const lamps = await operator.makeOrganization("Lamps");
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const page = await open(ann);

  // The control: while Logto's session lives, signing in asks for nothing.
  await page.goto(paths.signIn());
  await expect(page).toHaveTitle("Posts · Lamps");

  const stolen = await request.newContext({
    baseURL: world.baseUrl,
    storageState: await page.context().storageState(),
  });
  expect((await stolen.get(paths.posts, { maxRedirects: 0 })).status()).toBe(200);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Work together, organization by organization" })).toBeVisible();
  expect((await page.context().cookies(world.baseUrl)).filter(({ name }) => name.endsWith("session"))).toEqual([]);

  const answer = await stolen.get(paths.posts, { maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  expect(answer.headers().location).toBe(paths.signIn(paths.posts));
  await stolen.dispose();

  await page.goto(paths.signIn());
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("somebody else signs in after a sign-out and sees nothing of who was here before", async ({ operator, open }) => {
  const [lamps, chairs] = [await operator.makeOrganization("Lamps"), await operator.makeOrganization("Chairs")];
  const ann = await operator.makePerson("Ann", [lamps, "Admin"]);
  const ben = await operator.makePerson("Ben", [chairs, "Admin"]);
  const page = await open(ann);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Work together, organization by organization" })).toBeVisible();
  await signIn(page, ben);
  await expect(page).toHaveTitle("Posts · Chairs");
  await expect(page.getByText("Lamps")).toHaveCount(0);
});

test("somebody in two organizations chooses one, and begins there the next time", async ({ operator, open }) => {
  const { ann, chairs } = await makeLampsAndChairs(operator);
  const page = await open(ann);
  await expect(page.getByRole("heading", { name: "Choose an organization" })).toBeVisible();
  await page.getByRole("button", { name: "Chairs Collaborator" }).click();
  await expect(page).toHaveTitle("Posts · Chairs");

  const later = await open(ann);
  await expect(later).toHaveTitle("Posts · Chairs");
  await expect(switcher(later, chairs)).toContainText("Collaborator");
});
