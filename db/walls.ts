// The database's own wall: SQLite itself shows and takes only rows of the organization that the running code is in.
import { getTableName } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Connection } from "./connection";
import { appendOnlyTables, doorTables, tenantTables } from "./schema";

const triggerPrefix = "wall_";
type Owned = SQLiteTable & { organizationId: SQLiteColumn };
const named = (tables: Record<string, Owned>) =>
  Object.values(tables).map((table) => ({ name: getTableName(table), column: table.organizationId.name }));
const hidden = named(tenantTables);
const doors = named(doorTables);
const guarded = [...hidden, ...doors];
const appendOnly = new Set(named(appendOnlyTables).map(({ name }) => name));

/** Every trigger of the wall, from the schema: its name and the statement that makes it. */
export const wallTriggers: { name: string; statement: string }[] = guarded.flatMap(({ name, column }) => {
  const outside = (row: "old" | "new") => `${row}."${column}" is not current_organization()`;
  const isAppendOnly = appendOnly.has(name);
  const why = isAppendOnly
    ? "a change, or a write from outside its organization"
    : "a write from outside its organization";
  const refusal = `select raise(abort, 'The wall around ${name} refused ${why}.')`;
  const trigger = (verb: string, when: string) => ({
    name: `${triggerPrefix}${name}_${verb}`,
    statement: `CREATE TRIGGER "${triggerPrefix}${name}_${verb}" before ${verb} on "${name}" when ${when} begin ${refusal}; end`,
  });
  return [
    trigger("insert", outside("new")),
    trigger("update", `${outside("old")} or ${outside("new")}${isAppendOnly ? " or true" : ""}`),
    trigger("delete", `${outside("old")}${isAppendOnly ? " or not is_forgetting()" : ""}`),
  ];
});

/** Keeps the triggers in the file, so that no other program can write a tenant table either: it lacks the function. */
export function raiseTriggers(connection: Connection) {
  const standing = new Map(standingTriggers(connection).map(({ name, sql }) => [name, sql]));
  const wanted = new Map(wallTriggers.map(({ name, statement }) => [name, statement]));
  for (const [name, sql] of standing) if (wanted.get(name) !== sql) connection.exec(`drop trigger "${name}"`);
  for (const [name, sql] of wanted) if (standing.get(name) !== sql) connection.exec(sql);
}

export function dropTriggers(connection: Connection) {
  for (const { name } of standingTriggers(connection)) connection.exec(`drop trigger "${name}"`);
}

/**
 * Tells a connection which organization is asking (null: none, so nothing is taken, and nothing is shown but the door tables), and lets views
 * stand before the tables. What is only added to can be removed while it is forgetting. A write has to name the table behind the view: `main.posts`.
 */
export function raiseWall(
  connection: Connection,
  currentOrganization: () => string | null,
  isForgetting: () => boolean = () => false,
) {
  // "Deterministic" in SQLite's sense: one answer during one statement, so it is asked once and not for every row.
  connection.function("current_organization", { deterministic: true }, currentOrganization);
  connection.function("is_forgetting", { deterministic: true }, () => Number(isForgetting()));
  const show = (name: string, which: string) =>
    connection.exec(`create temp view "${name}" as select * from main."${name}" where ${which}`);
  for (const { name, column } of hidden) show(name, `"${column}" = current_organization()`);
  for (const { name, column } of doors) show(name, `"${column}" = coalesce(current_organization(), "${column}")`);
}

function standingTriggers(connection: Connection) {
  return connection
    .prepare<[string], { name: string; sql: string }>(
      "select name, sql from sqlite_master where type = 'trigger' and name glob ?",
    )
    .all(`${triggerPrefix}*`);
}
