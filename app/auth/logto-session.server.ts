// One person's session at Logto: @logto/node over a copy of the tokens that the session row keeps. Nothing lives on between two calls.
import LogtoClient, { UserScope } from "@logto/node";
import { z } from "zod";
import type { Line } from "../logto/line.server";
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import { InvalidToken, type IdTokenClaims, type TokenVerifier } from "./tokens.server";

/** What @logto/node stores, under its own names. Sealed in the session row. */
export interface Items {
  idToken?: string;
  refreshToken?: string;
  accessToken?: string;
}

/** The organizations of a person and the names of their roles there, as an ID token has them. */
export interface OrganizationRoles {
  id: string;
  roles: string[];
}

export interface Renewed {
  items: Items;
  organizations: OrganizationRoles[];
  /** Of the organization that was asked about; empty if none was. */
  permissions: string[];
  claims: IdTokenClaims;
}

export interface LogtoSessionOptions {
  endpoint: string;
  appId: string;
  appSecret: string;
  line: Line;
  verifier: TokenVerifier;
}

/**
 * Every function throws LogtoRefused (`access_denied`, `invalid_grant`, …), LogtoUnavailable or InvalidToken.
 * @see https://docs.logto.io/authorization/organization-permissions
 */
export type LogtoSession = ReturnType<typeof createLogtoSession>;

export function createLogtoSession({ endpoint, appId, appSecret, line, verifier }: LogtoSessionOptions) {
  // Spelt as @logto/js spells it, so that a Bearer token replaces it; two spellings would both be sent.
  const Authorization = `Basic ${Buffer.from(`${encodeURIComponent(appId)}:${encodeURIComponent(appSecret)}`).toString("base64")}`;

  // Its type is fetch's and its answer is the caller's to name: that is how @logto/js defines a requester.
  const requester = async <T>(...[input, init]: Parameters<typeof fetch>): Promise<T> => {
    const url = input instanceof Request ? input.url : input;
    const headers = { Authorization, ...(init?.headers as Record<string, string> | undefined) };
    return (await line(url, { ...init, headers })) as T;
  };

  // Logto's addresses are fixed: @logto/node finds the one it needs in its cache and never has to ask for it first.
  const addresses = JSON.stringify({ tokenEndpoint: `${endpoint}/oidc/token` });
  const unstable_cache = { getItem: async () => addresses, setItem: async () => {}, removeItem: async () => {} };

  function clientOver(items: Items, subject: string) {
    const storage = {
      getItem: async (key: string) => items[key as keyof Items] ?? null,
      setItem: async (key: string, value: string) => void (items[key as keyof Items] = value),
      removeItem: async (key: string) => void delete items[key as keyof Items],
    };
    const config = { endpoint, appId, appSecret, scopes: [UserScope.Organizations] };
    const verifyIdToken = async (token: string) => void (await verifier.idToken(token, subject));
    return new LogtoClient(config, { storage, navigate: () => {}, requester, unstable_cache }, () => ({
      verifyIdToken,
    }));
  }

  return {
    /**
     * One refresh_token grant, which makes Logto look at the membership: with an organization, for a token of that organization; without, for the
     * person's list. `items` is left as it was; the answer has the new ones.
     */
    async renew({ refreshToken }: Items, subject: string, organizationId?: string): Promise<Renewed> {
      // It must ask, for it has no access token, and must be told who the person is, for this is no ID token.
      const copy: Items = { idToken: "none yet", refreshToken };
      try {
        const client = clientOver(copy, subject);
        const token = organizationId
          ? await client.getOrganizationToken(organizationId)
          : await client.getAccessToken();
        const permissions = organizationId ? await verifier.organizationToken(token, organizationId, subject) : [];
        const claims = (await client.getIdTokenClaims()) as IdTokenClaims; // verified when it was stored
        const renewed = { idToken: copy.idToken, refreshToken: copy.refreshToken };
        return { items: renewed, permissions, claims, organizations: organizationRoles(claims) };
      } catch (error) {
        if (isLogtos(error)) throw error;
        throw new LogtoUnavailable("Logto's answer cannot be used", { cause: error }); // @logto/node stumbled over it
      }
    },

    /** The scopes granted at sign-in: the token answer does not list permissions, only introspection does (RFC 7662). */
    async grantedScopes(refreshToken: string): Promise<string[]> {
      const answer = await line(`${endpoint}/oidc/token/introspection`, {
        method: "POST",
        headers: { Authorization },
        body: new URLSearchParams({ token: refreshToken }),
      });
      const parsed = z.object({ active: z.boolean(), scope: z.string().optional() }).safeParse(answer);
      if (!parsed.success) throw new LogtoUnavailable("Logto's introspection has an unexpected shape");
      return parsed.data.active ? (parsed.data.scope ?? "").split(" ").filter(Boolean) : [];
    },

    /** Revokes the refresh token, and with it every token of this browser's sign-in (RFC 7009). */
    async revoke(items: Items): Promise<void> {
      if (!items.refreshToken) return;
      await line(`${endpoint}/oidc/token/revocation`, {
        method: "POST",
        headers: { Authorization },
        body: new URLSearchParams({ token: items.refreshToken }),
      });
    },

    /** Where the browser ends its session at Logto, to come back to `back` (OpenID Connect RP-Initiated Logout). */
    endSession: (back: string) =>
      `${endpoint}/oidc/session/end?${new URLSearchParams({ client_id: appId, post_logout_redirect_uri: back })}`,
  };
}

/** Whether it is Logto's doing that there is no answer, or a no. Any other error is a bug of ours. */
export function isLogtos(error: unknown): boolean {
  return error instanceof LogtoRefused || error instanceof LogtoUnavailable || error instanceof InvalidToken;
}

/** Reads `organizations` and `organization_roles`; a role's name may hold the colon that separates it from the organization's id. */
export function organizationRoles({
  organizations = [],
  organization_roles: roles = [],
}: IdTokenClaims): OrganizationRoles[] {
  return organizations.map((id) => {
    const prefix = `${id}:`;
    return { id, roles: roles.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length)) };
  });
}
