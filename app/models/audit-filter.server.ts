// What of the audit log somebody asks for, as an address says it. What cannot be is told in a sentence, never guessed at.
import { z } from "zod";
import { allAuditActions, allAuditResults, type AuditAction, type AuditResult } from "./audit-actions";

export const targetLimit = 200;
/** In place of a person's id: what was nobody's doing who is known. */
export const nobody = "nobody";

export interface AuditFilter {
  /** The id of a person, or `nobody`. */
  actor?: string | undefined;
  action?: AuditAction | undefined;
  /** A part of the name of whom or what it was done to. */
  target?: string | undefined;
  /** The first moment, and the first after the last. */
  from?: Date | undefined;
  until?: Date | undefined;
  result?: AuditResult | undefined;
}

export const auditFilterNames = ["actor", "action", "target", "from", "to", "result"] as const;
export type AuditFilterName = (typeof auditFilterNames)[number];

/** What was asked for, to be shown in its fields again. */
export type AskedFilter = Partial<Record<AuditFilterName, string>>;

const notADay = "This is no day. Write it as 2026-11-30.";
const day = 24 * 60 * 60_000;

const Day = z.iso.date(notADay).transform((text) => new Date(`${text}T00:00:00Z`));

const Asked = z.object({
  actor: z.string().max(64, "This is nobody of this list. Choose another person.").optional(),
  action: z.enum(allAuditActions, "The log has no such action. Choose another.").optional(),
  target: z.string().max(targetLimit, `Use at most ${targetLimit} characters.`).optional(),
  from: Day.optional(),
  to: Day.optional(),
  result: z.enum(allAuditResults, "The log has no such result. Choose another.").optional(),
});

/** @param read gives what the address says under a name. */
export function readAuditFilter(
  read: (name: AuditFilterName) => string | null,
): { asked: AskedFilter } & ({ ok: true; filter: AuditFilter } | { ok: false; faults: AskedFilter }) {
  const given = auditFilterNames.flatMap((name) => {
    const value = read(name)?.trim();
    return value ? [[name, value] as const] : [];
  });
  const asked: AskedFilter = Object.fromEntries(given.map(([name, value]) => [name, value.slice(0, targetLimit + 1)]));
  const parsed = Asked.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => [name, message]);
    return { ok: false, asked, faults: Object.fromEntries(faults) };
  }
  const { to, ...filter } = parsed.data;
  const until = to && new Date(to.getTime() + day);
  if (filter.from && until && filter.from >= until)
    return { ok: false, asked, faults: { to: "The last day is before the first. Choose a later one." } };
  return { ok: true, asked, filter: { ...filter, until } };
}
