// Roles as Logto's template has them now, whatever a customer named them, and the one rule about giving them.
import type { Permission } from "../permissions";

/** A role that can be given. */
export interface RoleChoice {
  id: string;
  name: string;
  /** What Logto says that it is for; may be empty. */
  description: string;
  /** Those of its permissions that the app knows. */
  permissions: Permission[];
}

/** Who asks for a change. A member as the guards hand them out fits. */
export interface Actor {
  person: { id: string; logtoId: string; name: string; email: string };
  can(permission: Permission): boolean;
}

/** Whether somebody may give this role: nobody gives what they do not hold. For what a page offers; the models ask Logto again. */
export function mayGive(actor: Pick<Actor, "can">, role: Pick<RoleChoice, "permissions">): boolean {
  return role.permissions.every((permission) => actor.can(permission));
}
