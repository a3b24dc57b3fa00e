// How often one address and one person may ask. Counts are in memory: each process counts for itself.
import { isIPv6 } from "node:net";
import type { Request, RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { paths } from "../paths";
import type { Kept } from "./refusal";
import { refuse } from "./refuse.server";
import { tooMany } from "./responses.server";
import { tooMany as tooManyRefusal } from "./sentences";
import { isUnder } from "./spelling.server";

export type Limits = ReturnType<typeof createLimits>;

export function createLimits(perMinute: {
  perPersonPerMinute: number;
  perAddressPerMinute: number;
  signInPerAddressPerMinute: number;
}) {
  const persons = limiter("person", perMinute.perPersonPerMinute);
  const addresses = limiter("address", perMinute.perAddressPerMinute);
  const signIns = limiter("sign-in", perMinute.signInPerAddressPerMinute);
  return {
    /** For every request at the door. */
    perAddress: limitByAddress(addresses),
    /** For what begins a sign-in or answers an invitation, however its address is spelled. */
    signInPerAddress: onlyFor(begins, limitByAddress(signIns)),
    /** For the guard, once it knows who asks. Throws the 429, with what was typed. */
    async consumePerson(personId: string, kept?: () => Promise<Kept | undefined>): Promise<void> {
      const retryAfter = await consume(persons, personId);
      if (retryAfter) throw tooMany({ retryAfter, kept: await kept?.() });
    },
  };
}

/** Looking at an invitation's link is no try at it. */
function begins({ originalUrl, method }: Request): boolean {
  return (
    isUnder(originalUrl, paths.signIn()) || (method === "POST" && isUnder(originalUrl, paths.join("").slice(0, -1)))
  );
}

function onlyFor(which: (request: Request) => boolean, handler: RequestHandler): RequestHandler {
  return (request, response, next) => void (which(request) ? handler(request, response, next) : next());
}

function limiter(keyPrefix: string, points: number): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix, points, duration: 60 });
}

function limitByAddress(limit: RateLimiterMemory): RequestHandler {
  return (request, response, next) => {
    consume(limit, addressKey(request.ip ?? "")).then((retryAfter) => {
      if (retryAfter) refuse(request, response, tooManyRefusal({ retryAfter }));
      else next();
    }, next);
  };
}

/** The seconds to wait, or nothing when the request is within its limit. */
async function consume(limit: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limit.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  }
}

/** Whoever has one IPv6 address has the 2^64 beside it too, so they count as one. */
export function addressKey(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped || !isIPv6(ip)) return mapped ?? ip;
  const [head = "", tail] = ip.split("%", 1)[0]?.toLowerCase().split("::", 2) ?? [];
  const groups = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0");
  return [...groups, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
