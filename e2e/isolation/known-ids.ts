// Every id in the app's file is a canary of the organization whose row it is in.
import type { PlainDatabase } from "../http/database";
import type { Canaries } from "./canary";

const organization = "logto_organization_id";
/** Shorter ones could stand in a text by chance. */
const shortest = 12;

/** Ids that people of an organization have asked for in vain. Its audit log says so, in the words that they asked with. */
export function askedInVain({ rows }: PlainDatabase, owner: string): string {
  const refused = `from audit_events where ${organization} = ? and result = 'refused'`;
  const ids = rows(`select target_id as said ${refused}`, owner);
  const addresses = rows(`select target_name as said ${refused} and target_type = 'page'`, owner);
  return [...ids, ...addresses].map(({ said }) => said ?? "").join("\n");
}

/** Learns those of all rows that are there now. */
export function learnIds({ tables, rows }: PlainDatabase, canaries: Canaries): void {
  for (const table of tables) {
    const columns = rows("select name, pk from pragma_table_info(?)", table);
    if (!columns.some(({ name }) => name === organization)) continue;
    const ids = columns.filter(({ name, pk }) => name !== organization && (pk !== 0 || name === "id"));
    for (const { name } of ids)
      for (const { owner, id } of rows(`select ${organization} as owner, ${name} as id from ${table}`))
        if (typeof id === "string" && id.length >= shortest)
          canaries.learn(id, String(owner), `${name} of a row of ${table}`);
  }
}
