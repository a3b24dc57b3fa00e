// The house rules of the folders, executed: who may import whom, and that every loader and action is declared and guarded.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { policy, type Operation } from "./auth/policy";
import { isAuditAction } from "./models/audit-actions";

const root = resolve(import.meta.dirname, "..");

/** What each room may import of ours. `paths` and `permissions` are free to all; `server` (the composition root) may import everything. */
const mayImport: Record<string, string[]> = {
  routes: ["auth", "models", "live", "http", "components"],
  auth: ["models", "logto", "http", "db"],
  models: ["db", "logto", "live"],
  components: ["http"],
  http: [],
  logto: [],
  live: [],
  db: [],
  emulator: [],
};
const free = ["app/paths", "app/permissions", "app/colours", "app/styles.css"];

/** Packages that only the rooms named may use. */
const reserved: Record<string, string[]> = {
  "@logto/node": ["auth"],
  "remix-auth": ["auth"],
  "remix-auth-oauth2": ["auth"],
  "better-sqlite3": ["db", "emulator"],
  "drizzle-orm": ["db"],
  "oidc-provider": ["emulator"],
};

const files = ["app", "db", "emulator"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.d\.ts$|^emulator\/conformance/.test(file));

function roomOf(file: string): string {
  if (file.startsWith("db/") || file.startsWith("emulator/")) return file.split("/")[0] ?? "";
  if (file === "app/root.tsx") return "routes";
  return /^app\/(\w+)\//.exec(file)?.[1] ?? "server";
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(join(root, file), "utf8"), true, true)
    .importedFiles.map(({ fileName }) => fileName);
}

describe("imports", () => {
  test.each(files.filter((file) => roomOf(file) !== "server"))("%s imports only what its room may", (file) => {
    const room = roomOf(file);
    const allowed = [room, ...(mayImport[room] ?? [])];
    const strays = importsOf(file)
      .filter((name) => name.startsWith("."))
      .map((name) => relative(root, resolve(root, dirname(file), name)).replace(/\?.*$/, ""))
      .filter(
        (target) =>
          !free.includes(target) &&
          roomOf(`${target}.tsx`) !== room &&
          !allowed.includes(roomOf(target === "db" ? "db/" : target)),
      );
    expect(strays).toEqual([]);
  });

  test("nothing that ships imports the emulator, the scripts or the end-to-end tests", () => {
    const strays = files
      .filter((file) => file.startsWith("app/") || file.startsWith("db/"))
      .flatMap((file) => importsOf(file).filter((name) => /(^|\/)(emulator|scripts|e2e)\//.test(name)));
    expect(strays).toEqual([]);
  });

  test.each(Object.entries(reserved))("%s is used by its rooms alone", (name, rooms) => {
    const users = files.filter((file) => importsOf(file).some((used) => used === name || used.startsWith(`${name}/`)));
    expect(users.filter((file) => !rooms.includes(roomOf(file)))).toEqual([]);
    expect(users.length, "the rule is about something").toBeGreaterThan(0);
  });

  test("the tables themselves are known to the database's folder alone", () => {
    const users = files.filter(
      (file) => !file.startsWith("db/") && importsOf(file).some((name) => /db\/(?!index$)\w/.test(name)),
    );
    expect(users).toEqual([]);
  });

  test("an organization's scope is made by the guard and the short list beside it alone", () => {
    const makers = files.filter((file) => /store\.scope\(/.test(readFileSync(join(root, file), "utf8")));
    expect(makers.toSorted()).toEqual(["app/auth/guards.server.ts", "app/auth/scopes.server.ts", "db/seed.ts"]);
  });

  test("the environment is read in one place", () => {
    const readers = files.filter(
      (file) => file.startsWith("app/") && /process\.env/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(readers.toSorted()).toEqual(["app/config.server.ts", "app/routes.ts"]);
  });
});

interface Door {
  route: string;
  method: "GET" | "POST";
  firstLine: string;
}

/** Every loader and action of the app, with the first statement of its body. */
const doors: Door[] = files
  .filter((file) => roomOf(file) === "routes")
  .flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
    const route = file === "app/root.tsx" ? "root" : file.replace(/^app\/routes\//, "").replace(/\.tsx?$/, "");
    return source.statements.filter(ts.isFunctionDeclaration).flatMap(({ name, body }) => {
      const method = name?.text === "loader" ? "GET" : name?.text === "action" ? "POST" : undefined;
      return method ? [{ route, method, firstLine: body?.statements[0]?.getText(source) ?? "" } satisfies Door] : [];
    });
  });

const declared = Object.entries(policy as Record<string, Operation>).filter(([, { route }]) => route !== "server");

describe("operations", () => {
  test.each(doors)("$method of $route is declared, and its first line is its guard", ({ route, method, firstLine }) => {
    const [name, operation] = declared.find(([, row]) => row.route === route && row.method === method) ?? [];
    expect(operation, "a row in app/auth/policy.ts").toBeDefined();
    const guards = new Map<string | undefined, string>([
      ["anyone", "visitor"],
      ["signed-in", "requirePerson"],
    ]);
    const guard = guards.get(operation?.permission) ?? "requireMember";
    expect(firstLine).toContain(`await context.${guard}("${name}")`);
  });

  test.each(declared)("%s is declared for a loader or an action that exists", (_name, { route, method }) => {
    expect(doors.some((door) => door.route === route && door.method === method)).toBe(true);
  });

  /** What changes nothing of an organization, and why. */
  const unlogged: Record<string, string> = {};

  test.each(declared.filter(([, { method, permission }]) => method === "POST" && permission.includes(":")))(
    "%s is in the words of the audit log, or is excepted by name",
    (name) => {
      expect(isAuditAction(name) || name in unlogged).toBe(true);
    },
  );

  test("the audit log is added to by its model, and forgets by nobody else", () => {
    const places = (call: RegExp) => files.filter((file) => call.test(readFileSync(join(root, file), "utf8")));
    expect(places(/\binsert\(auditEvents/)).toEqual(["app/models/audit.server.ts"]);
    expect(places(/\.forgetAudit\(/)).toEqual(["app/models/audit-retention.server.ts"]);
  });

  test("no loader or action is written in a form that this test does not see", () => {
    const hidden = files.filter(
      (file) =>
        roomOf(file) === "routes" &&
        /export (const|let|var|\{[^}]*\b)\s*(loader|action)\b/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(hidden).toEqual([]);
  });
});
