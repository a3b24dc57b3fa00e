// Forms to the actions of links and of what waits for somebody: no form needs more than its address says, and none makes more of it.
import fc from "fast-check";
import type { OperationName } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import { header } from "../ask";
import type { Row } from "../database";
import { never } from "../every-answer";
import type { Ids } from "../operations";
import { expect, test, type Invited } from "../subjects";
import { writePost } from "../suite";
import { enter, type Visitor } from "../visitor";
import type { Attempt, Form } from "./attempts";
import { fuzz, share, type Target } from "./fuzz";

test.describe.configure({ mode: "default", timeout: 180_000 });

const byLink: Form = { names: [], right: fc.constant({}), ofPage: false, isRead: false, rightOnes: 5 };
const runs: [OperationName, number][] = [
  ["join.accept", 100],
  ["join.decline", 100],
  ["join.ask", 100],
  ["waiting.accept", 100],
  ["waiting.decline", 100],
];

for (const [operation, count] of runs) {
  test(`${count} forms to ${operation} write what they say of one invitation, or nothing`, async ({
    world,
    operator,
    cast: { elsewhere, globex, anonymous, bobInGlobex },
    database,
    logto,
    invite,
  }) => {
    const initech = await operator.makeOrganization("Initech");
    const olga = await enter(world.baseUrl, await operator.makePerson("Olga", [initech, "Admin"]), initech);
    const person = await operator.makePerson("Nora", [elsewhere, "Collaborator"]);
    const nora = await enter(world.baseUrl, person, elsewhere);
    const norasId = String(database.rows("select id from users where email = ?", nora.email)[0]?.id);
    await writePost(olga, { title: "Only Initech reads this" });
    const rowOf = ({ invitationId }: Pick<Invited, "invitationId">): Row | undefined =>
      database.rows("select * from invitations where id = ?", invitationId)[0];
    const requestsAt = ({ invitationId }: Invited) =>
      database.rows("select kind, address, handled_at from invitation_requests where invitation_id = ?", invitationId);

    const dead = await invite(olga, { address: nora.email });
    await olga.submit(paths.revokeInvitations, { invitation: dead.invitationId });
    const others = await invite(bobInGlobex);
    const isForm = operation.startsWith("waiting.");
    const accepts = operation.endsWith("accept");
    const sender: Visitor = operation === "join.decline" ? anonymous : nora;
    const before = await logto.membersOf(initech);

    /** Sends a right form, and looks at all that it may have done. */
    const taken: Target["taken"] = async (attempt, send) => {
      const address = operation === "join.ask" ? undefined : nora.email;
      const open = await invite(olga, { address, role: "Collaborator" });
      const row = rowOf(open);
      const fields: Attempt["fields"] = isForm ? [["invitation", open.invitationId]] : [];
      const answer = await send({ ...attempt, fields }, { token: open.token });
      const status = operation === "join.ask" ? "pending" : accepts ? "accepted" : "declined";
      expect(rowOf(open)).toMatchObject({
        ...{ status, role_id: row?.role_id, generation: 1, address: open.address, invited_by: row?.invited_by },
        accepted_by: accepts ? norasId : null,
      });
      expect(requestsAt(open)).toEqual(
        operation === "join.ask" ? [{ kind: "other-address", address: nora.email, handled_at: null }] : [],
      );
      const members = await logto.membersOf(initech);
      expect(members).toEqual(accepts ? { ...before, [person.id]: ["Collaborator"] } : before);
      if (accepts) await logto.removeMember(initech, person.id);
      if (operation === "join.ask") await olga.submit(paths.revokeInvitations, { invitation: open.invitationId });
      expect(header(answer, "location")).toMatch(/^$|^\/(posts|organizations|join\/[\w.-]+)\?done=/);
      return answer;
    };

    const target: Target = {
      operation,
      form: isForm ? ofWaiting(others) : { ...byLink, elsewhere: deadEnds(others, operation) },
      visitor: sender,
      baseUrl: world.baseUrl,
      database,
      own: () => ({ organizations: [initech.id], person: norasId }),
      loot: [globex.id, initech.id, norasId, others.invitationId, others.token],
      foreign: [],
      // Asking at a link that was real writes a request, which is what it is for.
      ids: { token: operation === "join.ask" ? `${never()}.${never()}` : dead.token },
      onlyRightWrites: true,
      hidden: [others.address, "Only Initech reads this", olga.email, globex.name],
      taken,
    };
    const tally = await fuzz(target, count);
    test.info().annotations.push({ type: "answers", description: JSON.stringify(tally) });
    expect(share(tally, "right", 302, 202), "accepted").toBeGreaterThan(0);
    expect(share(tally, "unreadable", 302, 202, 400, 413, 415), "not readable").toBeGreaterThan(0);
    expect(await logto.membersOf(initech)).toEqual(before);
    expect(rowOf(others)?.status, "Globex's invitation still waits").toBe("pending");
    expect(rowOf(dead)?.status).toBe("revoked");
  });
}

/** A session's form that names what waits for it; everything else is gone to it. */
function ofWaiting(others: Invited): Form {
  const gone = [others.invitationId, others.token, never(), "__proto__", "' or 1=1 --"];
  return {
    names: ["invitation"],
    right: fc.constant({}),
    refused: fc.oneof(
      fc.constantFrom(undefined, "", "x".repeat(65)).map((invitation) => ({ fields: { invitation }, status: 400 })),
      fc.constantFrom(...gone).map((invitation) => ({ fields: { invitation }, status: [302, 202] })),
    ),
    ofPage: false,
    isRead: true,
    rightOnes: 8,
  };
}

/** Whoever holds another's link may decline it or ask at it; accepting is their own. */
function deadEnds(others: Invited, operation: OperationName): NonNullable<Form["elsewhere"]> {
  const [id = "", mac = ""] = others.token.split(".");
  const tokens = [`${id}.${never()}`, `${never()}.${mac}`, id, `${id}.${mac.toLowerCase()}x`, "%00", "__proto__", "x"];
  if (operation === "join.accept") tokens.push(others.token);
  return tokens.map((token): { ids: Ids; statuses: number[] } => ({ ids: { token }, statuses: [302, 202] }));
}
