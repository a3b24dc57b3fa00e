// Verifies what Logto signs. Nothing that a token says is believed before it went through here.
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from "jose";
import { LogtoUnavailable } from "../logto/outcome.server";

export interface IdTokenClaims {
  sub: string;
  email?: string | null;
  email_verified?: boolean;
  name?: string | null;
  username?: string | null;
  /** Ids of the person's organizations; there only if `urn:logto:scope:organizations` was asked for. */
  organizations?: string[];
  /** `<organization id>:<role name>`; a role name may hold a colon. */
  organization_roles?: string[];
}

/** The token is not what it claims to be: forged, for somebody else, or expired. */
export class InvalidToken extends Error {
  override name = "InvalidToken";
}

export interface TokenVerifier {
  /** @throws InvalidToken, or LogtoUnavailable when the keys cannot be had. */
  idToken(token: string, subject?: string): Promise<IdTokenClaims>;
  /**
   * The permissions in an organization token. Only `aud === urn:logto:organization:<id>` counts: a token for
   * `urn:logto:resource:organizations` lists all that was asked for, whatever the role.
   * @throws InvalidToken, or LogtoUnavailable when the keys cannot be had.
   */
  organizationToken(token: string, organizationId: string, subject: string): Promise<string[]>;
}

/** Seconds by which two clocks may differ. */
const clockTolerance = 30;

export function createTokenVerifier({
  endpoint,
  appId,
  patience = 1_400,
}: {
  endpoint: string;
  appId: string;
  patience?: number;
}): TokenVerifier {
  const issuer = `${endpoint}/oidc`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`), { timeoutDuration: patience });

  async function verify(token: string, audience: string, subject: string | undefined): Promise<JWTPayload> {
    const expected = {
      issuer,
      audience,
      subject,
      clockTolerance,
      algorithms: ["ES384", "RS256"],
      requiredClaims: ["sub", "exp", "iat"],
    };
    try {
      const { payload } = await jwtVerify(token, keys, expected);
      if (payload.aud !== audience) throw new InvalidToken("The token is for more than one audience");
      return payload;
    } catch (error) {
      if (error instanceof InvalidToken) throw error;
      const untold =
        !(error instanceof errors.JOSEError) ||
        error instanceof errors.JWKSTimeout ||
        error instanceof errors.JWKSInvalid ||
        error.code === errors.JOSEError.code;
      if (untold) throw new LogtoUnavailable("Logto's keys cannot be had", { cause: error });
      throw new InvalidToken(`Logto's token was refused: ${error.code}`);
    }
  }

  return {
    idToken: async (token, subject) => (await verify(token, appId, subject)) as JWTPayload & IdTokenClaims,
    async organizationToken(token, organizationId, subject) {
      const { scope } = await verify(token, `urn:logto:organization:${organizationId}`, subject);
      return typeof scope === "string" && scope !== "" ? scope.split(" ") : [];
    },
  };
}
