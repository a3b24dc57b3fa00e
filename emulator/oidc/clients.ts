// Logto's applications as clients of oidc-provider.
import { type AllClientMetadata, errors } from "oidc-provider";
import type { Store } from "../database/store";
import {
  type Application,
  type CustomClientMetadata,
  findApplication,
  isConfidential,
  secretsOf,
} from "../settings/applications";

/** @throws InvalidClient for an unknown id, in Logto's words */
export function clientMetadata(store: Store, id: string): AllClientMetadata {
  const application = findApplication(store, id);
  if (!application) throw new errors.InvalidClient(`invalid client ${id}`, "no such application");
  const { oidcClientMetadata: metadata, type } = application;
  const machine = type === "MachineToMachine";
  const redirectUris = usable(application, metadata.redirectUris);

  return {
    client_id: id,
    client_name: application.name,
    application_type: type === "Native" ? "native" : "web",
    redirect_uris: redirectUris,
    post_logout_redirect_uris: usable(application, metadata.postLogoutRedirectUris),
    response_types: machine || redirectUris.length === 0 ? [] : ["code"],
    grant_types: machine ? ["client_credentials"] : ["authorization_code", "refresh_token"],
    // Its secrets are in a table of their own: see `secretMatches`.
    ...(isConfidential(type)
      ? { client_secret: "not-the-secret", token_endpoint_auth_method: "client_secret_basic" }
      : { token_endpoint_auth_method: "none" }),
    ...(metadata.backchannelLogoutUri ? { backchannel_logout_uri: metadata.backchannelLogoutUri } : {}),
    backchannel_logout_session_required: metadata.backchannelLogoutSessionRequired ?? false,
  };
}

/** Logto's API takes any URL; those that oidc-provider would refuse cannot be used, but do not spoil the others. */
function usable({ type }: Application, uris: readonly string[]): string[] {
  return uris.filter((uri) => {
    const { protocol, hash, hostname } = new URL(uri);
    if (hash !== "" || uri.endsWith("#")) return false;
    if (type !== "Native") return protocol === "http:" || protocol === "https:";
    const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
    return protocol === "http:" ? loopback : protocol !== "https:" || !loopback;
  });
}

/** Any secret of the application that has not expired. @throws InvalidRequest for one that has */
export function secretMatches(store: Store, clientId: string, actual: string): boolean {
  const found = secretsOf(store, clientId).find(({ value }) => value === actual);
  if (found && found.expiresAt !== null && found.expiresAt <= Date.now()) {
    throw new errors.InvalidRequest("client secret has expired");
  }
  return found !== undefined;
}

export const customMetadata = (store: Store, clientId: string): CustomClientMetadata =>
  findApplication(store, clientId)?.customClientMetadata ?? {};

/** Browsers may call from where the application lives. */
export function originAllowed(store: Store, clientId: string, origin: string): boolean {
  const application = findApplication(store, clientId);
  if (!application) return false;
  const { oidcClientMetadata, customClientMetadata } = application;
  const origins = oidcClientMetadata.redirectUris.map((uri) => new URL(uri).origin);
  return [...origins, ...(customClientMetadata.corsAllowedOrigins ?? [])].includes(origin);
}
