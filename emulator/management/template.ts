// /organization-roles and /organization-scopes: the template that all organizations share.
import { z } from "zod";
import type { Store } from "../database/store";
import {
  type OrganizationRole,
  type OrganizationScope,
  findRole,
  roleTable,
  scopeTable,
  scopesOfRole,
} from "../directory/template";
import { notExists, notExistsWithId, notFound } from "../errors";
import { longId } from "../ids";
import { type Route, contains, created, empty, list, ok, route } from "./api";
import { refuseNothing } from "./validation";

const Described = z.object({ name: z.string().min(1).max(128), description: z.string().max(256).nullish() });
const RoleType = z.enum(["User", "MachineToMachine"]);
const NewRole = Described.extend({
  type: RoleType.optional(),
  organizationScopeIds: z.array(z.string()).default([]),
  resourceScopeIds: z.array(z.string()).default([]),
});
const ChangedRole = Described.partial().extend({ type: RoleType.optional() });
const ScopeIds = z.object({ organizationScopeIds: z.array(z.string()) });

export function scopeRoutes(store: Store): Route[] {
  return [
    route("get", "/organization-scopes", { paged: "asked" }, (call) => {
      const { sql, values } = contains(call.query.get("q"), "name");
      return list(store, call, { table: scopeTable, from: `organization_scopes where ${sql}`, order: "name", values });
    }),
    route("post", "/organization-scopes", { body: Described }, ({ body }) =>
      created(store.insert<OrganizationScope>(scopeTable, { id: longId(), ...body })),
    ),
    route("get", "/organization-scopes/:id", {}, ({ params: { id = "" } }) => {
      const scope = store.find<OrganizationScope>(scopeTable, "select * from organization_scopes where id = ?", id);
      if (!scope) throw notExistsWithId("organization_scopes", id);
      return ok(scope);
    }),
    route("patch", "/organization-scopes/:id", { body: Described.partial() }, ({ params: { id = "" }, body }) => {
      refuseNothing(body);
      const scope = store.update<OrganizationScope>(scopeTable, id, body);
      if (!scope) throw notExists("organization_scope");
      return ok(scope);
    }),
    route("delete", "/organization-scopes/:id", {}, ({ params: { id = "" } }) => {
      if (store.run("delete from organization_scopes where id = ?", id) === 0) throw notFound();
      return empty();
    }),
  ];
}

export function roleRoutes(store: Store): Route[] {
  const withScopes = (role: OrganizationRole) => ({
    ...role,
    scopes: scopesOfRole(store, role.id).map(({ id, name }) => ({ id, name })),
    resourceScopes: [],
  });
  return [
    route("get", "/organization-roles", { paged: "always" }, (call) => {
      const { sql, values } = contains(call.query.get("q"), "id", "name", "description");
      const query = { table: roleTable, from: `organization_roles where ${sql}`, order: "name", values };
      return list<OrganizationRole>(store, call, query, withScopes);
    }),
    route("post", "/organization-roles", { body: NewRole }, (call) => {
      const { organizationScopeIds, resourceScopeIds: _, ...input } = call.body;
      const role = store.atomic(() => {
        const made = store.insert<OrganizationRole>(roleTable, { id: longId(), ...input });
        insertScopes(store, made.id, organizationScopeIds);
        return made;
      });
      if (organizationScopeIds.length > 0) {
        call.emit("OrganizationRole.Scopes.Updated", { organizationRoleId: role.id });
      }
      return created(role);
    }),
    route("get", "/organization-roles/:id", {}, ({ params: { id = "" } }) => {
      const role = findRole(store, id);
      if (!role) throw notFound();
      return ok(role);
    }),
    route("patch", "/organization-roles/:id", { body: ChangedRole }, ({ params: { id = "" }, body }) => {
      refuseNothing(body);
      const role = store.update<OrganizationRole>(roleTable, id, body);
      if (!role) throw notExists("organization_role");
      return ok(role);
    }),
    route("delete", "/organization-roles/:id", {}, ({ params: { id = "" } }) => {
      if (store.run("delete from organization_roles where id = ?", id) === 0) throw notFound();
      return empty();
    }),
    ...roleScopeRoutes(store),
  ];
}

/** A unique key refuses an id that is there twice, a foreign key an unknown one. */
function insertScopes(store: Store, roleId: string, scopeIds: readonly string[]): void {
  for (const scopeId of scopeIds) store.run("insert into organization_role_scopes values (?, ?)", roleId, scopeId);
}

function roleScopeRoutes(store: Store): Route[] {
  const path = "/organization-roles/:id/scopes";
  return [
    route("get", path, { paged: "asked" }, (call) =>
      list(store, call, {
        table: scopeTable,
        columns: "s.*",
        from: "organization_role_scopes r join organization_scopes s on s.id = r.scope_id where r.role_id = ?",
        order: "s.name",
        values: [call.params.id ?? ""],
      }),
    ),
    route("post", path, { body: ScopeIds }, ({ params: { id = "" }, body }) => {
      const held = new Set(scopesOfRole(store, id).map((scope) => scope.id));
      const fresh = [...new Set(body.organizationScopeIds)].filter((scopeId) => !held.has(scopeId));
      store.atomic(() => insertScopes(store, id, fresh));
      return created("Created");
    }),
    route("put", path, { body: ScopeIds }, ({ params: { id = "" }, body }) => {
      store.atomic(() => {
        store.run("delete from organization_role_scopes where role_id = ?", id);
        insertScopes(store, id, body.organizationScopeIds);
      });
      return empty();
    }),
    route("delete", `${path}/:organizationScopeId`, {}, ({ params: { id = "", organizationScopeId = "" } }) => {
      const sql = "delete from organization_role_scopes where role_id = ? and scope_id = ?";
      if (store.run(sql, id, organizationScopeId) === 0) throw notFound();
      return empty();
    }),
  ];
}
