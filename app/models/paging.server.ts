// Pages of a list in the order of time: each goes on where the one before it ended, whatever was written meanwhile.

/** Where a page ended. The id decides between rows of the same millisecond. */
export type Place = { createdAt: Date; id: string };
export type Page<T> = { rows: T[]; /** The cursor of the next page; absent on the last. */ next?: string };

/** Cuts a page from rows of which one more than `limit` was asked for. */
export function pageOf<T extends Place>(found: T[], limit: number): Page<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return last && found.length > limit ? { rows, next: cursorOf(last) } : { rows };
}

/** The place that a cursor names. One that was not made here names none, which is the first page. */
export function placeOf(cursor: string | undefined): Place | undefined {
  const [, time, id] =
    /^(\d{1,15}) ([\w-]{1,64})$/.exec(Buffer.from(cursor ?? "", "base64url").toString("latin1")) ?? [];
  return time && id ? { createdAt: new Date(Number(time)), id } : undefined;
}

function cursorOf({ createdAt, id }: Place): string {
  return Buffer.from(`${createdAt.getTime()} ${id}`).toString("base64url");
}
