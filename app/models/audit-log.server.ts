// The audit log as it is read: newest first, page by page, or the whole of a filtered set in pieces.
import {
  and,
  asc,
  contains,
  desc,
  eq,
  gte,
  isNull,
  lt,
  lte,
  or,
  type OrganizationScope,
  type Row,
  type SQL,
  sql,
  type TenantTables,
} from "../../db";
import { type AuditFilter, nobody } from "./audit-filter.server";
import { type Page, pageOf, type Place, placeOf } from "./paging.server";

export const auditLinesPerPage = 50;
/** How many lines are in memory at a time while a whole set is read. */
const piece = 500;

export type AuditLine = Row<"auditEvents">;

/** Newest first. `before` is the cursor that the page before it gave. */
export async function listAudit(
  scope: OrganizationScope,
  filter: AuditFilter,
  { before, limit = auditLinesPerPage }: { before?: string | undefined; limit?: number } = {},
): Promise<{ lines: AuditLine[]; next?: string }> {
  const place = placeOf(before);
  const found = await scope.read((db, { auditEvents }) =>
    db
      .select()
      .from(auditEvents)
      .where(wanted(auditEvents, filter, place))
      .orderBy(desc(auditEvents.at), desc(auditEvents.id))
      .limit(limit + 1),
  );
  const { rows: lines, ...rest }: Page<AuditLine & Place> = pageOf(
    found.map((line) => ({ ...line, createdAt: line.at })),
    limit,
  );
  return { lines, ...rest };
}

/** Every line of a set, in pieces: what is added meanwhile is newer than where it began. */
export async function* readAudit(scope: OrganizationScope, filter: AuditFilter): AsyncGenerator<AuditLine[]> {
  let before: string | undefined;
  do {
    const { lines, next } = await listAudit(scope, filter, { before, limit: piece });
    yield lines;
    before = next;
  } while (before);
}

/** Those who are or were members, by name: whom one can ask the log about. */
export function listActors(scope: OrganizationScope): Promise<{ userId: string; name: string }[]> {
  return scope.read((db, { members }) =>
    db
      .select({ userId: members.userId, name: members.name })
      .from(members)
      .orderBy(asc(members.name), asc(members.userId)),
  );
}

function wanted(
  events: TenantTables["auditEvents"],
  { actor, action, target, from, until, result }: AuditFilter,
  place: Place | undefined,
): SQL {
  return and(
    sql`true`,
    actor === undefined ? undefined : actor === nobody ? isNull(events.actorId) : eq(events.actorId, actor),
    action && eq(events.action, action),
    target ? contains(events.targetName, target) : undefined,
    from && gte(events.at, from),
    until && lt(events.at, until),
    result && eq(events.result, result),
    place && and(lte(events.at, place.createdAt), or(lt(events.at, place.createdAt), lt(events.id, place.id))),
  );
}
