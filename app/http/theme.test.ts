import { expect, test } from "vitest";
import { themeCookie, themeOf } from "./theme";

test("a browser is shown what it was told to show, and else what the device has", () => {
  expect(themeOf("theme=dark")).toBe("dark");
  expect(themeOf("__session=a.b; theme=light; other=1")).toBe("light");
  for (const cookies of [undefined, null, "", "theme=", "theme=blue", "theme=darker", "mytheme=dark", "a=theme=dark"])
    expect(themeOf(cookies), String(cookies)).toBe("system");
});

test("the cookie is forgotten with the system's theme, and goes over https alone where there is https", () => {
  expect(themeCookie("dark", true)).toMatch(/^theme=dark; .*Max-Age=\d{8}; .*Secure$/);
  expect(themeCookie("light", false)).not.toContain("Secure");
  expect(themeCookie("system", false)).toContain("Max-Age=0");
});
