// Traces over HTTP, on the production build: two organizations of the same name live the same life, one with a neighbour and one without.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { organizationHeader, paths } from "../../../app/paths";
import { addressOf, createVisitor, enter, type Visitor } from "../../http/visitor";
import { createOperator, type Organization, type Person, type Role } from "../../operator";
import type { Part, Stage } from "../part";
import { reads, request, writes, type Pool } from "./recipes";
import { openTables, type Tables } from "./tables";
import { traceOf, type Step } from "./trace";

const traces: Record<Stage["length"], number> = { gate: 20, full: 100, nightly: 1_000 };

/** What leaves everybody where they are, and sends no mail. */
const written = writes.filter(({ operation }) => /^(posts|comments|requests)\./.test(operation));
/** Members are left out: Logto lists them by ids that it draws. */
const seen = reads.filter(({ operation }) => /^(posts|comments|invitations\.list|requests)/.test(operation));

interface Place {
  organization: Organization;
  people: Person[];
  visitors: Visitor[];
  tables: Tables;
}

export const tracesOverHttpPart: Part = {
  name: "traces over HTTP",
  proves: "On the production build, nobody's answers depend on what people of another organization do.",
  cases: [],
  place: "world",
  async run(stage) {
    const alone = await settle(stage);
    const watched = await settle(stage);
    const neighbour = await settle(stage);
    const all = fc.sample(traceOf({ longest: 10, written, seen }), { seed: stage.seed, numRuns: traces[stage.length] });
    let noticed = 0;
    for (const [index, trace] of all.entries()) {
      for (const [number, step] of [...trace.steps, ...trace.looks].entries()) {
        const difference = await live(step, `${stage.seed}-${index}-${number}`, { alone, watched, neighbour });
        if (!difference) continue;
        noticed += 1;
        stage.report({
          title: `${step.what} answers something else in the organization that has a neighbour.`,
          verdict: "leaked",
          expected: difference.alone,
          actual: difference.watched,
        });
      }
      stage.count("traces");
      stage.progress(index + 1, all.length);
    }
    for (const place of [alone, watched, neighbour]) place.tables.close();
    const title = `In ${all.length} traces over HTTP, ${alone.organization.name} with a neighbour of the same name answers as without one.`;
    if (noticed === 0) stage.report({ title, verdict: "held" });
  },
};

/** An organization called Acme with an Admin and a Collaborator, who are signed in. */
async function settle({ world }: Stage): Promise<Place> {
  const operator = createOperator(world);
  const organization = await operator.makeOrganization("Acme");
  const roles: [string, Role][] = [
    ["Ada", "Admin"],
    ["Abe", "Collaborator"],
  ];
  const people: Person[] = [];
  const visitors: Visitor[] = [];
  for (const [name, role] of roles) {
    const person = await operator.makePerson(name, [organization, role]);
    people.push(person);
    visitors.push(await enter(world.baseUrl, person, organization));
  }
  await visitors[0]?.submit(paths.organizationColour, { colour: "7" }); // which one it is given is chance
  const tables = openTables(world.databaseFile, { a: organization.id, b: organization.id }, () => "");
  return { organization, people, visitors, tables };
}

interface Places {
  alone: Place;
  watched: Place;
  neighbour: Place;
}

/** The neighbour's steps are its own; those of the watched one are taken in the one that is alone as well, where what is the neighbour's never was. */
async function live(step: Step, key: string, { alone, watched, neighbour }: Places) {
  if (step.what === "twin") return undefined;
  if (step.side === "b") {
    for (let time = 0; time < step.times; time += 1) await take(step, `${key}.${time}`, neighbour, poolOf(watched));
    return undefined;
  }
  const foreign = poolOf(neighbour);
  const likewise = likeOf(foreign, poolOf(watched), poolOf(alone));
  const answers = {
    watched: await take(step, key, watched, foreign),
    alone: await take(step, key, alone, likewise),
  };
  return answers.watched === answers.alone ? undefined : answers;
}

async function take(step: Step, key: string, place: Place, foreign: Pool): Promise<string> {
  const { what, whose, pick, variant } = step;
  const operation = what as Exclude<typeof what, "twin">; // the caller leaves those out
  const visitor = place.visitors[step.actor % place.visitors.length] ?? createVisitor("", { name: "Nobody" });
  const own = poolOf(place);
  const { path, fields } = request(operation, {
    ...{ own, pick, variant },
    about: whose === "foreign" ? foreign : own,
    whose,
    key: Buffer.from(key.padEnd(16, ".").slice(0, 16)).toString("base64url"),
    roleId: () => "",
    newcomer: "",
  });
  const answer = fields
    ? await visitor.submit(path, fields, { as: "data" })
    : await visitor.send(addressOf(path, "data"), ownPage(place));
  return `${answer.status} ${alike(answer.text, place, foreign)}`;
}

const ownPage = ({ organization }: Place) => ({ headers: { [organizationHeader]: organization.id } });

function poolOf({ tables, organization, people }: Place): Pool {
  return { ...tables.pool("a"), members: people.map(({ id }) => id), organization: organization.id };
}

/** As much as there is of it. What the watched one has under the same id stands for what the one alone has in its place; the rest never was. */
function likeOf({ posts, comments, members, requests, ...rest }: Pool, watched: Pool, alone: Pool): Pool {
  const idsIn = (pool: Pool) => [...pool.posts, ...pool.comments.map(({ commentId }) => commentId), ...pool.requests];
  const counterparts = idsIn(alone);
  const same = new Map(idsIn(watched).map((id, index) => [id, counterparts[index]]));
  const never = (id: string) => createHash("sha256").update(id).digest("base64url").slice(0, id.length);
  const like = (id: string) => same.get(id) ?? never(id);
  return {
    ...rest,
    posts: posts.map(like),
    comments: comments.map(({ postId, commentId }) => ({ postId: like(postId), commentId: like(commentId) })),
    members: members.map(like),
    requests: requests.map(like),
  };
}

/** With names instead of what two organizations cannot have in common: ids, addresses, and the moment. */
function alike(text: string, place: Place, foreign: Pool): string {
  const { posts, comments } = place.tables.pool("a");
  const named: [string, string][] = [
    [place.organization.id, "organization"],
    ...place.people.flatMap(({ id, email, name }): [string, string][] => [
      [id, name],
      [email, `${name}@`],
    ]),
    ...place.tables.people("a").map(({ id, name }): [string, string] => [id, `user ${name}`]),
    ...posts.map((id, index): [string, string] => [id, `post ${index}`]),
    ...comments.map(({ commentId }, index): [string, string] => [commentId, `comment ${index}`]),
    ...foreign.posts.map((id): [string, string] => [id, "nothing"]),
    ...foreign.comments.map(({ commentId }): [string, string] => [commentId, "nothing"]),
    ["never-existed-22-chars", "nothing"],
  ];
  return named
    .reduce((said, [id, name]) => said.replaceAll(id, `<${name}>`), text)
    .replaceAll(/\["D",\d+\]/g, "<moment>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|"[\w-]{22}"|"[\w-]{44,60}"/g, "<drawn>");
}
