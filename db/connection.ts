// A connection to the SQLite file with the settings that Atrium relies on, each read back.
import Database from "better-sqlite3";

export type Connection = Database.Database;

const settings = {
  busy_timeout: 5000, // first, so that the next ones wait for another process
  journal_mode: "wal",
  synchronous: 2, // FULL: an acknowledged write survives a power cut
  recursive_triggers: 1, // else REPLACE deletes rows behind the walls' back
};

/** `foreignKeys: false` is for migrations: with them on, rebuilding a parent table deletes every child that cascades. */
export function connect(
  file: string,
  { readonly = false, foreignKeys = true, onStatement }: ConnectionOptions = {},
): Connection {
  const connection = new Database(file, {
    readonly,
    verbose: onStatement && ((statement) => onStatement(`${statement}`)),
  });
  try {
    const wanted = { ...settings, foreign_keys: Number(foreignKeys) };
    for (const [name, value] of Object.entries(wanted)) {
      if (!(readonly && name === "journal_mode")) connection.pragma(`${name} = ${value}`);
      const actual = connection.pragma(name, { simple: true });
      if (actual !== value) throw new Error(`SQLite keeps ${name} at ${actual}; Atrium needs ${value}.`);
    }
    // SQLite's own lower() knows ASCII only.
    connection.function("lower", { deterministic: true }, (text) =>
      typeof text === "string" ? text.toLowerCase() : text,
    );
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

export type ConnectionOptions = {
  readonly?: boolean;
  foreignKeys?: boolean;
  onStatement?: ((statement: string) => void) | undefined;
};
