// The database takes no write: another process holds it, for longer than anybody waits. Reads go on, every form is told so and keeps its text, and nothing is half done.
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import type { OperationName } from "../../app/auth/policy";
import { startWorld } from "../../scripts/world";
import { expect, test } from "../journey";
import { createOperator } from "../operator";
import { paths } from "../../app/paths";
import { openPlain } from "./database";
import { linesOf } from "./log";
import { openLogto } from "./logto";
import { formFor, pathOf } from "./operations";
import { sendUntilTaken, writeComment, writePost } from "./suite";
import { enter, transports } from "./visitor";

test.describe.configure({ timeout: 120_000 });

/** Holds the file as a backup that has gone wrong would. @returns what lets it go */
function hold(file: string): () => void {
  const database = new Database(file);
  database.exec("begin immediate");
  return () => {
    database.exec("rollback");
    database.close();
  };
}

const typed = "What was typed while nothing could be written";

test("while the file takes no write Ada reads on; each form is answered 503 with its text, changes nothing, and is taken later", async () => {
  const world = await startWorld();
  try {
    const { baseUrl, databaseFile, logFile } = world.description;
    const operator = createOperator(world.description);
    const acme = await operator.makeOrganization("Acme held");
    const colleague = await operator.makePerson("Colleague", [acme, "Collaborator"]);
    const ada = await enter(baseUrl, await operator.makePerson("Ada", [acme, "Admin"]), acme);
    const logto = openLogto(world.description);
    const database = openPlain(databaseFile);
    const postId = await writePost(ada);
    const commentId = await writeComment(ada, postId);
    const ids = { postId, commentId, memberId: colleague.id, roleId: await logto.roleId("Admin") };

    const forms: [OperationName, Record<string, string>][] = [
      ["posts.create", { title: typed, body: "A text", status: "published" }],
      ["posts.update", { title: "Another title", body: typed, version: "1" }],
      ["comments.create", { body: typed }],
      ["comments.update", { body: typed, version: "1" }],
      ["posts.archive", {}],
      ["members.role", { role: ids.roleId }],
      ["invitations.send", { ...formFor("invitations.send", ids), note: typed }],
      ["billing.details", { ...formFor("billing.details", { version: "0" }), purchaseOrder: "As it was typed" }],
      ["billing.plan", { plan: "team", basis: "none" }],
      ["settings.colour", { colour: "7" }],
      ["settings.invitations", { role: ids.roleId, days: "9" }],
      ["settings.domains", { domains: "example.com" }],
      ["settings.export.ask", {}],
      ["settings.delete", { name: acme.name }],
      ["settings.name", { name: typed }],
    ];
    const all = () => database.checksumBeside({ organizations: [] });
    const before = [all(), await logto.stateOf(acme)];

    const letGo = hold(databaseFile);
    for (const as of transports) {
      const answers = forms.map(([operation, fields]) => ada.submit(pathOf(operation, ids), fields, { as }));
      for (const [index, [operation, fields]] of forms.entries()) {
        const { status, text } = await answers[index]!;
        expect(status, `${operation}, ${as}: ${text.slice(0, 300)}`).toBe(503);
        for (const kept of Object.values(fields).filter((value) => /as it was typed|what was typed/i.test(value)))
          expect(text, `${operation}, ${as}`).toContain(kept);
      }
    }
    for (const path of [paths.posts, paths.post(postId), paths.billing, paths.audit, paths.settings, paths.account])
      expect((await ada.read(path)).status, path).toBe(200);
    expect([all(), await logto.stateOf(acme)], "nothing was done").toEqual(before);
    letGo();

    for (const [operation, fields] of forms) await sendUntilTaken(ada, pathOf(operation, ids), fields);
    const [count] = database.rows("select count(*) as of_it from posts where title = ?", typed);
    expect(count, "once").toEqual({ of_it: 1 });
    expect((await logto.membersOf(acme))[colleague.id]).toEqual(["Admin"]);
    database.close();
    const bugs = linesOf(readFileSync(logFile, "utf8")).filter(({ msg }) => /unexpected/.test(msg));
    expect(bugs).toEqual([]);
  } finally {
    await world.stop();
  }
});
