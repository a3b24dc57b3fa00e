// A thousand forms to the actions of organizations, by somebody who is in two of them and founds more.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import { header } from "../ask";
import type { PlainDatabase, Row } from "../database";
import type { Organization } from "../../operator";
import { expect, test } from "../suite";
import { enter, type Visitor } from "../visitor";
import type { Attempt, Form, Refused } from "./attempts";
import { fuzz, share, type Target } from "./fuzz";
import { asKept, rightText, typeable, wrongText } from "./texts";

test.describe.configure({ mode: "default", timeout: 180_000 });

const nameLimit = 128;
const key = fc.uuid();
const unlisted: fc.Arbitrary<Refused> = fc.constantFrom("x".repeat(65), "", undefined).map((organization) => ({
  fields: { organization },
  status: 400,
}));

/** What a refusal keeps, as another page may have made it. */
const kept = fc.oneof(
  typeable,
  fc
    .record({
      action: fc.constantFrom("/posts/new", "//evil.example", "javascript:alert(1)", "/posts/x/edit?a=b"),
      title: typeable,
    })
    .map(({ action, title }) => JSON.stringify({ action, fields: [["title", title]] })),
);

interface Place {
  olga: Visitor;
  userId: string;
  initech: Organization;
  hooli: Organization;
  elsewhere: Organization;
  database: PlainDatabase;
}

const formsOf = ({ initech, hooli, elsewhere }: Place): Partial<Record<OperationName, Form>> => ({
  "organizations.create": {
    ofPage: false,
    isRead: true,
    names: ["name", "key"],
    // Logto counts UTF-16 units; each of these makes an organization there.
    right: fc.record({ name: rightText(nameLimit).filter((name) => name.length <= nameLimit), key }),
    rightOnes: 3,
    refused: fc.oneof(
      wrongText(nameLimit).map((name) => ({ fields: { name }, status: 422 })),
      fc.constant({ fields: { name: "\u{1F424}".repeat(65) }, status: 422 }),
      fc
        .constantFrom(undefined, "", "short", "x".repeat(65), "with space")
        .map((wrong) => ({ fields: { key: wrong }, status: 422 })),
    ),
  },
  "organizations.switch": {
    ofPage: false,
    isRead: true,
    rightOnes: 20, // each makes the app ask Logto anew
    names: ["organization", "returnTo", "kept"],
    right: fc.record(
      {
        organization: fc.constantFrom(initech.id, hooli.id),
        returnTo: fc.oneof(
          typeable,
          fc.constantFrom("//evil.example", "/\\evil.example", "/posts/x", "/posts/new?a=b"),
        ),
        kept,
      },
      { requiredKeys: ["organization"] },
    ),
    refused: fc.oneof(
      unlisted,
      fc
        .constantFrom(elsewhere.id, "0123456789ab", "__proto__", "x")
        .map((organization) => ({ fields: { organization }, status: 404 })),
    ),
  },
  "organizations.first": { ofPage: false, isRead: false, names: [], right: fc.constant({}) },
});

const runs: [OperationName, number][] = [
  ["organizations.create", 500],
  ["organizations.switch", 400],
  ["organizations.first", 100],
];

for (const [operation, count] of runs) {
  test(`${count} forms to ${operation} reach Olga's own organizations alone`, async ({
    world,
    operator,
    cast,
    database,
  }) => {
    const initech = await operator.makeOrganization("Initech");
    const hooli = await operator.makeOrganization("Hooli");
    const person = await operator.makePerson("Olga", [initech, "Admin"], [hooli, "Collaborator"]);
    const olga = await enter(world.baseUrl, person, initech);
    const userId = String(database.rows("select id from users where email = ?", person.email)[0]?.id);
    const place: Place = { olga, userId, initech, hooli, elsewhere: cast.elsewhere, database };
    const target = targetOf(place, world.baseUrl, operation);

    const tally = await fuzz(target, count);
    test.info().annotations.push({ type: "answers", description: JSON.stringify(tally) });
    expect(share(tally, "right", 302, 202, 200), "accepted").toBeGreaterThan(
      operation === "organizations.create" ? 0.01 : 0.15,
    );
    if (target.form.refused) expect(share(tally, "refused", 400, 404, 422), "refused").toBeGreaterThan(0.2);
    if (target.form.isRead) expect(share(tally, "unreadable", 400, 413, 415), "not readable").toBeGreaterThan(0.02);
  });
}

function targetOf(place: Place, baseUrl: string, operation: OperationName): Target {
  const { olga, userId, initech, hooli, elsewhere, database } = place;
  const form = formsOf(place)[operation];
  if (!form) throw new Error(`${operation} is not known here`);
  const founded = () => database.rows("select organization_id as id from new_organizations where user_id = ?", userId);
  return {
    operation,
    form,
    visitor: olga,
    baseUrl,
    database,
    own: () => ({ organizations: [initech.id, hooli.id, ...founded().map(({ id }) => String(id))], person: userId }),
    loot: [elsewhere.id, userId],
    foreign: [elsewhere.id],
    ids: {},
    async taken(attempt, send) {
      const before = founded().length;
      const answer = await send(attempt, {});
      if (operation === "organizations.create") {
        const twin: Attempt = {
          ...attempt,
          extras: [],
          fields: attempt.fields.map(([name, value]) => [name, name === "key" ? `${value}-x` : value]),
        };
        await send(twin, {});
        await send(attempt, {});
        expect(founded().length, "a form that is sent twice founds one").toBe(before + 2);
        expectFounded(database, userId, attempt, twin);
      }
      if (operation === "organizations.switch") expectMoved(database, userId, attempt);
      const location = header(answer, "location");
      if (location) expect(location, "leads into the app").toMatch(/^\/(posts|organizations)(\/new)?$/);
      const page = await olga.read(paths.posts);
      expect(page.status).toBe(200);
      return answer.status === 200 ? { ...answer, status: attempt.as === "data" ? 202 : 302 } : answer;
    },
  };
}

function founding(database: PlainDatabase, userId: string, { fields }: Attempt): Row | undefined {
  const typed = Object.fromEntries(fields);
  const [row] = database.rows(
    `select new_organizations.name as ordered, organizations.name, finished_at is not null as finished, user_id
     from new_organizations join organizations on organizations.id = organization_id where user_id = ? and key = ?`,
    userId,
    `form ${String(typed.key)}`,
  );
  return row;
}

function expectFounded(database: PlainDatabase, userId: string, attempt: Attempt, twin: Attempt): void {
  const name = asKept(String(Object.fromEntries(attempt.fields).name)).trim();
  const row = founding(database, userId, attempt);
  expect(row).toEqual({ ordered: name, name, finished: 1, user_id: userId });
  expect(founding(database, userId, twin), "the same as without the extra fields").toEqual(row);
}

function expectMoved(database: PlainDatabase, userId: string, { fields }: Attempt): void {
  const { organization } = Object.fromEntries(fields);
  const sessions = database.rows("select organization_id from sessions where user_id = ?", userId);
  expect(sessions).toEqual([{ organization_id: organization }]);
}
