// Tables as CSV (RFC 4180), which a spreadsheet opens without running anything that somebody has typed.

type Value = string | number | null;

/** For the beginning of a file: so that a spreadsheet reads it as UTF-8. */
export const csvMark = "\uFEFF";

export function csvRow(values: readonly Value[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

/** A spreadsheet takes what begins like this for a formula; with an apostrophe before it, for a text. */
const formula = /^[=+\-@\t\r\n]/;

function cell(value: Value): string {
  if (typeof value === "number") return String(value);
  const text = value ?? "";
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
