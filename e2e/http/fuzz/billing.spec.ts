// Forms to billing, by somebody who looks after it in one organization and has nothing elsewhere.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import type { Row } from "../database";
import { expect, test } from "../subjects";
import { billedTo } from "../operations";
import { enter } from "../visitor";
import type { Form, Refused } from "./attempts";
import type { Field } from "./encoding";
import { fuzz, share } from "./fuzz";
import { asKept, typeable } from "./texts";

test.describe.configure({ mode: "default", timeout: 180_000 });

const inOrganization = { ofPage: true, isRead: true, rightOnes: 15 };

/** As a field of one line takes it, of at most so many characters. */
const isLine = (text: string) => /^[^\p{Cc}\u2028\u2029]*$/u.test(asKept(text).trim());
const line = (limit: number) => typeable.filter((text) => isLine(text) && text.length <= limit);
const needed = (limit: number) =>
  typeable
    .filter((text) => text.length <= limit - 2)
    .map((text) => `${text} x`)
    .filter(isLine);

/** Those that may be left empty, but have to come. */
const optional = { line2: 160, postalCode: 20, taxId: 40, purchaseOrder: 40 };
const limits = { company: 120, line1: 160, city: 120, ...optional };

const tooLong = Object.entries(limits).map(([name, limit]) => ({ [name]: "x".repeat(limit + 1) }));
const twoLines = Object.keys(limits).map((name) => ({ [name]: "one\ntwo" }));
const notSent = [...Object.keys(billedTo), "version"].map((name) => ({ [name]: undefined }));
const emptied = ["company", "line1", "city", "country", "email", "version"].map((name) => ({ [name]: "" }));
const odd = [
  ...["XX", "gb", "__proto__", "GBR"].map((country) => ({ country })),
  ...["nobody", "a@b", `${"a".repeat(250)}@example.com`].map((email) => ({ email })),
  ...["-1", "1.5", "NaN", "1e309", "one"].map((version) => ({ version })),
];

const forms: Partial<Record<OperationName, Form>> = {
  "billing.details": {
    ...inOrganization,
    names: [...Object.keys(billedTo), "version"],
    right: fc.record({
      company: needed(limits.company),
      line1: needed(limits.line1),
      line2: fc.oneof(fc.constant(""), line(limits.line2)),
      postalCode: fc.oneof(fc.constant(""), line(limits.postalCode)),
      city: needed(limits.city),
      country: fc.constantFrom("GB", "DE", "JP"),
      taxId: fc.oneof(fc.constant(""), line(limits.taxId)),
      email: fc.constantFrom("billing@example.com", "o'hara+invoices@example.com"),
      purchaseOrder: fc.oneof(fc.constant(""), line(limits.purchaseOrder)),
      version: fc.constant("0"),
    }),
    refused: fc.oneof(
      fc.constantFrom<Refused>(
        ...[...tooLong, ...twoLines, ...notSent, ...emptied, ...odd].map((fields) => ({ fields, status: 422 })),
      ),
      fc.constant<Refused>({ fields: { version: "999" }, status: 409 }),
    ),
  },
  "billing.plan": {
    ...inOrganization,
    names: ["plan", "basis"],
    right: fc.record({ plan: fc.constantFrom("free", "team", "business"), basis: fc.constant("none") }),
    refused: fc.oneof(
      fc.constantFrom<Refused>(
        ...[undefined, "", "gold", "Free", "__proto__", "constructor"].map((plan) => ({
          fields: { plan },
          status: 400,
        })),
        ...[undefined, "", "x".repeat(65)].map((basis) => ({ fields: { basis }, status: 400 })),
      ),
      // The plan that is chosen already is no mistake, whatever the page was made on.
      fc.constant<Refused>({ fields: { basis: "free 1999-01-01" }, status: [409, 302, 202] }),
    ),
  },
};

const replaced = (fields: Field[], name: string, value: string): Field[] => [
  ...fields.filter(([other]) => other !== name),
  [name, value],
];

for (const [operation, form] of Object.entries(forms) as [OperationName, Form][]) {
  test(`100 forms to ${operation} change the billing of Olga's organization as they say, or nothing`, async ({
    world,
    operator,
    cast: { globex, people },
    database,
  }) => {
    const initech = await operator.makeOrganization("Initech");
    const olga = await enter(world.baseUrl, await operator.makePerson("Olga", [initech, "Admin"]), initech);
    const newest = (table: string, order: string): Row | undefined =>
      database.rows(
        `select * from ${table} where logto_organization_id = ? order by ${order} desc limit 1`,
        initech.id,
      )[0];
    const details = () => newest("billing_details", "version");
    const choice = () => newest("plan_choices", "starts_on");
    // Only where something is saved can a form have been made on something else.
    expect((await olga.submit(paths.billingDetails, { ...billedTo, version: "0" })).status).toBe(302);
    const tally = await fuzz(
      {
        ...{ operation, form, visitor: olga, baseUrl: world.baseUrl, database, ids: {} },
        own: () => ({ organizations: [initech.id] }),
        loot: [globex.id, people.cleo.id],
        foreign: [globex.id, "0123456789ab"],
        onlyRightWrites: true,
        hidden: [globex.name, "Cleo"],
        async taken(attempt, send) {
          const now = choice();
          const [name, value] =
            operation === "billing.plan"
              ? ["basis", now ? `${now.plan} ${now.starts_on}` : "none"]
              : ["version", String(details()?.version ?? 0)];
          const answer = await send({ ...attempt, fields: replaced(attempt.fields, name, value) }, {});
          const typed = Object.fromEntries(attempt.fields.map(([field, text]) => [field, asKept(String(text)).trim()]));
          if (operation === "billing.plan") expect(choice()?.plan ?? "free").toBe(typed.plan);
          else
            expect(details()).toMatchObject({
              ...{ company: typed.company, line1: typed.line1, line2: typed.line2, postal_code: typed.postalCode },
              ...{ city: typed.city, country: typed.country, tax_id: typed.taxId, email: typed.email },
              purchase_order: typed.purchaseOrder,
            });
          return answer;
        },
      },
      100,
    );
    test.info().annotations.push({ type: "answers", description: JSON.stringify(tally) });
    expect(share(tally, "right", 302, 202), "accepted").toBeGreaterThan(0);
    expect(share(tally, "refused", 400, 409, 422), "refused").toBeGreaterThan(0.1);
    expect(share(tally, "unreadable", 400, 413, 415), "not readable").toBeGreaterThan(0);
  });
}
