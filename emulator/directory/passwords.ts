// Passwords are kept as scrypt hashes; cheap ones, since nothing here is worth an attack.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const derive = (password: string, salt: Buffer) =>
  new Promise<Buffer>((resolve, reject) =>
    scrypt(password, salt, 32, { N: 1024 }, (error, key) => (error ? reject(error) : resolve(key))),
  );

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${(await derive(password, salt)).toString("hex")}`;
}

export async function passwordMatches(password: string, hash: string | null): Promise<boolean> {
  const [salt = "", expected = ""] = (hash ?? "").split(":");
  const actual = await derive(password, Buffer.from(salt, "hex"));
  return expected !== "" && timingSafeEqual(actual, Buffer.from(expected, "hex"));
}

/** Why a person may not choose this password, or undefined. Logto's default policy, as far as it works offline. */
export function passwordFault(password: string): string | undefined {
  if (password.length < 8) return "The password needs at least 8 characters.";
  if (password.length > 256) return "The password has at most 256 characters.";
  if (/^(.)\1*$/.test(password)) return "The password must not be one character repeated.";
  return undefined;
}
