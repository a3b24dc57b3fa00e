// Puts the hooks into the sources on their way into the probe build: the sources themselves know nothing of them.
import ts from "typescript";

const probe = "globalThis.atriumProbe";

/** A place in the sources where something can be switched off. */
export interface Site {
  /** What ISOLATION_MUTANT calls it. */
  id: string;
  file: string;
  line: number;
}

interface Change {
  at: number;
  until: number;
  text: string;
}

/** One passage of a file, replaced. Throws when it is not there exactly once, so that no hook is lost when the sources change. */
export function replaced(source: string, file: string, from: string, to: string): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${file} has this ${source.split(from).length - 1} times, not once: ${from}`);
  return before + to + after;
}

/** By file: what becomes of which passage. */
const passages: Record<string, [from: string, to: string][]> = {
  "app/server.ts": [
    ["openStore(config.database.file, { now })", `openStore(config.database.file, { now, ...${probe}.storeOptions })`],
    ["line: createLine(),", `line: createLine({ patience: ${probe}.patience }),`],
    // What runs beside the requests, at its own time, would make no two plays the same.
    [
      "jobs.start();",
      `if (${probe}.runsJobs) {
    jobs.start();
    ${probe}.jobs = jobs.stop();
  }`,
    ],
  ],
  "app/jobs.server.ts": [["() => stopped", "() => false"]], // what has begun ends
  "app/auth/tokens.server.ts": [["  patience = 1_400,", `  patience = ${probe}.patience,`]],
  "app/models/landed.server.ts": [
    ["const kept = new Map<string, Given>();", `const kept = ${probe}.remembering(new Map<string, Given>());`],
  ],
  "db/writer.ts": [
    [
      `connection.exec("commit");`,
      `await ${probe}.pass("beforeCommit", organizationId);\n      connection.exec("commit");`,
    ],
  ],
  "db/scoped.ts": [
    [
      "within: (where) => sql`${table.organizationId} = ${organizationId} and (${required(where)})`,",
      `within: (where) => ${probe}.dropping ? required(where) : sql\`\${table.organizationId} = \${organizationId} and (\${required(where)})\`,`,
    ],
    [
      "export function behindItsView",
      `${probe}.everybodys = (handed) => {
  const table = Object.values(scopedTables).find((known) => is(handed, Subquery) && handed._.alias === getTableName(known));
  return table ? new QueryBuilder().select(columnsOf(table)).from(table).as(getTableName(table)) : handed;
};
export function behindItsView`,
    ],
  ],
  "app/auth/guards.server.ts": [
    [
      "      await requirePage(known, operation, !reads);\n      const member = await memberFor(operation);",
      `      if (!dropped(operation, "page")) await requirePage(known, operation, !reads);
      const member = dropped(operation, "membership") ? withoutLogto(known) : await memberFor(operation);`,
    ],
    [
      "if (member.can(permission)) return member;",
      `if (dropped(operation, "permission") || member.can(permission)) return member;`,
    ],
    [
      "      if (!known) return refuseStranger(operation);\n      if (reads) await requirePage(known, operation, false);\n      return known;",
      `      if (!known && !dropped(operation, "session")) return refuseStranger(operation);
      if (reads && !dropped(operation, "page")) await requirePage(known, operation, false);
      return known;`,
    ],
    [
      "      if (reads) await requirePage(known, operation, false);\n      const member = await memberFor(operation);",
      `      if (reads && !dropped(operation, "page")) await requirePage(known, operation, false);
      const member = await memberFor(operation);`,
    ],
    [
      "    async function refuseStranger(",
      `    function dropped(operation, part) {
      return ${probe}.is(\`guard:\${operation}\`) || ${probe}.is(\`guard:\${operation}:\${part}\`);
    }
    function withoutLogto(known) {
      const organization = activeOf(known.session, known.session.organizationId);
      if (!organization) return "none-active";
      const held = new Set(known.session.answer?.permissions ?? []);
      return { person: known, organization, roles: [], can: (permission) => held.has(permission), readOnly: false, scope: store.scope(organization.id) };
    }
    async function refuseStranger(`,
    ],
  ],
};

/** The file with its hooks. `found` is told of every site. Where a bug was put in the place of a passage (`isEdited`), its hook is left out. */
export function instrument(
  file: string,
  source: string,
  { found = () => {}, isEdited = false }: { found?: (site: Site) => void; isEdited?: boolean } = {},
): string {
  const wanted = (passages[file] ?? []).filter(([from]) => !isEdited || source.includes(from));
  const hooked = wanted.reduce((text, [from, to]) => replaced(text, file, from, to), source);
  if (!guarded.test(file) && !/^app\/(models|auth)\//.test(file)) return hooked;
  const changes = [...guardCalls(file, hooked, found), ...queries(file, hooked, found)];
  return changes
    .toSorted((one, other) => other.at - one.at)
    .reduce((text, { at, until, text: put }) => text.slice(0, at) + put + text.slice(until), hooked);
}

/** Every file that passages are replaced in. */
export const hookedFiles = Object.keys(passages);

const guards = ["requireMember", "requirePerson", "visitor"];
/** Whatever is asked for over HTTP: the routes of Remix, and the endpoints beside it. */
const guarded = /^app\/(routes\/|root\.|(events|download)\.server\.)/;

/** `context.requireMember("posts.list")` lets its barrier wait. */
function guardCalls(file: string, source: string, found: (site: Site) => void): Change[] {
  if (!guarded.test(file)) return [];
  const tree = parse(file, source);
  const changes: Change[] = [];
  walk(tree, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const receiver = node.expression.expression.getText();
    if (!guards.includes(node.expression.name.text) || !/^(context|guards|auth\.guards\(\w+\))$/.test(receiver)) return;
    const operation = node.arguments[0] && namedBy(tree, node.arguments[0]);
    if (operation === undefined) return;
    found({ id: `guard:${operation}`, file, line: lineOf(tree, node) });
    changes.push({
      at: node.getStart(),
      until: node.getEnd(),
      text: `${probe}.guarded("${operation}", ${node.getText()})`,
    });
  });
  return changes;
}

/** A text, or a constant of the file that is one. */
function namedBy(tree: ts.SourceFile, expression: ts.Expression): string | undefined {
  if (ts.isStringLiteral(expression)) return expression.text;
  const constants = tree.statements
    .filter(ts.isVariableStatement)
    .flatMap((one) => [...one.declarationList.declarations]);
  const made = constants.find(({ name }) => name.getText() === expression.getText())?.initializer;
  return made && ts.isStringLiteral(made) ? made.text : undefined;
}

const scopedVerbs = ["select", "update", "remove"];
/** Outside any organization: these have no predicate of one. */
const globalNames = ["users", "sessions", "organizations", "newOrganizations", "organizationLocks"];

/** `db.select(…)` and its like on an organization's tables ask the probe for their handle. An insert has no predicate. */
function queries(file: string, source: string, found: (site: Site) => void): Change[] {
  const tree = parse(file, source);
  const changes: Change[] = [];
  const named = new Map<string, number>();
  walk(tree, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { expression: handle, name: verb } = node.expression;
    if (!ts.isIdentifier(handle) || !["db", "tx"].includes(handle.text) || !scopedVerbs.includes(verb.text)) return;
    if (isOutside(node)) return;
    const table = tableOf(node, verb.text);
    if (!table || globalNames.includes(table)) return;
    const name = `${file.replace(/^app\/(models|auth)\//, "").replace(/\.server\.tsx?$/, "")}.${ownerOf(node)}.${verb.text}.${table}`;
    const count = (named.get(name) ?? 0) + 1;
    named.set(name, count);
    const id = count === 1 ? name : `${name}.${count}`;
    found({ id: `query:${id}`, file, line: lineOf(tree, node) });
    changes.push({ at: handle.getStart(), until: handle.getEnd(), text: `${probe}.query("${id}", ${handle.text})` });
  });
  return changes;
}

/** The table that is written, or read first, by the name that the schema gives it. */
function tableOf(call: ts.CallExpression, verb: string): string | undefined {
  const from = verb.startsWith("select") ? fromOf(call) : call.arguments[0];
  if (!from) return undefined;
  if (ts.isPropertyAccessExpression(from)) return from.name.text;
  return ts.isIdentifier(from) ? boundName(from) : undefined;
}

function fromOf(call: ts.CallExpression): ts.Expression | undefined {
  const access = call.parent;
  if (!ts.isPropertyAccessExpression(access) || access.name.text !== "from") return undefined;
  return ts.isCallExpression(access.parent) ? access.parent.arguments[0] : undefined;
}

/** `{ invitations: table }` calls invitations `table` here. */
function boundName(identifier: ts.Identifier): string {
  for (let scope: ts.Node = identifier; scope; scope = scope.parent) {
    let name: string | undefined;
    if (ts.isFunctionLike(scope))
      walk(scope, (node) => {
        if (ts.isBindingElement(node) && node.name.getText() === identifier.text && node.propertyName)
          name = node.propertyName.getText();
      });
    if (name) return name;
  }
  return identifier.text;
}

/** Whether the nearest `system.` around it says that it is of no organization. */
function isOutside(node: ts.Node): boolean {
  for (let up = node.parent; up; up = up.parent) {
    if (!ts.isCallExpression(up)) continue;
    const callee = up.expression.getText();
    if (/(^|\.)system\.(read|write|query)$/.test(callee) || callee === "preparedForSystem") return true;
    if (/\.(read|write)$/.test(callee) || callee === "prepared") return false;
  }
  return false;
}

/** The function, or the constant, that it stands in. */
function ownerOf(node: ts.Node): string {
  for (let up = node.parent; up; up = up.parent) {
    if (ts.isFunctionDeclaration(up) && up.name) return up.name.text;
    if (ts.isMethodDeclaration(up)) return up.name.getText();
    if (ts.isPropertyAssignment(up) && ts.isFunctionLike(up.initializer)) return up.name.getText();
    if (ts.isVariableDeclaration(up) && ts.isSourceFile(up.parent.parent.parent)) return up.name.getText();
  }
  return "module";
}

function parse(file: string, source: string): ts.SourceFile {
  return ts.createSourceFile(
    file,
    source,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const lineOf = (tree: ts.SourceFile, node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
