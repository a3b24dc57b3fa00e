// Words that one organization alone may read, and the search for them: in whatever is written, however it is encoded.
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** `name`: of an organization, which its members read wherever they are. `text`: of anything inside it. `person`: of somebody's own name or address. */
export type CanaryClass = "name" | "text" | "person";

export interface Canary {
  token: string;
  class: CanaryClass;
  /** The organizations whose members may read it while they are there. */
  organizations: ReadonlySet<string>;
  /** Logto's id of whoever it is of, who may read it anywhere. */
  person?: string;
  /** Where it was put, for people. */
  what: string;
}

/** Somebody who reads. */
export interface Reader {
  /** The active organization's id. */
  organization?: string;
  /** Ids of all of theirs. */
  organizations: ReadonlySet<string>;
  person?: string;
}

/** Letters and digits alone, so that no encoding of text spells it in another way. */
const shape = /qv7[0-9a-z]{13}/gi;
const begin = "qv7";
const length = 16;

export type Canaries = ReturnType<typeof createCanaries>;

export function createCanaries(random: () => number) {
  const known = new Map<string, Canary>();
  /** What is no token and yet one organization's: the ids of its rows. */
  const ids = new Map<string, Canary>();

  return {
    /** A new word, to be put somewhere. */
    make(canary: Omit<Canary, "token">): string {
      let token = begin;
      while (token.length < length) token += Math.floor(random() * 36).toString(36);
      known.set(token, { ...canary, token });
      return token;
    },

    /** A value that the app itself has made, such as an id. Found again elsewhere, it is of both. */
    learn(value: string, organization: string, what: string): void {
      const before = ids.get(value);
      if (before?.organizations.has(organization)) return;
      const organizations = new Set([...(before?.organizations ?? []), organization]);
      if (!known.has(value)) ids.set(value, { token: value, class: "text", organizations, what });
    },

    /** Its owner has said it there. */
    tell(text: string, organization: string): void {
      for (const canary of this.foundIn(text)) {
        const told = { ...canary, organizations: new Set([...canary.organizations, organization]) };
        (known.has(canary.token) ? known : ids).set(canary.token, told);
      }
    },

    get size() {
      return known.size + ids.size;
    },

    /** All that are in the text, whatever it is encoded with; `asked` is what the reader has sent themselves. */
    foundIn(text: string, asked = ""): Canary[] {
      const found = new Set<Canary>();
      for (const readable of decodings(text)) {
        for (const [word] of readable.matchAll(shape)) {
          const canary = known.get(word.toLowerCase());
          if (canary && !asked.includes(canary.token)) found.add(canary);
        }
      }
      for (const [word] of text.matchAll(/[\w-]{12,}/g)) {
        const canary = ids.get(word);
        if (canary && !asked.includes(word)) found.add(canary);
      }
      return [...found];
    },

    /** Those of them that this reader may not see. */
    foreignIn(text: string, reader: Reader, asked?: string): Canary[] {
      return this.foundIn(text, asked).filter((canary) => !mayRead(reader, canary));
    },
  };
}

export function mayRead({ organization, organizations, person }: Reader, canary: Canary): boolean {
  if (canary.person !== undefined && canary.person === person) return true;
  if (organization !== undefined && canary.organizations.has(organization)) return true;
  return canary.class === "name" && [...canary.organizations].some((id) => organizations.has(id));
}

const depth = 3;

/** The text itself, and all that it decodes to: each way of writing on top of another, up to three. */
export function decodings(text: string): Set<string> {
  const all = new Set([text]);
  let newest = [text];
  for (let turn = 0; turn < depth && newest.length > 0; turn += 1) {
    newest = newest.flatMap((one) => decoders.flatMap((decode) => decode(one))).filter((one) => !all.has(one));
    for (const one of newest) all.add(one);
  }
  return all;
}

/** Each answers what it could read, and nothing when there was nothing for it. */
const decoders: ((text: string) => string[])[] = [
  (text) =>
    changed(
      text,
      text.replaceAll(/&#(\d{1,6});/g, (_, code: string) => letter(Number(code))),
    ),
  (text) =>
    changed(
      text,
      text.replaceAll(/&#x([\da-f]{1,5});/gi, (_, code: string) => letter(Number.parseInt(code, 16))),
    ),
  (text) =>
    changed(
      text,
      text.replaceAll(/\\u([\da-f]{4})|\\x([\da-f]{2})/gi, (_, u?: string, x?: string) =>
        letter(Number.parseInt(u ?? x ?? "", 16)),
      ),
    ),
  (text) =>
    changed(
      text,
      text.replaceAll(/%([2-7][\da-f])/gi, (_, code: string) => letter(Number.parseInt(code, 16))),
    ),
  (text) =>
    changed(
      text,
      text.replaceAll(/=([2-7][\dA-F])/g, (_, code: string) => letter(Number.parseInt(code, 16))),
    ),
  // Words that are written apart: by marks that nobody sees, or by a line's end in a mail.
  (text) => changed(text, text.replaceAll(/[\u00AD\u200B-\u200F\u2060\uFEFF]|=\r?\n/g, "")),
  (text) => changed(text, [...text].toReversed().join(""), text.length < 200_000 && /[0-9a-z]{13}7vq/i.test(text)),
  (text) => matches(text, /[\da-f]{32,}/gi).flatMap((run) => binary(Buffer.from(run, "hex"))),
  // Where a run begins says nothing of where the bytes do.
  (text) =>
    matches(text, /[\w+/-]{20,}={0,2}/g).flatMap((run) =>
      [0, 1, 2, 3].flatMap((shift) => binary(Buffer.from(run.slice(shift), "base64"))),
    ),
];

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([run]) => run);
}

function changed(before: string, after: string, wanted = true): string[] {
  return wanted && after !== before ? [after] : [];
}

function letter(code: number): string {
  return code > 0 && code < 0x11_0000 ? String.fromCodePoint(code) : "";
}

/** Only what holds the beginning of a token, or is packed, is worth reading on. */
function binary(bytes: Buffer): string[] {
  const text = bytes.toString("latin1");
  const readable = text.toLowerCase().includes(begin) || /%71|\\u0071|&#/i.test(text) || looksEncoded(text);
  return [...(readable ? [text] : []), ...unpacked(bytes)];
}

const looksEncoded = (text: string) => text.length >= 20 && /^[\w+/=-]+$/.test(text);

/** What is in an archive or a compressed text; empty when it is neither. */
export function unpacked(bytes: Buffer): string[] {
  const starts = bytes.length > 3 ? bytes.readUInt32BE(0) : 0;
  if (starts >>> 16 === 0x1f8b) return attempt(() => gunzipSync(bytes));
  if (starts === 0x504b0304) return filesOf(bytes);
  if (starts >>> 24 === 0x78) return attempt(() => inflateSync(bytes));
  return [];
}

/** For what says in a header how it is compressed. */
export function uncompressed(bytes: Buffer, encoding: string): string {
  const ways: Record<string, (packed: Buffer) => Buffer> = {
    gzip: gunzipSync,
    br: brotliDecompressSync,
    deflate: inflateSync,
  };
  return (ways[encoding]?.(bytes) ?? bytes).toString("utf8");
}

/** Of a zip archive, by the headers before each file. */
function filesOf(archive: Buffer): string[] {
  const files: string[] = [];
  for (let at = 0; at + 30 < archive.length && archive.readUInt32LE(at) === 0x04034b50;) {
    const [method, packed] = [archive.readUInt16LE(at + 8), archive.readUInt32LE(at + 18)];
    const from = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
    files.push(archive.toString("latin1", at + 30, from));
    const content = archive.subarray(from, from + packed);
    files.push(...(method === 8 ? attempt(() => inflateRawSync(content)) : [content.toString("utf8")]));
    at = from + packed;
  }
  return files;
}

function attempt(read: () => Buffer): string[] {
  try {
    return [read().toString("utf8")];
  } catch {
    return [];
  }
}
