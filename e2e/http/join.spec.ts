// The link of an invitation: what it tells to whom, that looking changes nothing, and that every link that cannot be used is the same.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { paths } from "../../app/paths";
import { expire } from "../clock";
import type { WorldDescription } from "../world";
import { header, told } from "./ask";
import { everyAnswer, never } from "./every-answer";
import { linesOf } from "./log";
import { expectSafePage } from "./safe-page";
import { canary, expect, test as base, type SubjectFixtures } from "./subjects";
import { writePost, type Cast } from "./suite";
import { createVisitor, enter, transports, type Visitor } from "./visitor";

/** Works in Eve's organization, and has an address that Acme invites. */
const test = base.extend<{ nora: Visitor }>({
  nora: async ({ cast: { acme, elsewhere }, world, operator, logto }, use) => {
    const person = await operator.makePerson("Nora", [elsewhere, "Collaborator"]);
    await use(await enter(world.baseUrl, person, elsewhere));
    for (const organization of [acme, elsewhere])
      if (person.id in (await logto.membersOf(organization))) await logto.removeMember(organization, person.id);
  },
});

test.describe.configure({ mode: "default" });

interface Making {
  cast: Cast;
  world: WorldDescription;
  nora: Visitor;
  invite: SubjectFixtures["invite"];
}

/** A token for every reason not to be usable. */
async function unusable({ cast: { ada, anonymous }, world, nora, invite }: Making): Promise<Record<string, string>> {
  const [expired, revoked, declined, renewed, open] = await Promise.all(Array.from({ length: 5 }, () => invite(ada)));
  const used = await invite(ada, { address: nora.email });
  if (!expired || !revoked || !declined || !renewed || !open) throw new Error("Not all were invited");
  expire(world, expired.address);
  await ada.submit(paths.revokeInvitations, { invitation: revoked.invitationId });
  await anonymous.submit(paths.declineInvitation(declined.token));
  await ada.submit(paths.renewInvitation(renewed.invitationId));
  expect((await nora.submit(paths.join(used.token))).status).toBe(302);
  const mac = (token: string) => token.slice(token.indexOf("."));
  const letter = open.token.endsWith("A") ? "Q" : "A"; // the same bits of the last byte could be spelled in two ways
  return {
    expired: expired.token,
    revoked: revoked.token,
    used: used.token,
    declined: declined.token,
    "replaced by a new link": renewed.token,
    "cut short": open.token.slice(0, -4),
    "cut down to its id": open.invitationId,
    "with another's mac": open.invitationId + mac(used.token),
    "with another letter": open.token.slice(0, -1) + letter,
    "with more behind it": `${open.token}A`,
    "of nothing": `${never()}${mac(open.token)}`,
    "of nobody's making": `${never()}.${never()}`,
    "no token": "not-a-token",
  };
}

test("every link that cannot be used leads to one same page, and looking at it changes nothing", async ({
  cast,
  world,
  nora,
  invite,
  database,
  logto,
}) => {
  const tokens = Object.entries(await unusable({ cast, world, nora, invite }));
  const { ada, acme, anonymous, eve } = cast;
  const state = async () => [database.checksumBeside({ organizations: [] }), await logto.stateOf(acme)];
  const before = await state();
  const noraInAcme = createVisitor(world.baseUrl, { ...nora, organization: acme }); // one of these links has led her there
  for (const reader of [anonymous, eve, ada, noraInAcme]) {
    const pages = await Promise.all(
      tokens.map(async ([why, token]) => {
        const answers = await everyAnswer(reader, "join.show", { token });
        expect(
          answers.map(({ status }) => status),
          why,
        ).toEqual([410, 410, 410]);
        return [why, answers.map((answer) => told(answer, token))] as const;
      }),
    );
    const [, expected] = pages[0] ?? [];
    for (const [why, page] of pages) expect(page, `${reader.name}: ${why}`).toEqual(expected);
  }
  for (const token of ["%00", "__proto__", "a".repeat(600), "%F0%9F%90%A4", "constructor", "a.b"])
    expect((await anonymous.read(paths.join(token))).status, token).toBe(410);
  expect(await state()).toEqual(before);
});

test("whoever sends a form of such a page is told the same too, and joins nothing", async ({
  cast,
  world,
  nora,
  invite,
  logto,
}) => {
  const { declined = "", ...tokens } = await unusable({ cast, world, nora, invite });
  const before = await logto.stateOf(cast.acme);
  for (const operation of ["join.accept", "join.decline", "join.ask"] as const)
    for (const sender of [cast.anonymous, cast.eve]) {
      const answers = await Promise.all(
        Object.entries(tokens).map(async ([why, token]) => {
          const sent = await everyAnswer(sender, operation, { token });
          return [why, sent.map((answer) => told(answer, token))] as const;
        }),
      );
      const [, expected] = answers[0] ?? [];
      for (const [why, answer] of answers) expect(answer, `${operation}, ${sender.name}: ${why}`).toEqual(expected);
    }
  const again = await cast.anonymous.submit(paths.declineInvitation(declined));
  expect(header(again, "location"), "who declines twice has declined").toBe(`${paths.join(declined)}?done=declined`);
  expect(await logto.stateOf(cast.acme)).toBe(before);
});

test("an open link tells who invites where, the address to its owner alone, and nothing else of the organization", async ({
  cast: { acme, ada, anonymous, eve, people },
  nora,
  invite,
  colleague,
  database,
  logto,
}) => {
  const { email } = await colleague(acme);
  const other = await invite(ada, { note: "For somebody else" });
  await writePost(ada, { title: "Only Acme reads this" });
  const { token, address } = await invite(ada, { address: nora.email.toUpperCase(), note: `A note ${canary}` });
  const others = [email, other.address, other.token, other.invitationId, "For somebody else", "Only Acme reads this"];
  const inside = [people.ada.id, people.ada.email, await logto.roleId("Admin"), ...others];
  const masked = `${address.slice(0, 1)}***@EXAMPLE.COM`;

  const state = async () => [database.checksumBeside({ organizations: [] }), await logto.stateOf(acme)];
  const before = await state();
  for (const reader of [anonymous, eve, nora]) {
    for (const answer of await everyAnswer(reader, "join.show", { token })) {
      expect(answer.status).toBe(200);
      for (const word of [acme.name, "Ada", `A note ${canary}`]) expect(answer.text).toContain(word);
      for (const secret of inside) expect(answer.text, reader.name).not.toContain(secret);
      if (reader !== nora) expect(answer.text, "the switcher offers it to Nora").not.toContain(acme.id);
      if (reader !== nora) expect(answer.text).toContain(masked);
      const whole = answer.text.toLowerCase().includes(nora.email.toLowerCase());
      expect(whole, `${reader.name} reads the whole address`).toBe(reader === nora);
      if (header(answer, "content-type").startsWith("text/html")) expectSafePage(answer);
    }
    expect((await reader.send(paths.join(token), { method: "HEAD" })).status).toBe(200);
  }
  expect(await state(), "looking changes nothing").toEqual(before);
});

test("Nora alone joins by her link, once, in the role that it is for", async ({
  cast: { acme, elsewhere, ada, anonymous, eve, people },
  nora,
  invite,
  database,
  logto,
}) => {
  const { token, invitationId } = await invite(ada, { address: nora.email });
  const row = () => database.rows("select status, accepted_by from invitations where id = ?", invitationId)[0];
  const before = await logto.membersOf(acme);
  const greedy = { role: await logto.roleId("Admin"), organization: elsewhere.id, email: nora.email, person: "x" };
  for (const stranger of [eve, ada])
    for (const as of transports) {
      const answer = await stranger.submit(paths.join(token), greedy, { as });
      expect(answer.status).toBe(as === "data" ? 202 : 302);
    }
  const signedOut = await anonymous.submit(paths.join(token), greedy);
  expect(header(signedOut, "location")).toBe(paths.signIn(paths.join(token)));
  expect(await logto.membersOf(acme)).toEqual(before);
  expect(row()).toEqual({ status: "pending", accepted_by: null });

  const answers = await Promise.all(Array.from({ length: 10 }, () => nora.submit(paths.join(token), greedy)));
  for (const answer of answers) expect(header(answer, "location")).toBe(`${paths.posts}?done=joined`);
  const [person] = database.rows("select id, logto_id from users where email = ?", nora.email);
  expect(row()).toEqual({ status: "accepted", accepted_by: person?.id });
  expect(await logto.membersOf(acme)).toEqual({ ...before, [String(person?.logto_id)]: ["Collaborator"] });
  expect(Object.keys(before)).toContain(people.ada.id);
  const page = await nora.read(paths.posts, "document");
  expect(page.text, "she is where she joined").toContain(`data-organization="${acme.id}"`);
});

test("what waits for Nora is offered to her alone, and to her only until it is answered", async ({
  cast: { acme, ada, anonymous, eve },
  nora,
  invite,
  logto,
}) => {
  const { invitationId, token } = await invite(ada, { address: nora.email });
  for (const as of transports) {
    const hers = await nora.read(paths.organizations, as);
    for (const word of [acme.name, invitationId]) expect(hers.text).toContain(word);
    expect(hers.text, "the page needs no link").not.toContain(token);
    expect(hers.text).not.toContain(ada.email);
    const eves = await eve.read(paths.organizations, as);
    for (const word of [acme.name, invitationId]) expect(eves.text).not.toContain(word);
  }
  expect((await anonymous.submit(paths.joinWaiting, { invitation: invitationId })).status).toBe(401);
  for (const path of [paths.joinWaiting, paths.declineWaiting]) {
    const answer = await eve.submit(path, { invitation: invitationId });
    expect(header(answer, "location")).toBe(`${paths.organizations}?done=invitation-gone`);
  }
  const before = Object.keys(await logto.membersOf(acme));
  const answer = await nora.submit(paths.joinWaiting, { invitation: invitationId });
  expect(header(answer, "location")).toBe(`${paths.posts}?done=joined`);
  expect(Object.keys(await logto.membersOf(acme))).toHaveLength(before.length + 1);
  expect((await nora.read(paths.organizations)).text).not.toContain(invitationId);
});

test("neither the log nor what the programs say holds a link, an address or what a mail says", async ({
  cast: { ada, anonymous },
  world,
  nora,
  invite,
}) => {
  const { token, address } = await invite(ada, { address: nora.email, note: `Come ${canary}` });
  const mail = await (await fetch(world.outboxUrl)).text();
  expect(mail, "a mail has been sent").toContain(token);
  expect(mail).toContain(canary);
  const before = readFileSync(world.logFile).length;
  const spelled = [token, `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`];
  for (const path of spelled.flatMap((one) => [paths.join(one), `/JOIN/${one}`, `/%6Aoin/${one}`, `//join/${one}`]))
    for (const as of transports) await anonymous.read(path, as);
  await anonymous.submit(paths.join(token));
  await anonymous.read(paths.signIn(paths.join(token)));
  await anonymous.submit(paths.askForInvitation(token));
  await anonymous.read(paths.declineInvitation(token));
  await nora.read(paths.join(token), "document", { Referer: world.baseUrl + paths.join(token) });
  await nora.submit(paths.declineInvitation(token));

  const written = () => readFileSync(world.logFile).subarray(before).toString("utf8");
  await expect.poll(() => linesOf(written()).filter(({ path }) => path === "/join/:token/decline")).toHaveLength(2);
  const said = readFileSync(join(dirname(world.logFile), "output.log"), "utf8");
  const [, mac = ""] = token.split(".");
  for (const secret of [mac, address, canary]) for (const text of [written(), said]) expect(text).not.toContain(secret);
});
