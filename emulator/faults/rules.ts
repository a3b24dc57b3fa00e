// The faults that can be switched on: their shape, and which request or message each of them is for.
import { z } from "zod";

const requestKinds = ["slow", "status", "reset", "hang", "refused", "malformed", "wrong-key", "skew"] as const;
const webhookKinds = ["webhook-lost", "webhook-doubled", "webhook-out-of-order"] as const;

function isPattern(path: string): boolean {
  try {
    if (path.startsWith("^")) RegExp(path);
    return true;
  } catch {
    return false;
  }
}

export const Rule = z.strictObject({
  kind: z.enum([...requestKinds, ...webhookKinds, "mail-failure", "invitation-race"]),
  match: z
    .strictObject({
      /** Of a request. */
      method: z
        .string()
        .transform((text) => text.toUpperCase())
        .optional(),
      /** A prefix of the path with its query, or the source of a regular expression when it begins with `^`. */
      path: z.string().refine(isPattern, "Not a regular expression").optional(),
      grantType: z.string().optional(),
      /** A part of the request's body. */
      body: z.string().optional(),
      /** Of a webhook. */
      event: z.string().optional(),
      /** Of a mail, in any letter case. */
      to: z.string().optional(),
    })
    .default({}),
  /** How often it happens; without a number until the faults are cleared. */
  times: z.number().int().min(1).optional(),
  /** How many matching ones pass before it happens. */
  after: z.number().int().min(0).default(0),
  /** Before the operation, which then does not happen; or after it was really carried out, so that only the answer is lost. */
  when: z.enum(["before", "after"]).default("before"),
  delayMs: z.number().min(0).max(600_000).optional(),
  status: z.number().int().min(200).max(599).default(500),
  headers: z.record(z.string(), z.string()).default({}),
  answer: z.unknown().optional(),
  /** Of `skew`: how far the issuer's clock is ahead of ours. */
  seconds: z.number().int().default(600),
});

export const Rules = z.array(Rule).min(1);
export type Rule = z.infer<typeof Rule>;
export type Kind = Rule["kind"];

export const isOfRequests = (kind: Kind) => requestKinds.some((known) => known === kind);

export type ActiveRule = Rule & { id: string; seen: number; applied: number };

export interface Asked {
  method?: string | undefined;
  path?: string | undefined;
  grantType?: string | undefined;
  body?: string | undefined;
  event?: string | undefined;
  to?: string | undefined;
}

const pathMatches = (wanted: string, path: string) =>
  wanted.startsWith("^") ? new RegExp(wanted).test(path) : path.startsWith(wanted);

export function matches({ match }: Rule, asked: Asked): boolean {
  return (
    (match.method === undefined || match.method === asked.method) &&
    (match.path === undefined || pathMatches(match.path, asked.path ?? "")) &&
    (match.grantType === undefined || match.grantType === asked.grantType) &&
    (match.body === undefined || (asked.body ?? "").includes(match.body)) &&
    (match.event === undefined || match.event === asked.event) &&
    (match.to === undefined || match.to.toLowerCase() === asked.to?.toLowerCase())
  );
}
