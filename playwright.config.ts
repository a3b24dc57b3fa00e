// The journeys, in headless Chromium, on a production build and an emulator of their own.
import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./scripts/chromium.mjs";

// Its workers read this file too, and need not look again.
process.env.CHROMIUM ??= await chromiumPath();

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/world.ts",
  fullyParallel: true,
  workers: 3,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // A journey that needs its second attempt is named at the end of `npm test`: it is looked at, not lived with.
  retries: 1,
  reporter: [["list"]],
  outputDir: "reports/journeys",
  use: {
    headless: true,
    trace: "on-first-retry", // recording every journey costs a quarter of the time
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
    },
  },
});
