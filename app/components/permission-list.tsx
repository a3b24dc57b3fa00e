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
