// Reads the addresses that people paste or upload: lines, commas, `Name <a@b>`, or a table with a role beside each address.
import { z } from "zod";

export interface ParsedAddress {
  /** As typed, also when it is no address. */
  address: string;
  /** The role its line names, as typed. */
  role?: string;
}

/** What Logto takes. */
const Address = z.email().max(254);

export function isAddress(text: string): boolean {
  return Address.safeParse(text).success;
}

/**
 * Every address of a text in its order, repeated ones too, and what stands where an address should: nothing is left out in silence. A word that is one of
 * `roles` gives that role to the addresses of its line. A first line of headings ("Name, E-mail, Role") makes the text a table, of which only the columns of
 * addresses and roles are read.
 */
export function parseAddresses(text: string, roles: readonly string[]): ParsedAddress[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map(cellsOf)
    .filter((cells) => cells.some(Boolean));
  const [headings, ...rows] = lines;
  const table = headings && tableOf(headings);
  if (table) return rows.flatMap((cells) => addressesOf(cells[table.address] ?? "", cells[table.role ?? -1]));
  return lines.flatMap((cells) => addressesOfLine(cells, roles));
}

/** A text that reads as these addresses again, for a form that gives back what was uploaded. */
export function writeAddresses(addresses: readonly ParsedAddress[]): string {
  return addresses.map(({ address, role }) => [address, role].filter(Boolean).join(", ")).join("\n");
}

function addressesOfLine(cells: string[], roles: readonly string[]): ParsedAddress[] {
  const isRole = (cell: string) => roles.some((role) => sameWord(role, cell));
  const role = cells.find(isRole);
  return cells.filter((cell) => !isRole(cell)).flatMap((cell) => addressesOf(cell, role));
}

/** One address as a rule. Several, or one after a name, if blanks alone are between them. */
function addressesOf(cell: string, role: string | undefined): ParsedAddress[] {
  const bracketed = /<([^<>]*)>$/.exec(cell)?.[1]?.trim();
  const words = cell.split(/[\s,;]/).filter((word) => word.includes("@"));
  const several = words.length > 0 && words.every(isAddress);
  const found = bracketed ? [bracketed] : several ? words : [cell].filter(Boolean);
  return found.map((address) => ({ address: address.replace(/^mailto:(?=.)/i, ""), ...(role && { role }) }));
}

/** Without the blanks around them, nor the mark that a spreadsheet's file begins with. A comma inside quotes belongs to a name. Quotes end with their line at the latest. */
function cellsOf(line: string): string[] {
  const cells = [""];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && /[,;\t]/.test(character)) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells.map((cell) => cell.trim());
}

function tableOf(headings: string[]): { address: number; role: number | undefined } | undefined {
  const column = (...names: string[]) => {
    const found = headings.findIndex((heading) => names.some((name) => sameWord(name, heading)));
    return found < 0 ? undefined : found;
  };
  const address = column("e-mail", "email", "mail", "e-mail address", "email address", "address");
  return address === undefined ? undefined : { address, role: column("role") };
}

/** @param one as it is called at Logto or here; the other one is a cell. */
const sameWord = (one: string, other: string) => one.trim().toLowerCase() === other.toLowerCase();
