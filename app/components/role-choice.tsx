// Chooses one of the roles that Logto's template has, each with what it means.
import type { Permission } from "../permissions";
import { permissionsInWords } from "./words";

export interface ShownRole {
  id: string;
  name: string;
  /** What Logto says that it is for; may be empty. */
  description: string;
  permissions: Permission[];
}

interface RoleChoiceProps {
  legend: string;
  name: string;
  roles: ShownRole[];
  chosen: string | undefined;
  errors?: string[];
  hint?: string;
}

export function RoleChoice({ legend, name, roles, chosen, errors, hint }: RoleChoiceProps) {
  return (
    <fieldset aria-describedby={errors ? `${name}-errors` : undefined}>
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className="divide-y divide-line rounded-control border border-edge">
        {roles.map((role) => (
          <label key={role.id} className="flex cursor-pointer gap-2.5 px-3 py-2.5 has-checked:bg-accent-soft">
            <input
              type="radio"
              name={name}
              value={role.id}
              defaultChecked={role.id === chosen}
              aria-describedby={`${name}-${role.id}`}
              className="mt-1 accent-accent-fill"
            />
            <span className="min-w-0">
              <span className="block font-medium wrap-anywhere">{role.name}</span>
              <span id={`${name}-${role.id}`} className="block text-sm text-muted">
                {meaningOf(role)}
              </span>
            </span>
          </label>
        ))}
      </div>
      {errors && (
        <p id={`${name}-errors`} className="mt-1.5 font-medium text-danger">
          {errors.join(" ")}
        </p>
      )}
      {hint && <p className="mt-1.5 text-xs text-muted">{hint}</p>}
    </fieldset>
  );
}

/** One line: what Logto's operator wrote, or else what it allows. */
export function meaningOf({ description, permissions }: Pick<ShownRole, "description" | "permissions">): string {
  if (description) return description;
  return permissions.length > 0 ? `Can ${permissionsInWords(permissions)}` : "Has none of Atrium's permissions";
}
