// Applications, their secrets, and the machine role that opens the Management API.
import type { Store, Table } from "../database/store";
import { LogtoError, invalidInput } from "../errors";
import { longId, secret } from "../ids";
import { managementResource } from "../management/authorization";

export type ApplicationType = "Native" | "SPA" | "Traditional" | "MachineToMachine" | "Protected" | "SAML";

export interface OidcClientMetadata {
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  backchannelLogoutUri?: string | undefined;
  backchannelLogoutSessionRequired?: boolean | undefined;
  logoUri?: string | undefined;
}

/** Lifetimes are seconds unless their name says days. */
export interface CustomClientMetadata {
  corsAllowedOrigins?: string[] | undefined;
  idTokenTtl?: number | undefined;
  refreshTokenTtl?: number | undefined;
  refreshTokenTtlInDays?: number | undefined;
  alwaysIssueRefreshToken?: boolean | undefined;
  rotateRefreshToken?: boolean | undefined;
}

export interface Application {
  tenantId: "default";
  id: string;
  name: string;
  description: string | null;
  type: ApplicationType;
  oidcClientMetadata: OidcClientMetadata;
  customClientMetadata: CustomClientMetadata;
  protectedAppMetadata: null;
  customData: Record<string, unknown>;
  isThirdParty: boolean;
  appLevelAccessControlEnabled: boolean;
  createdAt: number;
}

export type StoredApplication = Application & { isAdmin: boolean };

export interface Secret {
  tenantId: "default";
  applicationId: string;
  name: string;
  value: string;
  createdAt: number;
  expiresAt: number | null;
}

export const applicationTable: Table = {
  name: "applications",
  json: ["oidcClientMetadata", "customClientMetadata", "protectedAppMetadata", "customData"],
  flags: ["isThirdParty", "appLevelAccessControlEnabled", "isAdmin"],
  tenant: true,
};
export const secretTable: Table = { name: "application_secrets", tenant: true };

export function publicApplication(stored: StoredApplication): Application {
  const { isAdmin: _, ...application } = stored;
  return application;
}

export const findApplication = (store: Store, id: string) =>
  store.find<StoredApplication>(applicationTable, "select * from applications where id = ?", id);

/** Types that authenticate with a secret, and so get one when they are made. */
export const isConfidential = (type: ApplicationType) => type !== "Native" && type !== "SPA";

export interface ApplicationInput extends Partial<Omit<Application, "tenantId" | "createdAt">> {
  name: string;
  type: ApplicationType;
}

/** `known`: id and first secret, where they must not be random. */
export function createApplication(store: Store, input: ApplicationInput, known?: { id: string; secret: string }) {
  return store.atomic(() => {
    const application = store.insert<StoredApplication>(applicationTable, {
      oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
      ...input,
      id: known?.id ?? longId(),
      createdAt: Date.now(),
    });
    if (isConfidential(input.type)) insertSecret(store, application.id, "Default secret", null, known?.secret);
    return application;
  });
}

export const secretsOf = (store: Store, applicationId: string) =>
  store.list<Secret>(
    secretTable,
    "select * from application_secrets where application_id = ? order by created_at, rowid",
    applicationId,
  );

function insertSecret(store: Store, applicationId: string, name: string, expiresAt: number | null, value = secret()) {
  return store.insert<Secret>(secretTable, { applicationId, name, value, createdAt: Date.now(), expiresAt });
}

/** @throws LogtoError 422 for a name in use, 400 for an expiry in the past */
export function createSecret(store: Store, applicationId: string, name: string, expiresAt: number | null): Secret {
  if (expiresAt !== null && expiresAt <= Date.now())
    throw invalidInput("The value of `expiresAt` must be in the future.", 400);
  const taken = store.value(
    "select 1 from application_secrets where application_id = ? and name = ?",
    applicationId,
    name,
  );
  if (taken) throw new LogtoError(422, "application.secret_name_exists");
  return insertSecret(store, applicationId, name, expiresAt);
}

/** Names of the Management API's scopes that the application's roles hold now. */
export function managementScopes(store: Store, applicationId: string): string[] {
  if (findApplication(store, applicationId)?.isAdmin) return ["all"];
  return store.column<string>(
    `select distinct s.name from application_roles a join role_scopes r on r.role_id = a.role_id
     join scopes s on s.id = r.scope_id join resources x on x.id = s.resource_id
     where a.application_id = ? and x.indicator = ?`,
    applicationId,
    managementResource,
  );
}
