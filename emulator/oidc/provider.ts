// oidc-provider, configured to behave as Logto does; every deviation from its defaults is one of Logto's.
import { type Configuration, type JWK, type KoaContextWithOIDC, Provider, errors } from "oidc-provider";
import type { Store } from "../database/store";
import { claimsOfScopes, findAccount } from "./accounts";
import { sqliteAdapter } from "./adapter";
import { customMetadata, originAllowed, secretMatches } from "./clients";
import { logtoErrors } from "./errors";
import { interactionUrl } from "./interactions";
import { endSessionPage, framed, signedOutPage } from "./pages";
import { registerRefreshTokenGrant } from "./refresh-token";
import { resourceServer } from "./resources";

const hour = 3600;
const day = 24 * hour;

interface Parts {
  store: Store;
  issuer: string;
  /** Private ES384 key. */
  signingKey: JWK;
  cookieKey: string;
}

export function createProvider({ store, issuer, signingKey, cookieKey }: Parts): Provider {
  const provider = new Provider(issuer, configuration(store, signingKey, cookieKey));
  registerRefreshTokenGrant(provider, store);
  provider.use(logtoErrors);
  provider.use(framed);
  // An application has several secrets at a time; oidc-provider would compare with one.
  provider.Client.prototype.compareClientSecret = function compare(actual) {
    return secretMatches(store, this.clientId, actual);
  };
  provider.on("server_error", (_ctx, error) => console.error(error));
  return provider;
}

function configuration(store: Store, signingKey: JWK, cookieKey: string): Configuration {
  const cookie = { signed: true, httpOnly: true, sameSite: "lax", path: "/" } as const;
  return {
    adapter: sqliteAdapter(store),
    jwks: { keys: [signingKey] },
    cookies: { keys: [cookieKey], long: cookie, short: cookie },
    clientDefaults: { id_token_signed_response_alg: "ES384" },
    enabledJWA: { idTokenSigningAlgValues: ["ES384"] },
    clockTolerance: 0,
    conformIdTokenClaims: false,
    claims: claimsOfScopes,
    scopes: ["openid", "offline_access"],
    findAccount: findAccount(store),
    allowOmittingSingleRegisteredRedirectUri: true,
    clientBasedCORS: (_ctx, origin, client) => originAllowed(store, client.clientId, origin),
    pkce: { required: (_ctx, client) => client.metadata().token_endpoint_auth_method === "none" },
    extraParams: [
      "first_screen",
      "direct_sign_in",
      "organization_id",
      "one_time_token",
      "identifier",
      "interaction_mode",
    ],
    interactions: { url: interactionUrl },
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed("refresh_token") &&
      (code.scopes.has("offline_access") || customMetadata(store, client.clientId).alwaysIssueRefreshToken === true),
    revokeGrantPolicy: () => true,
    extraTokenClaims: (ctx) => organizationClaim(ctx),
    renderError: (ctx, { error, error_description, scope }) => void (ctx.body = { error, error_description, scope }),
    ttl: lifetimes(store),
    features: features(store),
    // Applications of an emulator live on loopback, where oidc-provider's own fetch sends nothing.
    fetch: (url, init) => fetch(url, { ...init, dispatcher: undefined } as RequestInit),
  };
}

function features(store: Store): Configuration["features"] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    dPoP: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    rpInitiatedLogout: { enabled: true, logoutSource: endSessionPage, postLogoutSuccessSource: signedOutPage },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => false,
      defaultResource: (ctx, _client, several) => {
        if (several) return several;
        if (ctx.oidc.params?.grant_type === "client_credentials") {
          throw new errors.InvalidTarget("both `resource` and `organization_id` are not provided");
        }
        return [];
      },
      getResourceServerInfo: (_ctx, indicator, client) => resourceServer(store, indicator, client.clientId),
    },
  };
}

function lifetimes(store: Store): Configuration["ttl"] {
  return {
    AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? hour,
    ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? hour,
    AuthorizationCode: 60,
    Grant: 180 * day,
    IdToken: (_ctx, _token, client) => customMetadata(store, client.clientId).idTokenTtl ?? hour,
    Interaction: hour,
    RefreshToken: (_ctx, _token, client) => {
      const { refreshTokenTtlInDays, refreshTokenTtl } = customMetadata(store, client.clientId);
      return refreshTokenTtlInDays === undefined ? (refreshTokenTtl ?? 14 * day) : refreshTokenTtlInDays * day;
    },
    Session: 14 * day,
  };
}

/** Tokens for an API resource name the organization they were asked for; organization tokens do not. */
function organizationClaim({ oidc }: KoaContextWithOIDC): Record<string, unknown> | undefined {
  const { grant_type: grantType, resource, organization_id: id } = oidc.params ?? {};
  return grantType === "refresh_token" && resource && id ? { organization_id: id } : undefined;
}
