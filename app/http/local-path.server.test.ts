import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localPath } from "./local-path.server";

const app = "http://app.test";

describe("the path to return to after signing in", () => {
  it.each([
    ["/", "/"],
    ["/posts/17?page=2&q=a%0Ab#comments", "/posts/17?page=2&q=a%0Ab#comments"],
    ["/posts/../members", "/members"],
    ["/posts/a b/é", "/posts/a%20b/%C3%A9"],
    ["/posts/a%20b%2Fc", "/posts/a%20b%2Fc"],
    ["/posts?next=//eve.test", "/posts?next=//eve.test"],
    ["/a//b", "/a//b"],
  ])("may be %s", (value, path) => {
    expect(localPath(value)).toBe(path);
  });

  it.each([
    undefined,
    null,
    17,
    ["/posts"],
    "",
    "posts",
    "?q",
    "//eve.test",
    "///eve.test",
    "/\\eve.test",
    "\\/eve.test",
    "/\t/eve.test",
    "/\n/eve.test",
    " //eve.test",
    " /posts",
    "https:eve.test",
    "https://eve.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "/.//eve.test",
    "/..//eve.test",
    "/x/..//eve.test",
    "/%2e//eve.test",
    "/%2F/eve.test",
    "/%2Feve.test",
    "/%5Ceve.test",
    "/%5c%5ceve.test",
    "/%09/eve.test",
    "/%252Feve.test",
    "/%25252Feve.test",
    "%2F%2Feve.test",
    "/posts%0d%0aSet-Cookie:x=y",
    "/posts\r\nSet-Cookie: x=y",
    "/posts\0",
    "/posts\u0085x",
    "/%zz",
    `/${"a".repeat(2000)}`,
    `/${"é".repeat(400)}`,
  ])("is never %j", (value) => {
    expect(localPath(value)).toBeUndefined();
  });

  it("stays on the app for any text, however a browser or a library reads it", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "/",
        "\\",
        ".",
        "..",
        "%2f",
        "%5c",
        "%2e",
        "%09",
        "%25",
        "\t",
        "\n",
        "@",
        ":",
        "?",
        "#",
        "eve.test",
        "https:",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    let kept = 0;
    const stays = (value: string) => {
      const path = localPath(value);
      if (path === undefined) return;
      kept += 1;
      expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
      expect(new URL(path, app).origin).toBe(app);
      expect(new URL(decodeURIComponent(new URL(path, app).pathname), app).origin).toBe(app);
      expect(localPath(path)).toBe(path);
    };
    fc.assert(fc.property(text, stays), { numRuns: 5000 });
    fc.assert(
      fc.property(
        text.map((value) => `/${value}`),
        stays,
      ),
      { numRuns: 5000 },
    );
    expect(kept).toBeGreaterThan(500);
  });
});
