// Encrypts what a copy of the database must not give away: Logto's tokens in the session row.
import { createHash, hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";

export interface Seal {
  /** A compact JWE (RFC 7516, `dir` + A256GCM) that only the same `owner` can open. */
  close(owner: string, text: string): Promise<string>;
  /** The text, or undefined if it was sealed for another owner, with a secret that is gone, or changed since. */
  open(owner: string, sealed: string): Promise<string | undefined>;
}

/** @param secrets `SESSION_SECRET`, newest first: the first encrypts, all decrypt. */
export function createSeal(secrets: readonly string[]): Seal {
  const keys = secrets.map((secret) => ({
    id: createHash("sha256").update(`atrium seal id\0${secret}`).digest("base64url").slice(0, 12),
    key: new Uint8Array(hkdfSync("sha256", secret, "", "atrium session items", 32)),
  }));
  const [newest] = keys;
  if (!newest) throw new Error("A seal needs at least one secret");

  return {
    close: (owner, text) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: newest.id, owner })
        .encrypt(newest.key),

    async open(owner, sealed) {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, (header) => {
          const known = keys.find(({ id }) => id === header?.kid);
          if (!known) throw new Error("The secret of this seal is not known any more");
          return known.key;
        });
        return protectedHeader.owner === owner ? new TextDecoder().decode(plaintext) : undefined;
      } catch {
        return undefined; // whoever holds it is signed out, whatever the reason was
      }
    },
  };
}
