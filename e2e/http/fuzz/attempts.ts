// Attempts at one form: right ones with fields that nobody asked for, and wrong ones of every kind, each with the answers it may get.
import fc from "fast-check";
import { organizationField } from "../../../app/paths";
import { canary } from "../log";
import type { Ids } from "../operations";
import { transports, type Transport } from "../visitor";
import { cutShort, spoilt, type Encoding, type Field, type Spoilt, type Value } from "./encoding";
import { noText, typeable } from "./texts";

/** A form as its action knows it. */
export interface Form {
  /** The names it looks at. Without any it takes no fields. */
  names: string[];
  right: fc.Arbitrary<Record<string, string>>;
  /** Beside right fields these make it wrong: 422. */
  wrong?: fc.Arbitrary<Record<string, Value | undefined>>;
  /** Beside right fields these are of another time: 409. */
  stale?: fc.Arbitrary<Record<string, string>>;
  /** Where it must not reach, and the answer there. */
  elsewhere?: { ids: Ids; statuses: number[] }[];
}

export type Kind = "right" | "wrong" | "stale" | "malformed" | "unreadable" | "of another page" | "elsewhere" | "soup";

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
  /** Statuses that it may get; undefined: success. */
  statuses?: number[];
}

/** What an attacker adds, hoping that something takes a form as a whole. `loot`: ids that are somebody else's. */
function extrasBeside(names: string[], loot: string[]): fc.Arbitrary<Field[]> {
  const known = [
    ...["organizationId", "organization_id", "logto_organization_id", "organization", "org", "tenant", "authorId"],
    ...[
      "author_id",
      "userId",
      "user_id",
      "id",
      "postId",
      "commentId",
      "version",
      "status",
      "role",
      "roles",
      "permission",
    ],
    ...[
      "createdAt",
      "created_at",
      "publishedAt",
      "joined_at",
      "__proto__",
      "__proto__.role",
      "constructor.prototype.role",
    ],
    ...[
      "constructor",
      "prototype",
      "toString",
      "hasOwnProperty",
      "_method",
      "_routes",
      "__intent__",
      "_",
      "a[0].b",
      "[0]",
      ".",
    ],
  ];
  const isExtra = (name: string) =>
    !names.includes(name.split(/[.[]/, 1)[0] ?? "") && name !== organizationField && name !== "";
  const name = fc.oneof(fc.constantFrom(...known), typeable).filter(isExtra);
  const numbers = ["0", "-1", "1", "999999999999999999999", "1e309", "NaN"];
  const value = fc.oneof(fc.constantFrom(...loot), fc.constantFrom(...numbers), typeable);
  const field: fc.Arbitrary<Field> = fc.tuple(
    name,
    fc.oneof(
      value,
      value.map((file) => ({ file })),
    ),
  );
  return fc.array(field, { minLength: 1, maxLength: 5 }).map((fields) => [...fields, ["note", canary]]);
}

type Base = Omit<Attempt, "kind">;

export function attemptsAt(
  form: Form,
  { loot, foreign }: { loot: string[]; foreign: string[] },
): fc.Arbitrary<Attempt> {
  const { names, right, wrong, stale, elsewhere } = form;
  const base = fc
    .record({
      as: fc.constantFrom(...transports),
      encoding: fc.constantFrom<Encoding>("urlencoded", "multipart"),
      fields: right.map((fields): Field[] => Object.entries(fields)),
      extras: extrasBeside(names, loot),
      page: fc.constantFrom<Attempt["page"]>("in the field", "in both", "in the header"),
    })
    .map((way): Base => (way.as === "document" ? { ...way, page: "in the field" } : way)); // no script, no header
  const because = <Reason>(
    kind: Kind,
    reason: fc.Arbitrary<Reason>,
    change: (way: Base, reason: Reason) => Partial<Base>,
  ) => fc.tuple(base, reason).map(([way, why]): Attempt => ({ ...way, ...change(way, why), kind }));

  const kinds: (fc.WeightedArbitrary<Attempt> | undefined)[] = [
    { weight: 35, arbitrary: base.map((attempt): Attempt => ({ ...attempt, kind: "right" })) },
    wrong && {
      weight: 20,
      arbitrary: because("wrong", wrong, ({ fields, encoding }, change) => ({
        fields: changed(fields, change),
        encoding: Object.values(change).some(isFile) ? "multipart" : encoding,
        statuses: [422],
      })),
    },
    stale && {
      weight: 10,
      arbitrary: because("stale", stale, ({ fields }, change) => ({
        fields: changed(fields, change),
        statuses: [409],
      })),
    },
    {
      weight: 10,
      arbitrary: because("malformed", malformed(names), ({ fields }, spoil) => ({
        fields: spoil(fields),
        statuses: [400],
      })),
    },
    {
      weight: 10,
      arbitrary: because(
        "unreadable",
        fc.oneof({ arbitrary: spoilt, weight: 3 }, { arbitrary: cutShort, weight: 1 }),
        (_, spoil) => ({
          spoil,
          encoding: "multipart",
          statuses: spoil.statuses,
        }),
      ),
    },
    {
      weight: 8,
      arbitrary: because("of another page", fc.constantFrom(undefined, ...foreign), ({ page }, organization) =>
        organization === undefined ? { page: "nowhere", statuses: [428] } : { page, organization, statuses: [409] },
      ),
    },
    elsewhere && {
      weight: 8,
      arbitrary: because("elsewhere", fc.constantFrom(...elsewhere), (_, where) => where),
    },
    {
      weight: 8,
      arbitrary: because("soup", soup, (_, raw) => ({
        raw,
        page: "in the header",
        as: "data",
        statuses: [202, 400, 409, 413, 415, 422, 428],
      })),
    },
  ];
  return fc.oneof(...kinds.filter((kind) => kind !== undefined));
}

function changed(fields: Field[], change: Record<string, Value | undefined>): Field[] {
  const all = Object.entries({ ...Object.fromEntries(fields), ...change });
  return all.filter((field): field is Field => field[1] !== undefined);
}

const isFile = (value: Value | undefined) => typeof value === "object" && "file" in value;

type Change = (fields: Field[]) => Field[];

/** What no form of a page can be: bytes that are no text, a field twice over, more fields than there are, names that are paths to nowhere. */
function malformed(names: string[]): fc.Arbitrary<Change> {
  const inTheMiddle = (bytes: Buffer) => Buffer.concat([Buffer.from("a"), bytes, Buffer.from("z")]);
  const first = names[0];
  const ofAny: fc.Arbitrary<Change>[] = [
    noText.map((bytes) => (fields) => [...fields, ["note", inTheMiddle(bytes)]]),
    fc.integer({ min: 256, max: 400 }).map((count) => (fields) => [...fields, ...many(count)]),
  ];
  if (!first) return fc.oneof(...ofAny);
  const paths = [
    `${first}[999999999]`,
    `${first}[-1]`,
    `${first}[`,
    `${first}.__proto__[`,
    `${first}${".a".repeat(60)}`,
  ];
  const ofItsOwn: fc.Arbitrary<Change>[] = [
    noText.map((bytes) => (fields) => [...fields.filter(([name]) => name !== first), [first, inTheMiddle(bytes)]]),
    fc.constantFrom(...names).map((name) => (fields) => [...fields, [name, "x"], [name, "y"]]),
    fc.constantFrom(...paths).map((name) => (fields) => [...fields, [name, "x"]]),
  ];
  return fc.oneof(...ofAny, ...ofItsOwn);
}

const many = (count: number) => Array.from({ length: count }, (_, index): Field => [`field${index}`, "x"]);

/** Whatever bytes under whatever name. */
const soup = fc.record({
  type: fc.oneof(
    fc.constantFrom(
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json",
      "text/plain",
    ),
    fc.string({ unit: "grapheme-ascii", maxLength: 40 }),
  ),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc.webQueryParameters().map((query) => Buffer.from(query)),
    fc.array(typeable, { maxLength: 6 }).map((lines) => Buffer.from(["--x", ...lines, "--x--"].join("\r\n"))),
  ),
});
