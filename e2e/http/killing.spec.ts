// The app is killed in the middle of its writes, again and again: nothing is half-written, it starts again, and a form that is sent again finishes. KILLS=200 for more.
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { paths } from "../../app/paths";
import { startWorld, type World } from "../../scripts/world";
import { endLeases } from "../clock";
import { chanceOf } from "../isolation/chance";
import { expect, test } from "../journey";
import { createOperator } from "../operator";
import { openPlain } from "./database";
import { openLedger } from "./ledger";
import { bugsIn } from "./log";
import { openLogto } from "./logto";
import { billedTo } from "./operations";
import { isTaken, putOnBusiness, sendUntilTaken, writeComment, writePost } from "./suite";
import { enter } from "./visitor";

const kills = Number(process.env.KILLS ?? 10);

test.describe.configure({ timeout: 120_000 + kills * 20_000 });

interface Form {
  path: string;
  fields: Record<string, string>;
}

type Stage = Awaited<ReturnType<typeof setUp>>;

async function setUp({ description }: World) {
  const operator = createOperator(description);
  const acme = await operator.makeOrganization("Acme in pieces");
  const colleague = await operator.makePerson("Colleague", [acme, "Collaborator"]);
  const ada = await enter(description.baseUrl, await operator.makePerson("Ada", [acme, "Admin"]), acme);
  await putOnBusiness(description.databaseFile, acme);
  const postId = await writePost(ada, { title: "The post that changes" });
  const commentId = await writeComment(ada, postId);
  const database = openPlain(description.databaseFile);
  const ledger = openLedger(database, acme.id);
  const logto = openLogto(description);
  const roles = { Admin: await logto.roleId("Admin"), Collaborator: await logto.roleId("Collaborator") };
  return { description, acme, ada, colleague, postId, commentId, database, ledger, logto, roles };
}

/** What is sent at once in one round: each form changes something else, and none is right twice. */
function formsOf(round: number, { acme, colleague, postId, commentId, database, roles }: Stage): Form[] {
  const isOdd = round % 2 === 1;
  const one = (sql: string, ...values: string[]) => database.rows(`${sql} limit 1`, acme.id, ...values)[0] ?? {};
  const of = "where logto_organization_id = ?";
  const versionOf = (table: string, id: string) =>
    String(one(`select version from ${table} ${of} and id = ?`, id).version);
  const choice = one(`select * from plan_choices ${of} order by starts_on desc`);
  const details = one(`select version from billing_details ${of} order by version desc`);
  const waiting = one(`select id from invitations ${of} and status = 'pending'`);
  const roleId = isOdd ? roles.Admin : roles.Collaborator;
  const forms: Form[] = [
    { path: paths.newPost, fields: { title: `Post ${round}`, body: "Text", status: "published", key: newKey() } },
    { path: paths.newComment(postId), fields: { body: `Comment ${round}`, key: newKey() } },
    {
      path: paths.editPost(postId),
      fields: { title: `Title ${round}`, body: "Text", version: versionOf("posts", postId) },
    },
    {
      path: paths.comment(postId, commentId),
      fields: { body: `Reply ${round}`, version: versionOf("comments", commentId) },
    },
    {
      path: paths.invite,
      fields: { batch: randomUUID(), addresses: `guest.${round}@example.com`, role: roles.Collaborator, days: "7" },
    },
    {
      path: paths.billingDetails,
      fields: { ...billedTo, company: `Company ${round}`, version: String(details.version) },
    },
    { path: paths.plan(), fields: { plan: isOdd ? "team" : "business", basis: `${choice.plan} ${choice.starts_on}` } },
    { path: paths.organizationName, fields: { name: `Acme, piece ${round}` } },
    { path: paths.organizationColour, fields: { colour: String(round % 12) } },
    { path: paths.invitationDomains, fields: { domains: `example.com\npiece-${round}.example` } },
    { path: paths.invitationDefaults, fields: { role: roles.Collaborator, days: String((round % 30) + 1) } },
    { path: paths.memberRole(colleague.id), fields: { role: roleId } },
    { path: paths.exports, fields: {} },
  ];
  return waiting.id ? [...forms, { path: paths.revokeInvitations, fields: { invitation: String(waiting.id) } }] : forms;
}

const newKey = () => randomBytes(16).toString("base64url");

/** Sends all at once and kills the app at a moment of chance: after so many changes of its file, or when all are answered. @returns those without a yes */
async function killWhile(
  world: World,
  { ada, description }: Stage,
  forms: Form[],
  chance: () => number,
): Promise<Form[]> {
  const changes = () => Number(statSync(`${description.databaseFile}-wal`, { bigint: true }).mtimeNs);
  const most = Math.floor(chance() * 40);
  const turns = Math.floor(chance() * 30);
  const open = new Set(forms);
  const over = { all: false };
  const sent = Promise.all(
    forms.map(async (form) => {
      const answer = await ada.submit(form.path, form.fields).catch(() => undefined); // the connection broke off
      if (answer && isTaken(answer.status)) open.delete(form);
    }),
  ).then(() => (over.all = true));
  for (let seen = 0, last = changes(); seen < most && !over.all; await nextTurn()) {
    const now = changes();
    if (now !== last) seen += 1;
    last = now;
  }
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  await world.killApp();
  await sent;
  return [...open];
}

test(`the app is killed ${kills} times while Ada's forms are written, and nothing of them is half there`, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  test.info().annotations.push({ type: "seed", description: String(seed) });
  const chance = chanceOf(seed);
  const world = await startWorld();
  try {
    const stage = await setUp(world);
    const { description, acme, ada, database, ledger } = stage;
    const broken: number[] = [];
    for (let round = 1; round <= kills; round += 1) {
      const forms = formsOf(round, stage);
      const unanswered = await killWhile(world, stage, forms, chance);
      broken.push(unanswered.length);
      const when = `kill ${round} of seed ${seed}`;
      expect(database.rows("pragma integrity_check"), when).toEqual([{ integrity_check: "ok" }]);
      expect(database.rows("pragma foreign_key_check"), when).toEqual([]);
      expect(ledger.faults(), `${when}, as it was found`).toEqual([]);

      endLeases(description, acme.id);
      await world.startApp();
      for (const { path, fields } of unanswered) await sendUntilTaken(ada, path, fields);
      expect(ledger.faults(), `${when}, sent again`).toEqual([]);
      expect(ledger.unended(), `${when}: what became of it is in the log`).toEqual([]);
      await expectAll(round, stage, when);
    }
    test.info().annotations.push({ type: "broken off", description: broken.join(" ") });
    expect(
      broken.some((count) => count > 0),
      "some forms were broken off",
    ).toBe(true);
    expect(bugsIn(readFileSync(description.logFile, "utf8"))).toEqual([]);
    database.close();
  } finally {
    await world.stop();
  }
});

/** Everything that was sent is there, once, here and at Logto. */
async function expectAll(
  round: number,
  { description, acme, colleague, database, ledger, logto }: Stage,
  when: string,
) {
  const rows = (sql: string, ...values: string[]) => database.rows(sql, acme.id, ...values);
  const count = (table: string, where: string, value: string) =>
    rows(`select * from ${table} where logto_organization_id = ? and ${where} = ?`, value).length;
  expect(count("posts", "title", `Post ${round}`), when).toBe(1);
  expect(count("comments", "body", `Comment ${round}`), when).toBe(1);
  expect(count("posts", "title", `Title ${round}`), when).toBe(1);
  expect(count("comments", "body", `Reply ${round}`), when).toBe(1);
  expect(count("billing_details", "company", `Company ${round}`), when).toBe(1);
  expect(rows("select name from organizations where id = ?"), when).toEqual([{ name: `Acme, piece ${round}` }]);
  expect(ledger.lastOf("settings.name"), when).toBe(`Acme, piece ${round}`);
  const role = round % 2 === 1 ? "Admin" : "Collaborator";
  expect((await logto.membersOf(acme))[colleague.id], when).toEqual([role]);
  expect(ledger.lastOf("members.role"), when).toBe(role);

  const open = `guest.${round}@example.com`;
  expect(
    rows(
      "select address_key, made, wanted, delivery from invitations where logto_organization_id = ? and status = 'pending'",
    ),
    when,
  ).toEqual([{ address_key: open, made: 1, wanted: 1, delivery: "sent" }]);
  const pending = (await logto.invitationsOf(acme)).filter((invitation) => invitation.includes(" Pending "));
  expect(pending, when).toEqual([`${open} Pending Collaborator`]);

  const file = "select id, status, bytes from export_files where logto_organization_id = ?";
  await expect.poll(() => rows(file)[0]?.status, when).toBe("ready");
  const [made] = rows(file);
  const zip = join(`${dirname(description.databaseFile)}/exports`, encodeURIComponent(acme.id), `${made?.id}.zip`);
  expect(existsSync(zip) && statSync(zip).size, when).toBe(made?.bytes);
}
