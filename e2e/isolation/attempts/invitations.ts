// Invitations: a link is as good as what it says, for whom it says, as long as it says; and nobody gives by it what they may not give.
import { paths } from "../../../app/paths";
import { told } from "../../http/ask";
import { day, holds, same, second, status, type Attempt, type Scene } from "./attempt";

type Role = "Admin" | "Collaborator";

/** @returns the token of its link */
async function invite(scene: Scene, address: string, role: Role = "Collaborator", by = scene.ada): Promise<string> {
  const form = {
    batch: `batch-${address.length}-${role}`,
    addresses: address,
    role: scene.house.roleId(role),
    days: "7",
  };
  const answer = await by.submit(paths.invite, form);
  const token = /\/join\/([\w-]{22}\.[\w-]{22})/.exec(answer.text)?.[1];
  if (!token) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
  return token;
}

const idOf = (token: string) => token.slice(0, 22);
const statusOf = ({ rows }: Scene, token: string) =>
  rows("select status from invitations where id = ?", idOf(token))[0]?.status;
const emailOf = ({ house }: Scene, who: keyof Scene["house"]["people"]) => house.people[who].email;

async function isMember({ house }: Scene, who: keyof Scene["house"]["people"]): Promise<boolean> {
  return (await house.membersOf("a")).some(({ id }) => id === house.people[who].id);
}

export const invitationAttempts: Attempt[] = [
  {
    title: "Ivy joins by her invitation once, in the role that was given, whatever her form says.",
    case: "D5",
    async run(scene) {
      const { ivy, house } = scene;
      const token = await invite(scene, emailOf(scene, "ivy"));
      const form = { role: house.roleId("Admin"), roleId: house.roleId("Admin"), organization: house.organizations.b };
      status("The acceptance", await ivy.submit(paths.join(token), form), 302);
      const members = await house.membersOf("a");
      same("Her role", members.find(({ id }) => id === house.people.ivy.id)?.roles, ["Collaborator"]);
      same("The invitation", statusOf(scene, token), "accepted");
    },
  },
  {
    title:
      "An invitation is for the invited address alone: Jon, who has the link, does not join, and reads the whole address nowhere.",
    case: "D1",
    async run(scene) {
      const { jon, ivy } = scene;
      const address = emailOf(scene, "ivy");
      const token = await invite(scene, address);
      const page = await jon.read(paths.join(token));
      status("The page of the link", page, 200);
      holds("The address is on the page", !page.text.includes(address), page);
      await jon.submit(paths.join(token));
      same("Jon is a member", await isMember(scene, "jon"), false);
      same("The invitation", statusOf(scene, token), "pending");
      await ivy.submit(paths.join(token));
      same("Ivy is a member", await isMember(scene, "ivy"), true);
    },
  },
  {
    title: "Whose address is not verified joins only when it is.",
    case: "D1",
    async run(scene) {
      const { ivy, house, change } = scene;
      const token = await invite(scene, emailOf(scene, "ivy"));
      const set = (verified: number) =>
        change(
          house.organizations.a,
          "update users set email_verified = ? where logto_id = ?",
          verified,
          house.people.ivy.id,
        );
      set(0);
      status("Unverified", await ivy.submit(paths.join(token)), 403);
      same("Ivy is a member", await isMember(scene, "ivy"), false);
      const list = await ivy.read(paths.organizations);
      holds("It waits for her", !list.text.includes(idOf(token)), list);
      set(1);
      holds("It does not wait for her", (await ivy.read(paths.organizations)).text.includes(idOf(token)));
      status("Verified", await ivy.submit(paths.join(token)), 302);
      same("Ivy is a member now", await isMember(scene, "ivy"), true);
    },
  },
  {
    title: "An invitation is valid until the second in which it expires, and not one longer.",
    case: "D3",
    async run(scene) {
      const { ivy, jon, pass } = scene;
      const token = await invite(scene, emailOf(scene, "ivy"));
      const other = await invite(scene, emailOf(scene, "jon"), "Collaborator", scene.max);
      pass(7 * day - second);
      await jon.submit(paths.join(other));
      same("Jon, a second before", await isMember(scene, "jon"), true);
      pass(second);
      status("The page at that second", await ivy.read(paths.join(token)), 410);
      await ivy.submit(paths.join(token));
      same("Ivy, at that second", await isMember(scene, "ivy"), false);
    },
  },
  {
    title: "Revoked, renewed, declined, cut, changed and guessed links lead to the same page as one that never was.",
    case: "D4",
    async run(scene) {
      const { ada, ivy, jon, nobody } = scene;
      const token = await invite(scene, emailOf(scene, "ivy"));
      const id = idOf(token);
      const never = "AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB";
      const nothing = told(await nobody.read(paths.join(never)), never);
      const changed = token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
      for (const wrong of [changed, token.slice(0, -1), `${id}.${"A".repeat(22)}`, token.toLowerCase()]) {
        const page = await nobody.read(paths.join(wrong));
        same(`The page of ${wrong}`, told(page, wrong), nothing);
        await ivy.submit(paths.join(wrong));
        same("Ivy is a member", await isMember(scene, "ivy"), false);
      }
      status("The right one", await nobody.read(paths.join(token)), 200);
      const answer = await ada.submit(paths.renewInvitation(id));
      const renewed = /\/join\/([\w-]{22}\.[\w-]{22})/.exec(answer.text)?.[1] ?? "";
      same("The page of the old link", told(await nobody.read(paths.join(token)), token), nothing);
      await ivy.submit(paths.join(token));
      same("Ivy, by the old link", await isMember(scene, "ivy"), false);
      status("The new one", await nobody.read(paths.join(renewed)), 200);
      await ada.submit(paths.revokeInvitations, { invitation: id });
      same("The page of the revoked link", told(await nobody.read(paths.join(renewed)), renewed), nothing);
      await ivy.submit(paths.join(renewed));
      same("Ivy, by the revoked link", await isMember(scene, "ivy"), false);
      void jon;
    },
  },
  {
    title: "Two people who use one link at the same time, and one who uses it twice, make one membership.",
    case: "D2",
    async run(scene) {
      const { ivy, jon, house } = scene;
      const token = await invite(scene, emailOf(scene, "ivy"));
      await Promise.all([ivy, jon, ivy].map((visitor) => visitor.submit(paths.join(token))));
      const members = (await house.membersOf("a")).filter(({ id }) =>
        [house.people.ivy.id, house.people.jon.id].includes(id),
      );
      same(
        "Members",
        members.map(({ id }) => id),
        [house.people.ivy.id],
      );
    },
  },
  {
    title: "Nobody declines or accepts an invitation that waits for somebody else, by its id.",
    case: "D1",
    async run(scene) {
      const { ivy, jon } = scene;
      const token = await invite(scene, emailOf(scene, "ivy"));
      const form = { invitation: idOf(token) };
      for (const path of [paths.declineWaiting, paths.joinWaiting]) await jon.submit(path, form);
      same("The invitation", [statusOf(scene, token), await isMember(scene, "jon")], ["pending", false]);
      await ivy.submit(paths.joinWaiting, form);
      same("Ivy is a member", await isMember(scene, "ivy"), true);
    },
  },
  {
    title: "What somebody may not give any more, their invitation does not give either.",
    case: "D6",
    async run(scene) {
      const { ada, ivy, jon, house } = scene;
      await ada.submit(paths.memberRole(house.people.abe.id), { role: house.roleId("Admin") });
      const token = await invite(scene, emailOf(scene, "ivy"), "Admin", scene.abe);
      const other = await invite(scene, emailOf(scene, "jon"), "Admin");
      await ada.submit(paths.memberRole(house.people.abe.id), { role: house.roleId("Collaborator") });
      await ivy.submit(paths.join(token));
      same("Ivy, invited by Abe", await isMember(scene, "ivy"), false);
      await jon.submit(paths.join(other));
      same("Jon, invited by Ada", await isMember(scene, "jon"), true);
    },
  },
  {
    title: "Another organization's invitation cannot be sent again, renewed, changed or revoked.",
    case: "A2",
    async run(scene) {
      const { adb, ada, house, rows } = scene;
      const token = await invite(scene, "only-acme@example.org");
      const id = idOf(token);
      const state = () =>
        rows("select status, generation, role_id, wanted, expires_at from invitations where id = ?", id);
      const before = state();
      const form = { invitation: id, role: house.roleId("Admin") };
      for (const path of [paths.resendInvitations, paths.revokeInvitations]) await adb.submit(path, form);
      for (const path of [paths.renewInvitation(id), paths.invitationRole(id)])
        status(path, await adb.submit(path, form), 404);
      same("The invitation", state(), before);
      await ada.submit(paths.revokeInvitations, form);
      same("Revoked by its own", statusOf(scene, token), "revoked");
    },
  },
  {
    title: "The same list shows each organization its own, whichever of them asked for it first.",
    case: "G1",
    async run(scene) {
      const { ada, adb } = scene;
      await invite(scene, "ours@example.org");
      await invite(scene, "theirs@example.org", "Collaborator", adb);
      for (const [reader, own, foreign] of [
        [ada, "ours@example.org", "theirs@example.org"],
        [adb, "theirs@example.org", "ours@example.org"],
      ] as const) {
        const list = await reader.read(paths.invitations);
        holds("Their own is missing", list.text.includes(own), list);
        holds("The other one's is there", !list.text.includes(foreign), list);
      }
    },
  },
  {
    title:
      "How far a form of invitations is, is counted in the organization that sent it, whatever it is called elsewhere.",
    case: "A1",
    async run({ ada, adb, house }) {
      const send = (by: Scene["ada"], addresses: string) =>
        by.submit(paths.invite, { batch: "the-same-batch", addresses, role: house.roleId("Collaborator"), days: "7" });
      status("Two in the first", await send(ada, "one@example.org\ntwo@example.org"), 200);
      const sent = await send(adb, "one@example.org");
      holds("One in the second", sent.text.includes("one@example.org") && !sent.text.includes("two@example.org"), sent);
      for (const [reader, of] of [[ada, 2] as const, [adb, 1] as const]) {
        const progress = await reader.read(`${paths.inviteProgress}?batch=the-same-batch`);
        same("The progress", JSON.parse(progress.text), { of, done: of });
      }
    },
  },
  {
    title:
      "Who is asked for in one organization is invited there: what another one has sent or been asked, by the same form, counts for nothing.",
    case: "A1",
    async run(scene) {
      const { ada, adb, nobody, house, rows } = scene;
      const { a, b } = house.organizations;
      const send = (by: Scene["ada"], addresses: string) =>
        by.submit(paths.invite, { batch: "the-same-batch", addresses, role: house.roleId("Collaborator"), days: "7" });
      status("Abe, who is in the first, into the second", await send(adb, emailOf(scene, "abe")), 200);
      status("Abe into the first", await send(ada, emailOf(scene, "abe")), 200);
      same("What is in its log", rows("select action from audit_events where logto_organization_id = ?", a), []);

      for (const admin of [ada, adb]) {
        const token = await invite(scene, "late@example.org", "Collaborator", admin);
        await admin.submit(paths.revokeInvitations, { invitation: idOf(token) });
        await nobody.submit(paths.askForInvitation(token));
      }
      const open = (of: string) =>
        rows("select address from invitation_requests where handled_at is null and logto_organization_id = ?", of)
          .length;
      same("Who asks", [open(a), open(b)], [1, 1]);
      await send(ada, "late@example.org");
      same("Who still asks", [open(a), open(b)], [0, 1]);
    },
  },
  {
    title: "Whoever comes back to an organization joins it anew, also when they have been in another one all the time.",
    case: "A1",
    async run(scene) {
      const { ada, adb, ivy, house, rows, change, pass } = scene;
      const user = String(rows("select id from users where logto_id = ?", house.people.ivy.id)[0]?.id);
      const columns =
        "logto_organization_id, user_id, logto_id, name, email, joined_at, last_active_at, left_at, updated_at";
      for (const [admin, here, there] of [
        [ada, house.organizations.a, house.organizations.b],
        [adb, house.organizations.b, house.organizations.a],
      ] as const) {
        scene.app.restore();
        await house.resetLogto();
        for (const [organization, left] of [[here, 2] as const, [there, null] as const])
          change(
            organization,
            `insert into members (${columns}) values (?, ?, ?, 'Ivy', 'ivy@example.org', 1, 1, ${left}, 1)`,
            ...[organization, user, house.people.ivy.id],
          );
        pass(second);
        const token = await invite(scene, emailOf(scene, "ivy"), "Collaborator", admin);
        status("Ivy joins", await ivy.submit(paths.join(token)), 302);
        const [member] = rows(
          "select joined_at, left_at from members where user_id = ? and logto_organization_id = ?",
          user,
          here,
        );
        holds("She is said to have been here all the time", Number(member?.joined_at) > 1);
        same("She is still said to have left", member?.left_at, null);
      }
    },
  },
  {
    title: "Whoever asks to be invited, with a link that cannot be used, asks that organization alone.",
    case: "D7",
    async run(scene) {
      const { ada, nobody, rows, house } = scene;
      const token = await invite(scene, "late@example.org");
      await ada.submit(paths.revokeInvitations, { invitation: idOf(token) });
      await nobody.submit(paths.askForInvitation(token));
      const known = await invite(scene, "early@example.org");
      await ada.submit(paths.revokeInvitations, { invitation: idOf(known) });
      await nobody.submit(paths.askForInvitation(`${idOf(known)}.${"A".repeat(22)}`)); // whoever knows the id alone
      const asked = rows("select logto_organization_id as o, address from invitation_requests");
      same("Requests", asked, [{ o: house.organizations.a, address: "late@example.org" }]);
    },
  },
];
