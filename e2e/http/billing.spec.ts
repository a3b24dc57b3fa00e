// Billing over HTTP: another organization's invoices do not exist, and forms that no page sends change nothing.
import { paths } from "../../app/paths";
import { header, told } from "./ask";
import { everyAnswer, never } from "./every-answer";
import { billedTo } from "./operations";
import { expect, test } from "./subjects";
import { transports } from "./visitor";

test.describe.configure({ mode: "default" });

test("Bob in Globex is told the same of Acme's invoice as of one that never was", async ({
  cast,
  database,
  invoiceOf,
}) => {
  const { acme, globex, bobInGlobex } = cast;
  const [theirs, unknown] = [invoiceOf(acme), never()];
  const before = database.checksumBeside({ organizations: [] });
  const expected = await everyAnswer(bobInGlobex, "billing.invoice", { invoiceId: unknown });
  expect(expected[0]?.status).toBe(404);
  const answers = await everyAnswer(bobInGlobex, "billing.invoice", { invoiceId: theirs });
  expect(answers.map((answer) => told(answer, theirs))).toEqual(expected.map((answer) => told(answer, unknown)));
  for (const malformed of ["x", "null", "__proto__", "%00", "a".repeat(600), "%F0%9F%90%A4"])
    expect((await bobInGlobex.read(paths.invoice(malformed))).status, malformed).toBe(404);
  expect(database.checksumBeside({ organizations: [] }), "nothing was written").toBe(before);
  for (const as of transports)
    expect((await bobInGlobex.read(paths.invoice(invoiceOf(globex)), as)).status, "his own").toBe(200);
});

test("Ada's invoices as CSV are a file, and Acme's alone", async ({ cast, database }) => {
  const answer = await cast.ada.read(paths.invoicesCsv);
  expect(answer.status).toBe(200);
  expect(header(answer, "content-type")).toBe("text/csv; charset=utf-8");
  expect(header(answer, "content-disposition")).toContain('filename="invoices.csv"');
  const [{ n } = { n: 0 }] = database.rows(
    "select count(*) as n from invoices where logto_organization_id = ?",
    cast.acme.id,
  );
  expect(answer.text.trim().split("\r\n")).toHaveLength(Number(n) + 1);
});

test("odd pages and plans in the address show a page, and change nothing", async ({ cast: { ada }, database }) => {
  const before = database.checksumBeside({ organizations: [] });
  for (const page of ["0", "-1", "1e9", "99999", "x", "__proto__"])
    expect((await ada.read(`${paths.invoices}?page=${page}`)).status, page).toBe(200);
  for (const plan of ["", "gold", "__proto__", "constructor", "FREE", "%00"])
    expect((await ada.read(`${paths.plan()}?to=${plan}`)).status, plan).toBe(200);
  expect(database.checksumBeside({ organizations: [] })).toBe(before);
});

test("forms that are not right get a sentence, and write nothing", async ({ cast: { ada }, database }) => {
  const before = database.checksumBeside({ organizations: [] });
  const plans: Record<string, string>[] = [
    {},
    { plan: "gold", basis: "none" },
    { plan: "team" },
    { plan: "team", basis: "x".repeat(65) },
  ];
  for (const plan of plans) expect((await ada.submit(paths.plan(), plan)).status).toBe(400);
  const wrong: Record<string, string>[] = [
    { company: "" },
    { company: "x".repeat(121) },
    { line1: "two\nlines" },
    { city: "\u2028" },
    { country: "XX" },
    { country: "gb" },
    { email: "nobody" },
    { email: `${"a".repeat(250)}@example.com` },
    { version: "-1" },
    { version: "1.5" },
    { version: "NaN" },
  ];
  for (const fields of wrong) {
    const answer = await ada.submit(paths.billingDetails, { ...billedTo, version: "1", ...fields });
    expect(answer.status, JSON.stringify(fields)).toBe(422);
    expect(answer.text, "what was typed is kept").toContain(fields.line1 ? "two" : billedTo.line1);
  }
  const stale = await ada.submit(paths.billingDetails, { ...billedTo, company: "Another", version: "99" });
  expect(stale.status).toBe(409);
  const overtaken = await ada.submit(paths.plan(), { plan: "team", basis: "free 1999-01-01" });
  expect(overtaken.status).toBe(409);
  expect(database.checksumBeside({ organizations: [] })).toBe(before);
});
