// /applications: applications, their secrets and their machine roles.
import { z } from "zod";
import type { Store } from "../database/store";
import { LogtoError, notExists, notExistsWithId, notFound } from "../errors";
import {
  type Secret,
  type StoredApplication,
  applicationTable,
  createApplication,
  createSecret,
  findApplication,
  publicApplication,
  secretTable,
  secretsOf,
} from "../settings/applications";
import { type Route, created, empty, list, ok, route } from "./api";
import { roleTable } from "./roles";
import { searchCondition } from "./search";
import { parse } from "./validation";

const json = z.record(z.string(), z.unknown());
const url = z.string().refine((text) => URL.canParse(text), "Invalid url");
const types = ["Native", "SPA", "Traditional", "MachineToMachine", "Protected", "SAML"] as const;
const OidcMetadata = z.object({
  redirectUris: z.array(url),
  postLogoutRedirectUris: z.array(url),
  backchannelLogoutUri: url.optional(),
  backchannelLogoutSessionRequired: z.boolean().optional(),
  logoUri: z.string().optional(),
});
const CustomMetadata = z.object({
  corsAllowedOrigins: z.array(z.string()).optional(),
  idTokenTtl: z.number().optional(),
  refreshTokenTtl: z.number().optional(),
  refreshTokenTtlInDays: z.number().int().min(1).max(180).optional(),
  tenantId: z.string().optional(),
  alwaysIssueRefreshToken: z.boolean().optional(),
  rotateRefreshToken: z.boolean().optional(),
  allowTokenExchange: z.boolean().optional(),
});
const NewApplication = z.object({
  name: z.string().min(1).max(256),
  type: z.enum(types),
  description: z.string().nullish(),
  oidcClientMetadata: OidcMetadata.optional(),
  customClientMetadata: CustomMetadata.optional(),
  customData: json.optional(),
  isThirdParty: z.boolean().optional(),
});
const ChangedApplication = NewApplication.omit({ type: true, isThirdParty: true })
  .partial()
  .extend({ isAdmin: z.boolean().optional() });

function requireApplication(store: Store, id = ""): StoredApplication {
  const application = findApplication(store, id);
  if (!application) throw notExistsWithId("applications", id);
  return application;
}

export function applicationRoutes(store: Store): Route[] {
  return [
    route("get", "/applications", { paged: "asked" }, (call) => {
      const wanted = parse(z.object({ types: z.array(z.enum(types)) }), { types: call.query.getAll("types") }).types;
      const thirdParty = call.query.get("isThirdParty");
      const search = searchCondition(call.query, ["id", "name", "description"]);
      const ofTypes = wanted.length === 0 ? "1" : `type in (${wanted.map(() => "?").join(", ")})`;
      const party = thirdParty === null ? "1" : `is_third_party = ${thirdParty === "true" ? 1 : 0}`;
      const from = `applications where ${ofTypes} and ${party} and ${search.sql}`;
      const query = {
        table: applicationTable,
        from,
        order: "created_at desc, rowid desc",
        values: [...wanted, ...search.values],
      };
      return list<StoredApplication>(store, call, query, publicApplication);
    }),
    route("post", "/applications", { body: NewApplication }, ({ body }) =>
      ok(publicApplication(createApplication(store, body))),
    ),
    route("get", "/applications/:id", {}, ({ params: { id } }) => {
      const application = requireApplication(store, id);
      return ok({ ...publicApplication(application), isAdmin: application.isAdmin });
    }),
    route("patch", "/applications/:id", { body: ChangedApplication }, ({ params: { id = "" }, body }) => {
      requireApplication(store, id);
      const changed = store.update<StoredApplication>(applicationTable, id, body);
      return ok(publicApplication(changed ?? requireApplication(store, id)));
    }),
    route("patch", "/applications/:id/custom-data", { body: json }, ({ params: { id = "" }, body }) => {
      const application = findApplication(store, id);
      if (!application) throw notExists("application");
      const customData = { ...application.customData, ...body };
      store.update(applicationTable, id, { customData });
      return ok(customData);
    }),
    route("delete", "/applications/:id", {}, ({ params: { id = "" } }) => {
      requireApplication(store, id);
      store.run("delete from applications where id = ?", id);
      return empty();
    }),
    ...secretRoutes(store),
    ...applicationRoleRoutes(store),
  ];
}

function secretRoutes(store: Store): Route[] {
  const path = "/applications/:id/secrets";
  const NewSecret = z.object({ name: z.string().min(1).max(256), expiresAt: z.number().nullish() });
  return [
    route("get", path, {}, ({ params: { id } }) => ok(secretsOf(store, requireApplication(store, id).id))),
    route("post", path, { body: NewSecret }, ({ params: { id }, body }) =>
      created(createSecret(store, requireApplication(store, id).id, body.name, body.expiresAt ?? null)),
    ),
    route("patch", `${path}/:name`, { body: z.object({ name: z.string().min(1).max(256) }) }, (call) => {
      const { id = "", name = "" } = call.params;
      const renamed = store.find<Secret>(
        secretTable,
        "update application_secrets set name = ? where application_id = ? and name = ? returning *",
        ...[call.body.name, id, name],
      );
      if (!renamed) throw notFound();
      return ok(renamed);
    }),
    route("delete", `${path}/:name`, {}, ({ params: { id = "", name = "" } }) => {
      if (store.run("delete from application_secrets where application_id = ? and name = ?", id, name) === 0)
        throw notFound();
      return empty();
    }),
  ];
}

function applicationRoleRoutes(store: Store): Route[] {
  const path = "/applications/:id/roles";
  const RoleIds = z.object({ roleIds: z.array(z.string().min(1)) });
  const heldBy = (id: string) =>
    store.column<string>("select role_id from application_roles where application_id = ?", id);
  const add = (id: string, roleIds: readonly string[]) =>
    roleIds.forEach((roleId) => store.run("insert into application_roles values (?, ?)", id, roleId));

  /** The machine application of the call, when all roles of its body exist. */
  function subject(id: string | undefined, roleIds: readonly string[]): string {
    const application = requireApplication(store, id);
    if (application.type !== "MachineToMachine") throw new LogtoError(422, "application.invalid_type");
    const unknown = roleIds.find((roleId) => !store.value("select 1 from roles where id = ?", roleId));
    if (unknown !== undefined) throw notExistsWithId("roles", unknown);
    return application.id;
  }

  return [
    route("get", path, { paged: "always" }, (call) =>
      list(store, call, {
        table: roleTable,
        columns: "r.*",
        from: "application_roles a join roles r on r.id = a.role_id where a.application_id = ?",
        order: "r.name",
        values: [requireApplication(store, call.params.id).id],
      }),
    ),
    route("post", path, { body: RoleIds }, ({ params, body }) => {
      const id = subject(params.id, body.roleIds);
      const held = heldBy(id);
      const addedRoleIds = [...new Set(body.roleIds)].filter((roleId) => !held.includes(roleId));
      store.atomic(() => add(id, addedRoleIds));
      return created({ roleIds: body.roleIds, addedRoleIds });
    }),
    route("put", path, { body: RoleIds }, ({ params, body }) => {
      const id = subject(params.id, body.roleIds);
      const held = heldBy(id);
      const fresh = body.roleIds.filter((roleId) => !held.includes(roleId));
      const gone = held.filter((roleId) => !body.roleIds.includes(roleId));
      gone.forEach((roleId) =>
        store.run("delete from application_roles where application_id = ? and role_id = ?", id, roleId),
      );
      // As at Logto: what was to be removed is removed, and then there is nothing to insert.
      if (fresh.length === 0) throw new LogtoError(422, "entity.invalid_input");
      add(id, fresh);
      return ok("OK");
    }),
    route("delete", `${path}/:roleId`, {}, ({ params: { id = "", roleId = "" } }) => {
      if (store.run("delete from application_roles where application_id = ? and role_id = ?", id, roleId) === 0)
        throw notFound();
      return empty();
    }),
  ];
}
