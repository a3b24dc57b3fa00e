// The audit log: with lines, with none, filtered, and as files.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { sendForm, writePost } from "../journey";
import { invite } from "../outbox";
import { heading, press } from "../page";
import { asAnn, long, type Stage, type View } from "./view";

/** A log with lines of every kind: done, asked for, refused, with long names. */
async function asAnnWithLog(stage: Stage) {
  const { page } = stage;
  const { lamps, ann, ben } = await asAnn(stage);
  await writePost(page, lamps, { title: long });
  await writePost(page, lamps, { title: "A draft", status: "draft" });
  await invite(page, lamps, "nora@example.com");
  const left = await sendForm(page, lamps, paths.leave);
  expect(left.status(), "nobody else manages the members").toBe(409);
  const removed = await sendForm(page, lamps, paths.removeMember(ben.id));
  expect(removed.status()).toBe(302);
  await page.goto(paths.audit);
  await heading(page, "Audit log");
  return { lamps, ann };
}

function downloaded(stage: Stage, name: string): Promise<unknown> {
  return Promise.all([stage.page.waitForEvent("download"), stage.page.getByRole("link", { name }).click()]);
}

export const audit: View[] = [
  { name: "audit log", of: "audit.list", open: asAnnWithLog },
  {
    name: "audit log, empty",
    of: "audit.list",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.audit);
      await expect(stage.page.getByText("Nothing was done yet")).toBeVisible();
    },
  },
  {
    name: "audit log, no line matches",
    of: "audit.list",
    open: async (stage) => {
      await asAnnWithLog(stage);
      await stage.page.getByLabel("To whom or what").fill("nobody of this name");
      await press(stage.page, "Search");
      await expect(stage.page.getByText("No line matches")).toBeVisible();
    },
  },
  {
    name: "audit log, asked for what cannot be",
    of: "audit.list",
    refusedWith: 400,
    open: async (stage) => {
      await asAnnWithLog(stage);
      await stage.page.goto(`${paths.audit}?from=2026-02-30&to=soon&action=none&target=${"a".repeat(201)}`);
      await expect(stage.page.getByText("Use at most 200 characters.")).toBeVisible();
    },
  },
  {
    name: "audit log, read as a table",
    of: "audit.csv",
    open: async (stage) => {
      await asAnnWithLog(stage);
      await downloaded(stage, "CSV");
    },
  },
  {
    name: "audit log, read by a program",
    of: "audit.json",
    open: async (stage) => {
      await asAnnWithLog(stage);
      await downloaded(stage, "JSON");
    },
  },
];
