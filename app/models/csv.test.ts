import { expect, test } from "vitest";
import { writeCsv } from "./csv";

test("cells with commas, quotes and line breaks stay one cell", () => {
  expect(
    writeCsv([
      ["a", 1],
      ['say "hi", twice', "two\nlines"],
    ]),
  ).toBe('a,1\r\n"say ""hi"", twice","two\nlines"\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")'])(
  "%j is a text to a spreadsheet, not a formula",
  (text) => {
    expect(writeCsv([[text]])).toMatch(/^"'/);
    expect(writeCsv([[`a${text}`]]), "in the middle it is harmless").not.toContain("'");
  },
);

test("a number is a number", () => expect(writeCsv([[-5]])).toBe("-5\r\n"));
