// Forms to the settings, by somebody who may do all of it in one organization and nothing elsewhere.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { expect, test } from "../subjects";
import { enter } from "../visitor";
import type { Form, Refused } from "./attempts";
import type { Value } from "./encoding";
import { fuzz, share } from "./fuzz";
import { asKept } from "./texts";

test.describe.configure({ mode: "default", timeout: 180_000 });

const inOrganization = { ofPage: true, isRead: true, rightOnes: 10 };
const wrong = (status: number, ...fields: Record<string, Value | undefined>[]): fc.Arbitrary<Refused> =>
  fc.constantFrom(...fields.map((one) => ({ fields: one, status })));

const formsFor = (roleId: string): Partial<Record<OperationName, Form>> => ({
  "settings.name": {
    ...inOrganization,
    names: ["name"],
    right: fc.record({
      name: fc.constantFrom("Initech", "Umbrella & Sons", "  Ōsaka 🌱 ", "<b>bold</b>", "' or 1=1 --"),
    }),
    refused: wrong(
      422,
      { name: undefined },
      { name: "" },
      { name: "   " },
      { name: "x".repeat(129) },
      { name: "🌱".repeat(65) },
    ),
  },
  "settings.colour": {
    ...inOrganization,
    names: ["colour"],
    right: fc.record({ colour: fc.constantFrom("0", "7", "11") }),
    refused: wrong(400, ...[undefined, "", "12", "-1", "1.5", "01", "NaN", "1e1"].map((colour) => ({ colour }))),
  },
  "settings.invitations": {
    ...inOrganization,
    names: ["role", "days"],
    right: fc.record({ role: fc.constant(roleId), days: fc.constantFrom("1", "30") }),
    refused: wrong(
      422,
      ...[undefined, "", "0", "31", "1.5", "1e309", "seven"].map((days) => ({ days })),
      ...[undefined, "", "Admin", "__proto__", "x".repeat(65)].map((role) => ({ role })),
    ),
  },
  "settings.domains": {
    ...inOrganization,
    names: ["domains"],
    right: fc.record({ domains: fc.constantFrom("example.com", "@Example.org,\nsub.example.org", "münchen.example") }),
    refused: wrong(
      422,
      { domains: undefined },
      { domains: "no domain" },
      { domains: "a@example.com" },
      { domains: "x".repeat(5_001) },
    ),
  },
  "settings.delete": {
    ...inOrganization,
    names: ["name"],
    right: fc.constant({ name: "Initech" }),
    refused: wrong(
      422,
      { name: undefined },
      { name: "" },
      { name: "initech" },
      { name: "__proto__" },
      { name: "x".repeat(201) },
    ),
  },
  "settings.delete.undo": { ...inOrganization, names: [], right: fc.constant({}) },
  "settings.export.ask": { ...inOrganization, names: [], right: fc.constant({}) },
});

for (const operation of Object.keys(formsFor("")) as OperationName[]) {
  test(`60 forms to ${operation} do what they say in Olga's organization, or nothing`, async ({
    world,
    operator,
    cast: { globex, people },
    database,
    logto,
  }) => {
    const initech = await operator.makeOrganization("Initech");
    const person = await operator.makePerson("Olga", [initech, "Admin"]);
    const olga = await enter(world.baseUrl, person, initech);
    const form = formsFor(await logto.roleId("Collaborator"))[operation];
    if (!form) throw new Error(`${operation} is not known here`);
    const one = (sql: string) => database.rows(sql, initech.id)[0];
    const settings = () => one("select * from organization_settings where logto_organization_id = ?");
    const tally = await fuzz(
      {
        ...{ operation, form, visitor: olga, baseUrl: world.baseUrl, database, ids: {} },
        own: () => ({ organizations: [initech.id] }),
        loot: [globex.id, people.cleo.id],
        foreign: [globex.id, "0123456789ab"],
        onlyRightWrites: true,
        hidden: [globex.name, "Cleo"],
        async taken(attempt, send) {
          const answer = await send(attempt, {});
          const typed = Object.fromEntries(attempt.fields.map(([name, value]) => [name, asKept(String(value))]));
          if (operation === "settings.name")
            expect(one("select name from organizations where id = ?")?.name).toBe(typed.name?.trim());
          if (operation === "settings.colour") expect(settings()?.colour).toBe(Number(typed.colour));
          if (operation === "settings.invitations")
            expect(settings()).toMatchObject({ invitation_role_id: typed.role, invitation_days: Number(typed.days) });
          if (operation === "settings.delete") expect(settings()?.deletes_at).toBeGreaterThan(Date.now());
          return answer;
        },
      },
      60,
    );
    expect(share(tally, "right", 302, 202), "accepted").toBeGreaterThan(0);
    expect(share(tally, "unreadable", 400, 413, 415), "not readable").toBeGreaterThan(0);
  });
}
