// The reviewed table by itself: nobody is left out, and what nobody may is in none of its rows.
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { policy } from "../../app/auth/policy";
import { catalogue } from "./catalogue";
import { actorKeys, type ActorKey } from "./cast";
import { readExpected, type Row } from "./expected";
import { parts } from "./parts";
import { changes, isLetIn } from "./requests";

const rows = readExpected();
const titleOf = ({ operation, about }: Row) => (about ? `${operation} of ${about}` : operation);
const isGuarded = ({ operation }: Row) => policy[operation].permission !== "anyone";
const isOfMembers = ({ operation }: Row) => policy[operation].permission.includes(":");

/** Who has no session that counts. */
const strangers: ActorKey[] = ["sue", "expired", "forged", "machine", "anonymous"];
/** Who has one, and not in Acme. */
const outsiders: ActorKey[] = ["gita", "bobInGlobex", "cleo", "eve", "ivan", "fay"];

describe("the reviewed table", () => {
  test("says it once for each operation and what it is about", () => {
    const titles = rows.map(titleOf);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  test.each(rows.filter(isGuarded).map((row) => [titleOf(row), row] as const))(
    "sends everybody whose session does not count to the sign-in, by %s",
    (_title, { outcomes }) => {
      for (const key of strangers) expect(outcomes[key], key).toBe("sign in");
    },
  );

  test.each(
    rows
      .filter((row) => isOfMembers(row) && row.about && row.about !== "Bob")
      .map((row) => [titleOf(row), row] as const),
  )("lets nobody from outside change or read %s in Acme", (_title, { outcomes }) => {
    for (const key of outsiders) {
      expect(outcomes[key], key).not.toBe("page");
      expect(changes(outcomes[key]), key).toBe(false);
    }
  });

  test.each(rows.filter((row) => isOfMembers(row) && row.about).map((row) => [titleOf(row), row] as const))(
    "has somebody who may, for %s",
    (_title, { outcomes }) => {
      expect(actorKeys.some((key) => isLetIn(outcomes[key]))).toBe(true);
    },
  );

  test.each(rows.filter(isOfMembers).map((row) => [titleOf(row), row] as const))(
    "gives Dan, whom nobody calls an Admin any more, no more than a Collaborator, by %s",
    (_title, { outcomes }) => {
      const isForAdminsAlone =
        outcomes.bobInAcme === "forbidden" && outcomes.gita !== "forbidden" && changes(outcomes.ada);
      expect(isForAdminsAlone && isLetIn(outcomes.dan), "what only Admins may").toBe(false);
      const others = isLetIn(outcomes.dan) || isLetIn(outcomes.bobInAcme);
      expect(isLetIn(outcomes.vera) && !others, "what Vera, who may less than they, is let into alone").toBe(false);
    },
  );
});

describe("the catalogue", () => {
  test("has 65 cases, each once, and each with what looks at it or the reason why nothing does", () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(65);
    expect(catalogue).toHaveLength(65);
    for (const { id, by, tests, because } of catalogue)
      expect([by, tests, because].filter(Boolean), id).toHaveLength(1);
  });

  test.each(catalogue.flatMap(({ tests = [] }) => tests))("names %s, which is there", (file) => {
    expect(existsSync(file)).toBe(true);
  });

  test.each(catalogue.filter(({ by }) => by))("$id is looked at by the part that it names", ({ id, by }) => {
    expect(parts.find(({ name }) => name === by)?.cases).toContain(id);
  });
});
