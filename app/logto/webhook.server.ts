// Logto's webhooks: a signed hint that something changed. Nothing in it is applied; it only says whose answers to ask for again.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { z } from "zod";

/** The signature covers the body and no time, so its own `createdAt` is what keeps an old one from being sent again. */
const tolerance = 5 * 60_000;

const Event = z.object({
  event: z.string().max(100),
  createdAt: z.iso.datetime(),
});

export interface WebhookOptions {
  /** Not empty: the configuration sees to it. */
  signingKey: string;
  now: () => number;
  log: { info(line: object, text: string): void; warn(line: object, text: string): void };
  markStale(whose: "everybody"): Promise<void>;
}

/**
 * Answers 204 to a signed, timely event, and 401 or 400 to everything else.
 * @see https://docs.logto.io/developers/webhooks/securing-your-webhooks
 */
export function webhookDoor({ signingKey, log, now, markStale }: WebhookOptions): RequestHandler {
  if (signingKey === "") throw new Error("Webhooks need a signing key");
  return (request, response, next) => {
    const body: unknown = request.body;
    if (!(body instanceof Buffer) || !isSigned(body, request.get("logto-signature-sha-256"), signingKey)) {
      log.warn({ event: "webhook.refused", reason: "signature" }, "webhook refused");
      return void response.status(401).type("text").send("The signature does not fit.");
    }
    const event = read(body);
    if (!event || Math.abs(now() - Date.parse(event.createdAt)) > tolerance) {
      log.warn({ event: "webhook.refused", reason: event ? "too old" : "unreadable" }, "webhook refused");
      return void response
        .status(400)
        .type("text")
        .send("The event cannot be read, or is not of the last five minutes.");
    }
    log.info({ event: "webhook", name: event.event }, "webhook");
    const concerns = /^(Organization|OrganizationRole|OrganizationScope|User)\./.test(event.event);
    (concerns ? markStale("everybody") : Promise.resolve()).then(() => response.status(204).end(), next);
  };
}

/** Compared in constant time: how far a guess is right must not show. */
function isSigned(body: Buffer, signature: string | undefined, signingKey: string): boolean {
  const expected = createHmac("sha256", signingKey).update(body).digest();
  const given = Buffer.from(/^[0-9a-f]{64}$/.test(signature ?? "") ? (signature ?? "") : "", "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function read(body: Buffer): z.infer<typeof Event> | undefined {
  try {
    return Event.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
