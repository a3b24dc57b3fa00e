// Lets a time be over without a wait for it: the moment is moved in the app's own file.
import Database from "better-sqlite3";
import type { WorldDescription } from "./world";

/** Lets what a process that died has taken for itself be free again, which otherwise takes two minutes. While the app does not run. */
export function endLeases({ databaseFile }: Pick<WorldDescription, "databaseFile">, organizationId: string): void {
  const database = new Database(databaseFile);
  database.function("current_organization", () => organizationId);
  database.prepare("delete from organization_locks where organization_id = ?").run(organizationId);
  database.prepare("update export_files set leased_until = null where logto_organization_id = ?").run(organizationId);
  database.close();
}

/** Lets the time be over in which the deletion of an organization can be undone. While the app does not run. */
export function endLastDay({ databaseFile }: Pick<WorldDescription, "databaseFile">, organizationId: string): void {
  const database = new Database(databaseFile);
  database.function("current_organization", () => organizationId);
  const ended = "update organization_settings set deletes_at = ? where logto_organization_id = ?";
  const { changes } = database.prepare(ended).run(Date.now() - 1_000, organizationId);
  database.close();
  if (changes !== 1) throw new Error("Nobody has asked for this organization's end");
}

const pending = "where address_key = ? and status = 'pending'";

export function expire({ databaseFile }: Pick<WorldDescription, "databaseFile">, address: string): void {
  const database = new Database(databaseFile);
  const key = address.toLowerCase();
  const organizationOf = database.prepare<string>(`select logto_organization_id from invitations ${pending}`).pluck();
  const organization = organizationOf.get(key);
  // The wall takes a write only from inside the organization.
  database.function("current_organization", () => organization);
  const { changes } = database.prepare(`update invitations set expires_at = ? ${pending}`).run(Date.now() - 1_000, key);
  database.close();
  if (changes !== 1) throw new Error(`There is no open invitation to ${address}`);
}
