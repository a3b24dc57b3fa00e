// The tables of two organizations, read and written past the app: what is there to choose from, and what it comes to in the end.
import Database from "better-sqlite3";
import { getTableName } from "drizzle-orm";
import { tenantTables } from "../../../db/schema";
import type { Pool } from "./recipes";
import type { Side } from "./trace";

type Row = Record<string, string | number | null>;
/** By table, in an order in which they can be inserted. */
export type Rows = [table: string, rows: Row[]][];

export type Tables = ReturnType<typeof openTables>;

const owner = "logto_organization_id";
const names = Object.values(tenantTables).map((table) => getTableName(table));

/** What Logto draws: whether there is one counts, not which. */
const drawnByLogto: Record<string, string[]> = { invitations: ["logto_id"] };

export function openTables(
  file: string,
  organizations: Record<Side, string>,
  tokenOf: (invitation: { id: string; generation: number }) => string,
) {
  const database = new Database(file);
  let inside: string | null = null;
  database.function("current_organization", () => inside);
  database.function("is_forgetting", () => 1);
  const statements = new Map<string, Database.Statement<unknown[], Row>>();
  const prepared = (sql: string) => {
    const known = statements.get(sql) ?? database.prepare<unknown[], Row>(sql);
    statements.set(sql, known);
    return known;
  };
  const all = (sql: string, side: Side) => prepared(sql).all(organizations[side]);
  const text = (value: Row[string] | undefined) => String(value ?? "");

  function put(side: Side, rows: Rows): void {
    inside = organizations[side];
    database.transaction(() => {
      for (const [table, copies] of rows)
        for (const row of copies) {
          const columns = Object.keys(row);
          const marks = columns.map(() => "?").join(", ");
          prepared(`insert or ignore into ${table} (${columns.join(", ")}) values (${marks})`).run(
            ...Object.values(row),
          );
        }
    })();
    inside = null;
  }

  return {
    put,

    /** Copies of the rows of one in the other, under the same ids: two keys of a pair may be equal in one part. @returns what was put there */
    twin(from: Side, to: Side): Rows {
      const rows = names.map((table): Rows[number] => [
        table,
        all(`select * from ${table} where ${owner} = ? order by 1, 2`, from).map((row) => ({
          ...row,
          [owner]: organizations[to],
          ...(table === "invitations" && { logto_id: null, made: row.wanted ?? 0 }), // its own at Logto it does not have
        })),
      ]);
      put(to, rows);
      return rows;
    },

    pool(side: Side): Omit<Pool, "members" | "organization"> {
      const ids = (table: string) =>
        all(`select id from ${table} where ${owner} = ? order by rowid`, side).map(({ id }) => text(id));
      const linked = new Set(all(`select id from invitation_links where ${owner} = ?`, side).map(({ id }) => text(id)));
      return {
        posts: ids("posts"),
        comments: all(`select id, post_id from comments where ${owner} = ? order by rowid`, side).map((row) => ({
          postId: text(row.post_id),
          commentId: text(row.id),
        })),
        invitations: all(`select id, generation, address from invitations where ${owner} = ? order by rowid`, side).map(
          (row) => {
            const id = text(row.id);
            const token = linked.has(id) ? tokenOf({ id, generation: Number(row.generation) }) : "";
            return { id, token, address: text(row.address) };
          },
        ),
        requests: ids("invitation_requests"),
      };
    },

    /** Those who are or were there, by the app's own ids. */
    people: (side: Side) =>
      all(`select user_id, name from members where ${owner} = ?`, side).map((row) => ({
        id: text(row.user_id),
        name: text(row.name),
      })),

    /** Every row of a side, one a line. */
    contents(side: Side): string {
      return names
        .flatMap((table) =>
          all(`select * from ${table} where ${owner} = ? order by 1, 2`, side).map((row) => {
            for (const column of drawnByLogto[table] ?? []) row[column] = row[column] === null ? null : "Logto's";
            return `${table} ${JSON.stringify(row)}`;
          }),
        )
        .join("\n");
    },

    close: () => database.close(),
  };
}
