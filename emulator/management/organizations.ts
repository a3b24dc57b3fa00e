// /organizations: organizations themselves, and what joins people to them just in time.
import { z } from "zod";
import type { Store, Table } from "../database/store";
import { type Organization, createOrganization, findOrganization, organizationTable } from "../directory/organizations";
import { roleTable } from "../directory/template";
import { notExists, notExistsWithId, notFound } from "../errors";
import { type Route, contains, created, empty, list, ok, route } from "./api";
import { refuseNothing } from "./validation";

const json = z.record(z.string(), z.unknown());
const NewOrganization = z.object({
  name: z.string().min(1).max(128),
  description: z.string().max(256).nullish(),
  customData: json.optional(),
  isMfaRequired: z.boolean().optional(),
  color: json.optional(),
  branding: json.optional(),
  customCss: z.string().nullish(),
});
const domainTable: Table = { name: "organization_email_domains", tenant: true };

export function organizationRoutes(store: Store): Route[] {
  return [
    route("get", "/organizations", { paged: "always" }, (call) => {
      const { sql, values } = contains(call.query.get("q"), "id", "name");
      const featured = ["1", "true"].includes(call.query.get("showFeatured") ?? "");
      const query = { table: organizationTable, from: `organizations where ${sql}`, order: "rowid desc", values };
      if (!featured) return list(store, call, query);
      return list<Organization>(store, call, query, (organization) => ({
        ...organization,
        usersCount: store.value<number>(
          "select count(*) from organization_users where organization_id = ?",
          organization.id,
        ),
        featuredUsers: [],
      }));
    }),
    route("post", "/organizations", { body: NewOrganization }, ({ body }) => created(createOrganization(store, body))),
    route("get", "/organizations/:id", {}, ({ params: { id = "" } }) => {
      const organization = findOrganization(store, id);
      if (!organization) throw notExistsWithId("organizations", id);
      return ok(organization);
    }),
    route("patch", "/organizations/:id", { body: NewOrganization.partial() }, ({ params: { id = "" }, body }) => {
      refuseNothing(body);
      const organization = store.update<Organization>(organizationTable, id, body);
      if (!organization) throw notExists("organization");
      return ok(organization);
    }),
    route("delete", "/organizations/:id", {}, ({ params: { id = "" } }) => {
      if (store.run("delete from organizations where id = ?", id) === 0) throw notFound();
      return empty();
    }),
    ...justInTimeRoutes(store),
  ];
}

function justInTimeRoutes(store: Store): Route[] {
  const domains = "/organizations/:id/jit/email-domains";
  const roles = "/organizations/:id/jit/roles";
  const addDomain = (id: string, domain: string) =>
    store.run("insert into organization_email_domains values (?, ?)", id, domain);
  const addRoles = (id: string, roleIds: readonly string[]) =>
    roleIds.forEach((roleId) =>
      store.run("insert into organization_jit_roles values (?, ?) on conflict do nothing", id, roleId),
    );
  const RoleIds = z.object({ organizationRoleIds: z.array(z.string()) });
  const Domains = z.object({ emailDomains: z.array(z.string().min(1)) });

  return [
    route("get", domains, { paged: "asked" }, (call) =>
      list(store, call, {
        table: domainTable,
        from: "organization_email_domains where organization_id = ?",
        order: "email_domain",
        values: [call.params.id ?? ""],
      }),
    ),
    route("post", domains, { body: z.object({ emailDomain: z.string().min(1).max(128) }) }, ({ params, body }) => {
      addDomain(params.id ?? "", body.emailDomain);
      return created({ tenantId: "default", organizationId: params.id, emailDomain: body.emailDomain });
    }),
    route("put", domains, { body: Domains }, ({ params: { id = "" }, body }) => {
      store.atomic(() => {
        store.run("delete from organization_email_domains where organization_id = ?", id);
        body.emailDomains.forEach((domain) => addDomain(id, domain));
      });
      return empty();
    }),
    route("delete", `${domains}/:emailDomain`, {}, ({ params: { id = "", emailDomain = "" } }) => {
      const sql = "delete from organization_email_domains where organization_id = ? and email_domain = ?";
      if (store.run(sql, id, emailDomain) === 0) throw notFound();
      return empty();
    }),
    route("get", roles, { paged: "asked" }, (call) =>
      list(store, call, {
        table: roleTable,
        columns: "r.*",
        from: "organization_jit_roles j join organization_roles r on r.id = j.role_id where j.organization_id = ?",
        order: "r.name",
        values: [call.params.id ?? ""],
      }),
    ),
    route("post", roles, { body: RoleIds }, ({ params: { id = "" }, body }) => {
      store.atomic(() => addRoles(id, body.organizationRoleIds));
      return created("Created");
    }),
    route("put", roles, { body: RoleIds }, ({ params: { id = "" }, body }) => {
      store.atomic(() => {
        store.run("delete from organization_jit_roles where organization_id = ?", id);
        addRoles(id, body.organizationRoleIds);
      });
      return empty();
    }),
    route("delete", `${roles}/:roleId`, {}, ({ params: { id = "", roleId = "" } }) => {
      const sql = "delete from organization_jit_roles where organization_id = ? and role_id = ?";
      if (store.run(sql, id, roleId) === 0) throw notFound();
      return empty();
    }),
  ];
}
