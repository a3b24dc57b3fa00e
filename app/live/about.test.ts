import { expect, test } from "vitest";
import { paths } from "../paths";
import { isShownOn } from "./about";

test("who is a member is read anew by the pages that show it, and by no other", () => {
  for (const path of [paths.members, paths.invitations, paths.invite, paths.billing, paths.deleteOrganization])
    expect(isShownOn(path, ["members"]), path).toBe(true);
  for (const path of [paths.posts, paths.newPost, paths.audit, paths.organizations])
    expect(isShownOn(path, ["members"]), path).toBe(false);
});

test("what is in the frame of every page is read anew by every page", () => {
  for (const about of ["membership", "organization", "organizations", "invitations"] as const) {
    expect(isShownOn(paths.posts, [about])).toBe(true);
    expect(isShownOn(paths.posts, ["members", about])).toBe(true);
  }
});
