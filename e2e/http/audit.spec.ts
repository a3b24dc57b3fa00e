// The audit log over HTTP: every operation that changes something of an organization writes a line, and so does whoever may not.
import { randomUUID } from "node:crypto";
import type { OperationName } from "../../app/auth/policy";
import type { AuditAction } from "../../app/models/audit-actions";
import { paths } from "../../app/paths";
import { Walker } from "../walker";
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
  "auth.sign-out": "one's own session",
  "organizations.switch": "one's own session",
  "account.theme": "one's own browser",
  "account.sessions.end": "one's own sessions",
  "account.sessions.end-others": "one's own sessions",
  "webhooks.logto": "what was changed at Logto is in Logto's own log",
};

/** What somebody does who is in no organization, or in another one, and what the log of the organization calls it. */
const fromOutside = {
  "join.accept": "join.accept",
  "join.decline": "join.decline",
  "join.ask": "join.ask",
  "waiting.accept": "join.accept",
  "waiting.decline": "join.decline",
} as const satisfies Partial<Record<OperationName, AuditAction>>;

/** Looked at by tests of their own. */
const byThemselves: OperationName[] = ["organizations.create", "organizations.first", "account.delete"];

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

for (const [operation, action] of Object.entries(fromOutside) as [keyof typeof fromOutside, AuditAction][]) {
  test(`${operation} from outside writes what was done`, async ({
    world,
    cast,
    database,
    logto,
    colleague,
    invite,
  }) => {
    const { acme, elsewhere, ada } = cast;
    const person = await colleague(elsewhere);
    const nora = await enter(world.baseUrl, person, elsewhere);
    const { token, invitationId } = await invite(ada, operation === "join.ask" ? {} : { address: nora.email });
    const before = lines(database, acme.id, action, "done");
    const answer = await nora.submit(pathOf(operation, { token }), formFor(operation, { invitationId }));
    expect(answer.status).toBe(302);
    expect(lines(database, acme.id, action, "done")).toBe(before + 1);
    const [last] = database.rows(
      "select actor_email, target_id, address from audit_events where logto_organization_id = ? and action = ? and result = 'done' order by rowid desc limit 1",
      ...[acme.id, action],
    );
    expect(last).toMatchObject({ actor_email: nora.email, target_id: invitationId });
    expect(last?.address, "from where").toMatch(/127\.0\.0\.1|::1/);
    if (person.id in (await logto.membersOf(acme))) await logto.removeMember(acme, person.id);
  });
}

test("organizations.create and organizations.first begin the log of what they make", async ({
  world,
  operator,
  cast: { elsewhere },
  colleague,
  database,
}) => {
  const begun = (email: string) =>
    database.rows("select action, target_name, result from audit_events where actor_email = ?", email);
  const nora = await colleague(elsewhere);
  const visitor = await enter(world.baseUrl, nora, elsewhere);
  await visitor.submit(paths.newOrganization, { name: "A second one", key: randomUUID() });
  expect(begun(nora.email)).toEqual([{ action: "organizations.create", target_name: "A second one", result: "done" }]);
  const fred = await operator.makePerson("Fred");
  await new Walker(world.baseUrl).signIn(fred);
  expect(begun(fred.email)).toEqual([
    { action: "organizations.first", target_name: "Fred's organization", result: "done" },
  ]);
});

test("account.delete writes into the log of each organization that goes on", async ({
  world,
  operator,
  cast: { acme },
  database,
}) => {
  const fay = await operator.makePerson("Fay", [acme, "Collaborator"]);
  const visitor = await enter(world.baseUrl, fay, acme);
  const before = lines(database, acme.id, "account.left", "done");
  expect((await visitor.submit(paths.deleteAccount, { confirmation: fay.email })).status).toBe(302);
  await expect.poll(() => lines(database, acme.id, "account.left", "done")).toBe(before + 1);
});

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

test("no operation of the policy is forgotten", () => {
  expect(changing.map(({ name }) => name)).toEqual(expect.arrayContaining(["posts.create", "members.role"]));
  expect(beyondBob.length).toBeGreaterThan(5);
  const lookedAt = [
    ...changing.map(({ name }) => name),
    ...Object.keys({ ...excepted, ...fromOutside }),
    ...byThemselves,
  ];
  const sent = operations.filter(({ method }) => method === "POST").map(({ name }) => name);
  expect(lookedAt.toSorted(), "each form is looked at here, or excepted with a reason").toEqual(sent.toSorted());
});
