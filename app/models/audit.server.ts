// The audit log of an organization: each change is written down in the transaction that makes it, under the names of that moment.
import {
  type Acting,
  and,
  desc,
  eq,
  gt,
  isNotNull,
  lte,
  newId,
  type OrganizationScope,
  type OrganizationWrites,
  sql,
} from "../../db";
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import {
  type AuditAction,
  type AuditReason,
  type AuditResult,
  type AuditTargetType,
  isAuditAction,
} from "./audit-actions";
import { fitted } from "./fitted.server";

export interface AuditTarget {
  type: AuditTargetType;
  id?: string;
  /** As it is called now. */
  name: string;
}

/** Who did it, when and from where, the transaction knows. */
export interface AuditEntry {
  action: AuditAction;
  target?: AuditTarget;
  /** What it was before and is now, as people read it. */
  from?: string;
  to?: string;
  /** `done` when left out. */
  result?: AuditResult;
  reason?: AuditReason;
  /** The same in what was asked of Logto and in what became of it. */
  correlationId?: string;
  /** For what a crash makes happen twice: of one id only the first is written. */
  id?: string;
}

/** Milliseconds in which the same refusals of the same person share a row, so that a flood of them does not fill the disk. */
export const refusalWindow = 10 * 60_000;

const nameLimit = 200;
const valueLimit = 500;

/** To be called in the transaction of the change itself: both are written, or neither. */
export async function writeAudit(tx: OrganizationWrites, entry: AuditEntry): Promise<void> {
  if (entry.result !== "refused") return insert(tx, entry);
  const { auditRefusals } = tx.tables;
  const { id: actorId } = tx.by;
  const { action } = entry;
  const id = `${action} ${actorId ?? ""}`;
  const same = eq(auditRefusals.id, id);
  const [last] = await tx.select().from(auditRefusals).where(same);
  const passed = last ? tx.at.getTime() - last.writtenAt.getTime() : refusalWindow;
  if (passed >= 0 && passed < refusalWindow) {
    await tx.update(auditRefusals, { held: sql`${auditRefusals.held} + 1` }, same);
    return;
  }
  const written = { writtenAt: tx.at, held: 0 };
  await tx.upsert(auditRefusals, { id, actorId, action, ...written }, written);
  return insert(tx, entry, 1 + (last?.held ?? 0));
}

/** For a refusal that comes with no change. */
export function writeRefusal(scope: OrganizationScope, entry: Omit<AuditEntry, "result">): Promise<void> {
  return scope.write((tx) => writeAudit(tx, { ...entry, result: "refused" }));
}

/** The refusals that were only counted, once their window is over. Nobody has to be refused again for them to be seen. */
export function writeHeldRefusals(scope: OrganizationScope): Promise<void> {
  return scope.write(async (tx, { auditRefusals, members }) => {
    const over = lte(auditRefusals.writtenAt, new Date(tx.at.getTime() - refusalWindow));
    for (const { actorId, action, held } of await tx.remove(auditRefusals, over)) {
      if (held === 0 || !isAuditAction(action)) continue;
      const [known] = await tx
        .select()
        .from(members)
        .where(eq(members.userId, actorId ?? ""));
      const by = { ...somebody, id: actorId, ...(known && { name: known.name, email: known.email }) };
      await insert({ ...tx, by }, { action, result: "refused", reason: "again" }, held);
    }
  });
}

/**
 * A change that Logto makes: written down as asked for, then as done or as failed.
 * @param scope one that outlives the actor's own access: what was begun is written to its end.
 * @param make answers why it failed, or nothing when it is done. Its throws are passed on.
 */
export async function auditAtLogto<Reason extends AuditReason>(
  scope: OrganizationScope,
  entry: AuditEntry,
  make: () => Promise<Reason | undefined>,
): Promise<Reason | undefined> {
  const correlationId = newId();
  const write = (more: Partial<AuditEntry>) =>
    scope.write((tx) => writeAudit(tx, { ...entry, correlationId, ...more }));
  await write({ result: "asked" });
  try {
    const reason = await make();
    await write(reason ? { result: "failed", reason } : {});
    return reason;
  } catch (error) {
    if (isLogtos(error)) await write({ result: "failed", reason: "no-answer" });
    throw error;
  }
}

/**
 * What was last asked of Logto about this target: for whoever finds out, after a crash, what became of it.
 * @param otherwise what to write when nothing of it is in the log.
 */
export async function findAsked(
  scope: OrganizationScope,
  otherwise: AuditEntry & { target: AuditTarget },
): Promise<{ entry: AuditEntry; hasFailed: boolean }> {
  const { type, id = "" } = otherwise.target;
  const [last] = await scope.read((db, { auditEvents }) =>
    db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.targetType, type), eq(auditEvents.targetId, id), isNotNull(auditEvents.correlationId)))
      .orderBy(desc(auditEvents.at), desc(auditEvents.id))
      .limit(1),
  );
  if (!last?.correlationId || !isAuditAction(last.action)) return { entry: otherwise, hasFailed: false };
  const { action, from, correlationId } = last;
  const entry = { ...otherwise, action, correlationId, ...(from !== null && { from }) };
  return { entry, hasFailed: last.result === "failed" };
}

/**
 * Ends what was last asked of Logto about this target, if a crash or Logto's silence has left that open.
 * @param isNow what Logto has: what was asked for is done if it is the same, and otherwise has failed.
 */
export function endAsked(
  scope: OrganizationScope,
  entry: Pick<AuditEntry, "action"> & { target: AuditTarget },
  isNow: string,
): Promise<void> {
  const { action, target } = entry;
  return scope.write(async (tx, { auditEvents }) => {
    const about = and(eq(auditEvents.targetType, target.type), eq(auditEvents.targetId, target.id ?? ""));
    const [last] = await tx
      .select()
      .from(auditEvents)
      .where(and(about, eq(auditEvents.action, action), isNotNull(auditEvents.correlationId)))
      .orderBy(desc(auditEvents.at), desc(auditEvents.id))
      .limit(1);
    if (!last?.correlationId || last.result === "done") return;
    const { from, to, correlationId, result, reason } = last;
    const isDone = to === isNow;
    const end = { ...entry, correlationId, ...(from !== null && { from }), ...(to !== null && { to }) };
    if (isDone && (result === "asked" || reason === "no-answer")) await writeAudit(tx, end);
    if (!isDone && result === "asked") await writeAudit(tx, { ...end, result: "failed", reason: "no-answer" });
  });
}

/** About whom something was asked of Logto since then of which nobody has written down what became of it. */
export async function findUnended(
  scope: OrganizationScope,
  action: AuditAction,
  since: Date,
): Promise<{ id: string; name: string }[]> {
  const rows = await scope.read((db, { auditEvents }) =>
    db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.action, action), gt(auditEvents.at, since), isNotNull(auditEvents.correlationId))),
  );
  const ended = new Set(rows.filter(({ result }) => result !== "asked").map(({ correlationId }) => correlationId));
  const open = rows.filter(({ correlationId }) => !ended.has(correlationId));
  const named = new Map(open.map(({ targetId, targetName }) => [targetId ?? "", targetName ?? ""]));
  return [...named].map(([id, name]) => ({ id, name }));
}

/** Whose doing it is, for somebody who acts without being a member yet. */
export function actingOf({ acting, id, name, email }: Actor): Acting {
  return acting ?? { id, name, email: email ?? null, address: null, userAgent: null };
}

/** Whoever holds a link needs no account. */
export const somebody: Acting = { id: null, name: "Somebody signed out", email: null, address: null, userAgent: null };

/** A person as the guards hand them out fits. */
export interface Actor {
  id: string;
  name: string;
  email?: string;
  /** With where their request came from. */
  acting?: Acting;
}

export function isLogtos(error: unknown): boolean {
  return error instanceof LogtoUnavailable || error instanceof LogtoRefused;
}

async function insert(tx: OrganizationWrites, entry: AuditEntry, times = 1): Promise<void> {
  const { auditEvents } = tx.tables;
  const { action, target, from, to, result = "done", reason, correlationId, id = newId() } = entry;
  const [known] = entry.id ? await tx.select().from(auditEvents).where(eq(auditEvents.id, id)) : [];
  if (known) return;
  const { by, at } = tx;
  await tx.insert(auditEvents, {
    ...{ id, at, action, result, times },
    actorId: by.id,
    actorName: fitted(by.name, nameLimit),
    actorEmail: by.email,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    targetName: target ? fitted(target.name, nameLimit) : null,
    from: from === undefined ? null : fitted(from, valueLimit),
    to: to === undefined ? null : fitted(to, valueLimit),
    reason: reason ?? null,
    correlationId: correlationId ?? null,
    address: by.address,
    userAgent: by.userAgent,
  });
}
