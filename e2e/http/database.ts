// The app's SQLite file, read by a plain driver: no scope, no walls, nothing of the app's own code.
import { createHash } from "node:crypto";
import Database from "better-sqlite3";

export type Row = Record<string, string | number | null>;

/** What somebody may change: everything else in the file is somebody else's. */
export interface Own {
  organizations: string[];
  /** A user's id: their name, sessions and orders of organizations. */
  person?: string;
  /** Whose audit logs may grow: they tell of refusals, too. */
  logsOf?: string[];
}

export type PlainDatabase = ReturnType<typeof openPlain>;

const logTables = ["audit_events", "audit_refusals"];

const tenantColumn = "logto_organization_id";

/** Columns that change when somebody merely reads: what Logto last said. */
const ofAsking: Record<string, string[]> = {
  members: ["updated_at", "last_active_at"],
  export_files: ["status", "total", "done", "bytes", "attempts", "leased_until", "expires_at"], // made in the background
  sessions: ["items", "organizations", "answer", "version", "epoch", "last_seen_at"],
};

/** By which column a global table's row belongs to an organization or a person. */
const owners: Record<string, { organization?: string; person?: string }> = {
  users: { person: "id" },
  sessions: { person: "user_id" },
  new_organizations: { person: "user_id" },
  account_deletions: { person: "user_id" },
  organizations: { organization: "id" },
  organization_locks: { organization: "organization_id" },
};

export function openPlain(file: string) {
  const database = new Database(file, { readonly: true });
  const rows = (sql: string, ...values: (string | number)[]) => database.prepare<unknown[], Row>(sql).all(...values);
  const names = (sql: string, ...values: string[]) => rows(sql, ...values).map(({ name }) => String(name));
  const tables = names("select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name");

  const sums = tables.map((table) => {
    const columns = names("select name from pragma_table_info(?)", table);
    const kept = columns.filter((name) => !ofAsking[table]?.includes(name)).join(", ");
    const isTenant = columns.includes(tenantColumn);
    return { table, kept, isTenant, by: isTenant ? { organization: tenantColumn } : owners[table] };
  });

  /** By what it is of, and the state of the file: another connection's commit changes it. */
  const known = new Map<string, { version: unknown; sum: string }>();

  function once(of: string, make: () => string): string {
    const version = database.pragma("data_version", { simple: true });
    const before = known.get(of);
    if (before && before.version === version) return before.sum;
    const sum = make();
    known.set(of, { version, sum });
    return sum;
  }

  function checksum(table: string, columns: string, where: string, values: string[]): string {
    const hash = createHash("sha256");
    for (const row of rows(`select ${columns} from ${table} where ${where} order by ${columns}`, ...values))
      hash.update(JSON.stringify(row));
    return `${table} ${hash.digest("base64url")}`;
  }

  return {
    tables,
    rows,
    close: () => database.close(),

    /** Of every row that an organization has, table by table. */
    checksumOf: (organizationId: string): string =>
      once(organizationId, () =>
        sums
          .filter(({ isTenant }) => isTenant)
          .map(({ table, kept }) => checksum(table, kept, `${tenantColumn} = ?`, [organizationId]))
          .join("\n"),
      ),

    /** Of every row of every table but one's own. */
    checksumBeside: (own: Own): string => once(JSON.stringify(own), () => checksumBeside(own)),
  };

  function checksumBeside({ organizations, person, logsOf = [] }: Own): string {
    return sums
      .map(({ table, kept, by }) => {
        if (by?.organization) {
          const own = logTables.includes(table) ? [...organizations, ...logsOf] : organizations;
          const marks = own.map(() => "?").join(", ");
          return checksum(table, kept, `${by.organization} not in (${marks})`, own);
        }
        if (by?.person && person) return checksum(table, kept, `${by.person} <> ?`, [person]);
        return checksum(table, kept, "true", []);
      })
      .join("\n");
  }
}
