// The scanner finds a canary in every encoding that it claims to read; one that it does not find would let a leak through.
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createCanaries, mayRead } from "./canary";
import { chanceOf } from "./chance";

const acme = { class: "text", organizations: new Set(["acme"]), what: "a post" } as const;
const stranger = { organization: "globex", organizations: new Set(["globex"]) };

function entities(text: string, write: (code: number) => string): string {
  return [...text].map((letter) => write(letter.charCodeAt(0))).join("");
}

function zipped(name: string, text: string): Buffer {
  const content = deflateRawSync(text);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt32LE(text.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), content]);
}

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

/** Every way of writing, of which the suite says that it reads it. */
export const writings: Record<string, (token: string) => string> = {
  "as it is": (token) => token,
  "in capitals": (token) => token.toUpperCase(),
  backwards: (token) => [...token].toReversed().join(""),
  "decimal entities": (token) => entities(token, (code) => `&#${code};`),
  "hexadecimal entities": (token) => entities(token, (code) => `&#x${code.toString(16)};`),
  "JSON escapes": (token) => entities(token, (code) => `\\u${code.toString(16).padStart(4, "0")}`),
  "JavaScript escapes": (token) => entities(token, (code) => `\\x${code.toString(16)}`),
  percent: (token) => entities(token, (code) => `%${code.toString(16)}`),
  "quoted-printable": (token) => entities(token, (code) => `=${code.toString(16).toUpperCase()}`),
  "broken by a soft line end": (token) => `${token.slice(0, 7)}=\r\n${token.slice(7)}`,
  "broken by an invisible mark": (token) => `${token.slice(0, 7)}\u200B${token.slice(7)}`,
  hex: (token) => Buffer.from(token).toString("hex"),
  base64: base64,
  "base64, one letter later": (token) => base64(`x${token}`),
  "base64, two letters later": (token) => base64(`xy${token}`),
  "base64url in a longer word": (token) => `id${Buffer.from(`${token}ÿþ`).toString("base64url")}`,
  "base64 twice": (token) => base64(base64(token)),
  "gzip in base64": (token) => base64(gzipSync(`a text with ${token} in it`)),
  "deflate in base64": (token) => base64(deflateSync(`a text with ${token} in it`)),
  "zip in base64": (token) => base64(zipped("a.txt", `a text with ${token} in it`)),
  "a file's name in zip": (token) => base64(zipped(`${token}.txt`, "a text")),
  "percent in JSON": (token) => JSON.stringify({ next: `/a?q=${entities(token, (code) => `%${code.toString(16)}`)}` }),
  "turbo-stream": (token) => `[{"_1":2},"title","A title ${token}"]\n`,
  CSV: (token) => `id,title\r\n1,"A ""quoted"" ${token}"\r\n`,
};

describe("the scanner", () => {
  test.each(Object.entries(writings))("finds a canary that is written %s", (_name, write) => {
    const canaries = createCanaries(chanceOf(1));
    const token = canaries.make(acme);
    for (const text of [write(token), `<p>before ${write(token)} after</p>`])
      expect(
        canaries.foreignIn(text, stranger).map(({ what }) => what),
        text,
      ).toEqual(["a post"]);
    expect(canaries.foreignIn("nothing of anybody's", stranger)).toEqual([]);
  });

  test("finds an id that the app has made, unless the reader has sent it", () => {
    const canaries = createCanaries(chanceOf(1));
    canaries.learn("Zk3p_9sWq1-aaaaaaaaaaa", "acme", "the id of a post");
    expect(canaries.foreignIn('href="/posts/Zk3p_9sWq1-aaaaaaaaaaa"', stranger)).toHaveLength(1);
    expect(canaries.foreignIn("/posts/Zk3p_9sWq1-aaaaaaaaaaa", stranger, "/posts/Zk3p_9sWq1-aaaaaaaaaaa")).toEqual([]);
  });

  test("gives each seed words of its own, and the same seed the same", () => {
    const words = (seed: number) => createCanaries(chanceOf(seed)).make(acme);
    expect(words(1)).toBe(words(1));
    expect(words(1)).not.toBe(words(2));
  });
});

describe("who may read", () => {
  const canary = (known: Partial<Parameters<typeof mayRead>[1]>) => ({ ...acme, token: "", ...known });
  const inAcme = { organization: "acme", organizations: new Set(["acme", "globex"]), person: "bob" };
  const inGlobex = { ...inAcme, organization: "globex" };

  test("a text is for those who are there", () => {
    expect([inAcme, inGlobex].map((reader) => mayRead(reader, canary({})))).toEqual([true, false]);
  });

  test("an organization's name is for its members, wherever they are", () => {
    const name = canary({ class: "name" });
    expect([inAcme, inGlobex, stranger].map((reader) => mayRead(reader, name))).toEqual([true, true, false]);
  });

  test("one's own name is for oneself", () => {
    const own = canary({ class: "person", person: "bob" });
    expect([inGlobex, stranger].map((reader) => mayRead(reader, own))).toEqual([true, false]);
  });
});
