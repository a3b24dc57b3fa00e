// The plan for the organization template: permissions (Logto's organization scopes) and the roles that grant them.
import { z } from "zod";
import { LogtoRefused } from "../../app/logto/outcome.server";
import type { ManagementApi } from "../management-api";
import type { Found } from "./found";
import type { Manifest } from "./manifest";
import { change, create, drift, ok, refuse, type PlanFlags, type Step } from "./step";

export function planTemplate(found: Found, manifest: Manifest, flags: PlanFlags): Step[] {
  return [
    ...manifest.scopes.map((scope) => planScope(scope, found)),
    ...manifest.roles.map((role) => planRole(role, found, flags)),
  ];
}

function planScope(scope: Manifest["scopes"][number], { scopes }: Found): Step {
  const what = `permission ${scope.name}`;
  if (scopes.some(({ name }) => name === scope.name)) return ok(what);
  const twin = otherSpelling(scope.name, scopes);
  if (twin) return refuse(what, `there is one spelt "${twin}": Logto would keep both, and people would mix them up`);
  return create(what, (api) => api.write("POST", "/organization-scopes", scope).catch(unlessThere));
}

function planRole(role: Manifest["roles"][number], { roles }: Found, { prune }: PlanFlags): Step {
  const what = `role ${role.name}`;
  const existing = roles.find(({ name }) => name === role.name);
  if (!existing) {
    const twin = otherSpelling(role.name, roles);
    if (twin) return refuse(what, `there is one spelt "${twin}": Logto would keep both, and people would mix them up`);
    return create(what, (api) => createRole(api, role), role.permissions.join(" "));
  }
  if (existing.type !== "User") return refuse(what, `it is a role for machines (${existing.type}), not for people`);

  const granted = existing.scopes.map(({ name }) => name);
  const wanted: string[] = role.permissions;
  const missing = wanted.filter((name) => !granted.includes(name));
  const extra = granted.filter((name) => !wanted.includes(name));
  const path = `/organization-roles/${existing.id}/scopes`;
  if (prune && extra.length > 0) {
    return change(what, `grants ${wanted.join(" ")}, and no longer ${extra.join(" ")}`, async (api) =>
      api.write("PUT", path, { organizationScopeIds: await scopeIds(api, wanted) }),
    );
  }
  if (missing.length > 0) {
    return change(what, `also grants ${missing.join(" ")}`, async (api) =>
      api.write("POST", path, { organizationScopeIds: await scopeIds(api, missing) }),
    );
  }
  if (extra.length > 0) return drift(what, `grants ${extra.join(" ")} too: --prune takes that away`);
  return ok(what, granted.join(" "));
}

async function createRole(api: ManagementApi, { name, description, permissions }: Manifest["roles"][number]) {
  const organizationScopeIds = await scopeIds(api, permissions);
  await api.write("POST", "/organization-roles", { name, description, organizationScopeIds }).catch(unlessThere);
}

/** Asked for at the moment of writing: the permissions may be a second old. */
async function scopeIds(api: ManagementApi, names: string[]): Promise<string[]> {
  const scopes = await api.list("/organization-scopes", z.object({ id: z.string(), name: z.string() }));
  return names.map((name) => {
    const scope = scopes.find((candidate) => candidate.name === name);
    if (!scope) throw new Error(`The permission ${name} is not in Logto, although it was just made`);
    return scope.id;
  });
}

/** Names of scopes and roles are unique: somebody was faster, and reading everything again will tell whether all is well. */
function unlessThere(error: unknown): void {
  if (!(error instanceof LogtoRefused && error.code === "entity.unique_integrity_violation")) throw error;
}

function otherSpelling(name: string, existing: { name: string }[]): string | undefined {
  return existing.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())?.name;
}
