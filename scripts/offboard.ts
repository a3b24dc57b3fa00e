// The command `npm run offboard -- --check <organization>`: what the database and the exports still hold of an organization that was deleted.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Rows, by table, in which the id stands anywhere. Every table of the file is read whole, also one that this program knows nothing of. */
export function rowsNaming(file: string, organizationId: string): Map<string, number> {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const names = (sql: string, ...values: string[]) =>
      database
        .prepare<string[], string>(sql)
        .pluck()
        .all(...values);
    const tables = names("select name from sqlite_master where type = 'table' order by name");
    return new Map(
      tables.map((table) => {
        const columns = names("select name from pragma_table_info(?)", table);
        const anywhere = columns.map((column) => `instr(${quoted(column)}, @id) > 0`).join(" or ");
        const count = database.prepare(`select count(*) from ${quoted(table)} where ${anywhere}`).pluck();
        return [table, Number(count.get({ id: organizationId }))];
      }),
    );
  } finally {
    database.close();
  }
}

function main([flag, organizationId]: string[]): number {
  if (flag !== "--check" || !organizationId) {
    console.error("Say which organization, by its id at Logto: npm run offboard -- --check <organization>");
    return 2;
  }
  const file = process.env.DATABASE_FILE ?? ".data/atrium.db";
  if (!existsSync(file)) {
    console.error(`There is no database at ${file}. Say where it is with DATABASE_FILE.`);
    return 2;
  }
  const found = rowsNaming(file, organizationId);
  for (const [table, count] of found) console.log(`${String(count).padStart(8)}  ${table}`);
  const folder = join(process.env.EXPORTS_FOLDER ?? join(dirname(file), "exports"), encodeURIComponent(organizationId));
  const files = existsSync(folder);
  const rows = [...found.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${rows} rows in ${found.size} tables name ${organizationId}; ${files ? "files of its exports are left" : "no file is left"}.`,
  );
  return rows > 0 || files ? 1 : 0;
}

if (/offboard\.ts$/.test(process.argv[1] ?? "")) process.exitCode = main(process.argv.slice(2));
