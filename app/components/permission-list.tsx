// What permissions mean, in words.
import { permissions as words, type Permission } from "../permissions";

export function PermissionList({ permissions }: { permissions: Permission[] }) {
  return (
    <ul className="ml-5 list-disc marker:text-muted">
      {permissions.map((permission) => (
        <li key={permission}>{words[permission]}</li>
      ))}
    </ul>
  );
}

/** "read posts and comments, and write posts and comments": for a line of text. */
export function permissionsInWords(permissions: readonly Permission[]): string {
  return inWords(permissions.map((permission) => words[permission]));
}

export function inWords(names: readonly string[], type: "conjunction" | "disjunction" = "conjunction"): string {
  return new Intl.ListFormat("en-GB", { type }).format(names);
}
