// Tokens as a Logto with another signing key, or another clock, would have signed them.
import { SignJWT, decodeJwt, decodeProtectedHeader, generateKeyPair, importJWK, type JWK } from "jose";

export type Resign = (body: Buffer, fault: { wrongKey?: boolean; seconds?: number }) => Promise<Buffer>;

const isJwt = (value: unknown): value is string => typeof value === "string" && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value);

export function resigner(signingKey: JWK): Resign {
  return async (body, { wrongKey = false, seconds = 0 }) => {
    let answer: Record<string, unknown>;
    try {
      answer = JSON.parse(body.toString()) as Record<string, unknown>;
    } catch {
      return body; // Not JSON: there are no tokens in it.
    }
    const key = wrongKey ? (await generateKeyPair("ES384")).privateKey : await importJWK(signingKey, "ES384");
    for (const [name, value] of Object.entries(answer)) {
      if (!isJwt(value)) continue;
      const claims = decodeJwt(value);
      const shifted = { ...claims, iat: (claims.iat ?? 0) + seconds, exp: (claims.exp ?? 0) + seconds };
      // The header keeps the known key's id, so that only the signature tells.
      answer[name] = await new SignJWT(shifted)
        .setProtectedHeader({ alg: "ES384", ...decodeProtectedHeader(value) })
        .sign(key);
    }
    return Buffer.from(JSON.stringify(answer));
  };
}
