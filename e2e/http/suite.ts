// What every test over HTTP stands on: the cast in organizations of their own, the database as a plain file, and a log that tells no secrets.
import { readFileSync, statSync } from "node:fs";
import { paths } from "../../app/paths";
import { openStore } from "../../db";
import { seedBilling } from "../../scripts/cast-billing";
import { test as base, expect } from "../journey";
import type { Organization, Person } from "../operator";
import { header, type Answer } from "./ask";
import { openPlain, type PlainDatabase } from "./database";
import { bugsIn, secretsIn } from "./log";
import { billedTo } from "./operations";
import { createVisitor, enter, type Visitor } from "./visitor";

export { expect } from "../journey";
export { canary } from "./log";

export interface Cast {
  acme: Organization;
  globex: Organization;
  /** Eve's own. */
  elsewhere: Organization;
  people: Record<"ada" | "bob" | "cleo" | "eve", Person>;
  ada: Visitor;
  bobInAcme: Visitor;
  bobInGlobex: Visitor;
  cleo: Visitor;
  eve: Visitor;
  anonymous: Visitor;
}

interface SuiteFixtures {
  /** The demo cast's roles, made anew: what these tests write is in nobody else's way. Each organization is on Business. */
  cast: Cast;
  database: PlainDatabase;
}

export const test = base.extend<{ quietLog: void }, SuiteFixtures>({
  cast: [
    async ({ world, operator }, use) => {
      const [acme, globex, elsewhere] = await Promise.all(
        ["Acme", "Globex", "Elsewhere"].map((name) => operator.makeOrganization(`${name} over HTTP`)),
      );
      if (!acme || !globex || !elsewhere) throw new Error("The organizations were not made");
      await putOnBusiness(world.databaseFile, acme, globex, elsewhere);
      const people = {
        ada: await operator.makePerson("Ada", [acme, "Admin"]),
        bob: await operator.makePerson("Bob", [acme, "Collaborator"], [globex, "Admin"]),
        cleo: await operator.makePerson("Cleo", [globex, "Collaborator"]),
        eve: await operator.makePerson("Eve", [elsewhere, "Admin"]),
      };
      const { baseUrl } = world;
      await use({
        acme,
        globex,
        elsewhere,
        people,
        ada: await enter(baseUrl, people.ada, acme),
        bobInAcme: await enter(baseUrl, people.bob, acme),
        bobInGlobex: await enter(baseUrl, people.bob, globex),
        cleo: await enter(baseUrl, people.cleo, globex),
        eve: await enter(baseUrl, people.eve, elsewhere),
        anonymous: createVisitor(baseUrl, { name: "Nobody" }),
      });
    },
    { scope: "worker", timeout: 60_000 },
  ],

  database: [
    async ({ world }, use) => {
      const database = openPlain(world.databaseFile);
      await use(database);
      database.close();
    },
    { scope: "worker" },
  ],

  /** After each test: what it made the app write down is JSON, line by line, has no bug in it, and tells nobody's secret. */
  quietLog: [
    async ({ world }, use) => {
      const before = statSync(world.logFile).size;
      await use();
      const written = readFileSync(world.logFile).subarray(before).toString("utf8");
      expect(bugsIn(written), "bugs in the log").toEqual([]);
      expect(secretsIn(written, world), "secrets in the log").toEqual([]);
    },
    { auto: true },
  ],
});

/** Writes a post where the visitor's session is. @returns its id */
export async function writePost(
  author: Visitor,
  { title = "A post", body = `What ${author.name} says`, status = "published" }: Partial<Record<string, string>> = {},
): Promise<string> {
  const answer = await author.submit(paths.newPost, { title, body, status });
  return idIn(answer, /^\/posts\/([\w-]+)/);
}

/** @returns the comment's id */
export async function writeComment(author: Visitor, postId: string, body = "A comment"): Promise<string> {
  return idIn(await author.submit(paths.newComment(postId), { body }), /#comment-([\w-]+)$/);
}

/** As its sender would: once more, and again when something else was under way. */
export async function sendUntilTaken(visitor: Visitor, path: string, fields: Record<string, string>): Promise<void> {
  const refusals: string[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { status, text } = await visitor.submit(path, fields);
    if (isTaken(status)) return;
    refusals.push(`${status} ${text.slice(0, 500)}`);
  }
  expect(refusals, path).toEqual([]);
}

export const isTaken = (status: number) => status === 200 || status === 302;

function idIn(answer: Answer, place: RegExp): string {
  const id = place.exec(header(answer, "location"))?.[1];
  if (!id) throw new Error(`${answer.status} ${answer.text.slice(0, 400)}`);
  return id;
}

/** So that these tests may invite as many as they like. */
export async function putOnBusiness(databaseFile: string, ...organizations: Organization[]): Promise<void> {
  const store = openStore(databaseFile);
  const { company, ...details } = billedTo;
  const name = company.replace(" Ltd", "");
  for (const { id } of organizations) await seedBilling(store.scope(id), { name, plan: "business", seats: 2, details });
  await store.close();
}
