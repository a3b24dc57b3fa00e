// The table of operations: against the files that it names, and against the reviewed table of who is to get what.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ActorKey } from "../../e2e/isolation/cast";
import { readExpected } from "../../e2e/isolation/expected";
import { allPermissions, type Permission, templateRoles } from "../permissions";
import { type Operation, policy } from "./policy";

const operations = Object.entries<Operation>(policy);
const isOfMembers = ({ permission }: Operation) => permission !== "anyone" && permission !== "signed-in";

describe("each operation", () => {
  const routes = join(import.meta.dirname, "../routes");
  const isThere = (route: string) => ["ts", "tsx"].some((ending) => existsSync(join(routes, `${route}.${ending}`)));

  test.each(operations.filter(([, { route }]) => route !== "server" && route !== "root"))(
    "%s is in the file that its address says",
    (_name, { route, path }) => {
      expect(isThere(route)).toBe(true);
      const words = route.replaceAll("[.]", "\0").split(".");
      const said = words.map((word) => word.replace(/^\$$/, "*").replace(/^\$/, ":").replace(/_$/, ""));
      const address = said.filter((word) => word !== "_index").join("/");
      expect(path).toBe(`/${address.replaceAll("\0", ".")}`);
    },
  );

  test("the root alone is part of every address", () => {
    expect(operations.filter(([, { path }]) => !path.startsWith("/"))).toEqual([["root", policy.root]]);
    expect(policy.root).toEqual({ route: "root", path: "*", method: "GET", permission: "anyone" });
  });

  test.each(operations)("%s reads or writes, and needs what there is", (_name, { method, permission }) => {
    expect(["GET", "POST"]).toContain(method);
    expect(["anyone", "signed-in", ...allPermissions]).toContain(permission);
  });

  test.each(operations.filter(([, { route }]) => route === "server"))(
    "%s beside the pages has an address of its own",
    (name, { path, method }) => {
      expect(path).toMatch(/^\/[a-zA-Z/:-]*[a-zA-Z]$/);
      const same = operations.filter(([, other]) => other.path === path && other.method === method);
      expect(same.map(([other]) => other)).toEqual([name]);
    },
  );
});

describe("the reviewed table says of each operation", () => {
  const rows = readExpected();
  const held = (role: string) => templateRoles.find(({ name }) => name === role)?.permissions ?? [];
  /** They ask for more by themselves: for somebody signed in, and for a signature. */
  const askFurther = ["join.accept", "webhooks.logto"];
  const members: [ActorKey, Permission[]][] = [
    ["ada", held("Admin")],
    ["bobInAcme", held("Collaborator")],
    ["dan", held("Collaborator")],
    ["vera", ["read:posts"]],
  ];

  test.each(operations.filter(([, operation]) => isOfMembers(operation)))(
    "%s: whoever lacks its permission is refused, and whoever has it is not for that alone",
    (name, { permission }) => {
      const outcomes = rows.filter(({ operation }) => operation === name).map((row) => row.outcomes);
      for (const [actor, permissions] of members) {
        const mayBe = permissions.some((one) => one === permission);
        const refused = outcomes.map((row) => row[actor] === "forbidden");
        expect(mayBe ? refused.every(Boolean) : refused.some((is) => !is), actor).toBe(false);
      }
      for (const row of outcomes) expect(row.anonymous).toBe("sign in");
    },
  );

  test.each(operations.filter(([, operation]) => !isOfMembers(operation)))(
    "%s: nobody is refused for want of a permission, and strangers are if it is not for anyone",
    (name, { permission }) => {
      const outcomes = rows.filter(({ operation }) => operation === name).map((row) => row.outcomes);
      for (const row of outcomes) {
        expect(Object.values(row)).not.toContain("forbidden");
        expect(row.anonymous === "sign in").toBe(permission === "signed-in" || askFurther.includes(name));
      }
    },
  );
});
