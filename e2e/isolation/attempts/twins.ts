// Rows of the same ids in two organizations: whatever is done to the ones, the others stay as they are, and are not shown.
import type { OperationName } from "../../../app/auth/policy";
import { formFor, pathOf } from "../../http/operations";
import { writeComment, writePost } from "../../http/suite";
import { openTables } from "../traces/tables";
import { header } from "../../http/ask";
import { paths } from "../../../app/paths";
import { holds, status, type Attempt, type Scene } from "./attempt";

type Ids = Record<string, string>;

/** Something of every kind that Ada can change: posts, comments, invitations, requests, billing details and settings. */
async function furnish({ ada, abe, nobody, house, rows }: Scene): Promise<Record<"kept" | "given" | "ended", Ids>> {
  const common = { memberId: house.people.abe.id, roleId: house.roleId("Collaborator"), organizationName: "Acme" };
  const kept = await writePost(ada, { title: "Ours", status: "draft" });
  const given = await writePost(ada, { title: "Ours, too" });
  const ended = await writePost(abe, { title: "Abe's" });
  const comments = [await writeComment(ada, given), await writeComment(ada, given)];
  for (const name of ["kept", "given", "ended"]) {
    const form = { ...formFor("invitations.send", common), addresses: `${name}@example.org` };
    status(`The invitation of ${name}`, await ada.submit(paths.invite, form), 200);
  }
  const invitations = ["kept", "given", "ended"].map((name) =>
    String(rows("select id from invitations where address = ?", `${name}@example.org`)[0]?.id),
  );
  const link = /\/join\/([\w-]{22}\.[\w-]{22})/.exec(
    (await ada.submit(paths.renewInvitation(invitations[2] ?? ""))).text,
  );
  await ada.submit(paths.revokeInvitations, { invitation: invitations[2] ?? "" });
  await nobody.submit(paths.askForInvitation(link?.[1] ?? ""));
  const requestId = String(rows("select id from invitation_requests")[0]?.id);
  await ada.submit(paths.billingDetails, { ...formFor("billing.details"), version: "0" });
  await ada.submit(paths.invitationDomains, { domains: "example.org\nexample.com" });
  const of = (postId: string, index: number): Ids => ({
    ...common,
    ...{ postId, commentId: comments[index] ?? "", invitationId: invitations[index] ?? "", requestId },
  });
  return { kept: of(kept, 0), given: of(given, 0), ended: of(ended, 1) };
}

const changes: [OperationName, "kept" | "given" | "ended", Ids?][] = [
  ["posts.update", "kept"],
  ["posts.publish", "kept"],
  ["posts.archive", "kept"],
  ["comments.update", "given"],
  ["comments.create", "given"],
  ["invitations.role", "kept"],
  ["invitations.renew", "kept"],
  ["invitations.resend", "given"],
  ["invitations.revoke", "given"],
  ["requests.dismiss", "ended"],
  ["billing.details", "kept", { version: "1", company: "Another Ltd" }],
  ["settings.colour", "kept"],
  ["settings.invitations", "kept"],
  ["settings.domains", "kept"],
  ["settings.name", "kept"],
  ["members.role", "kept"],
  ["settings.delete", "kept"],
  ["settings.delete.undo", "kept"],
  ["posts.delete", "ended"],
  ["members.remove", "kept"],
];

export const twinAttempts: Attempt[] = [
  {
    title: "What is done to one organization's rows leaves the other's of the same ids as they are.",
    case: "A1",
    async run(scene) {
      const { ada, app, house, pass, rows } = scene;
      const ids = await furnish(scene);
      const comment = { ...ids.ended, postId: ids.given.postId ?? "" };
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        tables.twin("a", "b");
        const before = tables.contents("b");
        holds("The other organization has no rows of its own", before.includes(ids.kept.postId ?? ""));
        for (const [operation, which, more] of [...changes, ["comments.delete", "given"] as const]) {
          pass(1);
          const about = operation === "comments.delete" ? comment : { ...ids[which], ...more };
          const name = rows("select name from organizations where id = ?", house.organizations.a)[0]?.name;
          const form = formFor(operation, { ...about, organizationName: String(name) });
          const answer = await ada.submit(pathOf(operation, about), form);
          const isDone = answer.status === 302 || answer.status === 200;
          holds(`${operation} is not done: ${answer.status} ${header(answer, "location")}`, isDone, answer);
          holds(`${operation} changes the other organization's rows`, tables.contents("b") === before);
        }
      } finally {
        tables.close();
      }
    },
  },
];
