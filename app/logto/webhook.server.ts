// Logto's webhooks: a signed hint that something changed. Nothing in it is applied; it only says what to read again.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { z } from "zod";

/** The signature covers the body and no time, so its own `createdAt` is what keeps an old one from being sent again. */
const tolerance = 5 * 60_000;
const mostBytes = 1024 * 1024;
/** Logto names no more than this many of those whom a change concerns. */
const mostNamed = 5_000;

const id = z.string().min(1).max(128).optional().catch(undefined);
const ids = z.array(z.string().min(1).max(128)).optional().catch(undefined);
const named = z.object({ id, userId: id }).optional().catch(undefined);
const Event = z.object({
  event: z.string().max(100),
  createdAt: z.iso.datetime(),
  params: named,
  data: named,
  organizationId: id,
  userId: id,
  addedUserIds: ids,
  removedUserIds: ids,
});

/** What an event is about, by Logto's ids, as far as it says so. */
export interface Hint {
  event: string;
  organization: string | undefined;
  /** Undefined: not all of them are named. */
  people: string[] | undefined;
}

export interface WebhookOptions {
  /** Not empty: the configuration sees to it. */
  signingKey: string;
  now: () => number;
  log: { info(line: object, text: string): void; warn(line: object, text: string): void };
  /** Ends when whatever the hint is about will be asked for again. */
  follow(hint: Hint): Promise<void>;
}

/**
 * Answers 204 to a signed, timely event, and 401, 413 or 400 to everything else.
 * @see https://docs.logto.io/developers/webhooks/securing-your-webhooks
 */
export function webhookDoor({ signingKey, log, now, follow }: WebhookOptions): RequestHandler {
  if (signingKey === "") throw new Error("Webhooks need a signing key");
  return (request, response, next) => {
    const body: unknown = request.body;
    const refuse = (status: number, reason: string, sentence: string) => {
      log.warn({ event: "webhook.refused", reason }, "webhook refused");
      response.status(status).type("text").send(sentence);
    };
    if (body instanceof Buffer && body.length > mostBytes)
      return refuse(413, "too large", "An event may have one megabyte.");
    if (!(body instanceof Buffer) || !isSigned(body, request.get("logto-signature-sha-256"), signingKey))
      return refuse(401, "signature", "The signature does not fit.");
    const event = read(body);
    if (!event || Math.abs(now() - Date.parse(event.createdAt)) > tolerance)
      return refuse(
        400,
        event ? "too old" : "unreadable",
        "The event cannot be read, or is not of the last five minutes.",
      );
    log.info({ event: "webhook", name: event.event }, "webhook");
    follow(hintOf(event)).then(() => response.status(204).end(), next);
  };
}

/** Compared in constant time: how far a guess is right must not show. */
function isSigned(body: Buffer, signature: string | undefined, signingKey: string): boolean {
  const expected = Buffer.from(createHmac("sha256", signingKey).update(body).digest("hex"));
  const given = Buffer.from(signature ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function read(body: Buffer): z.infer<typeof Event> | undefined {
  try {
    return Event.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function hintOf({
  event,
  params,
  data,
  organizationId,
  userId,
  addedUserIds,
  removedUserIds,
}: z.infer<typeof Event>): Hint {
  if (event.startsWith("User.")) {
    const person = params?.userId ?? userId ?? data?.id;
    return { event, organization: undefined, people: person === undefined ? undefined : [person] };
  }
  const lists = [addedUserIds ?? [], removedUserIds ?? []];
  const isWhole = lists.some(({ length }) => length > 0) && lists.every(({ length }) => length < mostNamed);
  return {
    event,
    organization: organizationId ?? params?.id,
    people: isWhole ? [...new Set(lists.flat())] : undefined,
  };
}
