// Writes everything of an organization into one ZIP: each table as JSON and as CSV, read in batches and written as fast as the disk takes it.
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { count, type OrganizationScope } from "../../../db";
import { organizationTables, ownTables, rowsAfter, type OwnTable } from "../organization-tables.server";
import { csvRow } from "./csv.server";

/** Rows in one read. Between two of them everybody else is served. */
const batchSize = 250;

type Row = Record<string, unknown>;

export const exportedTables = ownTables.filter((name) => organizationTables[name].exported);

export interface Archive {
  file: string;
  /** What stands in `about.json`. */
  about: object;
  /** Told of every batch that was read; a throw ends it. */
  onRows(count: number): Promise<void>;
  signal: AbortSignal;
}

/** Each table is read twice. What is changed meanwhile may be in one of the two files as it was, in the other as it is. */
export async function writeArchive(scope: OrganizationScope, { file, about, onRows, signal }: Archive): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(`${JSON.stringify(about, null, 2)}\n`), "about.json");
  const texts: Readable[] = [];
  const add = (name: string, text: AsyncIterable<string>) => {
    const stream = Readable.from(text, { objectMode: false });
    texts.push(stream);
    // What goes wrong while reading ends the whole archive.
    stream.once("error", (error) => (zip.outputStream as Readable).destroy(error));
    zip.addReadStream(stream, name);
  };
  for (const name of exportedTables) {
    add(`${name}.json`, asJson(batches(scope, name, onRows)));
    add(`${name}.csv`, asCsv(batches(scope, name, onRows)));
  }
  zip.end();
  try {
    await pipeline(zip.outputStream, createWriteStream(file, { mode: 0o600 }), { signal });
  } finally {
    for (const text of texts) text.destroy();
  }
}

/** How many rows will be read. */
export async function countRows(scope: OrganizationScope): Promise<number> {
  let total = 0;
  for (const name of exportedTables) {
    const [found] = await scope.read((db, tables) => db.select({ count: count() }).from(tables[name]));
    total += 2 * (found?.count ?? 0);
  }
  return total;
}

async function* batches(scope: OrganizationScope, name: OwnTable, onRows: Archive["onRows"]): AsyncGenerator<Row[]> {
  const { key } = organizationTables[name];
  for (let after: string | undefined; ;) {
    const rows = await rowsAfter(scope, name, after, batchSize);
    if (rows.length > 0) yield rows;
    await onRows(rows.length);
    if (rows.length < batchSize) return;
    after = String(rows.at(-1)?.[key]);
  }
}

async function* asJson(found: AsyncIterable<Row[]>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const rows of found) {
    yield before + rows.map((row) => JSON.stringify(row)).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** The columns in the order of the table. A table without rows has none. */
async function* asCsv(found: AsyncIterable<Row[]>): AsyncGenerator<string> {
  let header = true;
  for await (const rows of found) {
    const columns = Object.keys(rows[0] ?? {});
    const lines = rows.map((row) => csvRow(columns.map((column) => row[column])));
    yield (header ? csvRow(columns) : "") + lines.join("");
    header = false;
  }
}
