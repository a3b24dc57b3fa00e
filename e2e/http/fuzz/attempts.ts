// Attempts at one form: right ones with fields that nobody asked for, and wrong ones of every kind, each with the answers it may get.
import fc from "fast-check";
import { organizationField } from "../../../app/paths";
import { canary } from "../log";
import type { Ids } from "../operations";
import { transports, type Transport } from "../visitor";
import { cutShort, spoilt, type Encoding, type Field, type Spoilt, type Value } from "./encoding";
import { noText, typeable } from "./texts";

export interface Refused {
  /** Beside right fields; undefined takes one away. */
  fields: Record<string, Value | undefined>;
  /** Or several: an action may lead on, and say there that nothing was done. */
  status: number | number[];
}

/** A form as its action knows it. */
export interface Form {
  /** The names it looks at. */
  names: string[];
  /** Those of them that may come more than once. */
  lists?: string[];
  right: fc.Arbitrary<Record<string, string | undefined>>;
  refused?: fc.Arbitrary<Refused>;
  /** Where it must not reach, and the answer there. */
  elsewhere?: { ids: Ids; statuses: number[] }[];
  /** Whether it must say whose page it is on. */
  ofPage: boolean;
  /** Whether its body is looked into at all. */
  isRead: boolean;
  /** Of 100 attempts about as many are right. */
  rightOnes?: number;
}

export type Kind = "right" | "refused" | "malformed" | "unreadable" | "of another page" | "elsewhere" | "soup";

export interface Attempt {
  kind: Kind;
  as: Transport;
  encoding: Encoding;
  /** How the page says whose it is. */
  page: "in the field" | "in the header" | "in both" | "nowhere";
  /** An organization's id; undefined: the session's. */
  organization?: string;
  fields: Field[];
  /** Fields that the action does not know. */
  extras: Field[];
  ids?: Ids;
  spoil?: Spoilt;
  raw?: { type: string; body: Buffer };
  /** Statuses that it may get; undefined: it is taken. */
  statuses?: number[];
}

type Base = Omit<Attempt, "kind">;

/** `loot`: ids that are somebody else's. `foreign`: ids of organizations where the session is not. */
export function attemptsAt(
  form: Form,
  { loot, foreign }: { loot: string[]; foreign: string[] },
): fc.Arbitrary<Attempt> {
  const { names, lists = [], right, refused, elsewhere, ofPage, isRead, rightOnes = 30 } = form;
  const base = fc
    .record({
      as: fc.constantFrom(...transports),
      encoding: fc.constantFrom<Encoding>("urlencoded", "multipart"),
      fields: right.map((fields) => changed([], fields)),
      extras: extrasBeside(names, loot),
      page: fc.constantFrom<Attempt["page"]>("in the field", "in both", "in the header"),
    })
    .map((way): Base => (way.as === "document" ? { ...way, page: "in the field" } : way)); // no script, no header

  const because = <Why>(kind: Kind, why: fc.Arbitrary<Why>, change: (why: Why, way: Base) => Partial<Base>) =>
    fc.tuple(base, why).map(([way, reason]): Attempt => ({ ...way, ...change(reason, way), kind }));
  const taken = [302, 202];
  const unlessUnread = (statuses: number[]) => (isRead ? statuses : [...taken, ...statuses]);

  const kinds: Partial<Record<Kind, fc.WeightedArbitrary<Attempt>>> = {
    right: { weight: rightOnes, arbitrary: base.map((way): Attempt => ({ ...way, kind: "right" })) },
    malformed: {
      weight: 10,
      arbitrary: because("malformed", malformed(isRead ? names : [], lists), (spoil, { fields }) => ({
        fields: spoil(fields),
        statuses: unlessUnread([400]),
      })),
    },
    unreadable: {
      weight: 10,
      arbitrary: because("unreadable", unreadable, (spoil) => ({
        spoil,
        encoding: "multipart",
        statuses: unlessUnread(spoil.statuses),
      })),
    },
    soup: {
      weight: 8,
      arbitrary: because("soup", soup, (raw) => ({
        raw,
        as: "data",
        page: names.length > 0 ? "in the header" : "nowhere", // an action that needs no field would take it
        statuses: [...taken, 400, 404, 409, 413, 415, 422, 428],
      })),
    },
    ...(refused && {
      refused: {
        weight: 30,
        arbitrary: because("refused", refused, (why, { fields, encoding }) => ({
          fields: changed(fields, why.fields),
          encoding: Object.values(why.fields).some(isFile) ? "multipart" : encoding,
          statuses: [why.status].flat(),
        })),
      },
    }),
    ...(ofPage && {
      "of another page": {
        weight: 8,
        arbitrary: because("of another page", fc.constantFrom(undefined, ...foreign), (organization) =>
          organization === undefined ? { page: "nowhere", statuses: [428] } : { organization, statuses: [409] },
        ),
      },
    }),
    ...(elsewhere && {
      elsewhere: { weight: 8, arbitrary: because("elsewhere", fc.constantFrom(...elsewhere), (where) => where) },
    }),
  };
  return fc.oneof(...Object.values(kinds));
}

function changed(fields: Field[], change: Record<string, Value | undefined>): Field[] {
  const all = Object.entries({ ...Object.fromEntries(fields), ...change });
  return all.filter((field): field is Field => field[1] !== undefined);
}

const isFile = (value: Value | undefined) => typeof value === "object" && "file" in value;

/** What an attacker adds, hoping that something takes a form as a whole. */
const known = [
  "organizationId organization_id logto_organization_id organization org tenant authorId author_id userId user_id id",
  "postId commentId version status role roles permission createdAt created_at publishedAt joined_at email name",
  "__proto__ __proto__.role constructor.prototype.role constructor prototype toString hasOwnProperty",
  "_method _routes __intent__ _ a[0].b [0] .",
]
  .join(" ")
  .split(" ");

function extrasBeside(names: string[], loot: string[]): fc.Arbitrary<Field[]> {
  const isExtra = (name: string) => ![...names, organizationField, ""].includes(name.split(/[.[]/, 1)[0] ?? "");
  const name = fc.oneof(fc.constantFrom(...known), typeable).filter(isExtra);
  const numbers = ["0", "-1", "1", "999999999999999999999", "1e309", "NaN"];
  const text = fc.oneof(fc.constantFrom(...loot), fc.constantFrom(...numbers), typeable);
  const value = fc.oneof<fc.Arbitrary<Value>[]>(
    text,
    text.map((file) => ({ file })),
  );
  const field: fc.Arbitrary<Field> = fc.tuple(name, value);
  return fc.array(field, { minLength: 1, maxLength: 5 }).map((fields) => [...fields, ["remark", canary]]);
}

type Change = (fields: Field[]) => Field[];

/** What no form of a page can be: bytes that are no text, a field twice over, more fields than there are, names that lead nowhere. */
function malformed(names: string[], lists: string[]): fc.Arbitrary<Change> {
  const inTheMiddle = (bytes: Buffer) => Buffer.concat([Buffer.from("a"), bytes, Buffer.from("z")]);
  const first = names[0];
  const ofAny: fc.Arbitrary<Change>[] = [
    noText.map((bytes) => (fields) => [...fields, ["remark", inTheMiddle(bytes)]]),
    fc.integer({ min: 256, max: 400 }).map((count) => (fields) => [...fields, ...many(count)]),
  ];
  if (!first) return fc.oneof(...ofAny);
  const paths = ["[999999999]", "[-1]", "[", ".__proto__[", ".a".repeat(60)].map((path) => first + path);
  const once = names.filter((name) => !lists.includes(name));
  const ofItsOwn: fc.Arbitrary<Change>[] = [
    noText.map((bytes) => (fields) => [...fields.filter(([name]) => name !== first), [first, inTheMiddle(bytes)]]),
    ...once.map((name) => fc.constant<Change>((fields) => [...fields, [name, "x"], [name, "y"]])),
    fc.constantFrom(...paths).map((name) => (fields) => [...fields, [name, "x"]]),
  ];
  return fc.oneof(...ofAny, ...ofItsOwn);
}

const many = (count: number) => Array.from({ length: count }, (_, index): Field => [`field${index}`, "x"]);

const unreadable = fc.oneof({ arbitrary: spoilt, weight: 3 }, { arbitrary: cutShort, weight: 1 });

/** Whatever bytes under whatever name. */
const soup = fc.record({
  type: fc.oneof(
    fc.constantFrom("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"),
    fc.string({ unit: "grapheme-ascii", maxLength: 40 }),
  ),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc.webQueryParameters().map((query) => Buffer.from(query)),
    fc.array(typeable, { maxLength: 6 }).map((lines) => Buffer.from(["--x", ...lines, "--x--"].join("\r\n"))),
  ),
});
