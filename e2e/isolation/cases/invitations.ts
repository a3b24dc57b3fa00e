// Cases D1 to D7: the link of an invitation, and what it is worth to whom.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { paths } from "../../../app/paths";
import { createManagementApi } from "../../../scripts/management-api";
import { expire } from "../../clock";
import { header, told } from "../../http/ask";
import { never } from "../../http/every-answer";
import { formFor, newAddress } from "../../http/operations";
import { enter, transports } from "../../http/visitor";
import { partOf, type CaseFunction } from "./case";

const openedByAnother: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { eve, anonymous, gita, ivan } = cast.actors;
  const { token, address } = await subjects.invite("acme", cast.people.ivan.email);
  const before = await cast.logto.membersOf(cast.organizations.acme);
  for (const { visitor } of [eve, gita, anonymous])
    for (const as of transports) {
      const name = visitor.name.split(" ")[0] ?? "";
      const page = await visitor.read(paths.join(token), as);
      claim(
        `As ${as}: ${name} is not told the whole address`,
        false,
        page.text.toLowerCase().includes(address.toLowerCase()),
      );
      control(`As ${as}: ${name} is told who invites`, true, page.text.includes(cast.organizations.acme.name));
      await visitor.submit(paths.join(token), {}, { as });
    }
  claim("None of them has joined", before, await cast.logto.membersOf(cast.organizations.acme));
  control("Ivan, whose address it is, is shown it", 200, (await ivan.visitor.read(paths.join(token))).status);
};

const usedTwice: CaseFunction = async ({ cast, subjects, claim, control, newcomer }) => {
  const una = await newcomer("Una", "Collaborator", "elsewhere");
  const { token, invitationId } = await subjects.invite("acme", una.email);
  const answers = await Promise.all(Array.from({ length: 20 }, () => una.submit(paths.join(token))));
  control(
    "Una joins",
    true,
    answers.some((answer) => header(answer, "location").startsWith(paths.posts)),
  );
  const members = await cast.logto.membersOf(cast.organizations.acme);
  claim(
    "Sent twenty times at once it makes one membership, in the role that was offered",
    ["Collaborator"],
    members[una.person.id],
  );
  const rows = cast.database.rows("select status from invitations where id = ?", invitationId);
  claim("The invitation was used once", [{ status: "accepted" }], rows);
  const other = await cast.actors.eve.visitor.read(paths.join(token));
  const unknown = `${never()}.${never()}`;
  const missing = await cast.actors.eve.visitor.read(paths.join(unknown));
  claim("To anybody else the link is one that never was", told(missing, unknown), told(other, token));
  await cast.logto.removeMember(cast.organizations.acme, una.person.id);
};

const over: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { anonymous, eve, ada } = cast.actors;
  const [expired, revoked, open] = [
    await subjects.invite("acme"),
    await subjects.invite("acme"),
    await subjects.invite("acme"),
  ];
  expire(cast.world, expired.address);
  await ada.visitor.submit(paths.revokeInvitations, { invitation: revoked.invitationId });
  const unknown = `${never()}.${never()}`;
  for (const { visitor } of [anonymous, eve])
    for (const as of transports) {
      const missing = told(await visitor.read(paths.join(unknown), as), unknown);
      for (const [what, { token }] of Object.entries({ "that is over": expired, "that was revoked": revoked }))
        claim(
          `As ${as}: an invitation ${what} is one that never was (${visitor.name.split(" ")[0]})`,
          missing,
          told(await visitor.read(paths.join(token), as), token),
        );
      control(`As ${as}: an open one is shown`, 200, (await visitor.read(paths.join(open.token), as)).status);
    }
};

const guessed: CaseFunction = async ({ cast, stage, subjects, claim, control }) => {
  const { anonymous } = cast.actors;
  const { token, invitationId } = await subjects.invite("acme");
  const mac = token.slice(token.indexOf(".") + 1);
  const swapped = mac === mac.toUpperCase() ? mac.toLowerCase() : mac.toUpperCase();
  const letter = mac.startsWith("A") ? "B" : "A";
  const guesses = [
    ...[
      `${invitationId}.${swapped}`,
      `${invitationId}.${letter}${mac.slice(1)}`,
      `${invitationId}.${mac.slice(0, -2)}`,
      invitationId,
      `${invitationId}.`,
      `${invitationId}.${mac}${mac}`,
    ],
    ...Array.from(
      { length: stage.length === "gate" ? 100 : 1_000 },
      () => `${invitationId}.${randomBytes(16).toString("base64url")}`,
    ),
  ];
  const opened: string[] = [];
  for (const guess of guesses) if ((await anonymous.visitor.read(paths.join(guess))).status !== 410) opened.push(guess);
  claim(`${guesses.length} guesses at the link of one invitation open nothing`, [], opened);
  claim("A link has 128 random bits", 16, Buffer.from(mac, "base64url").length);
  const stored = cast.database.tables.filter((table) =>
    JSON.stringify(cast.database.rows(`select * from ${table}`)).includes(mac),
  );
  claim("and nobody who reads the database finds them", [], stored);
  control("The link itself opens the invitation", 200, (await anonymous.visitor.read(paths.join(token))).status);
};

const anotherRole: CaseFunction = async ({ cast, subjects, claim, control, newcomer }) => {
  const { acme, globex } = cast.organizations;
  const tess = await newcomer("Tess", "Collaborator", "elsewhere");
  const { token } = await subjects.invite("acme", tess.email);
  const admin = await subjects.roleId();
  const greedy = {
    role: admin,
    roleId: admin,
    roleName: "Admin",
    organization: globex.id,
    organizationId: globex.id,
    address: "x@example.com",
  };
  const answer = await tess.submit(`${paths.join(token)}?role=${admin}&organization=${globex.id}`, greedy);
  control("Tess joins", true, header(answer, "location").startsWith(paths.posts));
  claim(
    "in the role of the invitation, whatever her form says",
    ["Collaborator"],
    (await cast.logto.membersOf(acme))[tess.person.id],
  );
  claim("and not in Globex", undefined, (await cast.logto.membersOf(globex))[tess.person.id]);
  await cast.logto.removeMember(acme, tess.person.id);
};

const aboveOneself: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { world, organizations, logto } = cast;
  const { resource, ...machine } = world.management;
  const api = createManagementApi({ endpoint: world.logtoEndpoint, machine, resource });
  const scopes = await api.list("/organization-scopes", z.object({ id: z.string(), name: z.string() }));
  const some = ["read:posts", "write:posts", "read:members", "invite:members"];
  const ids = scopes.filter(({ name }) => some.includes(name)).map(({ id }) => id);
  await api.write("POST", "/organization-roles", { name: "Recruiter", organizationScopeIds: ids });
  const rita = await enter(world.baseUrl, await cast.hire("Rita", "Recruiter", "acme"), organizations.acme);
  const send = async (roleId: string) => {
    const address = newAddress();
    await rita.submit(paths.invite, { ...formFor("invitations.send", { roleId }), addresses: address });
    return cast.database.rows("select role_name as role from invitations where address_key = ?", address.toLowerCase());
  };
  claim("Rita, who may invite and no more, invites no Admin", [], await send(await subjects.roleId()));
  control("She invites a Collaborator", [{ role: "Collaborator" }], await send(await logto.roleId("Collaborator")));
  for (const as of transports) {
    const bob = await cast.actors.bobInAcme.visitor.submit(
      paths.invite,
      formFor("invitations.send", { roleId: await subjects.roleId() }),
      { as },
    );
    claim(`As ${as}: Bob, a Collaborator, invites nobody`, 403, bob.status);
  }
};

const whoHasAnAccount: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { ada } = cast.actors;
  const roleId = await cast.logto.roleId("Collaborator");
  const answerTo = async (address: string) => {
    const answer = await ada.visitor.submit(paths.invite, {
      ...formFor("invitations.send", { roleId }),
      addresses: address,
    });
    const main = /<main.*<\/main>/s.exec(answer.text)?.[0] ?? "";
    const said = main
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(address, "<address>")
      .replaceAll(/\S*\/join\/\S*/g, "<link>")
      .replaceAll(/\s+/g, " ");
    return { status: answer.status, said };
  };
  const unknown = await answerTo(newAddress());
  control("An address that nobody has is invited", [200, true], [unknown.status, unknown.said.includes("<address>")]);
  claim(
    "An address with an account, in another organization, is answered in the same words",
    unknown,
    await answerTo(cast.people.cleo.email),
  );
  claim("So is Eve's, who has an organization of her own", unknown, await answerTo(cast.people.eve.email));
  const rows = cast.database.rows(
    "select id from invitations where address_key in (?, ?)",
    cast.people.cleo.email,
    cast.people.eve.email,
  );
  for (const { id } of rows) await ada.visitor.submit(paths.revokeInvitations, { invitation: String(id) });
  await subjects.tidy();
};

export const invitations = partOf("invitations", "An invitation is for one address, once, as it was sent.", {
  D1: openedByAnother,
  D2: usedTwice,
  D3: over,
  D4: guessed,
  D5: anotherRole,
  D6: aboveOneself,
  D7: whoHasAnAccount,
});
