// /organizations/:id/users: who belongs to an organization, and with which roles.
import { z } from "zod";
import type { Store } from "../database/store";
import { addMembers, addRoles, isMember, removeMember, replaceRoles, withRoles } from "../directory/organizations";
import { roleTable, rolesByName, scopeTable } from "../directory/template";
import { type StoredUser, userTable } from "../directory/users";
import { LogtoError, notFound } from "../errors";
import { type Call, type Route, contains, created, empty, list, ok, route, select } from "./api";

const UserIds = z.object({ userIds: z.array(z.string()) });
const SomeUserIds = z.object({ userIds: z.array(z.string()).min(1) });
const Roles = z.object({
  organizationRoleIds: z.array(z.string()).default([]),
  organizationRoleNames: z.array(z.string()).default([]),
});
const Bulk = z.object({ userIds: z.array(z.string()).min(1), organizationRoleIds: z.array(z.string()).min(1) });

const webhookLimit = 5000;

function membershipChange(
  call: Pick<Call, "emit">,
  organizationId: string,
  change: { added?: string[]; removed?: string[] },
) {
  const { added = [], removed = [] } = change;
  call.emit("Organization.Membership.Updated", {
    organizationId,
    ...(added.length > 0 ? { addedUserIds: added.slice(0, webhookLimit) } : {}),
    ...(removed.length > 0 ? { removedUserIds: removed.slice(0, webhookLimit) } : {}),
  });
}

export function memberRoutes(store: Store): Route[] {
  const members = "/organizations/:id/users";
  return [
    route("get", members, { paged: "always" }, (call) => {
      const { id = "" } = call.params;
      const { sql, values } = contains(
        call.query.get("q"),
        "u.id",
        "u.primary_email",
        "u.primary_phone",
        "u.username",
        "u.name",
      );
      const roleId = call.query.get("organizationRoleId");
      const byRole = `exists (select 1 from organization_user_roles r
        where r.organization_id = m.organization_id and r.user_id = m.user_id and r.role_id = ?)`;
      const from = `organization_users m join users u on u.id = m.user_id
        where m.organization_id = ? and ${sql}${roleId ? ` and ${byRole}` : ""}`;
      const query = {
        table: userTable,
        columns: "u.*",
        from,
        order: "m.user_id",
        values: [id, ...values, ...(roleId ? [roleId] : [])],
      };
      const { records, total } = select<StoredUser>(store, call, query);
      return { status: 200, body: withRoles(store, id, records), total };
    }),
    route("post", members, { body: SomeUserIds }, (call) => {
      const { id = "" } = call.params;
      const added = store.atomic(() => addMembers(store, id, call.body.userIds));
      membershipChange(call, id, { added });
      return created({ userIds: call.body.userIds });
    }),
    route("put", members, { body: UserIds }, (call) => {
      const { id = "" } = call.params;
      const wanted = new Set(call.body.userIds);
      const change = store.atomic(() => {
        const before = store.column<string>("select user_id from organization_users where organization_id = ?", id);
        const removed = before.filter((userId) => !wanted.has(userId) && removeMember(store, id, userId));
        return { added: addMembers(store, id, [...wanted]), removed };
      });
      membershipChange(call, id, change);
      return empty();
    }),
    route("delete", `${members}/:userId`, {}, (call) => {
      const { id = "", userId = "" } = call.params;
      if (!removeMember(store, id, userId)) throw notFound();
      membershipChange(call, id, { removed: [userId] });
      return empty();
    }),
    route("post", `${members}/roles`, { body: Bulk }, ({ params: { id = "" }, body }) => {
      store.atomic(() => body.userIds.forEach((userId) => addRoles(store, id, userId, body.organizationRoleIds)));
      return created("Created");
    }),
    ...memberRoleRoutes(store),
  ];
}

function memberRoleRoutes(store: Store): Route[] {
  const roles = "/organizations/:id/users/:userId/roles";

  function requireMember({ params: { id = "", userId = "" } }: { params: Record<string, string> }) {
    if (!isMember(store, id, userId)) throw new LogtoError(422, "organization.require_membership");
    return { id, userId };
  }
  /** Ids of the request, names resolved, without duplicates. */
  function requested(body: z.infer<typeof Roles>): string[] {
    const { ids, missing } = rolesByName(store, body.organizationRoleNames);
    if (missing.length > 0)
      throw new LogtoError(422, "organization.role_names_not_found", { data: { names: missing } });
    return [...new Set([...body.organizationRoleIds, ...ids])];
  }

  return [
    route("get", roles, { paged: "asked" }, (call) => {
      const { id, userId } = requireMember(call);
      return list(store, call, {
        table: roleTable,
        columns: "r.*",
        from: `organization_user_roles m join organization_roles r on r.id = m.role_id
          where m.organization_id = ? and m.user_id = ?`,
        order: "r.name",
        values: [id, userId],
      });
    }),
    route("post", roles, { body: Roles }, (call) => {
      const { id, userId } = requireMember(call);
      const ids = requested(call.body);
      store.atomic(() => addRoles(store, id, userId, ids));
      return created({ organizationRoleIds: ids });
    }),
    route("put", roles, { body: Roles }, (call) => {
      const { id, userId } = requireMember(call);
      replaceRoles(store, id, userId, requested(call.body));
      return empty();
    }),
    route("delete", `${roles}/:roleId`, {}, (call) => {
      const { id, userId } = requireMember(call);
      const sql = "delete from organization_user_roles where organization_id = ? and user_id = ? and role_id = ?";
      if (store.run(sql, id, userId, call.params.roleId ?? "") === 0) throw notFound();
      return empty();
    }),
    route("get", "/organizations/:id/users/:userId/scopes", {}, ({ params: { id = "", userId = "" } }) =>
      ok(
        store.list(
          scopeTable,
          `select distinct s.* from organization_user_roles m
           join organization_role_scopes rs on rs.role_id = m.role_id join organization_scopes s on s.id = rs.scope_id
           where m.organization_id = ? and m.user_id = ? order by s.name`,
          id,
          userId,
        ),
      ),
    ),
  ];
}
