// Who may call the Management API: bearers of a token for it with the scope "all".
import { createHash } from "node:crypto";
import { type CryptoKey, errors, jwtVerify } from "jose";
import { LogtoError } from "../errors";

export const managementResource = "https://default.logto.app/api";

export type Authorize = (header: string | undefined) => Promise<void>;

const unauthorized = (data?: object) => new LogtoError(401, "auth.unauthorized", data ? { data } : {});

function refusal(error: unknown): LogtoError {
  if (!(error instanceof errors.JOSEError)) return unauthorized();
  const { code, name } = error;
  if (!(error instanceof errors.JWTClaimValidationFailed)) return unauthorized({ code, name });
  const { claim, reason, payload } = error;
  return unauthorized({ code, name, claim, reason, payload });
}

/** Checks signatures once per token: a P-384 signature takes longer to verify than most calls take in all. */
export function managementAuthorization({ issuer, key }: { issuer: string; key: CryptoKey }): Authorize {
  const verified = new Map<string, { expires: number; scopes: string[] }>();

  async function verify(token: string) {
    const digest = createHash("sha256").update(token).digest("base64url");
    const known = verified.get(digest);
    if (known && known.expires > Date.now()) return known.scopes;
    const { payload } = await jwtVerify(token, key, { issuer, audience: managementResource }).catch(
      (error: unknown) => {
        throw refusal(error);
      },
    );
    const scopes = typeof payload.scope === "string" ? payload.scope.split(" ") : [];
    if (verified.size > 1000) verified.clear();
    verified.set(digest, { expires: (payload.exp ?? 0) * 1000, scopes });
    return scopes;
  }

  return async (header) => {
    if (!header) throw new LogtoError(401, "auth.authorization_header_missing");
    const [scheme, token = ""] = header.split(" ");
    if (scheme !== "Bearer") {
      throw new LogtoError(401, "auth.authorization_token_type_not_supported", {
        data: { supportedTypes: ["Bearer"] },
      });
    }
    if (!(await verify(token)).includes("all")) throw new LogtoError(403, "auth.forbidden");
  };
}
