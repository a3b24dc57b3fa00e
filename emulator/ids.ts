// Identifiers and secrets in Logto's shapes.
import { randomBytes } from "node:crypto";

const lowerCase = "0123456789abcdefghijklmnopqrstuvwxyz";
const mixedCase = `${lowerCase}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

function random(length: number, alphabet: string): string {
  let text = "";
  // Bytes beyond the last whole multiple of the alphabet would favour its first letters.
  const limit = 256 - (256 % alphabet.length);
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
  }
  return text;
}

/** 12 characters: users and organizations. */
export const shortId = () => random(12, lowerCase);
/** 21 characters: everything else. */
export const longId = () => random(21, lowerCase);
/** 32 characters: client secrets, signing keys of hooks, one-time tokens. */
export const secret = () => random(32, mixedCase);
/** Six digits: codes in mails. */
export const code = () => random(6, "0123456789");
