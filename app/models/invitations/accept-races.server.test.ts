// Accepting while something else happens to the same invitation: at once, and between every two steps of either, as two processes would.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eq } from "../../../db";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { type Colleague, newcomer, openOffice, type Office } from "../../../e2e/office";
import { createSteps } from "../../../e2e/steps";
import { rememberPerson } from "../users.server";

const steps = createSteps();
let ground: Ground;
let app: App;
/** Another process over the same file, whose steps are counted. */
let stepping: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  const line = { patience: 10_000, failures: 1_000 };
  app = ground.openApp({ line });
  stepping = ground.openApp({ line, file: app.file, ...steps });
});
beforeEach(async () => {
  await ground.heal();
  app.clock.ahead = 0;
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

interface Scene {
  id: string;
  token: string;
  guest: Colleague;
  inviter: Colleague;
}

async function prepare({ inviter = office.ada } = {}): Promise<Scene> {
  const guest = await newcomer(ground, app, "guest");
  const { id, token } = await office.inviteOne(guest.email, { by: inviter });
  return { id, token, guest, inviter };
}

const accept = (by: App, { token, guest }: Scene) => by.invitations.accept(token, guest);

/** Whatever was answered: who is a member has accepted, nobody else has, and Logto has an invitation exactly as long as ours waits. */
async function agreed({ id, guest }: Scene, what: string): Promise<string> {
  const { here = "missing", atLogto, roles } = await office.standing(id);
  const member = await office.member(guest.logtoId);
  const pending = atLogto.filter((status) => status === "Pending").length;
  const isIn = here === "accepted";
  const role = (await office.row(id))?.roleName;
  expect({ here, roles, known: Boolean(member), pending }, what).toEqual({
    ...{ here, roles: isIn ? [role] : undefined, known: isIn, pending: here === "pending" ? 1 : 0 },
  });
  return here;
}

describe("fifty at once", () => {
  test("by one person end in one membership, and fifty times yes", async () => {
    const scene = await prepare();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => accept(i % 2 ? app : stepping, scene)));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(await agreed(scene, "fifty")).toBe("accepted");
    expect((await office.rows()).filter(({ status }) => status === "accepted")).toHaveLength(1);
    const members = await office.scope.read((db, tables) => db.select().from(tables.members));
    expect(members.filter(({ userId }) => userId === scene.guest.id)).toHaveLength(1);
  });

  test("by two people, one of whom had the address before, end in the owner's membership alone", async () => {
    const scene = await prepare();
    const email = scene.guest.email;
    const former = await newcomer(ground, app, "Former");
    await rememberPerson(app.store.system, { ...former.person, email, emailVerified: true }, new Date());
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => app.invitations.accept(scene.token, i % 2 ? scene.guest : former)),
    );
    expect(answers.filter(({ ok }, i) => ok !== (i % 2 === 1))).toEqual([]);
    expect(await agreed(scene, "fifty")).toBe("accepted");
    expect(Object.keys(await office.membersAtLogto())).not.toContain(former.logtoId);
  });
});

/** The organization's rows, as the process sees them. */
const rowsOf = (by: App) => (by === stepping ? steps.aroundScope(office.scope) : office.scope);

interface Rival {
  run: (by: App, scene: Scene) => Promise<unknown>;
  endings: string[];
  /** Whether it ends an inviter, so that each needs one of its own. */
  takesInviter?: true;
}

const rivals: Record<string, Rival> = {
  "a second click": { run: accept, endings: ["accepted"] },
  "a revocation": {
    run: (by, { id }) => by.invitations.revoke(rowsOf(by), office.ada, [id]),
    endings: ["accepted", "revoked"],
  },
  declining: { run: (by, { token }) => by.invitations.decline(token), endings: ["accepted", "declined"] },
  "sending again": {
    run: (by, { id }) => by.invitations.resend(rowsOf(by), office.ada, [id]),
    endings: ["accepted"],
  },
  "a new link": {
    run: (by, { id }) => by.invitations.renewLink(rowsOf(by), office.ada, id),
    endings: ["accepted", "pending"],
  },
  "a new role": {
    run: (by, { id }) => by.invitations.changeRole(rowsOf(by), office.ada, id, office.roleId("Admin")),
    endings: ["accepted"],
  },
  "the inviter's removal": {
    run: (by, { inviter }) => by.members.remove(rowsOf(by), office.ada, inviter.logtoId),
    takesInviter: true,
    endings: ["accepted", "revoked"],
  },
  "the inviter's demotion": {
    run: (by, { inviter }) => by.members.change(rowsOf(by), office.ada, inviter.logtoId, office.roleId("Collaborator")),
    takesInviter: true,
    endings: ["accepted", "revoked"],
  },
};

describe.each(Object.entries(rivals))("accepting and %s", (_name, { run, endings, takesInviter }) => {
  const scene = async () => prepare(takesInviter && { inviter: await office.hire("Bob", "Admin") });

  /** Runs the one, and the other in another process between any two of its steps. @returns how often they have ended in each way. */
  async function interrupt(outer: Rival["run"], inner: Rival["run"]) {
    steps.begin();
    await outer(stepping, await scene());
    const count = steps.taken();
    const seen = new Set<string>();
    for (let step = 1; step <= count; step += 1) {
      const what = `at step ${step} of ${count}`;
      const each = await scene();
      let interrupting: unknown;
      steps.begin({ step, meanwhile: async () => (interrupting = await inner(app, each)) });
      const interrupted = await outer(stepping, each);
      const here = await agreed(each, what);
      const { roleName } = (await office.row(each.id)) ?? {};
      const answer = here === "accepted" ? { ok: true, roleName } : { ok: false };
      expect(outer === accept ? interrupted : interrupting, what).toMatchObject(answer);
      seen.add(here);
    }
    return [...seen].sort();
  }

  test("agree wherever the first is interrupted by the other", async () => {
    expect(await interrupt(accept, run)).toEqual(endings);
  }, 60_000);

  test("agree wherever it interrupts the other", async () => {
    expect(await interrupt(run, accept)).toEqual(endings);
  }, 60_000);
});

const whatever = Object.entries({ accepting: { run: accept }, ...rivals });
test.each(whatever)(
  "an invitation that is erased during %s is no error, wherever that happens",
  async (_name, { run }) => {
    steps.begin();
    await run(stepping, await prepare({ inviter: await office.hire("Bob", "Admin") }));
    const count = steps.taken();
    for (let step = 1; step <= count; step += 1) {
      const scene = await prepare({ inviter: await office.hire("Bob", "Admin") });
      const erase = () =>
        office.scope.write((tx, { invitations }) => tx.remove(invitations, eq(invitations.id, scene.id)));
      steps.begin({ step, meanwhile: erase });
      const answer = await run(stepping, scene);
      if (run !== accept) continue;
      const isIn = scene.guest.logtoId in (await office.membersAtLogto());
      expect(answer, `at step ${step}`).toMatchObject(isIn ? { ok: true } : { ok: false, reason: "unusable" });
    }
  },
);

describe("an operator at Logto, who knows nothing of ours", () => {
  async function byOperator({ id }: Scene, method: "PUT" | "DELETE") {
    const path = `/organization-invitations/${(await office.row(id))?.logtoId}`;
    const done =
      method === "PUT"
        ? ground.api.write(method, `${path}/status`, { status: "Revoked" })
        : ground.api.write(method, path);
    await done.catch(() => undefined); // it was accepted already
  }

  test.each(["DELETE", "PUT"] as const)(
    "who takes the invitation away while it is accepted keeps nobody out (%s)",
    async (method) => {
      steps.begin();
      await accept(stepping, await prepare());
      const count = steps.taken();
      for (let step = 1; step <= count; step += 1) {
        const scene = await prepare();
        steps.begin({ step, meanwhile: () => byOperator(scene, method) });
        expect(await accept(stepping, scene)).toMatchObject({ ok: true });
        expect(await agreed(scene, `at step ${step}`)).toBe("accepted");
      }
    },
  );

  test.each(["was heard", "was lost"])(
    "who revokes it at the very moment at which it is accepted undoes nothing, and Logto's answer %s",
    async (answer) => {
      const scene = await prepare();
      const accepts = { method: "PUT", path: "/api/organization-invitations", body: "Accepted" };
      const seen = await ground.watch(accepts);
      await ground.fault({ kind: "invitation-race", delayMs: 400 });
      if (answer === "was lost") await ground.fault({ kind: "reset", when: "after", match: accepts });
      const accepting = accept(app, scene);
      await expect.poll(seen, { interval: 5 }).toBe(1);
      await Promise.all([accepting, byOperator(scene, "PUT")]);
      expect((await office.standing(scene.id)).atLogto).toEqual(["Revoked"]);
      await ground.heal();
      expect(await accept(app, scene)).toMatchObject({ ok: true });
      expect(await agreed(scene, "revoked at Logto")).toBe("accepted");
    },
  );
});
