// Logto's search parameters of users and applications, as a condition of SQL.
// https://docs.logto.io/user-management/advanced-user-search
import { serverError } from "../errors";

const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `search=<pattern>` is LIKE over all fields; `search.<field>` with `mode.<field>` one field. @throws for others: a 500, as at Logto */
export function searchCondition(query: URLSearchParams, fields: readonly string[]): { sql: string; values: string[] } {
  const strict = query.get("isCaseSensitive") === "true";
  const joint = query.get("joint") === "and" ? " and " : " or ";
  const values: string[] = [];

  function compare(field: string, mode: string, text: string): string {
    if (!fields.includes(field)) throw serverError();
    const column = snake(field);
    if (mode === "exact") {
      values.push(text);
      return strict ? `${column} = ?` : `lower(${column}) = lower(?)`;
    }
    if (mode !== "like") throw serverError();
    values.push(strict ? text.replace(/[*?[]/g, "[$&]").replaceAll("%", "*").replaceAll("_", "?") : text);
    return `${column} ${strict ? "glob" : "like"} ?`;
  }

  const conditions: string[] = [];
  const anyMode = query.get("mode") ?? "like";
  for (const text of query.getAll("search")) {
    if (text !== "") conditions.push(`(${fields.map((field) => compare(field, anyMode, text)).join(" or ")})`);
  }
  const named = [...new Set([...query.keys()].filter((key) => key.startsWith("search.")))];
  for (const key of named) {
    const field = key.slice("search.".length);
    const mode = query.get(`mode.${field}`) ?? anyMode;
    const texts = query.getAll(key).map((text) => compare(field, mode, text));
    conditions.push(`(${texts.join(" or ")})`);
  }
  return { sql: conditions.length === 0 ? "1" : `(${conditions.join(joint)})`, values };
}
