// The organization template: roles and permissions ("scopes") that all organizations share.
import type { Store, Table } from "../database/store";

export interface OrganizationRole {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
  type: "User" | "MachineToMachine";
}

export interface OrganizationScope {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
}

export const roleTable: Table = { name: "organization_roles", tenant: true };
export const scopeTable: Table = { name: "organization_scopes", tenant: true };

export const findRole = (store: Store, id: string) =>
  store.find<OrganizationRole>(roleTable, "select * from organization_roles where id = ?", id);

export const allRoles = (store: Store) =>
  store.list<OrganizationRole>(roleTable, "select * from organization_roles order by name");

export const scopesOfRole = (store: Store, roleId: string) =>
  store.list<OrganizationScope>(
    scopeTable,
    `select s.* from organization_role_scopes r join organization_scopes s on s.id = r.scope_id
     where r.role_id = ? order by s.name`,
    roleId,
  );

/** Names of all permissions that exist now; a name that is not here is dropped from an authorization request. */
export const allScopeNames = (store: Store) =>
  store.column<string>("select name from organization_scopes order by name");

/** Ids of the roles with these names; `missing` are the names that no role has. */
export function rolesByName(store: Store, names: readonly string[]): { ids: string[]; missing: string[] } {
  const found = names.map((name) => store.value<string>("select id from organization_roles where name = ?", name));
  return {
    ids: found.filter((id): id is string => id !== undefined),
    missing: names.filter((_, index) => found[index] === undefined),
  };
}
