// One row as CSV (RFC 4180), which a spreadsheet reads as text: nothing in it begins a formula there.

export function csvRow(values: readonly unknown[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return quoted(unlessFormula(value));
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? quoted(JSON.stringify(value)) : String(value);
}

/** With an apostrophe before it, which spreadsheets do not show, text stays text (OWASP, "CSV Injection"). */
function unlessFormula(text: string): string {
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
