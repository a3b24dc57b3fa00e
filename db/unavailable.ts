// The database takes no write at the moment: another process holds it, its disk is full, or it may not be written.

/** Nothing was written. `status` is what a request is answered with. */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
  readonly status = 503;
}

/** SQLite's codes for it, extended ones too. @see https://sqlite.org/rescode.html */
const codes = /^SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN)/;

export const isBusy = (error: unknown) => /^SQLITE_BUSY/.test(codeOf(error));

/** The error as whoever asked for the write should hear of it. */
export function asHeard(error: unknown): unknown {
  const code = codeOf(error);
  return codes.test(code) ? new StoreUnavailable(`The database takes no write: ${code}`, { cause: error }) : error;
}

/** Drizzle wraps what SQLite throws. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}
