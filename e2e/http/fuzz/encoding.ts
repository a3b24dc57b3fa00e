// A form's fields as bytes: as browsers write them, and in every way that none does.
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** A Buffer is sent as it is, whether it is text or not; a file is a field of its own kind. */
export type Value = string | Buffer | { file: string };
export type Field = [name: string, value: Value];

export interface Encoded {
  headers: Record<string, string>;
  body: Buffer;
}

export type Encoding = "urlencoded" | "multipart";

export function encode(fields: Field[], encoding: Encoding): Encoded {
  return encoding === "urlencoded" ? urlencoded(fields) : multipart(fields);
}

function urlencoded(fields: Field[]): Encoded {
  const percent = (bytes: Buffer) =>
    [...bytes]
      .map((byte) => (/[\w.*-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : hex(byte)))
      .join("");
  const pairs = fields.map(([name, value]) => `${percent(Buffer.from(name))}=${percent(bytesOf(value))}`);
  return { headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: Buffer.from(pairs.join("&")) };
}

const hex = (byte: number) => `%${byte.toString(16).padStart(2, "0")}`;

function multipart(fields: Field[]): Encoded {
  const boundary = `----${randomUUID()}`;
  const quoted = (name: string) => name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
  const parts = fields.flatMap(([name, value]) => {
    const isFile = typeof value === "object" && "file" in value;
    const file = isFile ? `; filename="a.txt"\r\nContent-Type: text/plain` : "";
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file}\r\n\r\n`;
    return [Buffer.from(head), bytesOf(value), Buffer.from("\r\n")];
  });
  const headers = { "Content-Type": `multipart/form-data; boundary=${boundary}` };
  return { headers, body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]) };
}

function bytesOf(value: Value): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === "string" ? value : value.file);
}

/** Ways to spoil a form that was right, each with the answers it may get. */
const spoilers: [what: string, statuses: number[], spoil: (form: Encoded) => Encoded][] = [
  ...["gzip", "br", "deflate", "GZIP", "gzip, gzip", "zstd", "x"].map((encoding): (typeof spoilers)[number] => [
    `claims ${encoding}`,
    [415],
    ({ headers, body }) => ({ headers: { ...headers, "Content-Encoding": encoding }, body }),
  ]),
  [
    "is gzip",
    [415],
    ({ headers, body }) => ({ headers: { ...headers, "Content-Encoding": "gzip" }, body: gzipSync(body) }),
  ],
  ...["utf-16le", "latin1", "us-ascii", "", "shift_jis"].map((charset): (typeof spoilers)[number] => [
    `charset ${charset}`,
    [415],
    ({ headers, body }) => ({
      headers: { ...headers, "Content-Type": `${headers["Content-Type"]}; charset=${charset}` },
      body,
    }),
  ]),
  ...[
    "application/json",
    "text/plain",
    "text/html",
    "application/octet-stream",
    "multipart/mixed; boundary=x",
    "",
    "x",
    ";",
  ].map((type): (typeof spoilers)[number] => [
    `is ${type || "of no type"}`,
    [415],
    ({ body }) => ({ headers: { "Content-Type": type }, body }),
  ]),
  [
    "is JSON",
    [415],
    () => ({ headers: { "Content-Type": "application/json" }, body: Buffer.from('{"title":{"$ne":null}}') }),
  ],
  ["no boundary", [400], ({ body }) => ({ headers: { "Content-Type": "multipart/form-data" }, body })],
  ["another boundary", [400], ({ body }) => ({ headers: { "Content-Type": "multipart/form-data; boundary=x" }, body })],
  ["broken percent", [400], () => ({ headers: urlencoded([]).headers, body: Buffer.from("title=%zz&body=%") })],
  ["bare bytes", [400], () => ({ headers: urlencoded([]).headers, body: Buffer.from("title=\xff\xfe", "latin1") })],
  ["far too large", [413], ({ headers }) => ({ headers, body: Buffer.alloc(1_048_577, "x") })],
];

export type Spoilt = { what: string; statuses: number[]; spoil: (form: Encoded) => Encoded };

export const spoilt: fc.Arbitrary<Spoilt> = fc
  .constantFrom(...spoilers)
  .map(([what, statuses, spoil]) => ({ what, statuses, spoil }));

/** A whole form of which the end did not arrive. */
export const cutShort = fc.integer({ min: 5, max: 60 }).map((bytes): Spoilt => ({
  what: `lacks its last ${bytes} bytes`,
  statuses: [400],
  spoil: ({ headers, body }) => ({ headers, body: body.subarray(0, -bytes) }),
}));
