// The emulator's own pages.
import { expect, type Page } from "@playwright/test";
import { paths } from "../../app/paths";
import { codeSentTo } from "../outbox";
import { press } from "../page";
import { type View } from "./view";

export const emulator: View[] = [
  { name: "emulator, sign in", open: ({ page }) => page.goto(paths.signIn()) },
  {
    name: "emulator, sign in refused",
    refusedWith: 422,
    open: async ({ page }) => {
      await page.goto(paths.signIn());
      await page.getByLabel("E-mail address").fill("nobody@example.com");
      await page.getByLabel("Password").fill("not the password");
      await press(page, "Sign in");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "emulator, register", open: ({ page }) => page.goto(paths.register) },
  { name: "emulator, enter the code", open: askForCode },
  {
    name: "emulator, wrong code",
    refusedWith: 400,
    open: async ({ page }) => {
      await askForCode({ page });
      await page.getByLabel("Code").fill("000");
      await press(page, "Continue");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "emulator, name and password",
    open: async ({ page, world }) => {
      const email = await askForCode({ page });
      await page.getByLabel("Code").fill(await codeSentTo(email, world));
      await press(page, "Continue");
      await expect(page.getByLabel("Name")).toBeVisible();
    },
  },
  {
    name: "emulator, outbox",
    open: async ({ page, world }) => {
      await askForCode({ page });
      await page.goto(`${world.logtoEndpoint}/emulator/outbox`);
    },
  },
  { name: "emulator, console", open: ({ page, world }) => page.goto(`${world.logtoEndpoint}/emulator`) },
  {
    name: "emulator, no sign-in under way",
    refusedWith: 400,
    open: ({ page, world }) => page.goto(`${world.logtoEndpoint}/sign-in`),
  },
  {
    name: "emulator, nothing is here",
    refusedWith: 404,
    open: ({ page, world }) => page.goto(`${world.logtoEndpoint}/nowhere`),
  },
];

async function askForCode({ page }: { page: Page }): Promise<string> {
  const email = `nora.${crypto.randomUUID()}@example.com`;
  await page.goto(paths.register);
  await page.getByLabel("E-mail address").fill(email);
  await press(page, "Send the code");
  await expect(page.getByLabel("Code", { exact: true })).toBeVisible();
  return email;
}
