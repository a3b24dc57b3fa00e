// Tables as CSV (RFC 4180), which spreadsheets open without taking a text for a formula.

export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** A text that a spreadsheet would calculate gets an apostrophe before it, which shows it as it is. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const inert = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
