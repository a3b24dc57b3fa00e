// Members and invitations of another organization do not exist: the same bytes for them as for what never was. Their links are in join.spec.ts.
import type { OperationName } from "../../app/auth/policy";
import { told } from "./ask";
import { everyAnswer, never } from "./every-answer";
import { formFor, pathOf, withRecord, type Ids } from "./operations";
import { expect, test } from "./subjects";
import { transports } from "./visitor";

test.describe.configure({ mode: "default" });

const malformed = ["x", "null", "__proto__", "%00", "a".repeat(600), "%F0%9F%90%A4"];

/** Logto's ids are of 12 letters and digits. */
const neverMember = () => never().replaceAll(/\W/g, "").toLowerCase().slice(0, 12);

const ofPeople = withRecord.filter(({ path }) => /:memberId|:invitationId/.test(path));

for (const { name: operation, method, path } of ofPeople) {
  test(`Bob in Globex is told the same of Acme's as of what never was, by ${operation}`, async ({
    cast,
    logto,
    database,
    subject,
  }) => {
    const { acme, globex, ada, bobInGlobex, people } = cast;
    const isMember = path.includes(":memberId");
    const theirs = await subject(ada, operation);
    const hidden: Record<string, Ids> = isMember
      ? { "a colleague of Ada's": theirs, "Ada herself": { ...theirs, memberId: people.ada.id } }
      : { "an invitation of Acme's": theirs };
    const before = [
      database.checksumBeside({ organizations: [] }),
      await logto.stateOf(acme),
      await logto.stateOf(globex),
    ];

    const unknown = { ...theirs, memberId: neverMember(), invitationId: never() };
    const asked = ({ memberId = "", invitationId = "" }: Ids) => (isMember ? memberId : invitationId);
    const expected = await everyAnswer(bobInGlobex, operation, unknown);
    expect(expected[0]?.status).toBe(404);
    for (const [what, ids] of Object.entries(hidden)) {
      const answers = await everyAnswer(bobInGlobex, operation, ids);
      expect(
        answers.map((answer) => told(answer, asked(ids))),
        what,
      ).toEqual(expected.map((answer) => told(answer, asked(unknown))));
    }
    for (const id of malformed) {
      const answers = await everyAnswer(bobInGlobex, operation, { ...theirs, memberId: id, invitationId: id });
      expect(
        answers.map(({ status }) => status),
        id,
      ).toEqual(expected.map(({ status }) => status));
    }
    expect(
      [database.checksumBeside({ organizations: [] }), await logto.stateOf(acme), await logto.stateOf(globex)],
      "nothing was written, here or at Logto",
    ).toEqual(before);

    for (const as of transports) {
      const own = await subject(bobInGlobex, operation);
      const place = pathOf(operation, own);
      const answer =
        method === "GET"
          ? await bobInGlobex.read(place, as)
          : await bobInGlobex.submit(place, formFor(operation, own), { as });
      expect([200, 202, 302], `his own: ${answer.text.slice(0, 300)}`).toContain(answer.status);
    }
  });
}

/** These name it in their form. */
const inForm: OperationName[] = [
  "invitations.resend",
  "invitations.revoke",
  "requests.dismiss",
  "waiting.accept",
  "waiting.decline",
];

for (const operation of inForm) {
  test(`the form of ${operation} tells Eve the same of Acme's as of what never was`, async ({
    cast: { acme, ada, bobInAcme, eve },
    logto,
    database,
    invite,
    requested,
  }) => {
    const theirs = operation === "requests.dismiss" ? await requested(ada, bobInAcme) : await invite(ada);
    const state = async () => [database.checksumBeside({ organizations: [] }), await logto.stateOf(acme)];
    const before = await state();
    const unknown = { invitationId: never(), requestId: never() };
    const idIn = ({ invitationId = "", requestId = "" }: Ids) =>
      operation === "requests.dismiss" ? requestId : invitationId;
    for (const as of transports) {
      const foreign = await eve.submit(pathOf(operation), formFor(operation, theirs), { as });
      const missing = await eve.submit(pathOf(operation), formFor(operation, unknown), { as });
      expect([200, 202, 302]).toContain(foreign.status);
      expect(told(foreign, idIn(theirs)), as).toBe(told(missing, idIn(unknown)));
    }
    expect(await state(), "nothing was written, here or at Logto").toEqual(before);
  });
}

test("what a page is told by its address to speak of is Acme's own, or nothing", async ({
  cast,
  invite,
  colleague,
}) => {
  const { acme, ada, bobInGlobex } = cast;
  const { id, email } = await colleague(acme);
  const invitation = await invite(ada);
  const pages: [path: string, about: string, secret: string][] = [
    ["/members?done=role-changed&about=", id, email],
    ["/members/invitations?done=invitations-revoked&about=", invitation.invitationId, invitation.address],
    ["/members/invitations?done=invitation-role-changed&about=", invitation.invitationId, invitation.address],
  ];
  for (const [path, about, secret] of pages)
    for (const as of transports) {
      const unknown = never();
      const foreign = await bobInGlobex.read(path + about, as);
      const missing = await bobInGlobex.read(path + unknown, as);
      expect(foreign.status).toBe(200);
      expect(foreign.text).not.toContain(secret);
      expect(timeless(told(foreign, about)), as).toBe(timeless(told(missing, unknown)));
      expect((await ada.read(path + about, as)).text, "Ada reads it").toContain(secret);
    }
});

/** The page of invitations holds the moment it was made in. */
const timeless = (text: string) => text.replaceAll(/\d{13}/g, "<now>");
