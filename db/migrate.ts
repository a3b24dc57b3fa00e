// Brings the file to the schema that this build knows, all of it or nothing.
import { readMigrationFiles } from "drizzle-orm/migrator";
import { connect, type Connection } from "./connection";
import { dropTriggers, raiseTriggers } from "./walls";

/**
 * In one transaction: the pending migrations of the folder (drizzle-kit's), the check of every foreign key, the walls made
 * anew. Two processes that start together wait for each other.
 */
export function migrate(file: string, folder: string, walls: boolean) {
  const connection = connect(file, { foreignKeys: false });
  try {
    connection
      .transaction(() => {
        runPending(connection, folder);
        const broken = connection.pragma("foreign_key_check");
        if (Array.isArray(broken) && broken.length > 0) {
          throw new Error(`After the migration ${broken.length} rows point to nothing, so nothing was changed.`);
        }
        if (walls) raiseTriggers(connection);
        else dropTriggers(connection);
      })
      .immediate();
  } finally {
    connection.close();
  }
}

function runPending(connection: Connection, folder: string) {
  // The table that drizzle's own migrator keeps, so that its tools agree with us.
  connection.exec(
    "create table if not exists __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)",
  );
  const last = connection.prepare<[], number | null>("select max(created_at) from __drizzle_migrations").pluck().get();
  const pending = readMigrationFiles({ migrationsFolder: folder }).filter(
    ({ folderMillis }) => folderMillis > (last ?? 0),
  );
  if (pending.length > 0) dropTriggers(connection);
  for (const { sql, hash, folderMillis } of pending) {
    for (const statement of sql) connection.exec(statement);
    connection.prepare("insert into __drizzle_migrations (hash, created_at) values (?, ?)").run(hash, folderMillis);
  }
}
