// Whose doing it was, for the pages that it reached: by the audit log, which knows of what was done here and of nothing that was done at Logto.
import { and, desc, eq, type Given, inArray, not, type OrganizationScope, prepared } from "../../db";
import { findMember } from "./members.server";

/** Who has taken somebody out. Undefined when that was at Logto, or when they left by themselves. */
export async function findRemover(scope: OrganizationScope, userId: string): Promise<string | undefined> {
  const member = await findMember(scope, userId);
  if (!member?.leavingAt && !member?.leftAt) return undefined;
  const [last] = await scope.read((db, { auditEvents }) =>
    db
      .select({ action: auditEvents.action, id: auditEvents.actorId, by: auditEvents.actorName })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.targetType, "member"),
          eq(auditEvents.targetId, member.logtoId),
          inArray(auditEvents.action, ["members.remove", "members.leave", "account.left"]),
          inArray(auditEvents.result, ["asked", "done"]),
        ),
      )
      .orderBy(desc(auditEvents.at), desc(auditEvents.id))
      .limit(1),
  );
  return last?.action === "members.remove" && last.id !== null ? last.by : undefined;
}

/** Who gave the organization the name that it has now. */
export async function findRenamer(
  scope: OrganizationScope,
  name: string,
): Promise<{ id: string; name: string } | undefined> {
  const [last] = await scope.query(lastRenaming, {});
  return last?.to === name && last.id !== null ? { id: last.id, name: last.by } : undefined;
}

const lastRenaming = prepared((db, { auditEvents }, _given: Given<object>) =>
  db
    .select({ id: auditEvents.actorId, by: auditEvents.actorName, to: auditEvents.to })
    .from(auditEvents)
    // Not "= done": SQLite would go through all that was done, for want of a renaming.
    .where(
      and(eq(auditEvents.action, "settings.name"), not(inArray(auditEvents.result, ["asked", "failed", "refused"]))),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(1),
);

/** Who has asked for the organization's end. */
export async function findDeleter(scope: OrganizationScope): Promise<string | undefined> {
  const [row] = await scope.read((db, { organizationSettings }) => db.select().from(organizationSettings));
  return row?.deletionAskedBy ? (await findMember(scope, row.deletionAskedBy))?.name : undefined;
}
