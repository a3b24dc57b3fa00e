import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAddress, parseAddresses, writeAddresses } from "./addresses.server";

const roles = ["Admin", "Collaborator"];
const addressesIn = (text: string) => parseAddresses(text, roles).map(({ address }) => address);

describe("what Ada pastes", () => {
  test.each([
    ["one a line", "ann@example.com\r\nben@example.com\n\n", ["ann@example.com", "ben@example.com"]],
    ["commas and semicolons", "ann@example.com, ben@example.com;cat@example.com", ["ann@", "ben@", "cat@"]],
    ["blanks alone", "ann@example.com ben@example.com", ["ann@example.com", "ben@example.com"]],
    ["names beside addresses", "Ann Lee <ann@example.com>, Ben <ben@example.com>", ["ann@", "ben@"]],
    ["a name with a comma", '"Lee, Ann" <ann@example.com>, "Ben ""B"" Bo" <ben@example.com>', ["ann@", "ben@"]],
    ["blanks in brackets", "Ann Lee < ann@example.com >", ["ann@example.com"]],
    ["a name without brackets", "Ann Lee ann@example.com", ["ann@example.com"]],
    ["a link", "mailto:ann@example.com", ["ann@example.com"]],
    ["an unclosed quote", '"ann@example.com, ben@example.com\ncat@example.com', ["ann@", "ben@", "cat@"]],
    ["twice", "ann@example.com\nAnn@Example.com", ["ann@example.com", "Ann@Example.com"]],
  ])("%s", (_name, text, expected) => {
    const whole = expected.map((address) => (address.endsWith("@") ? `${address}example.com` : address));
    expect(addressesIn(text)).toEqual(whole);
  });

  test("what is no address is told, not dropped", () => {
    const typed = [
      "ann@example.com",
      "ben",
      "@example.com",
      "cat@",
      "Ann <ann@example.com> Lee",
      "dan@ eve@example.com",
    ];
    expect(addressesIn(`${typed.join(", ")}\nAnn Lee <ann at example.com>`)).toEqual([...typed, "ann at example.com"]);
  });

  test("a role gives itself to the addresses of its line, whatever its letters", () => {
    expect(
      parseAddresses("ann@example.com, admin\nben@example.com\nAdmin;cat@example.com;dan@example.com", roles),
    ).toEqual([
      { address: "ann@example.com", role: "admin" },
      { address: "ben@example.com" },
      { address: "cat@example.com", role: "Admin" },
      { address: "dan@example.com", role: "Admin" },
    ]);
  });
});

test("what was read is written as a text that reads the same", () => {
  const read = [{ address: "ann@example.com", role: "Admin" }, { address: "ben" }, { address: "cat@example.com" }];
  expect(writeAddresses(read)).toBe("ann@example.com, Admin\nben\ncat@example.com");
  expect(parseAddresses(writeAddresses(read), roles)).toEqual(read);
});

test("a role that is called with blanks around its name is known without them", () => {
  expect(parseAddresses("ann@example.com, boss", [" Boss "])).toEqual([{ address: "ann@example.com", role: "boss" }]);
});

describe("a table", () => {
  test("with headings is read by its columns", () => {
    const table = '\uFEFFName,E-Mail,Role\n"Lee, Ann",ann@example.com,Admin\nBen,ben@example.com,\nCat,cat,Boss\n';
    expect(parseAddresses(table, roles)).toEqual([
      { address: "ann@example.com", role: "Admin" },
      { address: "ben@example.com" },
      { address: "cat", role: "Boss" },
    ]);
  });

  test("may begin with empty lines and with a mark, have other columns, and rows that end too soon", () => {
    const table = "\n\n\uFEFFE-Mail,Phone,Town\nann@example.com,12,Bern\n\n";
    expect(parseAddresses(table, roles)).toEqual([{ address: "ann@example.com" }]);
    expect(parseAddresses("Name,E-Mail\nAnn\nBen,ben@example.com", roles)).toEqual([{ address: "ben@example.com" }]);
  });

  test("copied from a spreadsheet has tabs", () => {
    expect(parseAddresses("email\trole\nann@example.com\tAdmin", roles)).toEqual([
      { address: "ann@example.com", role: "Admin" },
    ]);
  });

  test("with nothing under its headings invites nobody", () => {
    expect(parseAddresses("E-mail,Role\n", roles)).toEqual([]);
  });
});

const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const address = fc.tuple(label, label).map(([name, host]) => `${name}@${host}.example`);
const separator = fc.constantFrom("\n", "\r\n", ",", ", ", ";", "\n\n", ",\n");
const name = fc.stringMatching(/^[A-Za-z ,.']{0,12}$/);

test("addresses come back in their order, however they are separated and named", () => {
  const written = fc.record({ address, separator, name: fc.option(name) });
  fc.assert(
    fc.property(fc.array(written, { maxLength: 20 }), (list) => {
      const text = list.map((one) =>
        one.name === null ? one.address + one.separator : `"${one.name}" <${one.address}>${one.separator}`,
      );
      expect(addressesIn(text.join(""))).toEqual(list.map((one) => one.address));
    }),
  );
});

test("any text is read, to entries that are not empty and stand in it", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(...'ab@.,;<>"\t\n \r', "Admin", "e-mail", "mailto:") }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const entry of addressesIn(text)) {
        expect(entry.trim()).not.toBe("");
        expect(text.replaceAll('"', "")).toContain(entry);
      }
    }),
    { numRuns: 300 },
  );
});

test("a long line without an end is read in a moment", () => {
  const began = performance.now();
  addressesIn('",<@ '.repeat(50_000));
  addressesIn(`${"a@".repeat(100_000)}<`);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("an address is one that Logto takes", () => {
  expect(["ann@example.com", "a.b+c@sub.example.co"].every(isAddress)).toBe(true);
  expect(["ann", "ann@", "@example.com", "ann@example", "a b@example.com", ""].some(isAddress)).toBe(false);
  expect(isAddress(`${"a".repeat(250)}@example.com`)).toBe(false);
});
