// What the app wrote into its log, and whether anything in it is somebody's secret.
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import type { WorldDescription } from "../world";

/** In what the tests type into bodies, queries, headers and cookies: no log may hold it. */
export const canary = "kanarienvogel-5d2f81c7";

/** Pino's. */
const errorLevel = 50;

export interface LogLine {
  msg: string;
  time: string;
  level: number;
  requestId?: string;
  method?: string;
  path?: string;
  status?: number;
  person?: string;
  organization?: string;
  event?: string;
  operation?: string;
  reason?: string;
}

/** @throws on a line that is no JSON. */
export function linesOf(text: string): LogLine[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The lines that say that something went wrong on our side, whatever was asked. */
export function bugsIn(text: string): LogLine[] {
  return linesOf(text).filter(({ level }) => level >= errorLevel);
}

/** One sentence per line that holds what no log should. A path may hold anything that somebody asks for, but no secret of ours. */
export function secretsIn(text: string, world: WorldDescription): string[] {
  const secrets = secretsOf(world);
  return linesOf(text).flatMap((line) => {
    const whole = JSON.stringify(line);
    const { path, ...ours } = line;
    if (whole.includes(canary)) return [`What was typed: ${whole}`];
    if (path?.includes("?")) return [`A query: ${whole}`];
    if (/[\w-]{22}\.[\w-]{22}/.test(whole)) return [`The link of an invitation: ${whole}`];
    if (/@example\.com/i.test(whole)) return [`Somebody's address: ${whole}`];
    if ((whole.match(/[\w-]{11,}/g) ?? []).some((word) => secrets.has(word))) return [`A secret: ${whole}`];
    if (/\beyJ[\w-]+\.|[\w-]{40,}|__session|bearer/i.test(JSON.stringify(ours))) return [`A token: ${whole}`];
    return [];
  });
}

/** Passwords, keys, and whatever the emulator has handed out: codes, refresh tokens, its own sessions. */
function secretsOf({ users, application, management, webhook, databaseFile }: WorldDescription): Set<string> {
  const emulator = new Database(join(dirname(databaseFile), "emulator.db"), { readonly: true });
  try {
    const handedOut = emulator
      .prepare<[], { id: string }>("select id from oidc_payloads where model not in ('Client', 'Grant')")
      .all();
    const known = [application.appSecret, management.appSecret, webhook.signingKey];
    return new Set([...users.map(({ password }) => password), ...known, ...handedOut.map(({ id }) => id)]);
  } finally {
    emulator.close();
  }
}
