// Lets an invitation's time be over, without a wait: its moment is moved in the app's own file.
import Database from "better-sqlite3";
import type { WorldDescription } from "./world";

export function expire({ databaseFile }: Pick<WorldDescription, "databaseFile">, address: string): void {
  const database = new Database(databaseFile);
  const { changes } = database
    .prepare("update invitations set expires_at = ? where address_key = ? and status = 'pending'")
    .run(Date.now() - 1_000, address.toLowerCase());
  database.close();
  if (changes !== 1) throw new Error(`There is no open invitation to ${address}`);
}
