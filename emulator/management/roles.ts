// /roles and /resources: as much of them as the Management API's own access needs.
import { z } from "zod";
import type { Store, Table } from "../database/store";
import { LogtoError, notExistsWithId, notFound } from "../errors";
import { longId } from "../ids";
import { type Route, contains, created, empty, list, ok, route } from "./api";
import { managementResource } from "./authorization";

interface Role {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
  type: string;
  isDefault: boolean;
}

interface Resource {
  tenantId: "default";
  id: string;
  name: string;
  indicator: string;
  isDefault: boolean;
  accessTokenTtl: number;
}

export const roleTable: Table = { name: "roles", flags: ["isDefault"], tenant: true };
const resourceTable: Table = { name: "resources", flags: ["isDefault"], tenant: true };
const apiScopeTable: Table = { name: "scopes", tenant: true };

export function machineRoleRoutes(store: Store): Route[] {
  function withCounts(role: Role) {
    const from = "application_roles a join applications p on p.id = a.application_id where a.role_id = ?";
    const applications = { name: "applications" };
    return {
      ...role,
      usersCount: 0,
      featuredUsers: [],
      applicationsCount: store.value<number>(`select count(*) from ${from}`, role.id) ?? 0,
      featuredApplications: store.list(applications, `select p.id, p.name, p.type from ${from} limit 3`, role.id),
    };
  }
  const findResource = (id: string) => store.find<Resource>(resourceTable, "select * from resources where id = ?", id);

  return [
    route("get", "/roles", { paged: "always" }, (call) => {
      const type = call.query.get("type");
      const { sql, values } = contains(call.query.get("search")?.replaceAll("%", "") ?? null, "name");
      const query = {
        table: roleTable,
        from: `roles where ${sql}${type ? " and type = ?" : ""}`,
        order: "name",
        values: [...values, ...(type ? [type] : [])],
      };
      return list<Role>(store, call, query, withCounts);
    }),
    route("get", "/roles/:id", {}, ({ params: { id = "" } }) => {
      const role = store.find<Role>(roleTable, "select * from roles where id = ?", id);
      if (!role) throw notExistsWithId("roles", id);
      return ok(role);
    }),
    route("get", "/roles/:id/scopes", { paged: "asked" }, (call) => {
      const query = {
        table: apiScopeTable,
        columns: "s.*",
        from: "role_scopes r join scopes s on s.id = r.scope_id where r.role_id = ?",
        order: "s.name",
        values: [call.params.id ?? ""],
      };
      return list<{ resourceId: string }>(store, call, query, (scope) => ({
        ...scope,
        resource: findResource(scope.resourceId),
      }));
    }),
  ];
}

export function resourceRoutes(store: Store): Route[] {
  const NewResource = z.object({
    name: z.string().min(1),
    indicator: z.string().refine((text) => URL.canParse(text), "Invalid resource indicator"),
    accessTokenTtl: z.number().int().min(1).optional(),
  });
  function refuseManagement(id: string, code: string) {
    const indicator = store.value<string>("select indicator from resources where id = ?", id);
    if (indicator === managementResource) throw new LogtoError(400, code);
  }

  return [
    route("get", "/resources", { paged: "asked" }, (call) => {
      const withScopes = ["1", "true"].includes(call.query.get("includeScopes") ?? "");
      const query = { table: resourceTable, from: "resources", order: "rowid" };
      if (!withScopes) return list(store, call, query);
      return list<Resource>(store, call, query, (resource) => ({
        ...resource,
        scopes: store.list(apiScopeTable, "select * from scopes where resource_id = ? order by name", resource.id),
      }));
    }),
    route("post", "/resources", { body: NewResource }, ({ body }) => {
      if (store.value("select 1 from resources where indicator = ?", body.indicator)) {
        throw new LogtoError(422, "resource.resource_identifier_in_use");
      }
      return created({ ...store.insert<Resource>(resourceTable, { id: longId(), ...body }), scopes: [] });
    }),
    route("get", "/resources/:id", {}, ({ params: { id = "" } }) => {
      const resource = store.find<Resource>(resourceTable, "select * from resources where id = ?", id);
      if (!resource) throw notExistsWithId("resources", id);
      return ok(resource);
    }),
    route(
      "patch",
      "/resources/:id",
      { body: NewResource.omit({ indicator: true }).partial() },
      ({ params: { id = "" }, body }) => {
        refuseManagement(id, "resource.cannot_modify_management_api");
        const resource = store.update<Resource>(resourceTable, id, body);
        if (!resource) throw notExistsWithId("resources", id);
        return ok(resource);
      },
    ),
    route("delete", "/resources/:id", {}, ({ params: { id = "" } }) => {
      refuseManagement(id, "resource.cannot_delete_management_api");
      if (store.run("delete from resources where id = ?", id) === 0) throw notFound();
      return empty();
    }),
  ];
}
