// A thousand forms to the actions of one's account, by somebody whose account none of them may end.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import { header } from "../ask";
import { expect, test } from "../suite";
import { enter } from "../visitor";
import type { Form } from "./attempts";
import { fuzz, share } from "./fuzz";
import { typeable } from "./texts";

test.describe.configure({ mode: "default", timeout: 180_000 });

const formsOf = (email: string, foreign: string): Partial<Record<OperationName, Form>> => ({
  "account.theme": {
    ofPage: false,
    isRead: true,
    names: ["theme"],
    right: fc.record({ theme: fc.constantFrom("system", "light", "dark") }),
    refused: fc.oneof(
      fc.constantFrom(undefined, "", "DARK", "dark ", "__proto__").map((theme) => ({ fields: { theme }, status: 400 })),
      typeable.map((theme) => ({ fields: { theme: `${theme}.` }, status: 400 })),
    ),
  },
  "account.sessions.end": {
    ofPage: false,
    isRead: true,
    names: ["session"],
    right: fc.record({
      session: fc
        .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 64 })
        .map((text) => text.replaceAll(/\s/g, "x")),
    }),
    refused: fc.constantFrom(undefined, "", "x".repeat(65)).map((session) => ({ fields: { session }, status: 400 })),
  },
  "account.sessions.end-others": { ofPage: false, isRead: false, names: [], right: fc.constant({}) },
  "account.delete": {
    ofPage: false,
    isRead: true,
    names: ["confirmation", "goes"],
    lists: ["goes"],
    right: fc.record({
      confirmation: fc.constantFrom(email, email.toUpperCase(), ` ${email}`),
      goes: fc.constant(foreign),
    }),
    refused: fc.oneof(
      fc
        .constantFrom(undefined, "", "   ", "x".repeat(321))
        .map((confirmation) => ({ fields: { confirmation }, status: 422 })),
      typeable.map((text) => ({ fields: { confirmation: `${text}.` }, status: 422 })),
      fc.constant({ fields: { goes: "x".repeat(65) }, status: 422 }),
    ),
  },
});

const runs: [OperationName, number][] = [
  ["account.theme", 300],
  ["account.sessions.end", 300],
  ["account.sessions.end-others", 100],
  ["account.delete", 400],
];

for (const [operation, count] of runs) {
  test(`${count} forms to ${operation} end nobody's session but Fay's own, and no account`, async ({
    world,
    operator,
    cast,
    database,
  }) => {
    const initech = await operator.makeOrganization("Initech");
    await operator.makePerson("Gus", [initech, "Collaborator"]);
    const person = await operator.makePerson("Fay", [initech, "Admin"]);
    const fay = await enter(world.baseUrl, person, initech);
    const form = formsOf(person.email, cast.acme.id)[operation];
    if (!form) throw new Error(`${operation} is not known here`);
    const userId = String(database.rows("select id from users where email = ?", person.email)[0]?.id);
    const tally = await fuzz(
      {
        operation,
        form,
        visitor: fay,
        baseUrl: world.baseUrl,
        database,
        own: () => ({ organizations: [initech.id], person: userId }),
        loot: [cast.acme.id, userId],
        foreign: [cast.acme.id],
        ids: {},
        async taken(attempt, send) {
          const before = database.checksumBeside({ organizations: [] });
          const answer = await send(attempt, {});
          const location = header(answer, "location");
          if (location) expect(location).toMatch(/^\/account\?done=[\w-]+$/);
          expect((await fay.read(paths.posts)).status).toBe(200);
          if (operation !== "account.delete") return answer;
          expect(answer.status, "whoever alone manages the members of others stays").toBe(409);
          expect(database.checksumBeside({ organizations: [] })).toBe(before);
          return { ...answer, status: attempt.as === "data" ? 202 : 302 };
        },
      },
      count,
    );
    test.info().annotations.push({ type: "answers", description: JSON.stringify(tally) });
    expect(share(tally, "right", 302, 202), "accepted").toBeGreaterThan(0.15);
    if (form.refused) expect(share(tally, "refused", 400, 422), "refused").toBeGreaterThan(0.2);
    expect(database.rows("select id from users where id = ?", userId)).toHaveLength(1);
  });
}
