// Races, made certain by barriers: what changes between the guard and the write, or between two who are at it at once.
import { paths } from "../../../app/paths";
import type { Answer } from "../../http/ask";
import { writePost } from "../../http/suite";
import { holds, same, status, type Attempt, type Scene } from "./attempt";

/** Somebody passes the guard of an operation, is held there, and goes on when everything else has happened. */
async function between(
  scene: Scene,
  operation: string,
  going: () => Promise<Answer>,
  meanwhile: () => Promise<unknown>,
): Promise<Answer> {
  const held = scene.house.probe.hold("afterGuard", operation);
  const answer = going();
  try {
    await Promise.race([
      held.reached,
      answer.then((early) => holds(`${operation} never passed its guard`, false, early)),
    ]);
    await meanwhile();
  } finally {
    held.open();
  }
  return answer;
}

/** What writes, with a form that is right for a post of Abe's. */
const writes: { operation: string; going: (scene: Scene, postId: string) => Promise<Answer> }[] = [
  { operation: "posts.create", going: ({ abe }) => abe.submit(paths.newPost, { title: "Raced", status: "published" }) },
  {
    operation: "posts.update",
    going: ({ abe }, id) => abe.submit(paths.editPost(id), { title: "Raced", body: "", version: "1" }),
  },
  { operation: "posts.archive", going: ({ abe }, id) => abe.submit(paths.archivePost(id)) },
  { operation: "posts.delete", going: ({ abe }, id) => abe.submit(paths.deletePost(id)) },
  { operation: "comments.create", going: ({ abe }, id) => abe.submit(paths.newComment(id), { body: "Raced" }) },
];

const content = ({ rows }: Scene) => [
  rows("select id, title, status from posts order by id"),
  rows("select body from comments order by id"),
];

const removals = writes.map(({ operation, going }): Attempt => ({
  title: `Abe is removed after the guard of ${operation} has let him in and before anything is written: nothing is written.`,
  case: "J1",
  async run(scene) {
    const { ada, house, app, abe } = scene;
    const id = await writePost(abe, { title: "Abe's" });
    const free = await going(scene, id);
    status("Without the removal", free, 302);
    app.restore();
    await house.resetLogto();
    await writePost(abe, { title: "Abe's" });
    const own = scene.rows("select id from posts where title = 'Abe''s'")[0]?.id;
    let before: unknown;
    const answer = await between(
      scene,
      operation,
      () => going(scene, String(own)),
      async () => {
        status("The removal", await ada.submit(paths.removeMember(house.people.abe.id)), 302);
        before = content(scene);
      },
    );
    holds("He is told", answer.status === 403 || answer.status === 409, answer);
    same("What is written", content(scene), before);
  },
}));

export const raceAttempts: Attempt[] = [
  ...removals,
  {
    title:
      "Bob's session moves to his other organization after the guard and before the write: the post is in neither.",
    case: "J1",
    async run(scene) {
      const { bob, house, rows } = scene;
      const answer = await between(
        scene,
        "posts.create",
        () => bob.submit(paths.newPost, { title: "Raced", status: "published" }),
        async () =>
          status(
            "The switch",
            await bob.submit(paths.switchOrganization, { organization: house.organizations.a }),
            302,
          ),
      );
      holds("He is told", answer.status >= 400, answer);
      same("Posts", rows("select count(*) as n from posts where title = 'Raced'"), [{ n: 0 }]);
    },
  },
  {
    title: "Ada's role is taken after the guard of an invitation and before it is written: nobody is invited.",
    case: "J1",
    async run(scene) {
      const { ada, abe, house, rows } = scene;
      await ada.submit(paths.memberRole(house.people.abe.id), { role: house.roleId("Admin") });
      const form = { batch: "raced-batch", addresses: "raced@example.org", role: house.roleId("Admin"), days: "7" };
      await between(
        scene,
        "invitations.send",
        () => ada.submit(paths.invite, form),
        async () =>
          status(
            "The demotion",
            await abe.submit(paths.memberRole(house.people.ada.id), { role: house.roleId("Collaborator") }),
            302,
          ),
      );
      same("Invitations", rows("select count(*) as n from invitations"), [{ n: 0 }]);
      await abe.submit(paths.invite, form);
      same("Abe's", rows("select count(*) as n from invitations"), [{ n: 1 }]);
    },
  },
  {
    title: "Of two Admins who demote each other at the same moment, one stays.",
    case: "J3",
    async run(scene) {
      const { adb, bob, house } = scene;
      const demote = (by: typeof adb, who: "adb" | "bob") =>
        by.submit(paths.memberRole(house.people[who].id), { role: house.roleId("Collaborator") });
      const first = house.probe.hold("afterGuard", "members.role");
      const both = Promise.all([demote(adb, "bob"), demote(bob, "adb")]);
      await first.reached;
      first.open();
      const answers = await both;
      const admins = (await house.membersOf("b")).filter(({ roles }) => roles.includes("Admin"));
      same("Admins", admins.length, 1);
      same("Answers", answers.map((answer) => answer.status === 302).filter(Boolean).length, 1);
    },
  },
  {
    title: "Of two Admins who leave at the same moment, one stays.",
    case: "J3",
    async run({ adb, bob, house }) {
      await Promise.all([adb.submit(paths.leave), bob.submit(paths.leave)]);
      const admins = (await house.membersOf("b")).filter(({ roles }) => roles.includes("Admin"));
      same("Admins", admins.length, 1);
    },
  },
  {
    title:
      "While one organization's write is not committed, another's waits for it and loses nothing, and readers see neither half.",
    case: "E6",
    async run(scene) {
      const { ada, adb, house, rows } = scene;
      const held = house.probe.hold("beforeCommit", house.organizations.a);
      const writing = ada.submit(paths.newPost, { title: "Slow", status: "published" });
      await held.reached;
      const waiting = adb.submit(paths.newPost, { title: "Quick", status: "published" });
      const reading = await adb.read(paths.posts);
      status("Reading meanwhile", reading, 200);
      holds("What is not committed is seen", !reading.text.includes("Slow"), reading);
      same("Rows", rows("select count(*) as n from posts where title in ('Slow', 'Quick')"), [{ n: 0 }]);
      held.open();
      for (const answer of await Promise.all([writing, waiting])) status("Afterwards", answer, 302);
      const titles = rows(
        "select title, logto_organization_id as o from posts where title in ('Slow', 'Quick') order by title",
      );
      same("Posts", titles, [
        { title: "Quick", o: house.organizations.b },
        { title: "Slow", o: house.organizations.a },
      ]);
    },
  },
];
