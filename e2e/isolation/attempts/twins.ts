// Rows of the same ids in two organizations: whatever is done to the ones, the others stay as they are, and are not shown.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { policy, type Operation, type OperationName } from "../../../app/auth/policy";
import { formFor, pathOf } from "../../http/operations";
import { writeComment, writePost } from "../../http/suite";
import { openTables } from "../traces/tables";
import { header, told, type Answer } from "../../http/ask";
import { paths } from "../../../app/paths";
import { unzip } from "../../unzip";
import { day, holds, minute, same, status, type Attempt, type Scene } from "./attempt";

type Ids = Record<string, string>;
type Side = "a" | "b";

const linkOf = (answer: Answer) => /\/join\/([\w-]{22}\.[\w-]{22})/.exec(answer.text)?.[1] ?? "";

/** Something of every kind that Ada can change: posts, comments, invitations, requests, billing details and settings. */
async function furnish(scene: Scene, side: Side = "a"): Promise<Record<"kept" | "given" | "ended", Ids>> {
  const { nobody, house, rows } = scene;
  const [ada, abe] = side === "a" ? [scene.ada, scene.abe] : [scene.adb, scene.abel];
  const memberId = house.people[side === "a" ? "abe" : "abel"].id;
  const common = { memberId, roleId: house.roleId("Collaborator"), organizationName: "Acme" };
  const kept = await writePost(ada, { title: "Ours", status: "draft" });
  const given = await writePost(ada, { title: "Ours, too" });
  const ended = await writePost(abe, { title: "Abe's" });
  const comments = [await writeComment(ada, given), await writeComment(ada, given), await writeComment(ada, given)];
  for (const name of ["kept", "given", "ended"]) {
    const form = { ...formFor("invitations.send", common), addresses: `${name}@example.org` };
    status(`The invitation of ${name}`, await ada.submit(paths.invite, form), 200);
  }
  const invitations = ["kept", "given", "ended"].map((name) =>
    String(rows("select id from invitations where address = ?", `${name}@example.org`)[0]?.id),
  );
  const renew = async (index: number) => linkOf(await ada.submit(paths.renewInvitation(invitations[index] ?? "")));
  const replaced = await renew(1);
  await renew(1);
  await nobody.submit(paths.askForInvitation(replaced)); // it waits with the invitation
  const revoked = await renew(2);
  await ada.submit(paths.revokeInvitations, { invitation: invitations[2] ?? "" });
  await nobody.submit(paths.askForInvitation(revoked));
  const requestId = String(
    rows("select id from invitation_requests where invitation_id = ?", invitations[2] ?? "")[0]?.id,
  );
  await ada.submit(paths.billingDetails, { ...formFor("billing.details"), version: "0" });
  await ada.submit(paths.invitationDomains, { domains: "example.org\nexample.com" });
  await ada.submit(paths.plan(), formFor("billing.plan"));
  await scene.jobs();
  const invoiceId = String(rows("select id from invoices")[0]?.id);
  const of = (postId: string, index: number): Ids => ({
    ...common,
    invoiceId,
    ...{ postId, commentId: comments[index] ?? "", invitationId: invitations[index] ?? "", requestId },
  });
  return { kept: of(kept, 0), given: of(given, 1), ended: of(ended, 2) };
}

/** Everything that is in the files of an export, when it is made. */
async function exportOf({ rows, app }: Scene, organization: string): Promise<string> {
  const find = () => rows("select id, status from export_files where logto_organization_id = ?", organization)[0];
  for (const until = Date.now() + 10_000; find()?.status === "waiting" && Date.now() < until;) await setTimeout(10);
  const file = join(dirname(app.file), "exports", organization, `${String(find()?.id)}.zip`);
  return [...unzip(readFileSync(file)).values()].join("\n");
}

/** While Logto makes an invitation, something else happens. */
async function raceWith({ house }: Scene, going: () => Promise<Answer>, meanwhile: () => unknown): Promise<Answer> {
  const match = { method: "POST", path: "/api/organization-invitations" };
  const seen = await house.ground.watch(match);
  await house.ground.fault({ kind: "slow", delayMs: 300, match, times: 1 });
  const answer = going();
  const isAsked = async () => {
    for (let tries = 0; tries < 2_000 && (await seen()) === 0; tries += 1) await setTimeout(5);
  };
  await Promise.race([isAsked(), answer.then((early) => holds("Logto is not asked", false, early))]);
  await meanwhile();
  return answer;
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

/** Somebody with a draft, and an invitation that they answer for: both go with them. */
async function furnishMax({ max, house }: Scene): Promise<Ids> {
  await writePost(max, { title: "Max's", status: "draft" });
  const form = {
    ...formFor("invitations.send", { roleId: house.roleId("Collaborator") }),
    addresses: "max@example.org",
  };
  status("Max's invitation", await max.submit(paths.invite, form), 200);
  return { memberId: house.people.max.id };
}

/** The pages of an organization, as those who are in it read them. */
const pages = (Object.entries(policy) as [OperationName, Operation][]).filter(
  ([, { method, permission, route }]) => method === "GET" && permission.includes(":") && route !== "server",
);

/** What the other organization's rows say instead: the same ids are not the same texts. */
const texts: [table: string, column: string, value?: string][] = [
  ["invoices", "number", "number + 1000"],
  ["billing_details", "city"],
  ["members", "name"],
  ["members", "joined_at", "joined_at - 86400000"],
  ["posts", "title"],
  ["posts", "body"],
  ["comments", "body"],
  ["invitations", "role_name"],
  ["invitation_requests", "address"],
];

export const twinAttempts: Attempt[] = [
  {
    title: "No page of an organization is another one when the other organization has rows of the same ids.",
    case: "A1",
    async run(scene) {
      const { app, house, change } = scene;
      for (const side of ["a", "b"] as const) {
        app.restore();
        await house.resetLogto();
        const other = side === "a" ? "b" : "a";
        const { kept, given } = await furnish(scene, side);
        const ids = { ...kept, postId: given.postId ?? "", commentId: given.commentId ?? "" };
        const readBy = async (reader: Scene["ada"]) => {
          const answers = new Map<OperationName, string>();
          for (const [operation] of pages)
            answers.set(operation, told(await reader.read(pathOf(operation, ids), "data")));
          return answers;
        };
        const reword = (of: Side, word: string) => {
          for (const [table, column, value = `'${word}'`] of texts) {
            const otherwise = `update ${table} set ${column} = ${value} where logto_organization_id = ?`;
            change(house.organizations[of], otherwise, house.organizations[of]);
          }
        };
        /** What this one reads is the same before and after. */
        const compare = async (reader: Scene["ada"], meanwhile: () => void) => {
          await readBy(reader); // some are settled by their first reading
          const [before, again] = [await readBy(reader), await readBy(reader)];
          meanwhile();
          const after = await readBy(reader);
          const still = [...before].filter(([operation, answer]) => again.get(operation) === answer);
          holds("Most pages are the same twice", still.length > pages.length * 0.8);
          for (const [operation, answer] of still) same(operation, after.get(operation), answer);
        };
        const tables = openTables(app.file, house.organizations, () => "");
        try {
          await compare(side === "a" ? scene.ada : scene.adb, () => {
            tables.twin(side, other);
            reword(other, "Another");
          });
          // Whichever of the two was there first, the one must not be found for the other.
          await compare(side === "a" ? scene.adb : scene.ada, () => reword(side, "A third one"));
        } finally {
          tables.close();
        }
      }
    },
  },
  {
    title: "What is done to one organization's rows leaves the other's of the same ids as they are.",
    case: "A1",
    async run(scene) {
      const { ada, app, house, pass, rows, change } = scene;
      const ids = await furnish(scene);
      const max = await furnishMax(scene);
      const comment = { ...ids.ended, postId: ids.given.postId ?? "" };
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        tables.twin("a", "b");
        // As if the same were wished there next: nothing but the organization tells the two apart.
        change(
          house.organizations.b,
          "update invitations set wanted = wanted + 1 where logto_organization_id = ?",
          house.organizations.b,
        );
        const settings = () =>
          rows("select * from organization_settings where logto_organization_id = ?", house.organizations.b);
        const stateOfB = () => `${tables.contents("b")}\n${JSON.stringify(settings())}`;
        await scene.adb.submit(paths.organizationColour, { colour: "3" }); // so that it has settings
        const before = stateOfB();
        holds("The other organization has no rows of its own", before.includes(ids.kept.postId ?? ""));
        for (const [operation, which, more] of [
          ...changes,
          ["members.remove", "kept", max] as const,
          ["comments.delete", "given"] as const,
        ]) {
          pass(1);
          const about = operation === "comments.delete" ? comment : { ...ids[which], ...more };
          const name = rows("select name from organizations where id = ?", house.organizations.a)[0]?.name;
          const form = formFor(operation, { ...about, organizationName: String(name) });
          if (operation === "invitations.resend") await house.ground.fault({ kind: "mail-failure" });
          const answer = await ada.submit(pathOf(operation, about), form);
          await house.ground.heal();
          const isDone = answer.status === 302 || answer.status === 200;
          holds(`${operation} is not done: ${answer.status} ${header(answer, "location")}`, isDone, answer);
          holds(`${operation} changes the other organization's rows`, stateOfB() === before);
        }
      } finally {
        tables.close();
      }
    },
  },
  {
    title: "What people do with a link to one organization leaves the other's invitations of the same ids as they are.",
    case: "A2",
    async run(scene) {
      const { ada, ivy, jon, nobody, app, house, rows, change } = scene;
      const { a, b } = house.organizations;
      const invite = async (address: string) => {
        const form = { ...formFor("invitations.send", { roleId: house.roleId("Collaborator") }), addresses: address };
        const link = linkOf(await ada.submit(paths.invite, form));
        return { link, id: link.slice(0, 22), address };
      };
      const asked = await invite("asked@example.org");
      await ada.submit(paths.revokeInvitations, { invitation: asked.id }); // which leaves its seat
      const joined = await invite(house.people.ivy.email);
      const declined = await invite(house.people.jon.email);
      const lost = await invite(house.people.eve.email);
      const gone = await invite(house.people.gust.email);
      const raced = await invite("raced@example.org");
      const logtos = ({ id }: { id: string }) =>
        String(rows("select logto_id from invitations where id = ?", id)[0]?.logto_id);
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        tables.twin("a", "b");
        const userOf = (who: "ivy" | "eve") =>
          String(rows("select id from users where logto_id = ?", house.people[who].id)[0]?.id);
        const accepting =
          "update invitations set status = 'accepting', accepted_by = ?, claimed_at = 1 where id = ? and logto_organization_id = ?";
        change(b, accepting, userOf("ivy"), joined.id, b); // the same people have begun to join there
        change(b, accepting, userOf("eve"), lost.id, b);
        change(a, accepting, userOf("eve"), lost.id, a); // long ago, and never came back
        for (let number = 0; number < 5; number += 1) {
          const values = "(?, ?, ?, 'unusable-link', ?, 1)";
          const columns = "logto_organization_id, id, invitation_id, kind, address, created_at";
          const address = number === 0 ? asked.address : `${number}@example.org`;
          change(
            b,
            `insert into invitation_requests (${columns}) values ${values}`,
            b,
            `request-${number}`,
            asked.id,
            address,
          );
        }
        await house.ground.api.write("DELETE", `/organization-invitations/${logtos(gone)}`);
        change(
          b,
          "update invitations set logto_id = ? where id = ? and logto_organization_id = ?",
          logtos(gone),
          gone.id,
          b,
        );
        const before = tables.contents("b");
        status("Ivy joins", await ivy.submit(paths.join(joined.link)), 302);
        status("Jon declines", await jon.submit(paths.declineInvitation(declined.link)), 302);
        status("Somebody asks", await nobody.submit(paths.askForInvitation(asked.link)), 302);
        status("Ada ends what Eve began", await ada.submit(paths.revokeInvitations, { invitation: lost.id }), 302);
        await scene.gust.submit(paths.join(gone.link)); // what Logto had of it is gone, and is made anew
        const another = "update invitations set wanted = wanted + 1 where id = ? and logto_organization_id = ?";
        await raceWith(
          scene,
          () => ada.submit(paths.renewInvitation(raced.id)),
          () => change(a, another, raced.id, a), // is wished for already
        );
        same("The other organization", tables.contents("b"), before);
        const stand = ({ id }: { id: string }) =>
          rows("select status from invitations where id = ? and logto_organization_id = ?", id, a)[0]?.status;
        same("What became of them", [joined, declined, lost].map(stand), ["accepted", "declined", "revoked"]);
        same("Requests", rows("select address from invitation_requests where logto_organization_id = ?", a), [
          { address: asked.address },
        ]);
        const log = rows("select action from audit_events where logto_organization_id = ? and action = 'join.ask'", a);
        same("Its line in the log", log.length, 1);
      } finally {
        tables.close();
      }
    },
  },
  {
    title:
      "Whoever has begun to join goes on when no seat is left, also when the other's invitation of the same id waits.",
    case: "A2",
    async run(scene) {
      const { ada, ivy, jon, app, house, rows, change } = scene;
      const { a, b } = house.organizations;
      const invite = async (address: string) => {
        const form = formFor("invitations.send", { roleId: house.roleId("Collaborator") });
        return linkOf(await ada.submit(paths.invite, { ...form, addresses: address }));
      };
      const begun = await invite(house.people.ivy.email);
      const waiting = await invite(house.people.jon.email);
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        tables.twin("a", "b");
        const [ivysRow] = rows("select id from users where logto_id = ?", house.people.ivy.id);
        const claimed = `status = 'accepting', accepted_by = '${String(ivysRow?.id)}', claimed_at = ${house.began}`;
        change(
          a,
          `update invitations set ${claimed} where id = ? and logto_organization_id = ?`,
          begun.slice(0, 22),
          a,
        );
        const columns = rows("select name from pragma_table_info('invitations')").map(({ name }) => String(name));
        const numbered = columns.map((name) =>
          /^(id|address|address_key)$/.test(name) ? `${name} || '-' || number` : name,
        );
        const others = `with recursive numbers(number) as (select 1 union all select number + 1 from numbers where number < 100)
          insert into invitations (${columns.join(", ")}) select ${numbered.join(", ")} from invitations, numbers where id = ? and logto_organization_id = ?`;
        change(a, others, begun.slice(0, 22), a);
        await jon.submit(paths.join(waiting));
        status("Ivy goes on", await ivy.submit(paths.join(begun)), 302);
        const stand = (link: string, of: string) =>
          rows("select status from invitations where id = ? and logto_organization_id = ?", link.slice(0, 22), of)[0]
            ?.status;
        same(
          "Hers, Jon's, and the other's",
          [stand(begun, a), stand(waiting, a), stand(begun, b)],
          ["accepted", "pending", "pending"],
        );
      } finally {
        tables.close();
      }
    },
  },
  {
    title:
      "Whose invitation has expired is invited anew, and the other's expired invitation of the same id stays as it is.",
    case: "A2",
    async run(scene) {
      const { ada, app, house, rows, pass } = scene;
      const invite = () => {
        const form = formFor("invitations.send", { roleId: house.roleId("Collaborator") });
        return ada.submit(paths.invite, { ...form, batch: `the-batch-${(sent += 1)}`, addresses: "late@example.org" });
      };
      let sent = 0;
      await invite();
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        tables.twin("a", "b");
        const before = tables.contents("b");
        pass(8 * day);
        status("The new invitation", await invite(), 200);
        const standing = "select status from invitations where logto_organization_id = ? order by created_at";
        same("Its own", rows(standing, house.organizations.a), [{ status: "expired" }, { status: "pending" }]);
        same("The other organization", tables.contents("b"), before);
      } finally {
        tables.close();
      }
    },
  },
  {
    title:
      "What waits for somebody waits once, in the organization that sent it, whatever is called the same elsewhere.",
    case: "A2",
    async run(scene) {
      const { ada, ivy, app, house, change } = scene;
      const { b } = house.organizations;
      const form = formFor("invitations.send", { roleId: house.roleId("Collaborator") });
      const id = linkOf(await ada.submit(paths.invite, { ...form, addresses: house.people.ivy.email })).slice(0, 22);
      const shown = async () => (await ivy.read(paths.organizations)).text.split(id).length - 1;
      const before = await shown();
      holds("It does not wait", before > 0);
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        tables.twin("a", "b");
        change(b, "delete from invitation_links where logto_organization_id = ?", b); // nothing of theirs leads to her
        same("How often it is on her page", await shown(), before);
      } finally {
        tables.close();
      }
    },
  },
  {
    title:
      "An export holds its own organization's rows, and a deletion takes them, whatever is called the same elsewhere.",
    case: "A1",
    async run(scene) {
      const { app, house, pass, rows, change } = scene;
      for (const side of ["a", "b"] as const) {
        app.restore();
        await house.resetLogto();
        const other = side === "a" ? "b" : "a";
        const [admin, otherAdmin] = side === "a" ? [scene.ada, scene.adb] : [scene.adb, scene.ada];
        await writePost(otherAdmin, { title: "Only in the other one" });
        // First, and more than are erased at once: whoever looks among all rows for some to erase finds none of their own.
        const columns = rows("select name from pragma_table_info('posts')").map(({ name }) => String(name));
        const copied = columns.map((name) => (name === "id" ? "id || ?" : name)).join(", ");
        const copy = `insert into posts (${columns.join(", ")}) select ${copied} from posts where title like 'Only in%' and logto_organization_id = ?`;
        for (let copies = 1; copies <= 128; copies *= 2)
          change(house.organizations[other], copy, `-${copies}`, house.organizations[other]);
        await furnish(scene, side);
        const tables = openTables(app.file, house.organizations, () => "");
        try {
          tables.twin(side, other);
          status("The export", await admin.submit(paths.exports), 302);
          const exported = await exportOf(scene, house.organizations[side]);
          holds("The export is empty", exported.includes("Ours, too"));
          holds("The other's post is in the export", !exported.includes("Only in the other one"));
          const written = ({ contents }: typeof tables, of: Side) =>
            contents(of)
              .split("\n")
              .filter((line) => !/^(invoices|audit_refusals) /.test(line)); // which time makes, and takes
          const before = written(tables, other);
          status("The deletion", await admin.submit(paths.deleteOrganization, { name: "Acme" }), 302);
          pass(7 * day);
          await scene.jobs();
          pass(3 * minute);
          await scene.jobs();
          same("What is left of it", tables.contents(side), "");
          same("What is left of the other", written(tables, other), before);
        } finally {
          tables.close();
        }
      }
    },
  },
  {
    title:
      "Somebody who becomes a member while they are invited is not invited, and the other's invitation of the same id stays.",
    case: "A2",
    async run(scene) {
      const { ada, app, house, rows } = scene;
      const { ivy } = house.people;
      const tables = openTables(app.file, house.organizations, () => "");
      try {
        let before = "";
        const form = formFor("invitations.send", { roleId: house.roleId("Collaborator") });
        const answer = await raceWith(
          scene,
          () => ada.submit(paths.invite, { ...form, addresses: ivy.email }),
          async () => {
            await house.ground.addMember(house.organizations.a, ivy, "Collaborator");
            tables.twin("a", "b");
            before = tables.contents("b");
          },
        );
        status("The invitation", answer, 200);
        holds("There was none", before.includes(ivy.email));
        same("The other organization", tables.contents("b"), before);
        const left = "select id from invitations where logto_organization_id = ?";
        same("What is left of it", rows(left, house.organizations.a), []);
      } finally {
        tables.close();
      }
    },
  },
];
