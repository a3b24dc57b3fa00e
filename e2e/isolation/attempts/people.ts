// Members and roles: nobody takes what they were not given, nobody keeps what was taken, and somebody always looks after the organization.
import { organizationField, paths } from "../../../app/paths";
import { header } from "../../http/ask";
import { writePost } from "../../http/suite";
import { day, holds, minute, same, second, status, type Attempt, type Scene } from "./attempt";

const invites = paths.invitations;

async function giveRole(
  { house }: Scene,
  by: Scene["ada"],
  who: keyof Scene["house"]["people"],
  role: "Admin" | "Collaborator",
) {
  return by.submit(paths.memberRole(house.people[who].id), { role: house.roleId(role) });
}

async function rolesOf({ house }: Scene, who: keyof Scene["house"]["people"]): Promise<unknown> {
  const members = await house.membersOf("a");
  return members.find(({ id }) => id === house.people[who].id)?.roles;
}

/** What every page says of its organization, as the page in the browser asks for it. */
async function frameOf(reader: Scene["ada"]): Promise<string> {
  return (await reader.read(paths.posts, "data")).text;
}

/** What the log of an organization says of somebody, in the order in which it was written. */
const logOf = ({ rows, house }: Scene, side: "a" | "b", who: keyof Scene["house"]["people"]) =>
  rows(
    "select action, result, target_name as name, from_value as former, to_value as wanted, correlation_id as asked from audit_events where logto_organization_id = ? and target_id = ? order by at, result",
    house.organizations[side],
    house.people[who].id,
  );

/** Something was asked of Logto about somebody, and then Atrium crashed. */
function leaveOpen(
  { change, house }: Scene,
  side: "a" | "b",
  who: keyof Scene["house"]["people"],
  asked: { id: string; action: string; name: string; from?: string; to?: string; secondsAgo: number },
): void {
  const { id, action, name, from = null, to = null, secondsAgo } = asked;
  const organization = house.organizations[side];
  const columns =
    "logto_organization_id, id, at, actor_name, action, target_type, target_id, target_name, from_value, to_value, result, correlation_id";
  change(
    organization,
    `insert into audit_events (${columns}) values (?, ?, ?, 'Somebody', ?, 'member', ?, ?, ${[from, to].map((value) => (value === null ? "null" : `'${value}'`)).join(", ")}, 'asked', ?)`,
    ...[organization, id, house.began - secondsAgo * second, action, house.people[who].id, name, id],
  );
}

export const peopleAttempts: Attempt[] = [
  {
    title: "Who gave the organization its name is told by its own log, whatever the other one is called since.",
    case: "G1",
    async run({ ada, abe, adb, pass }) {
      await ada.submit(paths.organizationName, { name: "Lanterns" });
      pass(second);
      await adb.submit(paths.organizationName, { name: "Chairs" });
      const told = await frameOf(abe);
      holds("Abe is not told who", /"renamedBy",\s*"Ada"/.test(told));
    },
  },
  {
    title: "Who has asked for the organization's end is told to its own people, and to nobody else.",
    case: "G1",
    async run({ ada, abe, adb, abel }) {
      for (const admin of [adb, ada]) await admin.submit(paths.deleteOrganization, { name: "Acme" });
      for (const reader of [abe, abel])
        holds("They are not told who", /"deletionAskedBy",\s*"Ada"/.test(await frameOf(reader)));
      await adb.submit(paths.undoDeletion);
      holds("What was taken back is still told", !/"deletionAskedBy",\s*"Ada"/.test(await frameOf(abel)));
      holds("The other one is taken back too", /"deletionAskedBy",\s*"Ada"/.test(await frameOf(abe)));
    },
  },
  {
    title: "Whoever is removed from two organizations is told in each who did it there.",
    case: "G1",
    async run(scene) {
      const { ada, adb, bob, max, house, pass } = scene;
      status("Max may remove, too", await giveRole(scene, ada, "max", "Admin"), 302);
      status("From the second", await adb.submit(paths.removeMember(house.people.bob.id)), 302);
      pass(second);
      status("From the first", await max.submit(paths.removeMember(house.people.bob.id)), 302);
      await bob.read(paths.posts);
      const page = await bob.read(paths.organizations);
      holds("Bob, who was in the second, is told of another", page.text.includes("Ada has removed you."), page);
    },
  },
  {
    title: "Who gave somebody their role is noted in the organization that it was given in, and in no other one.",
    case: "G1",
    async run(scene) {
      const { ada, adb, bob, house, rows } = scene;
      const { a, b } = house.organizations;
      await bob.submit(paths.switchOrganization, { organization: a }, { page: null });
      status("Bob in the first", await bob.read(paths.posts), 200);
      const noted = (organization: string) =>
        rows(
          "select role_given, role_given_by from members where logto_id = ? and logto_organization_id = ?",
          house.people.bob.id,
          organization,
        );
      for (const [giver, here, there] of [[ada, a, b] as const, [adb, b, a] as const]) {
        const [before, elsewhere] = [noted(here), noted(there)];
        status("The role", await giveRole(scene, giver, "bob", here === a ? "Admin" : "Collaborator"), 302);
        same("What is noted in the other", noted(there), elsewhere);
        holds("It is noted where it was given", JSON.stringify(noted(here)) !== JSON.stringify(before));
      }
    },
  },
  {
    title: "A change of a role that a crash left open is ended in each organization by what was asked for there.",
    case: "G1",
    async run(scene) {
      const action = "members.role";
      const open = {
        a: { name: "Bob of the first", from: "Guest", to: "Collaborator", end: "done" },
        b: { name: "Bob of the second", from: "Admin", to: "Guest", end: "failed" },
      };
      for (const sides of [
        ["a", "b"],
        ["b", "a"],
      ] as const) {
        scene.app.restore();
        for (const side of sides)
          leaveOpen(scene, side, "bob", { id: `open-${side}`, action, ...open[side], secondsAgo: 60 });
        await scene.jobs();
        for (const side of sides) {
          const { name, from: former, to: wanted, end } = open[side];
          const line = { action, result: "asked", name, former, wanted, asked: `open-${side}` };
          same("The log", logOf(scene, side, "bob"), [line, { ...line, result: end }]);
        }
      }
    },
  },
  {
    title:
      "A removal that a crash left open is ended in each organization by what was asked for there, and nobody else goes.",
    case: "G1",
    async run(scene) {
      const { bob, house, change, rows } = scene;
      const sides = ["a", "b"] as const;
      for (const gone of sides) {
        scene.app.restore();
        await house.resetLogto();
        const stays = gone === "a" ? "b" : "a";
        const only = gone === "a" ? ("abel" as const) : ("abe" as const); // is in the other one alone
        const leaving = (side: "a" | "b", who: "bob" | "abe" | "abel") =>
          change(
            house.organizations[side],
            "update members set leaving_at = 1 where logto_id = ? and logto_organization_id = ?",
            ...[house.people[who].id, house.organizations[side]],
          );
        for (const side of sides) {
          const organization = house.organizations[side];
          await bob.submit(paths.switchOrganization, { organization }, { page: null });
          status("Bob there", await bob.read(paths.posts), 200);
          leaving(side, "bob");
        }
        leaving(stays, only);
        leaveOpen(scene, gone, "bob", { id: "open-here", action: "members.remove", name: "Bob", secondsAgo: 60 });
        leaveOpen(scene, stays, "bob", { id: "open-there", action: "members.leave", name: "Bob", secondsAgo: 30 });
        await house.ground.removeMember(house.organizations[gone], house.people.bob);
        await scene.jobs();
        const ends = (side: "a" | "b", who: "bob" | "abe" | "abel") =>
          logOf(scene, side, who)
            .map(({ action, result, asked }) => [action, result, asked])
            .toSorted();
        same("The log of the first", ends(gone, "bob"), [
          ["members.remove", "asked", "open-here"],
          ["members.remove", "done", "open-here"],
        ]);
        same("The log of the second", ends(stays, "bob"), [
          ["members.leave", "asked", "open-there"],
          ["members.leave", "failed", "open-there"],
        ]);
        same("Of somebody who is only in the second", ends(gone, only), []);
        const left = (side: "a" | "b") =>
          rows(
            "select left_at is not null as gone, leaving_at from members where logto_id = ? and logto_organization_id = ?",
            ...[house.people.bob.id, house.organizations[side]],
          );
        same("Bob in the first", left(gone), [{ gone: 1, leaving_at: null }]);
        same("Bob in the second", left(stays), [{ gone: 0, leaving_at: null }]);
      }
    },
  },
  {
    title: "Whoever was never in an organization cannot be removed from it, though they have left another one.",
    case: "A1",
    async run({ ada, adb, house, rows }) {
      const { abel } = house.people;
      status("From the second", await adb.submit(paths.removeMember(abel.id)), 302);
      status("From the second, once more", await adb.submit(paths.removeMember(abel.id)), 302);
      status("From the first", await ada.submit(paths.removeMember(abel.id)), 404);
      same(
        "Its log",
        rows("select action from audit_events where logto_organization_id = ?", house.organizations.a),
        [],
      );
    },
  },
  {
    title: "That an organization was founded is in its log, whatever the logs of others say.",
    case: "G1",
    async run({ jon, house, rows, change }) {
      const form = { name: "Chairs", key: "a-key-of-22-characters" };
      await house.ground.fault({
        kind: "status",
        status: 500,
        match: { method: "PATCH", path: "/api/organizations" },
        times: 4,
      });
      status("While Logto is away", await jon.submit(paths.newOrganization, form), 503);
      await house.ground.heal();
      const id = String(rows("select id from new_organizations where key = ?", `form ${form.key}`)[0]?.id);
      const columns = "logto_organization_id, id, at, actor_name, action, result";
      change(
        house.organizations.a,
        `insert into audit_events (${columns}) values (?, ?, 1, 'Somebody', 'posts.create', 'done')`,
        house.organizations.a,
        id,
      );
      status("Afterwards", await jon.submit(paths.newOrganization, form), 302);
      same("The logs", rows("select action from audit_events where id = ? order by at", id), [
        { action: "posts.create" },
        { action: "organizations.create" },
      ]);
    },
  },
  {
    title: "Somebody who is made a Collaborator is no Admin with the very next request, without any wait.",
    case: "C7",
    async run(scene) {
      const { ada, abe } = scene;
      status("Before", await abe.read(invites), 403);
      status("The promotion", await giveRole(scene, ada, "abe", "Admin"), 302);
      status("As an Admin", await abe.read(invites), 200);
      status("The demotion", await giveRole(scene, ada, "abe", "Collaborator"), 302);
      status("Afterwards", await abe.read(invites), 403);
    },
  },
  {
    title: "Somebody who is removed by an Admin is out with the very next request, to read and to write.",
    case: "C7",
    async run({ ada, abe, house, rows }) {
      status("Before", await abe.read(paths.posts), 200);
      status("The removal", await ada.submit(paths.removeMember(house.people.abe.id)), 302);
      const read = await abe.read(paths.posts);
      holds("He still reads", header(read, "location") === paths.organizations, read);
      const write = await abe.submit(paths.newPost, { title: "Still here", status: "published" });
      holds("He still writes", write.status === 403 || header(write, "location") === paths.organizations, write);
      same("Posts", rows("select count(*) as n from posts where title = 'Still here'"), [{ n: 0 }]);
    },
  },
  {
    title:
      "A removal at Logto that nobody tells of counts after a minute at the latest, and a webhook makes it count at once.",
    case: "C7",
    async run({ abe, gus, house, app, pass }) {
      for (const who of ["abe", "gus"] as const)
        await house.ground.removeMember(house.organizations.a, house.people[who]);
      status("Within the minute", await abe.read(paths.posts), 200);
      const told = await app.ask(paths.logtoWebhook, house.webhook({ event: "Organization.Membership.Updated" }));
      status("The webhook", told, 204);
      holds("He still reads", header(await abe.read(paths.posts), "location") === paths.organizations);
      pass(61 * second);
      const late = await gus.read(paths.posts);
      holds("He still has a session there", header(late, "location") === paths.organizations, late);
    },
  },
  {
    title:
      "An answer of Logto counts for a minute, also when nobody has said that anything changed, and never when the clock was set back.",
    case: "C7",
    async run({ ada, house, pass }) {
      pass(2 * minute);
      status("Asked now", await ada.read(invites), 200);
      await house.ground.setRoles(house.organizations.a, house.people.ada, "Collaborator");
      status("Within the minute", await ada.read(invites), 200);
      pass(59 * second);
      status("At its end", await ada.read(invites), 200);
      pass(2 * second);
      status("After it", await ada.read(invites), 403);
      await house.ground.setRoles(house.organizations.a, house.people.ada, "Admin");
      pass(-10 * minute);
      status("With a clock that was set back", await ada.read(invites), 200);
    },
  },
  {
    title: "With Logto away, people read for five minutes more and write nothing; then they do neither.",
    case: "I4",
    async run({ ada, house, pass, rows }) {
      status("Before", await ada.read(paths.posts), 200);
      await house.ground.fault({ kind: "status", status: 500 });
      pass(2 * minute);
      status("Reading in the outage", await ada.read(paths.posts), 200);
      status(
        "Writing in the outage",
        await ada.submit(paths.newPost, { title: "In the dark", status: "published" }),
        503,
      );
      pass(4 * minute);
      status("After five minutes", await ada.read(paths.posts), 503);
      same("Posts", rows("select count(*) as n from posts where title = 'In the dark'"), [{ n: 0 }]);
      await house.ground.heal();
    },
  },
  {
    title:
      "The last one who manages the members cannot leave, and nobody changes their own role or removes themselves.",
    case: "B4",
    async run(scene) {
      const { ada, adb, bob, house } = scene;
      await house.ground.removeMember(house.organizations.a, house.people.max);
      status("The only manager leaving", await ada.submit(paths.leave), 409);
      status("Taking another role", await giveRole(scene, ada, "ada", "Collaborator"), 409);
      status("Removing oneself", await ada.submit(paths.removeMember(house.people.ada.id)), 409);
      same("Ada's roles", await rolesOf(scene, "ada"), ["Admin"]);
      const own = { role: house.roleId("Collaborator") };
      status(
        "One of two Admins demoting themselves",
        await adb.submit(paths.memberRole(house.people.adb.id), own),
        409,
      );
      status("One of two Admins leaving", await bob.submit(paths.leave), 302);
    },
  },
  {
    title:
      "Max, who may manage members and invite, and is no Admin, makes nobody an Admin, demotes no Admin, removes none, and invites none.",
    case: "D6",
    async run(scene) {
      const { max, house, rows } = scene;
      status("Making Abe an Admin", await giveRole(scene, max, "abe", "Admin"), 409);
      status("Demoting Ada", await giveRole(scene, max, "ada", "Collaborator"), 409);
      status("Removing Ada", await max.submit(paths.removeMember(house.people.ada.id)), 409);
      same("Roles", [await rolesOf(scene, "abe"), await rolesOf(scene, "ada")], [["Collaborator"], ["Admin"]]);
      const form = { batch: "batch-of-max", addresses: "new@example.org", role: house.roleId("Admin"), days: "7" };
      await max.submit(paths.invite, form);
      same("Invitations", rows("select count(*) as n from invitations where batch = 'batch-of-max'"), [{ n: 0 }]);
      const { ada } = scene;
      await ada.submit(paths.invite, { ...form, batch: "batch-of-ada" });
      same("Ada's", rows("select count(*) as n from invitations where batch = 'batch-of-ada'"), [{ n: 1 }]);
    },
  },
  {
    title: "Somebody of the other organization is no member to look at, to give a role, or to remove.",
    case: "A1",
    async run({ ada, house }) {
      const { abel } = house.people;
      for (const path of [paths.memberRole, paths.removeMember]) {
        status("The page of a foreign person", await ada.read(path(abel.id)), 404);
        status("The form about them", await ada.submit(path(abel.id), { role: house.roleId("Admin") }), 404);
        status("The page of a colleague", await ada.read(path(house.people.abe.id)), 200);
      }
      const members = await house.membersOf("b");
      same("Their role", members.find(({ id }) => id === abel.id)?.roles, ["Collaborator"]);
    },
  },
  {
    title: "With somebody who is removed go their drafts and their open invitations, and nobody else's.",
    async run({ ada, abe, max, house, rows }) {
      await writePost(ada, { title: "Ada's draft", status: "draft" });
      await writePost(abe, { title: "Abe's draft", status: "draft" });
      await writePost(abe, { title: "Abe's post" });
      const form = (batch: string, address: string) => ({
        ...{ batch, addresses: address, days: "7" },
        role: house.roleId("Collaborator"),
      });
      await max.submit(paths.invite, form("batch-of-max", "m@example.org"));
      await ada.submit(paths.invite, form("batch-of-ada", "n@example.org"));
      for (const who of [house.people.abe, house.people.max])
        status("The removal", await ada.submit(paths.removeMember(who.id)), 302);
      const titles = rows("select title from posts where title like 'A%''s %' order by title").map(
        ({ title }) => title,
      );
      same("What is left", titles, ["Abe's post", "Ada's draft"]);
      const open = rows("select batch, status from invitations order by batch");
      same("Invitations", open, [
        { batch: "batch-of-ada", status: "pending" },
        { batch: "batch-of-max", status: "revoked" },
      ]);
    },
  },
  {
    title: "Nobody switches to an organization that is not theirs, whatever the form, the header or the address says.",
    case: "C1",
    async run({ ada, bob, house, rows, app }) {
      const moved = await ada.submit(paths.switchOrganization, { organization: house.organizations.b });
      status("Switching to another's", moved, 404);
      const nothing = await ada.submit(paths.switchOrganization, { organization: "never-existed" });
      same("As to nothing", [moved.status, moved.text.length], [nothing.status, nothing.text.length]);
      const headers = { Cookie: ada.cookie, "X-Org-Id": house.organizations.b, "X-Forwarded-Host": "evil.example" };
      const page = await app.ask(`${paths.posts}?org=${house.organizations.b}&organization=${house.organizations.b}`, {
        headers,
      });
      status("The page", page, 200);
      holds(
        "It is of the session's organization",
        page.text.includes(`data-organization="${house.organizations.a}"`),
        page,
      );
      const [row] = rows(
        "select s.organization_id as o from sessions s join users u on u.id = s.user_id where u.logto_id = ?",
        house.people.ada.id,
      );
      same("The session", row?.o, house.organizations.a);
      status(
        "Bob, who is in both",
        await bob.submit(paths.switchOrganization, { organization: house.organizations.a }),
        302,
      );
    },
  },
  {
    title: "Bob is an Admin in one organization and a Collaborator in the other: only the active one counts.",
    case: "B2",
    async run({ bob, house }) {
      status("As an Admin", await bob.read(invites), 200);
      status("The switch", await bob.submit(paths.switchOrganization, { organization: house.organizations.a }), 302);
      status("As a Collaborator", await bob.read(invites), 403);
      const stale = await bob.submit(paths.newPost, { title: "From the other tab", status: "published" });
      status("A form of the other tab", stale, 409);
      const own = { title: "Here", status: "published", [organizationField]: house.organizations.a };
      status("A form of this one", await bob.submit(paths.newPost, own, { page: null }), 302);
    },
  },
  {
    title: "A session ends after two weeks, and when it is signed out, and a changed cookie is none.",
    case: "C6",
    async run({ ada, abe, app, pass }) {
      for (const cookie of [ada.cookie.slice(0, -3), ada.cookie.replace("__session=", "__session=x"), "__session=abc"])
        status("A changed cookie", await app.ask("/posts.data", { headers: { Cookie: cookie } }), 401);
      status("Ada's own", await ada.read(paths.posts, "data"), 200);
      status("Signing out", await ada.submit(paths.signOut), 302);
      status("Her cookie afterwards", await ada.read(paths.posts, "data"), 401);
      pass(13 * day);
      status("Abe after 13 days", await abe.read(paths.posts, "data"), 200);
      pass(1 * day);
      status("Abe after 14 days", await abe.read(paths.posts, "data"), 401);
    },
  },
  {
    title: "A form of another site writes nothing, and neither does one that does not say where it is from.",
    case: "H1",
    async run({ ada, rows }) {
      const form = { title: "From elsewhere", status: "published" };
      for (const from of ["https://evil.example", "null", "http://sub.localhost:9", "http://localhost:9.evil.example"])
        status(from, await ada.submit(paths.newPost, form, { headers: { Origin: from } }), 403);
      same("Posts", rows("select count(*) as n from posts where title = 'From elsewhere'"), [{ n: 0 }]);
      status("From our own page", await ada.submit(paths.newPost, form), 302);
    },
  },
  {
    title: "Nothing that a member is shown may be stored by anybody, or differ by cookie unseen.",
    case: "G2",
    async run({ ada }) {
      for (const transport of ["document", "data"] as const) {
        const page = await ada.read(paths.posts, transport);
        const headers = Object.fromEntries(page.headers);
        same("Cache-Control", headers["cache-control"], "private, no-store");
        same("Vary", /\bCookie\b/i.test(headers.vary ?? ""), true);
      }
    },
  },
];
