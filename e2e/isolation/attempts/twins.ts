// Rows of the same ids in two organizations: whatever is done to the ones, the others stay as they are, and are not shown.
import { policy, type Operation, type OperationName } from "../../../app/auth/policy";
import { formFor, pathOf } from "../../http/operations";
import { writeComment, writePost } from "../../http/suite";
import { openTables } from "../traces/tables";
import { header, told } from "../../http/ask";
import { paths } from "../../../app/paths";
import { holds, same, status, type Attempt, type Scene } from "./attempt";

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

/** The pages of an organization, as those who are in it read them. */
const pages = (Object.entries(policy) as [OperationName, Operation][]).filter(
  ([, { method, permission, route }]) => method === "GET" && permission.includes(":") && route !== "server",
);

export const twinAttempts: Attempt[] = [
  {
    title: "No page of an organization is another one when the other organization has rows of the same ids.",
    case: "A1",
    async run(scene) {
      const { ada, app, house } = scene;
      const { kept, given } = await furnish(scene);
      const ids = { ...kept, postId: given.postId ?? "", commentId: given.commentId ?? "" };
      const read = async () => {
        const answers = new Map<OperationName, string>();
        for (const [operation] of pages) {
          const answer = await ada.read(pathOf(operation, ids), "data");
          answers.set(operation, told(answer));
        }
        return answers;
      };
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        await read(); // some are settled by their first reading
        const [before, again] = [await read(), await read()];
        tables.twin("a", "b");
        const after = await read();
        const still = [...before].filter(([operation, answer]) => again.get(operation) === answer);
        holds("Most pages are the same twice", still.length > pages.length * 0.8);
        for (const [operation, answer] of still) same(operation, after.get(operation), answer);
      } finally {
        tables.close();
      }
    },
  },
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
        const settings = () =>
          rows("select * from organization_settings where logto_organization_id = ?", house.organizations.b);
        const stateOfB = () => `${tables.contents("b")}\n${JSON.stringify(settings())}`;
        await scene.adb.submit(paths.organizationColour, { colour: "3" }); // so that it has settings
        const before = stateOfB();
        holds("The other organization has no rows of its own", before.includes(ids.kept.postId ?? ""));
        for (const [operation, which, more] of [...changes, ["comments.delete", "given"] as const]) {
          pass(1);
          const about = operation === "comments.delete" ? comment : { ...ids[which], ...more };
          const name = rows("select name from organizations where id = ?", house.organizations.a)[0]?.name;
          const form = formFor(operation, { ...about, organizationName: String(name) });
          const answer = await ada.submit(pathOf(operation, about), form);
          const isDone = answer.status === 302 || answer.status === 200;
          holds(`${operation} is not done: ${answer.status} ${header(answer, "location")}`, isDone, answer);
          holds(`${operation} changes the other organization's rows`, stateOfB() === before);
        }
      } finally {
        tables.close();
      }
    },
  },
];
