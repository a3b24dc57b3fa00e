// Roles as Logto's template has them now, whatever a customer named them, and the one rule about giving them.
import type { LogtoMember, LogtoRole, Management } from "../logto/management.server";
import { allPermissions, type Permission } from "../permissions";

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

/** What somebody is in an organization now. */
export interface Standing {
  roles: { id: string; name: string }[];
  /** Every permission of these roles, also those that the app does not know. */
  permissions: ReadonlySet<string>;
}

/** Whether somebody may give this role: nobody gives what they do not hold. For what a page offers; the models ask Logto again. */
export function mayGive(actor: Pick<Actor, "can">, role: Pick<RoleChoice, "permissions">): boolean {
  return role.permissions.every((permission) => actor.can(permission));
}

/** Whether all of these permissions are among the giver's own. */
export function holdsAll(giver: Standing, permissions: Iterable<string>): boolean {
  return [...permissions].every((permission) => giver.permissions.has(permission));
}

/** The roles for people, by name. Those for machines are given to nobody. */
export function roleChoices(template: LogtoRole[]): RoleChoice[] {
  return template
    .filter(({ type }) => type === "User")
    .map((role) => {
      const { id, name, description } = role;
      return { id, name, description: description ?? "", permissions: known(permissionsOf(role)) };
    })
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}

/** The one that was set, as long as it exists; else whoever chooses nothing gives away as little as there is. */
export function roleToBeginWith(roles: RoleChoice[], setId: string | null): RoleChoice | undefined {
  const least = roles.toSorted((one, other) => one.permissions.length - other.permissions.length)[0];
  return roles.find(({ id }) => id === setId) ?? least;
}

/** A role that can be given, with every permission that it has at Logto. */
export function givableRole(template: LogtoRole[], roleId: string) {
  const role = template.find(({ id, type }) => id === roleId && type === "User");
  return role && { id: role.id, name: role.name, permissions: new Set(permissionsOf(role)) };
}

export function standingWith(template: LogtoRole[], roles: Standing["roles"]): Standing {
  const held = template.filter(({ id }) => roles.some((role) => role.id === id));
  return { roles, permissions: new Set(held.flatMap(permissionsOf)) };
}

/** Undefined: not a member. Throws as the Management API does. */
export async function standingOf(
  management: Management,
  template: LogtoRole[],
  organizationId: string,
  logtoId: string,
): Promise<Standing | undefined> {
  const roles = await management.rolesOf(organizationId, logtoId);
  return roles && standingWith(template, roles);
}

/** Those who hold a permission, one after the other: whoever needs only the first asks for no more. Somebody with two such roles comes twice. */
export async function* membersHolding(
  management: Management,
  template: LogtoRole[],
  organizationId: string,
  permission: Permission,
): AsyncGenerator<LogtoMember> {
  const size = 100;
  for (const role of template.filter((candidate) => permissionsOf(candidate).includes(permission))) {
    for (let number = 1, pages = 1; number <= pages; number += 1) {
      const { members, total } = await management.membersPage(organizationId, { number, size, roleId: role.id });
      pages = Math.ceil(total / size);
      yield* members;
    }
  }
}

/** Those of these permissions that the app knows, in its own order. */
export function known(permissions: Iterable<string>): Permission[] {
  const held = new Set(permissions);
  return allPermissions.filter((permission) => held.has(permission));
}

const permissionsOf = ({ scopes }: LogtoRole) => scopes.map(({ name }) => name);
