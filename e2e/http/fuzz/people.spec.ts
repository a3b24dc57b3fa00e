// Forms to the actions of members and of those who are invited, by somebody who may do all of it in one organization and nothing elsewhere.
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import type { Organization } from "../../operator";
import { header, type Answer } from "../ask";
import type { PlainDatabase, Row } from "../database";
import { never } from "../every-answer";
import type { Logto } from "../logto";
import type { Ids } from "../operations";
import { chosen, expect, test, type SubjectFixtures } from "../subjects";
import { putOnBusiness } from "../suite";
import { enter, type Visitor } from "../visitor";
import type { Attempt, Form, Refused } from "./attempts";
import type { Value } from "./encoding";
import { fuzz, share, type Target } from "./fuzz";
import { asKept, rightText, wrongText } from "./texts";

test.describe.configure({ mode: "default", timeout: 180_000 });

const noteLimit = 500;

interface Place {
  olga: Visitor;
  olgasId: string;
  initech: Organization;
  /** The roles that can be given. */
  roles: { id: string; name: string }[];
  database: PlainDatabase;
  logto: Logto;
  colleague: SubjectFixtures["colleague"];
  invite: SubjectFixtures["invite"];
  requested: SubjectFixtures["requested"];
  eve: Visitor;
}

/** Of Globex, which has the same of everything. */
interface Theirs {
  memberId: string;
  invitationId: string;
  requestId: string;
}

const inOrganization = { ofPage: true, isRead: true, rightOnes: 10 };
const wrong = (status: number | number[], ...fields: Record<string, Value | undefined>[]): fc.Arbitrary<Refused> =>
  fc.constantFrom(...fields.map((one) => ({ fields: one, status })));
const tooLong = "x".repeat(65);

/** Addresses as people paste them; their keys are found again by the run's own mark. */
const pasted = fc
  .array(
    fc.record({
      write: fc.constantFrom<(address: string) => string>(
        (address) => address,
        (address) => address.toUpperCase(),
        (address) => `Nora "N" <${address}>`,
        (address) => `  ${address}\t`,
        (address) => `mailto:${address}`,
        (address) => `"Noon, Nora" <${address}>`,
      ),
      end: fc.constantFrom("\n", ", ", ";\n", "\n\n", "\r\n"),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((lines) => lines.map(({ write, end }) => write(`n.${randomUUID()}@example.com`) + end).join(""));

const note = fc.oneof(
  { arbitrary: rightText(noteLimit).filter((text) => text.length <= noteLimit), weight: 9 },
  { arbitrary: fc.constant(""), weight: 1 },
);

function formsOf({ roles }: Place, theirs: Theirs): Partial<Record<OperationName, Form>> {
  const roleId = fc.constantFrom(...roles.map(({ id }) => id));
  const role: Form = {
    ...inOrganization,
    names: ["role"],
    right: fc.record({ role: roleId }),
    refused: fc.oneof(
      wrong(400, { role: undefined }, { role: "" }, { role: tooLong }, { "role.x": "y", role: undefined }),
      wrong(409, { role: "Admin" }, { role: "__proto__" }, { role: "' or 1=1 --" }),
    ),
  };
  const chosenOnes: Form = {
    ...inOrganization,
    names: ["invitation"],
    lists: ["invitation"],
    right: fc.constant({}),
    refused: fc.oneof(
      wrong([302, 202], { invitation: undefined }, { invitation: tooLong }),
      wrong(200, { invitation: theirs.invitationId }, { invitation: never() }, { invitation: "__proto__" }),
    ),
  };
  return {
    "members.role": role,
    "members.remove": { ...inOrganization, names: [], right: fc.constant({}) },
    "invitations.send": {
      ...inOrganization,
      rightOnes: 4, // each invites three times and takes all of it back
      names: ["batch", "addresses", "file", "role", "note", "days"],
      right: fc.record({
        batch: fc.uuid(),
        addresses: pasted,
        role: roleId,
        note,
        days: fc.constantFrom("1", "7", "30"),
      }),
      refused: fc.oneof(
        wrong(422, { batch: undefined }, { batch: "short" }, { batch: tooLong }, { batch: "with space" }),
        wrong(422, { addresses: undefined }, { addresses: " \n,; " }, { addresses: "a@example.com\n".repeat(51) }),
        wrong(422, { addresses: "x".repeat(20_001) }, { addresses: "E-mail,Role\na@example.com,Boss" }),
        wrong(422, { role: undefined }, { role: tooLong }),
        wrong(422, ...["", "0", "-1", "31", "1.5", "1e309", "NaN", "seven"].map((days) => ({ days }))),
        wrong(422, { days: undefined }, { file: { file: "a@example.com\0" } }),
        wrongText(noteLimit)
          .filter((text) => text !== undefined && text.trim() !== "")
          .map((text) => ({ fields: { note: text }, status: 422 })),
        wrong(200, { role: "Admin" }, { role: "__proto__" }, { addresses: "nobody" }, { addresses: "a@b, __proto__" }),
      ),
    },
    "invitations.role": role,
    "invitations.resend": chosenOnes,
    "invitations.revoke": chosenOnes,
    "invitations.renew": { ...inOrganization, names: [], right: fc.constant({}) },
    "requests.dismiss": {
      ...inOrganization,
      names: ["request"],
      right: fc.constant({}),
      refused: fc.oneof(
        wrong(400, { request: undefined }, { request: "" }, { request: tooLong }),
        wrong([302, 202], { request: theirs.requestId }, { request: never() }),
      ),
    },
  };
}

const runs: [OperationName, number][] = [
  ["members.role", 100],
  ["members.remove", 100],
  ["invitations.send", 250],
  ["invitations.role", 100],
  ["invitations.resend", 100],
  ["invitations.revoke", 100],
  ["invitations.renew", 100],
  ["requests.dismiss", 100],
];

for (const [operation, count] of runs) {
  test(`${count} forms to ${operation} do what they say in Olga's organization, or nothing`, async ({
    world,
    operator,
    cast: { globex, bobInGlobex, eve, people },
    database,
    logto,
    colleague,
    invite,
    requested,
  }) => {
    const initech = await operator.makeOrganization("Initech");
    await putOnBusiness(world.databaseFile, initech);
    const person = await operator.makePerson("Olga", [initech, "Admin"]);
    const olga = await enter(world.baseUrl, person, initech);
    const olgasId = String(database.rows("select id from users where email = ?", person.email)[0]?.id);
    const roles = await Promise.all(
      (["Admin", "Collaborator"] as const).map(async (name) => ({ id: await logto.roleId(name), name })),
    );
    const place: Place = { olga, olgasId, initech, roles, database, logto, colleague, invite, requested, eve };
    const theirs = { memberId: people.cleo.id, ...(await requested(bobInGlobex, eve)) };
    const before = await logto.stateOf(globex);

    const target = await targetOf(place, theirs, { operation, baseUrl: world.baseUrl, globex });
    const standing = await logto.stateOf(initech);
    const tally = await fuzz(target, count);
    test.info().annotations.push({ type: "answers", description: JSON.stringify(tally) });
    expect(share(tally, "right", 302, 202), "accepted").toBeGreaterThan(0);
    if (target.form.refused)
      expect(share(tally, "refused", 200, 302, 202, 400, 409, 422), "refused").toBeGreaterThan(0.1);
    expect(share(tally, "unreadable", 400, 413, 415), "not readable").toBeGreaterThan(0);
    expect(await logto.stateOf(globex), "Globex at Logto").toBe(before);
    if (target.ids.memberId) expect(standing).toContain(target.ids.memberId);
    if (target.ids.memberId) expect(await logto.stateOf(initech)).toContain(target.ids.memberId);
  });
}

interface Aim {
  operation: OperationName;
  baseUrl: string;
  globex: Organization;
}

async function targetOf(place: Place, theirs: Theirs, { operation, baseUrl, globex }: Aim): Promise<Target> {
  const { olga, initech, database, colleague, invite } = place;
  const form = formsOf(place, theirs)[operation];
  const take = taking[operation];
  if (!form || !take) throw new Error(`${operation} is not known here`);
  const isOfMember = operation === "members.role" || operation === "members.remove";
  const isOfInvitation = operation === "invitations.role" || operation === "invitations.renew";
  const ids: Ids = isOfMember
    ? { memberId: (await colleague(initech)).id }
    : isOfInvitation
      ? { invitationId: (await invite(olga)).invitationId }
      : {};
  const odd = ["none", "%00", "__proto__", "%F0%9F%90%A4", "a".repeat(300)];
  const nowhere = [theirs, ...odd.map((id) => ({ memberId: id, invitationId: id }))];
  const hasRecord = isOfMember || isOfInvitation;
  return {
    operation,
    form: { ...form, elsewhere: hasRecord ? nowhere.map((of) => ({ ids: of, statuses: [404] })) : undefined },
    visitor: olga,
    baseUrl,
    database,
    own: () => ({ organizations: [initech.id] }),
    loot: [globex.id, theirs.memberId, theirs.invitationId, place.olgasId],
    foreign: [globex.id, "0123456789ab"],
    ids,
    onlyRightWrites: true,
    hidden: [globex.name, "Cleo"],
    taken: async (attempt, send) => asForm(attempt, await take(place, attempt, send)),
  };
}

/** A page that says what became of a form, as what a form that leads on is answered with. */
function asForm({ as }: Attempt, answer: Answer): Answer {
  return answer.status === 200 ? { ...answer, status: as === "data" ? 202 : 302 } : answer;
}

type Taken = (place: Place, attempt: Attempt, send: (attempt: Attempt, ids: Ids) => Promise<Answer>) => Promise<Answer>;

const typedIn = ({ fields }: Attempt): Record<string, string> =>
  Object.fromEntries(fields.map(([name, value]) => [name, asKept(String(value))]));

const withFields = (attempt: Attempt, fields: [string, string][]): Attempt => ({ ...attempt, fields });

const rowOf = ({ database }: Place, invitationId: string): Row | undefined =>
  database.rows("select * from invitations where id = ?", invitationId)[0];

/** The row of an invitation, without what a change of another kind moves. */
function expectOnly(before: Row | undefined, after: Row | undefined, changes: Row): void {
  const moved = ["updated_at", "logto_id", "wanted", "made", ...Object.keys(changes)];
  const rest = (row: Row = {}) => Object.entries(row).filter(([name]) => !moved.includes(name));
  expect(after).toMatchObject(changes);
  expect(rest(after)).toEqual(rest(before));
}

const taking: Partial<Record<OperationName, Taken>> = {
  async "members.role"(place, attempt, send) {
    const { id } = await place.colleague(place.initech);
    const before = await place.logto.membersOf(place.initech);
    const answer = await send(attempt, { memberId: id });
    const given = place.roles.find((role) => role.id === typedIn(attempt).role)?.name ?? "";
    expect(await place.logto.membersOf(place.initech)).toEqual({ ...before, [id]: [given] });
    return answer;
  },

  async "members.remove"(place, attempt, send) {
    const { id } = await place.colleague(place.initech);
    const { [id]: gone, ...others } = await place.logto.membersOf(place.initech);
    const answer = await send(attempt, { memberId: id });
    expect(gone).toEqual(["Collaborator"]);
    expect(await place.logto.membersOf(place.initech)).toEqual(others);
    return answer;
  },

  async "invitations.send"(place, attempt, send) {
    const answer = await send(attempt, {});
    const sent = written(place, attempt);
    const twin = withFields({ ...attempt, extras: [] }, Object.entries(twinOf(typedIn(attempt))));
    await send(twin, {});
    await send(attempt, {});
    expect(written(place, attempt), "a form that is sent twice invites once").toEqual(sent);
    expectSent(place, attempt, sent);
    const alike = ({ address: _address, ...row }: (typeof sent)[number]) => row;
    expect(written(place, twin).map(alike), "the same rows as without the extra fields").toEqual(sent.map(alike));
    const open = place.database.rows(
      "select id from invitations where logto_organization_id = ? and status = 'pending'",
      place.initech.id,
    );
    await place.olga.submit(paths.revokeInvitations, chosen(open.map(({ id }) => String(id))));
    return answer;
  },

  async "invitations.role"(place, attempt, send) {
    const { invitationId, address } = await place.invite(place.olga);
    const before = rowOf(place, invitationId);
    const answer = await send(attempt, { invitationId });
    const given = place.roles.find((role) => role.id === typedIn(attempt).role);
    expectOnly(before, rowOf(place, invitationId), { role_id: given?.id ?? "", role_name: given?.name ?? "" });
    expect(await place.logto.invitationsOf(place.initech)).toContain(`${address} Pending ${given?.name}`);
    return answer;
  },

  async "invitations.resend"(place, attempt, send) {
    const ours = [await place.invite(place.olga), await place.invite(place.olga)];
    const [before, other] = ours.map(({ invitationId }) => rowOf(place, invitationId));
    const id = ours[0]?.invitationId ?? "";
    const answer = await send(
      withFields(attempt, [
        ["invitation", id],
        ["invitation", id],
      ]),
      {},
    );
    const after = rowOf(place, id);
    const { expires_at = null, last_sent_at = null } = after ?? {};
    expectOnly(before, after, { sent_count: 2, expires_at, last_sent_at });
    expect(Number(expires_at)).toBeGreaterThan(Number(before?.expires_at));
    expect(rowOf(place, ours[1]?.invitationId ?? ""), "the other one").toEqual(other);
    return answer;
  },

  async "invitations.revoke"(place, attempt, send) {
    const ours = [await place.invite(place.olga), await place.invite(place.olga)];
    const [before, other] = ours.map(({ invitationId }) => rowOf(place, invitationId));
    const id = ours[0]?.invitationId ?? "";
    const answer = await send(withFields(attempt, [["invitation", id]]), {});
    const after = rowOf(place, id);
    expectOnly(before, after, { status: "revoked", decided_at: after?.decided_at ?? 0 });
    expect(rowOf(place, ours[1]?.invitationId ?? ""), "the other one").toEqual(other);
    return answer;
  },

  async "invitations.renew"(place, attempt, send) {
    const { invitationId, token } = await place.invite(place.olga);
    const before = rowOf(place, invitationId);
    const answer = await send(attempt, { invitationId });
    const after = rowOf(place, invitationId);
    const { expires_at = null, last_sent_at = null } = after ?? {};
    expectOnly(before, after, { generation: 2, sent_count: 2, expires_at, last_sent_at });
    const fresh = new RegExp(`/join/(${invitationId}\\.[\\w-]{22})`).exec(answer.text)?.[1] ?? "";
    expect((await place.eve.read(paths.join(token))).status, "the old link").toBe(410);
    expect((await place.eve.read(paths.join(fresh))).status, "the new link").toBe(200);
    return answer;
  },

  async "requests.dismiss"(place, attempt, send) {
    const { requestId } = await place.requested(place.olga, place.eve);
    const answer = await send(withFields(attempt, [["request", requestId]]), {});
    const [row] = place.database.rows("select handled_at from invitation_requests where id = ?", requestId);
    expect(row?.handled_at).not.toBeNull();
    expect(header(answer, "location")).toMatch(/^$|^\/members\/requests\?/);
    return answer;
  },
};

const twinOf = (typed: Record<string, string>) => ({
  ...typed,
  batch: `${typed.batch}-x`,
  addresses: (typed.addresses ?? "").replaceAll(/@example/gi, "@twin"),
});

/** What a form has written, without what no two rows have in common. */
function written({ database, initech }: Place, attempt: Attempt) {
  return database.rows(
    `select address, role_id, role_name, note, days, status, generation, invited_by, delivery, sent_count, (expires_at - created_at) as life
     from invitations where logto_organization_id = ? and batch = ? order by address_key`,
    initech.id,
    typedIn(attempt).batch ?? "",
  );
}

function expectSent({ roles, olgasId }: Place, attempt: Attempt, rows: Row[]): void {
  const typed = typedIn(attempt);
  const role = roles.find(({ id }) => id === typed.role);
  const addresses = (typed.addresses ?? "").match(/n\.[\w.-]+@example\.com/gi) ?? [];
  const days = Number(typed.days);
  const expected = addresses.map((address) => ({
    ...{ address, role_id: role?.id, role_name: role?.name, note: typed.note?.trim(), days },
    ...{ status: "pending", generation: 1, invited_by: olgasId, delivery: "sent", sent_count: 1 },
    life: days * 86_400_000,
  }));
  expect(rows.toSorted(byAddress)).toEqual(expected.toSorted(byAddress));
}

const byAddress = (one: { address?: unknown }, other: { address?: unknown }) =>
  String(one.address).localeCompare(String(other.address));
