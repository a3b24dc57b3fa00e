// Puts names, counts and days into sentences.
import { permissions as permissionWords, type Permission } from "../permissions";

/** "Ada, Ben and Cat", or with "or". */
export function inWords(names: readonly string[], type: "conjunction" | "disjunction" = "conjunction"): string {
  return new Intl.ListFormat("en-GB", { type }).format(names);
}

/** Some of them have commas of their own. */
export function permissionsInWords(permissions: readonly Permission[]): string {
  return permissions.map((permission) => permissionWords[permission]).join("; ");
}

/** "1 draft", "2 drafts", "no drafts". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count === 0 ? "no" : count.toLocaleString("en")} ${many}`;
}

/** "a Collaborator", "an Admin": by the letter, since roles are named by customers. */
export function withArticle(name: string): string {
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** Whom to ask, when there may be many: three of them by name. */
export function someOf(names: readonly string[]): string {
  if (names.length === 0) return "somebody who manages the members";
  return inWords(names.length > 3 ? [...names.slice(0, 3), "somebody else who may"] : names, "disjunction");
}

const day = 24 * 60 * 60_000;

/** "in 3 days", "tomorrow", "2 days ago". Told by the server, so that the browser reads the same. */
export function daysFrom(now: Date, moment: Date): string {
  const left = moment.getTime() - now.getTime();
  const hours = Math.round(left / (60 * 60_000));
  const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "always" });
  if (Math.abs(hours) < 1) return left < 0 ? "just now" : "within the hour";
  return Math.abs(left) < 2 * day ? relative.format(hours, "hour") : relative.format(Math.round(left / day), "day");
}
