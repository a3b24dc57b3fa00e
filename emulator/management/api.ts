// What a Management API route is made of: a path, schemas, a function; and how its answer and its lists look.
import type { z } from "zod";
import type { Store, Table, Value } from "../database/store";

/** Which part of a list is asked for; undefined where no page parameters were given and the list need not be paged. */
export interface Page {
  number: number;
  size: number;
}

export interface Call<Body = unknown> {
  params: Record<string, string>;
  query: URLSearchParams;
  body: Body;
  /** Set when page parameters were given, or when the route is always paginated. */
  page: Page | undefined;
  ip: string;
  userAgent: string | undefined;
  /** Fires a webhook event besides the one that belongs to the route; `more` goes into its payload. */
  emit(event: string, more?: Record<string, unknown>): void;
}

export interface Answer {
  status: number;
  body?: unknown;
  /** Length of the whole list: sends Total-Number and Link. */
  total?: number | undefined;
  /** `data` of the webhook event, where it is not the body. */
  event?: unknown;
}

export interface Route {
  method: "get" | "post" | "put" | "patch" | "delete";
  path: string;
  paged: "always" | "asked" | "never";
  open: boolean;
  schema: z.ZodType | undefined;
  run(call: Call<never>): Answer | Promise<Answer>;
}

interface Options<Schema extends z.ZodType> {
  body?: Schema;
  /** "always": 20 a page unless asked otherwise. "asked": the whole list unless page parameters are given. */
  paged?: "always" | "asked";
  /** No token is needed. */
  open?: boolean;
}

/** `path` is Express' notation, without `/api`. */
export function route<Schema extends z.ZodType = z.ZodUndefined>(
  method: Route["method"],
  path: string,
  options: Options<Schema>,
  run: (call: Call<z.infer<Schema>>) => Answer | Promise<Answer>,
): Route {
  return { method, path, paged: options.paged ?? "never", open: options.open ?? false, schema: options.body, run };
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const empty = (): Answer => ({ status: 204 });

interface Query {
  table: Table;
  columns?: string;
  /** From the table's name on, with its conditions: `users u where …`. */
  from: string;
  order?: string;
  values?: Value[];
}

/** One page of a list with the length of the whole, or the whole list. */
export function select<Record>(store: Store, { page }: Pick<Call, "page">, query: Query) {
  const { table, columns = "*", from, order = "rowid", values = [] } = query;
  const limit = page ? ` limit ${page.size} offset ${(page.number - 1) * page.size}` : "";
  const records = store.list<Record>(table, `select ${columns} from ${from} order by ${order}${limit}`, ...values);
  return { records, total: page && store.value<number>(`select count(*) from ${from}`, ...values) };
}

/** The same as an answer, each record as `show` shows it. */
export function list<Record>(
  store: Store,
  call: Pick<Call, "page">,
  query: Query,
  show?: (record: Record) => unknown,
): Answer {
  const { records, total } = select<Record>(store, call, query);
  return { status: 200, body: show ? records.map(show) : records, total };
}

/** The condition "contains, in any letter case"; LIKE's own signs work in the text, as at Logto. */
export function contains(text: string | null, ...columns: string[]): { sql: string; values: string[] } {
  if (!text) return { sql: "1", values: [] };
  return {
    sql: `(${columns.map((column) => `${column} like '%' || ? || '%'`).join(" or ")})`,
    values: columns.map(() => text),
  };
}
