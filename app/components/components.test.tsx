import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { KeptForm, KeptText } from "./kept-form";
import { initialsOf } from "./organization-mark";
import { PageOrganization } from "./page-organization";
import { pageTitle } from "./page-title";
import { Time, utcText } from "./time";

test("an organization is known by two letters of its name, whatever the name is", () => {
  expect(initialsOf("Acme")).toBe("A");
  expect(initialsOf("Eve's organization")).toBe("EO");
  expect(initialsOf("umbrella research & development")).toBe("UR");
  expect(initialsOf("  Ōsaka-Øst ")).toBe("ŌØ");
  expect(initialsOf("🌱 garden")).toBe("G");
  expect(initialsOf("!!!")).toBe("•");
});

test("the server writes a moment in UTC, the same for everybody", () => {
  const moment = new Date("2026-03-09T04:05:06.789Z");
  expect(utcText(moment)).toBe("9 Mar 2026, 04:05 UTC");
  expect(renderToStaticMarkup(<Time at={moment} />)).toMatch(
    /^<time dateTime="2026-03-09T04:05:06.789Z" title="2026-03-09T04:05:06.789Z" [^>]*>9 Mar 2026, 04:05 UTC<\/time>$/,
  );
});

test("a title says what the page is and whose", () => {
  expect(pageTitle("Posts", { name: "Acme" })).toBe("Posts · Acme");
  expect(pageTitle("Sign in")).toBe("Sign in · Atrium");
});

const kept = {
  action: "/posts/new",
  fields: [
    ["title", "<b>"],
    ["body", "one\ntwo"],
    ["version", "3"],
  ] as [string, string][],
};

test("what Bob typed is sent again as it was, for the organization he typed it for", () => {
  const inGlobex = (form: typeof kept) =>
    renderToStaticMarkup(
      createElement(PageOrganization.Provider, { value: "globex" }, <KeptForm kept={form}>Send</KeptForm>),
    );
  expect(inGlobex(kept)).toContain('<input type="hidden" name="title" value="&lt;b&gt;"/>');
  expect(inGlobex(kept)).toContain('name="body" value="one\ntwo"');
  expect(inGlobex(kept)).toContain('name="_organization" value="globex"');
  const forAcme = inGlobex({ ...kept, fields: [["_organization", "acme"], ...kept.fields] });
  expect(forAcme).toContain('name="_organization" value="acme"');
  expect(forAcme).not.toContain("globex");
});

test("what Bob typed can be read, and what a form carries for itself is left out", () => {
  const shown = renderToStaticMarkup(<KeptText kept={kept} />);
  expect(shown).toContain("&lt;b&gt;");
  expect(shown).toMatch(/Text<\/dt><dd[^>]*>one\ntwo</);
  expect(shown).not.toContain("ersion");
});
