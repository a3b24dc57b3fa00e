// The audit log over HTTP: every operation that changes something of an organization writes a line, and so does whoever may not.
import { policy, type OperationName } from "../../app/auth/policy";
import { paths } from "../../app/paths";
import { header } from "./ask";
import type { PlainDatabase } from "./database";
import { formFor, operations, pathOf, type Ids } from "./operations";
import { expect, test, type SubjectFixtures } from "./subjects";
import { writePost, type Cast } from "./suite";
import { enter, type Visitor } from "./visitor";

test.describe.configure({ mode: "default" });

/** Those that change nothing of an organization, each with its reason. */
const excepted: Partial<Record<OperationName, string>> = {
  "events.confirm": "a page says that it has read a change, and nothing is changed by it",
};

const changing = operations.filter(
  ({ name, method, permission }) => method === "POST" && permission.includes(":") && !(name in excepted),
);

/** How many lines the log of an organization has of an action, with the refusals that share one. */
function lines(database: PlainDatabase, organizationId: string, action: string, result = "%") {
  const [written] = database.rows(
    "select coalesce(sum(times), 0) as n from audit_events where logto_organization_id = ? and action = ? and result like ?",
    ...[organizationId, action, result],
  );
  const [held] = database.rows(
    "select coalesce(sum(held), 0) as n from audit_refusals where logto_organization_id = ? and action = ?",
    ...[organizationId, action],
  );
  return Number(written?.n) + (result === "done" ? 0 : Number(held?.n));
}

interface Fixtures extends Pick<SubjectFixtures, "subject" | "colleague"> {
  cast: Cast;
  baseUrl: string;
}

/** Whoever may do it, and something that they can do it to. */
async function rightful(operation: OperationName, fixtures: Fixtures): Promise<{ visitor: Visitor; ids: Ids }> {
  const { cast, baseUrl, subject, colleague } = fixtures;
  if (operation === "members.leave") {
    const visitor = await enter(baseUrl, await colleague(cast.acme), cast.acme);
    return { visitor, ids: {} };
  }
  const ids = await subject(cast.ada, operation);
  if (operation !== "posts.publish") return { visitor: cast.ada, ids };
  return { visitor: cast.ada, ids: { postId: await writePost(cast.ada, { status: "draft" }) } };
}

for (const { name: operation } of changing) {
  test(`${operation} writes what was done`, async ({ world, cast, database, subject, colleague }) => {
    const { visitor, ids } = await rightful(operation, { cast, baseUrl: world.baseUrl, subject, colleague });
    const before = lines(database, cast.acme.id, operation, "done");
    const answer = await visitor.submit(pathOf(operation, ids), formFor(operation, ids));
    expect([200, 302]).toContain(answer.status);
    expect(lines(database, cast.acme.id, operation, "done")).toBe(before + 1);
    const [last] = database.rows(
      "select actor_name, address, result from audit_events where logto_organization_id = ? and action = ? order by at desc, rowid desc limit 1",
      ...[cast.acme.id, operation],
    );
    expect(last).toMatchObject({ actor_name: visitor.name, result: "done" });
    expect(last?.address, "from where").toMatch(/127\.0\.0\.1|::1/);
  });
}

const beyondBob = changing.filter(
  ({ permission }) => !["read:posts", "write:posts", "read:members"].includes(permission),
);

for (const { name: operation } of beyondBob) {
  test(`${operation} writes that Bob was refused`, async ({ cast, database, subject }) => {
    const ids = await subject(cast.ada, operation);
    const before = lines(database, cast.acme.id, operation, "refused");
    const elsewhere = lines(database, cast.globex.id, operation);
    const answer = await cast.bobInAcme.submit(pathOf(operation, ids), formFor(operation, ids));
    expect(answer.status).toBe(403);
    expect(lines(database, cast.acme.id, operation, "refused")).toBe(before + 1);
    expect(lines(database, cast.globex.id, operation), "in the log of no other organization").toBe(elsewhere);
  });
}

test.describe("what cannot be asked for", () => {
  const faulty = ["from=2026-02-30", "to=soon", "action=none", "result=%00", `actor=${"a".repeat(65)}`];
  const tooLong = `target=${"a".repeat(4_000)}`;

  for (const query of [...faulty, tooLong, "from=2026-06-02&to=2026-06-01"])
    test(`${query.slice(0, 40)} is told in a sentence, as a page and as files`, async ({ cast: { ada } }) => {
      for (const path of [paths.audit, paths.auditCsv, paths.auditJson]) {
        const answer = await ada.read(`${path}?${query}`);
        expect(answer.status, path).toBe(400);
        expect(answer.text, path).toMatch(
          /This is no day|The log has no such|nobody of this list|Use at most 200|The last day is before/,
        );
      }
    });

  test("a cursor that nobody made is the first page, and days that can be are taken", async ({ cast: { ada } }) => {
    for (const query of ["before=x", "before=MTIzIGFiYw", "before=%00", "from=0001-01-01&to=9999-12-31", "from="])
      expect((await ada.read(`${paths.audit}?${query}`)).status, query).toBe(200);
  });
});

test("the files hold Acme's lines and nobody else's, and are not kept by anybody on the way", async ({ cast }) => {
  const { ada, bobInGlobex } = cast;
  await writePost(bobInGlobex, { title: "Only Globex reads this" });
  await writePost(ada, { title: "Only Acme reads this" });
  for (const [path, type] of [
    [paths.auditCsv, "text/csv; charset=utf-8"],
    [paths.auditJson, "application/json; charset=utf-8"],
  ] as const) {
    const answer = await ada.read(path);
    expect(header(answer, "content-type")).toBe(type);
    expect(header(answer, "content-disposition")).toMatch(/^attachment; filename="Acme-over-HTTP[\w.-]*"$/);
    expect(header(answer, "cache-control")).toContain("no-store");
    expect(answer.text).toContain("Only Acme reads this");
    expect(answer.text).not.toContain("Only Globex reads this");
  }
});

test("the policy has operations of both kinds", () => {
  expect(changing.map(({ name }) => name)).toEqual(expect.arrayContaining(["posts.create", "members.role"]));
  expect(beyondBob.length).toBeGreaterThan(5);
  for (const name of Object.keys(excepted)) expect(policy).toHaveProperty([name]);
});
