import { expect, test } from "vitest";
import { InvitationDays, isFor } from "./invitations.server";

test.each([
  ["a week", "Write a number of days."],
  [2.5, "Write a whole number of days."],
  [0, "An invitation is valid for at least 1 day."],
  [31, "An invitation is valid for at most 30 days."],
])("an invitation for %s days is refused in a sentence", (days, sentence) => {
  expect(InvitationDays.safeParse(days).error?.issues[0]?.message).toBe(sentence);
});

test.each([1, 30])("an invitation may be valid for %i days", (days) => {
  expect(InvitationDays.parse(days)).toBe(days);
});

test("an invitation is for whoever has its address, in any letters", () => {
  const opened = { address: " Ada@Example.com" };
  expect(isFor(opened, { email: "ada@example.com" })).toBe(true);
  expect(isFor(opened, { email: "bob@example.com" })).toBe(false);
});
