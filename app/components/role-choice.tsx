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
      <div className="divide-y divide-line overflow-hidden rounded-control border border-edge">
        {roles.map((role) => (
          <div key={role.id} className="relative flex items-start gap-2.5 px-3 py-2.5 has-checked:bg-accent-soft">
            <input
              type="radio"
              id={`${name}-${role.id}`}
              name={name}
              value={role.id}
              defaultChecked={role.id === chosen}
              aria-describedby={`${name}-${role.id}-means`}
              className="relative z-10 mt-1 accent-accent-fill"
            />
            <div className="min-w-0">
              {/* The label covers its row. */}
              <label
                htmlFor={`${name}-${role.id}`}
                className="block cursor-pointer font-medium wrap-anywhere after:absolute after:inset-0"
              >
                {role.name}
              </label>
              <p id={`${name}-${role.id}-means`} className="text-sm text-muted">
                {meaningOf(role)}
              </p>
            </div>
          </div>
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
