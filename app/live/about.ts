// What a change is about, and which pages show any of that.
import { paths } from "../paths";

/**
 * What a page reads again; what it will find there is never told. `members`: who is in an organization, or invited into it. `invitations`: those of the
 * page's own reader.
 */
export const everything = ["membership", "organization", "organizations", "invitations", "members"] as const;
export type About = (typeof everything)[number];

/** The lists, the seats that are paid for, and what would be deleted. All else is in the frame of every page. */
const withMembers = [paths.members, paths.billing, paths.settings];

/** One change of a role is no reason for everybody's pages to be read anew. */
export function isShownOn(path: string, about: About[]): boolean {
  return about.some((what) => what !== "members") || withMembers.some((shown) => path.startsWith(shown));
}
