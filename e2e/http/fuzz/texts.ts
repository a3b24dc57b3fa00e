// What people, programs and attackers type: any text, the odd ones on purpose, and bytes that are no text.
import fc from "fast-check";
import { canary } from "../log";

/** Texts that have broken something somewhere before. */
const notorious = [
  ..."\u202Eright to left\u202C|e\u0301\u0323\u0308|\u{1F469}\u200D\u{1F469}\u200D\u{1F467}|\uFEFF|\u2028\u2029|\uFFFD|\u{10FFFF}".split(
    "|",
  ),
  ..."null|undefined|NaN|true|[object Object]|__proto__|constructor|../../etc/passwd|%00|%0d%0aSet-Cookie: a=b|{{7*7}}|${7*7}".split(
    "|",
  ),
  "'; drop table posts; --",
  '"><script>alert(1)</script>',
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  "<svg/onload=alert(1)>",
  "[a](javascript:alert(1)) ![b](data:text/html,<script>alert(1)</script>) <javascript:alert(1)>",
  "line\r\nline\rline\n",
  "\t\v\f",
  `${"> ".repeat(200)}deep`,
  "[".repeat(300),
  "*a_".repeat(200),
  "```\n~~~\n| a | b |\n|---|---|",
];

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(...notorious),
);

/** What a form may carry: no NUL, whatever else. */
const typeable = anyText.map((text) => text.replaceAll("\0", ""));

/** As the app keeps a text: line breaks as one character each. */
export const asKept = (text: string) => text.replace(/\r\n?/g, "\n");

/** Accepted by a field that is trimmed and has 1 to `limit` characters. */
export function rightText(limit: number): fc.Arbitrary<string> {
  const atTheLimit = fc.constantFrom(
    "x".repeat(limit),
    "é".repeat(limit),
    "\u{1F424}".repeat(limit),
    ` ${"y".repeat(limit)} `,
  );
  const marked = typeable.map((text) => `${canary} ${text}`);
  return fc
    .oneof({ arbitrary: marked, weight: 4 }, { arbitrary: typeable, weight: 4 }, { arbitrary: atTheLimit, weight: 1 })
    .filter((text) => isWithin(asKept(text).trim(), limit));
}

/** In code points, as people count them. */
const isWithin = (text: string, limit: number) => text !== "" && Array.from(text).length <= limit;

/** Refused by such a field; undefined: the field is not sent. */
export function wrongText(limit: number): fc.Arbitrary<string | undefined> {
  return fc.constantFrom(
    undefined,
    "",
    "   ",
    "\n\t ",
    "\u00A0\uFEFF",
    "x".repeat(limit + 1),
    "\u{1F424}".repeat(limit + 1),
  );
}

/** UTF-8 that is none: half a surrogate pair, bytes that begin nothing, a character cut short, NUL in two bytes; and NUL itself. */
export const noText = fc.constantFrom(
  ...["eda080", "edb080", "ff", "fe", "c080", "e282", "f8888080", "80", "00", "610062"].map((hex) =>
    Buffer.from(hex, "hex"),
  ),
);

export { typeable };
