// What an organization has set, and what becomes of it by itself: the other organization's counts for nothing, and is left alone.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { invoiceNumber } from "../../../app/models/billing/invoices.server";
import { paths } from "../../../app/paths";
import { told } from "../../http/ask";
import { formFor } from "../../http/operations";
import { writePost } from "../../http/suite";
import { day, holds, minute, same, second, status, type Attempt, type Scene } from "./attempt";

type Side = "a" | "b";
const sides = ["a", "b"] as const;

const adminOf = ({ ada, adb }: Scene, side: Side) => (side === "a" ? ada : adb);
const otherThan = (side: Side): Side => (side === "a" ? "b" : "a");

/** Everything that can be set. */
async function setEverything(scene: Scene, side: Side): Promise<void> {
  const admin = adminOf(scene, side);
  const role = scene.house.roleId("Guest");
  for (const [path, form] of [
    [paths.organizationColour, { colour: "7" }],
    [paths.invitationDefaults, { role, days: "3" }],
    [paths.invitationDomains, { domains: "closed.example" }],
    [paths.deleteOrganization, { name: "Acme" }],
  ] as const)
    status(path, await admin.submit(path, form), 302);
}

const rowOf = ({ rows, house }: Scene, side: Side) =>
  rows("select * from organization_settings where logto_organization_id = ?", house.organizations[side])[0];

const lastLine = ({ rows, house }: Scene, side: Side, action: string) =>
  rows(
    "select from_value as former, result from audit_events where logto_organization_id = ? and action = ? order by at desc, id desc limit 1",
    house.organizations[side],
    action,
  )[0];

/** Of either organization, for a query that asks for neither may happen to find the right one first. */
const ofEither = (run: (scene: Scene, side: Side) => Promise<void>) => async (scene: Scene) => {
  for (const side of sides) {
    scene.app.restore();
    await scene.house.resetLogto();
    await scene.house.ground.heal();
    await run(scene, side);
  }
};

export const settingAttempts: Attempt[] = [
  {
    title: "What one organization has set, and that it is to be deleted, counts in no other one.",
    case: "A1",
    run: ofEither(async (scene, side) => {
      const admin = adminOf(scene, side);
      const read = async () => told(await admin.read(paths.settings));
      await read();
      const before = await read();
      await setEverything(scene, otherThan(side));
      same("The settings", await read(), before);
      const common = { roleId: scene.house.roleId("Collaborator"), organizationName: "Acme" };
      const form = { ...formFor("invitations.send", common), addresses: "somebody@open.example" };
      status("An invitation", await admin.submit(paths.invite, form), 200);
      same("Invitations", scene.rows("select count(*) as n from invitations where address = 'somebody@open.example'"), [
        { n: 1 },
      ]);
      status("Its domains", await admin.submit(paths.invitationDomains, { domains: "open.example" }), 302);
      same("What they were", lastLine(scene, side, "settings.domains")?.former, "every domain");
      status("Its own deletion", await admin.submit(paths.deleteOrganization, { name: "Acme" }), 302);
      holds("It is not asked for", rowOf(scene, side)?.deletes_at !== null);
      status("Taking it back", await admin.submit(paths.undoDeletion), 302);
      holds("The other's is taken back too", rowOf(scene, otherThan(side))?.deletes_at !== null);
    }),
  },
  {
    title: "What goes with an organization is counted in it alone, also while Logto cannot say who is in it.",
    case: "A1",
    run: ofEither(async (scene, side) => {
      const { house, change } = scene;
      const [id, other] = [house.organizations[side], house.organizations[otherThan(side)]];
      await house.ground.fault({ kind: "status", status: 500, match: { path: `/api/organizations/${id}/users` } });
      const read = async () => told(await adminOf(scene, side).read(paths.deleteOrganization));
      const before = await read();
      const columns = "logto_organization_id, user_id, logto_id, name, email, joined_at, last_active_at, updated_at";
      change(other, `insert into members (${columns}) values (?, 'm', 'm', 'Mia', 'mia@example.org', 1, 1, 1)`, other);
      const invoice =
        "logto_organization_id, id, number, plan, starts_on, ends_on, currency, lines, bill_to, status, issued_on, due_on, created_at";
      const values =
        "'i', 1, 'team', '2026-01-01', '2026-02-01', 'EUR', '[]', '{}', 'open', '2026-02-01', '2026-02-15', 1";
      change(other, `insert into invoices (${invoice}) values (?, ${values})`, other);
      same("The page", await read(), before);
      await house.ground.heal();
      const theirs = told(await adminOf(scene, otherThan(side)).read(paths.deleteOrganization));
      holds("The other's shows what it has more", theirs !== before);
    }),
  },
  {
    title: "Seats are counted in each organization by itself, and so is its plan.",
    case: "A1",
    async run(scene) {
      const { ada, adb, ivy, house, rows, change } = scene;
      const { b } = house.organizations;
      const common = { roleId: house.roleId("Collaborator") };
      const invite = (by: Scene["ada"], addresses: string) =>
        by.submit(paths.invite, { ...formFor("invitations.send", common), addresses });
      const six = ["1", "2", "3", "4", "5", "6"].map((name) => `${name}@example.org`).join("\n"); // of the ten that are free of charge
      status("As many as there are seats", await invite(adb, six), 200);
      same("They take them", rows("select count(*) as n from invitations where logto_organization_id = ?", b), [
        { n: 6 },
      ]);

      const set = (to: string, time: string) =>
        change(
          b,
          `update invitations set status = ?, ${time} = ? where logto_organization_id = ?`,
          to,
          house.began + day,
          b,
        );
      set("accepting", "claimed_at");
      const [link] = /\/join\/[\w-]{22}\.[\w-]{22}/.exec((await invite(ada, house.people.ivy.email)).text) ?? [""];
      status("While six join the second, Ivy joins the first", await ivy.submit(link), 302);
      same("Ivy is in it", (await house.membersOf("a")).filter(({ id }) => id === house.people.ivy.id).length, 1);
      set("accepted", "decided_at");
      await invite(ada, "seventh@example.org");
      const invited = rows("select status from invitations where address = 'seventh@example.org'");
      same("When they have joined, somebody is still invited into the first", invited, [{ status: "pending" }]);

      const page = async () => told(await ada.read(paths.billing));
      const before = await page();
      status("A plan for the second", await adb.submit(paths.plan(), formFor("billing.plan")), 302);
      same("The first one's", await page(), before);
      same("Choices", rows("select plan, logto_organization_id as o from plan_choices"), [{ plan: "business", o: b }]);
    },
  },
  {
    title: "A refusal is counted for the organization that it was in: each writes its own down, at once and later.",
    async run(scene) {
      const { ada, adb, bob, house, rows, pass, change } = scene;
      const posts = { a: await writePost(ada), b: await writePost(adb) };
      const refused = (side: Side) =>
        rows(
          "select times, actor_name as name from audit_events where logto_organization_id = ? and action = 'posts.update' and result = 'refused' order by at",
          house.organizations[side],
        ).map(({ times, name }) => `${times} ${name}`);
      for (const side of sides) {
        await bob.submit(paths.switchOrganization, { organization: house.organizations[side] }, { page: null });
        const form = { title: "Taken", body: "", version: "1" };
        const send = () => bob.submit(paths.editPost(posts[side]), form, { page: house.organizations[side] });
        for (let time = 0; time < 3; time += 1) status("The change", await send(), 403);
        same("Written down at once", refused(side), ["1 Bob"]);
        const rename = "update members set name = ? where logto_id = ? and logto_organization_id = ?";
        change(house.organizations[side], rename, `Bob of ${side}`, house.people.bob.id, house.organizations[side]);
      }
      pass(10 * minute + second);
      await scene.jobs();
      for (const side of sides) same("And afterwards", refused(side), ["1 Bob", `2 Bob of ${side}`]);
    },
  },
  {
    title:
      "A new name that a crash left open is settled in the organization that wants it, whatever another one wants.",
    case: "A1",
    async run(scene) {
      const { house, change, rows } = scene;
      const wanted = { a: "Lanterns", b: "Chairs" };
      for (const side of sides) {
        const id = house.organizations[side];
        change(
          id,
          "insert into organization_settings (logto_organization_id, wanted_name, updated_at) values (?, ?, 1)",
          id,
          wanted[side],
        );
        await house.ground.api.write("PATCH", `/organizations/${id}`, { name: wanted[side] });
      }
      await scene.jobs();
      for (const side of sides) {
        same("Its name", rows("select name from organizations where id = ?", house.organizations[side]), [
          { name: wanted[side] },
        ]);
        same("What is open", rowOf(scene, side)?.wanted_name, null);
        same("What became of it", lastLine(scene, side, "settings.name")?.result, "done");
      }
    },
  },
  {
    title: "An organization goes in its own time: that another one goes before makes nothing of it go sooner.",
    case: "A1",
    run: ofEither(async (scene, side) => {
      const { house, pass, rows } = scene;
      const other = otherThan(side);
      const [id, first] = [house.organizations[side], house.organizations[other]];
      const isThere = () => rows("select id from organizations where id = ?", id).length === 1;
      status("The first", await adminOf(scene, other).submit(paths.deleteOrganization, { name: "Acme" }), 302);
      pass(10 * minute);
      status("The second", await adminOf(scene, side).submit(paths.deleteOrganization, { name: "Acme" }), 302);
      await house.ground.fault({
        kind: "status",
        status: 500,
        match: { method: "DELETE", path: `/api/organizations/${first}` },
      });
      pass(7 * day - 10 * minute);
      await scene.jobs();
      holds("The first is being deleted", rowOf(scene, other)?.erasing_at !== null);
      same("The second is", rowOf(scene, side)?.erasing_at, null);
      pass(10 * minute);
      await scene.jobs();
      holds("The second is not being deleted", typeof rowOf(scene, side)?.erasing_at === "number");
      holds("The second is gone before its time", isThere());
      pass(3 * minute);
      await scene.jobs();
      holds("The second is there for ever", !isThere());
      await house.ground.heal();
    }),
  },
  {
    title:
      "Each organization's invoices are its own: numbered by itself, made whatever another one has, and settled by their number.",
    case: "A1",
    async run(scene) {
      const { ada, adb, house, rows, change } = scene;
      const { a, b } = house.organizations;
      for (const admin of [ada, adb]) await admin.submit(paths.plan(), formFor("billing.plan"));
      await scene.jobs();
      const stand = () =>
        rows("select logto_organization_id as o, number, status from invoices")
          .map(({ o, number, status: is }) => `${o === a ? "a" : "b"} ${number} ${is}`)
          .toSorted();
      same("The invoices", stand(), ["a 1 open", "b 1 open"]);
      for (const organization of [a, b])
        change(organization, "update invoices set id = 'the-same' where logto_organization_id = ?", organization);
      same("A number that is no invoice's", await scene.operate("mark-paid", "000000-0001"), 1);
      same("Its number", await scene.operate("mark-paid", invoiceNumber(a, 1)), 0);
      same("What is paid", stand(), ["a 1 paid", "b 1 open"]);
      same("The other's", await scene.operate("void", invoiceNumber(b, 1)), 0);
      same("What is void", stand(), ["a 1 paid", "b 1 void"]);
    },
  },
  {
    title: "Whoever exports two organizations has an export of each, and opens it in its own.",
    case: "A1",
    async run(scene) {
      const { app, bob, house, rows, change } = scene;
      const { a, b } = house.organizations;
      await house.ground.setRoles(a, house.people.bob, "Admin");
      const into = (organization: string) => bob.submit(paths.switchOrganization, { organization }, { page: null });
      const exportsOf = (organization: string) =>
        rows("select id from export_files where logto_organization_id = ?", organization).map(({ id }) => String(id));
      const isShown = async (id: string) => (await bob.read(paths.exports)).text.includes(paths.downloadExport(id));
      await into(b);
      status("The second's", await bob.submit(paths.exports), 302);
      const [theirs = ""] = exportsOf(b);
      for (let tries = 0; (await bob.read(paths.downloadExport(theirs))).status !== 200; tries += 1) {
        await setTimeout(10);
        holds("It is never made", tries < 301);
      }
      holds("It is not shown where it is from", await isShown(theirs));
      await into(a);
      holds("It is shown in the first", !(await isShown(theirs)));
      const folder = join(dirname(app.file), "exports", a);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${theirs}.zip`), "what a file of this name would hold");
      status("The second's, in the first", await bob.read(paths.downloadExport(theirs)), 404);
      change(
        b,
        "update export_files set status = 'waiting', leased_until = ? where id = ? and logto_organization_id = ?",
        house.began + day,
        theirs,
        b,
      );
      status("The first's", await bob.submit(paths.exports, {}, { page: a }), 302);
      same("Exports", [exportsOf(a).length, exportsOf(b)], [1, [theirs]]);
    },
  },
  {
    title: "What one organization has closed is taken back at Logto, however much another one has closed.",
    case: "A1",
    run: ofEither(async (scene, side) => {
      const { house, change, rows } = scene;
      const admin = adminOf(scene, side);
      const other = house.organizations[otherThan(side)];
      const form = {
        ...formFor("invitations.send", { roleId: house.roleId("Collaborator") }),
        addresses: "closed@example.org",
      };
      status("Their invitation", await adminOf(scene, otherThan(side)).submit(paths.invite, form), 200);
      const columns = rows("select name from pragma_table_info('invitations')").map(({ name }) => String(name));
      const values = columns.map(
        (name) => ({ id: "?", batch: "?", status: "'revoked'", logto_id: "null", made: "0" })[name] ?? name,
      );
      for (let number = 0; number < 100; number += 1)
        change(
          other,
          `insert into invitations (${columns.join(", ")}) select ${values.join(", ")} from invitations where logto_organization_id = ? limit 1`,
          `closed-${number}`,
          `closed-${number}`,
          other,
        );
      status("The own invitation", await admin.submit(paths.invite, form), 200);
      const own = rows(
        "select id, logto_id from invitations where logto_organization_id = ?",
        house.organizations[side],
      )[0];
      status("Revoked", await admin.submit(paths.revokeInvitations, { invitation: String(own?.id) }), 302);
      const [left] = rows("select logto_id from invitations where id = ?", String(own?.id));
      same("What Logto still has of it", left?.logto_id, null);
    }),
  },
  {
    title: "A plan that is chosen for later stays chosen, whatever another organization chooses.",
    case: "A1",
    async run({ ada, adb, house, rows }) {
      const choose = async (admin: Scene["ada"], plan: string) => {
        const page = await admin.read(paths.plan(plan));
        const basis = /name="basis" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
        status(plan, await admin.submit(paths.plan(), { plan, basis }), 302);
      };
      const choices = (side: Side) =>
        rows(
          "select plan from plan_choices where logto_organization_id = ? order by starts_on",
          house.organizations[side],
        );
      for (const admin of [adb, ada]) for (const plan of ["business", "team"]) await choose(admin, plan);
      await choose(ada, "business");
      same("The first has taken it back", choices("a"), [{ plan: "business" }]);
      same("The second has not", choices("b"), [{ plan: "business" }, { plan: "team" }]);
    },
  },
  {
    title:
      "Somebody who deletes their account, and the organization that goes with it, leaves every other one's invitations open.",
    case: "A1",
    async run({ ada, eve, house, rows, change }) {
      const { a, elsewhere } = house.organizations;
      const common = { roleId: house.roleId("Collaborator") };
      const form = { ...formFor("invitations.send", common), addresses: "waits@example.org\njoins@example.org" };
      status("The invitations", await ada.submit(paths.invite, form), 200);
      const accepting =
        "update invitations set status = 'accepting', claimed_at = ? where address like 'joins%' and logto_organization_id = ?";
      change(a, accepting, house.began, a);
      const stand = () => rows("select address, status from invitations order by address");
      const before = stand();
      const page = await eve.read(paths.deleteAccount);
      const goes = /name="goes" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
      const answer = await eve.submit(paths.deleteAccount, { confirmation: house.people.eve.email, goes });
      status("Eve's account", answer, 302);
      same("The invitations are as they were", stand(), before);
      const theirs = await house.ground.api.list("/organizations", z.object({ id: z.string() }));
      holds(
        "Eve's organization is still at Logto",
        theirs.every(({ id }) => id !== elsewhere),
      );
    },
  },
];
