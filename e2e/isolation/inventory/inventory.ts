// What there is: every loader, action and endpoint of the build that runs, every job, every table and every text column; and that each has its row, its owner, its canary.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import ts from "typescript";
import { policy, type Operation } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import { expectedFile, readExpected } from "../expected";
import { actorKeys } from "../cast";
import { clocks, jobs } from "../jobs";
import type { Check, Part } from "../part";
import { openCast, plantedIn } from "../stage-cast";
import { fixed, global, ofOrganizations } from "../tables";

const root = resolve(import.meta.dirname, "../../..");

export const inventory: Part = {
  name: "inventory",
  proves:
    "Nothing is left out: every loader, action and endpoint of the running build has a row in the policy and in expected.json, every job and every clock a line, every table an owner, every text column a canary.",
  cases: [],
  place: "world",
  async run(stage) {
    const cast = await openCast(stage);
    for (const check of [...(await doors()), ...endpoints(), ...ofItself(), ...expectations()]) stage.report(check);
    for (const check of [...tables(cast.database.tables), ...columns(plantedIn(cast))]) stage.report(check);
  },
};

const rows: [string, Operation][] = Object.entries(policy);

function isThere(title: string, found: boolean, missing: string): Check {
  return { title, verdict: found ? "held" : "broken", expected: "one", ...(!found && { actual: missing }) };
}

/** Of Remix, from the build itself. */
async function doors(): Promise<Check[]> {
  const build: ServerBuild = await import(pathToFileURL(join(root, "build/server/index.js")).href);
  const found = Object.values(build.routes).flatMap((route) => {
    const name = route?.id.replace(/^routes\//, "") ?? "";
    const doorsOf = { GET: route?.module.loader, POST: route?.module.action };
    return Object.entries(doorsOf).flatMap(([method, door]) => (door ? [{ name, method }] : []));
  });
  const declared = rows.filter(([, { route }]) => route !== "server");
  return [
    ...found.map(({ name, method }) =>
      isThere(
        `${method === "GET" ? "The loader" : "The action"} of ${name} has a row in the policy`,
        declared.some(([, row]) => row.route === name && row.method === method),
        "no row in app/auth/policy.ts",
      ),
    ),
    ...declared.map(([operation, { route, method }]) =>
      isThere(
        `${operation} is an operation of the running build`,
        found.some((door) => door.name === route && door.method === method),
        `the build has no ${method} of ${route}`,
      ),
    ),
  ];
}

/** Of Express: where the sources mount something by its path. */
function endpoints(): Check[] {
  const declared = rows
    .filter(([, { route }]) => route === "server")
    .map(([, { method, path }]) => `${method} ${path}`);
  const mounts =
    /\b(?:app|router|routes)\s*\.(get|post|put|patch|delete)\(\s*(?:paths\.(\w+)(?:\(["'`](:\w+)["'`]\))?|["'`]([^"'`]+))/g;
  const mounted = serverFiles().flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(mounts)].map(
      ([, method = "", name, parameter = "", literal = ""]) => {
        const path: unknown = name ? paths[name as keyof typeof paths] : literal;
        return `${method.toUpperCase()} ${typeof path === "function" ? path(parameter) : path}`;
      },
    ),
  );
  const isOfAnother = (endpoint: string) => /[*$]/.test(endpoint);
  const found = [...new Set(mounted.filter((endpoint) => !isOfAnother(endpoint)))];
  return [
    ...found.map((one) =>
      isThere(`The endpoint ${one} has a row in the policy`, declared.includes(one), "no row in app/auth/policy.ts"),
    ),
    ...declared.map((one) =>
      isThere(`${one} is an endpoint of the server`, found.includes(one), "the sources mount nothing there"),
    ),
  ];
}

/** By their names in the app's folder. */
function serverFiles(): string[] {
  return readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" })
    .filter((name) => /(\.server|^server)\.tsx?$/.test(name))
    .map((name) => `app/${name.split(sep).join("/")}`);
}

/** What the app does with nobody asking. */
function ofItself(): Check[] {
  const running = jobsOf("app/server.ts");
  const ticking = serverFiles().filter((file) => /\bsetInterval\(/.test(readFileSync(join(root, file), "utf8")));
  return [
    ...running.map((name) =>
      isThere(
        `The job ${name} says in whose organization it works`,
        name in jobs,
        "it is not in e2e/isolation/jobs.ts",
      ),
    ),
    ...Object.entries(jobs).flatMap(([name, { tests }]) => [
      isThere(
        `${name} of e2e/isolation/jobs.ts is a job of the app`,
        running.includes(name),
        "the app has no such job",
      ),
      ...tests.map((file) =>
        isThere(
          `${file}, which looks at the job ${name}, is there`,
          existsSync(join(root, file)),
          "there is no such file",
        ),
      ),
    ]),
    ...ticking.map((file) =>
      isThere(`What ${file} does again and again is known`, file in clocks, "it is not in e2e/isolation/jobs.ts"),
    ),
    ...Object.keys(clocks).map((file) =>
      isThere(`${file} of e2e/isolation/jobs.ts does something again and again`, ticking.includes(file), "it does not"),
    ),
  ];
}

/** The names of the work that `createJobs` is given. */
function jobsOf(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "work" && isGivenTo("createJobs", node.parent.parent))
      if (ts.isObjectLiteralExpression(node.initializer))
        names.push(...node.initializer.properties.map(({ name }) => name?.getText() ?? ""));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true));
  if (names.length === 0) throw new Error(`${file} gives createJobs no work that can be read`);
  return names;
}

const isGivenTo = (name: string, node: ts.Node) => ts.isCallExpression(node) && node.expression.getText() === name;

/** The root's loader runs with every page, and has no page of its own. */
const withEveryPage = ["root"];

function expectations(): Check[] {
  const expected = readExpected();
  return rows
    .filter(([name]) => !withEveryPage.includes(name))
    .map(([name]) =>
      isThere(
        `expected.json says what each of ${actorKeys.length} actors gets from ${name}`,
        expected.some(({ operation }) => operation === name),
        `no row in ${expectedFile.slice(root.length + 1)}`,
      ),
    );
}

function tables(names: string[]): Check[] {
  const known = [...ofOrganizations, ...Object.keys(global)];
  return [
    ...names.map((name) =>
      isThere(`The table ${name} has an owner`, known.includes(name), "it is not in e2e/isolation/tables.ts"),
    ),
    ...known.map((name) =>
      isThere(
        `The table ${name} of e2e/isolation/tables.ts is there`,
        names.includes(name),
        "the file has no such table",
      ),
    ),
  ];
}

function columns(planted: ReturnType<typeof plantedIn>): Check[] {
  return planted.flatMap(({ table, columns: texts, fault }): Check[] => {
    if (fault)
      return [{ title: `A row with canaries is in ${table}`, verdict: "broken", expected: "a row", actual: fault }];
    return texts.map(({ name, token }): Check => {
      const because = fixed[`${table}.${name}`]?.because;
      const title = because ? `${table}.${name} takes no canary: ${because}` : `A canary is in ${table}.${name}`;
      return isThere(
        title,
        token !== undefined || because !== undefined,
        "no canary, and no reason in e2e/isolation/tables.ts",
      );
    });
  });
}
