// Organizations, their members, and what each member's roles allow.
import type { Store, Table } from "../database/store";
import { shortId } from "../ids";
import { type StoredUser, type User, publicUser, userTable } from "./users";

export interface Organization {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
  customData: Record<string, unknown>;
  isMfaRequired: boolean;
  color: Record<string, unknown>;
  branding: Record<string, unknown>;
  customCss: string | null;
  createdAt: number;
}

export interface RoleReference {
  id: string;
  name: string;
}

export type Member = User & { organizationRoles: RoleReference[] };

export const organizationTable: Table = {
  name: "organizations",
  json: ["customData", "color", "branding"],
  flags: ["isMfaRequired"],
  tenant: true,
};
const referenceTable: Table = { name: "organization_roles" };

export const findOrganization = (store: Store, id: string) =>
  store.find<Organization>(organizationTable, "select * from organizations where id = ?", id);

export const createOrganization = (store: Store, input: Partial<Organization> & { name: string }) =>
  store.insert<Organization>(organizationTable, { ...input, id: shortId(), createdAt: Date.now() });

/** The roles of a member, by name. */
export const memberRoles = (store: Store, organizationId: string, userId: string) =>
  store.list<RoleReference>(
    referenceTable,
    `select r.id, r.name from organization_user_roles m join organization_roles r on r.id = m.role_id
     where m.organization_id = ? and m.user_id = ? order by r.name`,
    organizationId,
    userId,
  );

export const isMember = (store: Store, organizationId: string, userId: string) =>
  store.value("select 1 from organization_users where organization_id = ? and user_id = ?", organizationId, userId) ===
  1;

/** Names of the permissions that the member's roles give together, by name. */
export const memberScopes = (store: Store, organizationId: string, userId: string) =>
  store.column<string>(
    `select distinct s.name from organization_user_roles m
     join organization_role_scopes rs on rs.role_id = m.role_id join organization_scopes s on s.id = rs.scope_id
     where m.organization_id = ? and m.user_id = ? order by s.name`,
    organizationId,
    userId,
  );

export const organizationsOf = (store: Store, userId: string) =>
  store.list<Organization>(
    organizationTable,
    `select o.* from organization_users m join organizations o on o.id = m.organization_id where m.user_id = ?
     order by o.created_at`,
    userId,
  );

/** `<organization id>:<role name>` of every role that the person has anywhere. */
export const roleClaims = (store: Store, userId: string) =>
  store.column<string>(
    `select m.organization_id || ':' || r.name from organization_user_roles m
     join organization_roles r on r.id = m.role_id where m.user_id = ? order by m.organization_id, r.name`,
    userId,
  );

export const membersOf = (store: Store, organizationId: string): Member[] => {
  const sql = `select u.* from organization_users m join users u on u.id = m.user_id
    where m.organization_id = ? order by m.user_id`;
  return withRoles(store, organizationId, store.list<StoredUser>(userTable, sql, organizationId));
};

/** The people as members of the organization, each with their roles by name. */
export function withRoles(store: Store, organizationId: string, users: readonly StoredUser[]): Member[] {
  const held = store.list<RoleReference & { userId: string }>(
    referenceTable,
    `select m.user_id, r.id, r.name from organization_user_roles m join organization_roles r on r.id = m.role_id
     where m.organization_id = ? and m.user_id in (select value from json_each(?)) order by r.name`,
    organizationId,
    JSON.stringify(users.map(({ id }) => id)),
  );
  const roles = new Map<string, RoleReference[]>(users.map(({ id }) => [id, []]));
  for (const { userId, id, name } of held) roles.get(userId)?.push({ id, name });
  return users.map((user) => ({ ...publicUser(user), organizationRoles: roles.get(user.id) ?? [] }));
}

/** Adds members; answers who is new. A foreign key refuses unknown users and organizations. */
export function addMembers(store: Store, organizationId: string, userIds: readonly string[]): string[] {
  return userIds.filter(
    (userId) =>
      store.run("insert into organization_users values (?, ?) on conflict do nothing", organizationId, userId) === 1,
  );
}

export const removeMember = (store: Store, organizationId: string, userId: string) =>
  store.run("delete from organization_users where organization_id = ? and user_id = ?", organizationId, userId) === 1;

/** Adds roles to those held. A foreign key refuses unknown roles and people who are no members. */
export function addRoles(store: Store, organizationId: string, userId: string, roleIds: readonly string[]): void {
  for (const roleId of roleIds) {
    store.run(
      "insert into organization_user_roles values (?, ?, ?) on conflict do nothing",
      organizationId,
      userId,
      roleId,
    );
  }
}

/** Sets exactly these roles. */
export function replaceRoles(store: Store, organizationId: string, userId: string, roleIds: readonly string[]): void {
  store.atomic(() => {
    store.run("delete from organization_user_roles where organization_id = ? and user_id = ?", organizationId, userId);
    addRoles(store, organizationId, userId, roleIds);
  });
}

/** Joins a person to an organization with its just-in-time default roles; answers whether they are new there. */
export function joinJustInTime(store: Store, organizationId: string, userId: string): boolean {
  return store.atomic(() => {
    const [added] = addMembers(store, organizationId, [userId]);
    const roles = store.column<string>(
      "select role_id from organization_jit_roles where organization_id = ?",
      organizationId,
    );
    addRoles(store, organizationId, userId, roles);
    return added !== undefined;
  });
}
