// Logto's own refresh_token grant: organization tokens, late rotation, and 403 without spending the refresh token.
import {
  type ClaimsParameter,
  type Provider,
  type ResourceServer,
  type TokenEndpointGrantContext,
  errors,
} from "oidc-provider";
import type { Store } from "../database/store";
import { findOrganization, isMember, memberScopes } from "../directory/organizations";
import { accountOf } from "./accounts";
import { customMetadata } from "./clients";
import { organizationsResource, organizationsScope } from "./names";
import { organizationServer, resourceServer } from "./resources";

type Parameters = { refresh_token?: string; organization_id?: string };
type Context = TokenEndpointGrantContext<Parameters>;
type RefreshToken = InstanceType<Provider["RefreshToken"]>;
type Grant = InstanceType<Provider["Grant"]>;
type Account = NonNullable<ReturnType<typeof accountOf>>;

const gty = "refresh_token";
const year = 365.25 * 24 * 60 * 60;

/** Takes the place of oidc-provider's handler, which knows no organizations; built on its public models only. */
export function registerRefreshTokenGrant(provider: Provider, store: Store): void {
  provider.registerGrantType<Parameters>(
    gty,
    async (ctx) => {
      const source = await findSource(provider, ctx);
      const grant = await findGrant(provider, ctx, source);
      refuseScopes(ctx, source);
      const account = accountOf(store, source.accountId);
      if (!account || account.accountId !== grant.accountId) throw new errors.InvalidGrant("account not found");
      ctx.oidc.entity("Account", account);
      await refuseReuse(provider, source, grant);
      refuseOutsider(store, ctx, account.accountId);
      ctx.body = await answer(provider, store, ctx, await rotated(provider, store, ctx, source), grant, account);
    },
    ["refresh_token", "scope", "resource", "organization_id"],
    ["resource"],
  );
}

async function findSource(provider: Provider, ctx: Context): Promise<RefreshToken> {
  const { client, params } = ctx.oidc;
  if (!params.refresh_token) throw new errors.InvalidRequest("missing required parameter 'refresh_token'");
  const found = await provider.RefreshToken.find(params.refresh_token, { ignoreExpiration: true });
  if (!found) throw new errors.InvalidGrant("refresh token not found");
  if (found.clientId !== client.clientId) throw new errors.InvalidGrant("client mismatch");
  if (found.isExpired) throw new errors.InvalidGrant("refresh token is expired");
  ctx.oidc.entity("RefreshToken", found);
  return found;
}

async function findGrant(provider: Provider, ctx: Context, source: RefreshToken): Promise<Grant> {
  const grant = await provider.Grant.find(source.grantId ?? "", { ignoreExpiration: true });
  if (!grant || grant.isExpired || grant.clientId !== ctx.oidc.client.clientId) {
    throw new errors.InvalidGrant("grant not found");
  }
  ctx.oidc.entity("Grant", grant);
  return grant;
}

function refuseScopes(ctx: Context, source: RefreshToken) {
  const { params, requestParamScopes } = ctx.oidc;
  const missing = params.scope ? [...requestParamScopes].filter((scope) => !source.scopes.has(scope)) : [];
  if (missing.length > 0) throw new errors.InvalidScope("refresh token missing requested scope", missing.join(" "));
  if (params.organization_id && !source.scopes.has(organizationsScope)) {
    throw new errors.InsufficientScope("refresh token missing required scope", organizationsScope);
  }
}

/** A rotated token that comes back after its grace ends everything that hangs on the grant. */
async function refuseReuse(provider: Provider, source: RefreshToken, grant: Grant) {
  if (!source.consumed) return;
  const models = [provider.AccessToken, provider.RefreshToken, provider.AuthorizationCode];
  await Promise.all([...models.map((model) => model.revokeByGrantId(grant.jti)), grant.destroy()]);
  throw new errors.InvalidGrant("refresh token already used");
}

function refuseOutsider(store: Store, { oidc: { params } }: Context, userId: string) {
  const id = params.organization_id;
  if (!id) return;
  const denied = (description: string) =>
    Object.assign(new errors.AccessDenied(description), { status: 403, statusCode: 403 });
  if (!isMember(store, id, userId)) throw denied("user is not a member of the organization");
  // Nobody has a second factor here: the emulator has no MFA.
  if (findOrganization(store, id)?.isMfaRequired)
    throw denied("organization requires MFA but user has no MFA configured");
}

/** The same token for the first 70 % of its life, then a new one with a full life; after a year in total no more. */
async function rotated(provider: Provider, store: Store, ctx: Context, source: RefreshToken): Promise<RefreshToken> {
  const { client } = ctx.oidc;
  const isPublic = client.metadata().token_endpoint_auth_method === "none";
  const due = isPublic || source.ttlPercentagePassed() >= 70;
  if (customMetadata(store, client.clientId).rotateRefreshToken === false) return source;
  if (!due || source.totalLifetime() >= year) return source;

  await source.consume();
  const {
    accountId,
    acr,
    amr,
    authTime,
    claims,
    expiresWithSession,
    iiat,
    grantId = "",
    nonce,
    resource,
    scope = "",
  } = source;
  const fresh = new provider.RefreshToken({
    ...{ client, accountId, acr, amr, authTime, claims, expiresWithSession, iiat, grantId, nonce, resource, scope },
    ...{ sessionUid: source.sessionUid, sid: source.sid, rotations: (source.rotations ?? 0) + 1 },
    gty: source.gty?.endsWith(gty) ? source.gty : `${source.gty} ${gty}`,
    // A public client's token may change, but the session behind it does not get longer.
    ...(isPublic ? { expiresIn: source.remainingTTL } : {}),
  });
  ctx.oidc.entity("RotatedRefreshToken", source);
  ctx.oidc.entity("RefreshToken", fresh);
  await fresh.save();
  return fresh;
}

async function answer(
  provider: Provider,
  store: Store,
  ctx: Context,
  source: RefreshToken,
  grant: Grant,
  account: Account,
) {
  const { client, params } = ctx.oidc;
  const scopes = params.scope ? ctx.oidc.requestParamScopes : source.scopes;
  const token = new provider.AccessToken({
    ...{ client, accountId: source.accountId, grantId: grant.jti, expiresWithSession: source.expiresWithSession },
    ...{ sessionUid: source.sessionUid, sid: source.sid },
    gty: source.gty?.endsWith(gty) ? source.gty : `${source.gty} ${gty}`,
  });

  const target = audience(store, ctx, source, scopes);
  if (target) {
    token.resourceServer = new provider.ResourceServer(target.indicator, target.server);
    token.scope = target.scope(grant);
  } else {
    token.claims = source.claims;
    token.scope = grant.getOIDCScopeFiltered(scopes);
  }
  ctx.oidc.entity("AccessToken", token);
  // Signing takes most of the time: both at once.
  const [accessToken, idToken] = await Promise.all([
    token.save(),
    scopes.has("openid") ? issueIdToken(provider, ctx, source, grant, account, scopes) : undefined,
  ]);
  return {
    access_token: accessToken,
    expires_in: token.expiration,
    ...(idToken ? { id_token: idToken } : {}),
    refresh_token: source.jti,
    scope: token.scope,
    token_type: token.tokenType,
  };
}

interface Target {
  indicator: string;
  server: ResourceServer;
  scope(grant: Grant): string;
}

/** What the access token is for: an API resource, else the organization, else only /oidc/me (undefined). */
function audience(store: Store, ctx: Context, source: RefreshToken, scopes: Set<string>): Target | undefined {
  const { client, params } = ctx.oidc;
  const indicator = params.resource;
  if (Array.isArray(indicator))
    throw new errors.InvalidTarget("only a single resource indicator value must be requested");
  if (indicator) {
    if (!source.resourceIndicators.has(indicator)) throw new errors.InvalidTarget();
    const server = resourceServer(store, indicator, client.clientId);
    const available = new Set(server.scope.split(" "));
    const wanted = [...scopes].filter((scope) => available.has(scope));
    return { indicator, server, scope: (grant) => grant.getResourceScopeFiltered(indicator, wanted) };
  }
  if (!params.organization_id) return undefined;
  const held = memberScopes(store, params.organization_id, source.accountId).filter((scope) => scopes.has(scope));
  const server = organizationServer(params.organization_id, held);
  return { indicator: organizationsResource, server, scope: () => held.join(" ") };
}

async function issueIdToken(
  provider: Provider,
  ctx: Context,
  source: RefreshToken,
  grant: Grant,
  account: Account,
  scopes: Set<string>,
): Promise<string> {
  const scope = grant.getOIDCScopeFiltered(scopes);
  const mask: NonNullable<ClaimsParameter["id_token"]> = source.claims?.id_token ?? {};
  const available = { ...(await account.claims("id_token", scope, mask, [])), auth_time: source.authTime };
  const claims = new provider.Claims(available, { ctx }).scope(scope);
  claims.mask(mask);
  const idToken = new provider.IdToken({}, { ctx });
  for (const [name, value] of Object.entries(await claims.result())) idToken.set(name, value);
  idToken.set("nonce", source.nonce);
  idToken.set("sid", source.sid);
  return idToken.issue({ use: "idtoken" });
}
