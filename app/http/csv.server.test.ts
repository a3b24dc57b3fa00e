import { describe, expect, test } from "vitest";
import { csvRow } from "./csv.server";

describe("a row of CSV", () => {
  test("is its values with commas between them, and nothing for none", () => {
    expect(csvRow(["a", 1, null, "b"])).toBe("a,1,,b\r\n");
  });

  test("quotes what would end a cell or a row", () => {
    expect(csvRow(['He said "no"', "a,b", "a\nb", "a\rb"])).toBe('"He said ""no""","a,b","a\nb","a\rb"\r\n');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("runs nothing: %j is a text", (typed) => {
    expect(csvRow([typed]).replaceAll('"', "")).toBe(`'${typed}\r\n`);
  });

  test("leaves alone what is harmless: a minus inside, and numbers", () => {
    expect(csvRow(["a-b", -1, "2026-01-01"])).toBe("a-b,-1,2026-01-01\r\n");
  });
});
