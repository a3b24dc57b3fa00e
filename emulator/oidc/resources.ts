// What access tokens can be for: the organization template, the Management API, and further API resources.
import { type ResourceServer, errors } from "oidc-provider";
import type { Store } from "../database/store";
import { allScopeNames } from "../directory/template";
import { managementResource } from "../management/authorization";
import { managementScopes } from "../settings/applications";
import { organizationAudience, organizationsResource } from "./names";

const hour = 3600;

const jwt = (scope: readonly string[], accessTokenTTL = hour): ResourceServer => ({
  scope: scope.join(" "),
  accessTokenTTL,
  accessTokenFormat: "jwt",
  jwt: { sign: { alg: "ES384" } },
});

/** @throws InvalidTarget for a resource that does not exist */
export function resourceServer(store: Store, indicator: string, clientId: string): ResourceServer {
  // All permissions of the template, whatever the role: this is what makes tokens with this audience worthless.
  if (indicator === organizationsResource) return jwt(allScopeNames(store));
  const ttl = store.value<number>("select access_token_ttl from resources where indicator = ?", indicator);
  if (ttl === undefined) throw new errors.InvalidTarget();
  return jwt(indicator === managementResource ? managementScopes(store, clientId) : [], ttl);
}

/** The organization itself as audience, with the permissions that are given. */
export const organizationServer = (organizationId: string, scopes: readonly string[]): ResourceServer => ({
  ...jwt(scopes),
  audience: organizationAudience(organizationId),
});
