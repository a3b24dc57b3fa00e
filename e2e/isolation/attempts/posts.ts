// Posts and comments: what is another organization's, what is somebody else's, and what a form says that it must not.
import { organizationHeader, paths } from "../../../app/paths";
import { header, told, type Answer } from "../../http/ask";
import { writeComment, writePost } from "../../http/suite";
import { holds, same, status, type Attempt } from "./attempt";

const never = "never-existed-22-chars";

/** Of another organization: the same, byte for byte, as of nothing. */
function sameAsNothing(what: string, foreign: Answer, nothing: Answer, ...ids: string[]): void {
  status(what, foreign, 404);
  same(what, told(foreign, ...ids), told(nothing, ...ids));
}

export const postAttempts: Attempt[] = [
  {
    title:
      "Ada of the second Acme gets the same 404 for a post of the first as for one that never existed, read, changed, moved and deleted.",
    case: "A1",
    async run({ ada, adb, house, rows }) {
      const id = await writePost(ada, { title: "Ours alone" });
      status("Ada's own post", await ada.read(paths.post(id)), 200);
      for (const path of [paths.post, paths.editPost, paths.deletePost])
        sameAsNothing(path("it"), await adb.read(path(id)), await adb.read(path(never)), id, never);
      const form = { title: "Taken", body: "", version: "1" };
      for (const path of [paths.editPost, paths.publishPost, paths.archivePost, paths.deletePost]) {
        const [foreign, nothing] = [await adb.submit(path(id), form), await adb.submit(path(never), form)];
        sameAsNothing(path("it"), foreign, nothing, id, never);
      }
      const kept = rows(
        "select title, status from posts where id = ? and logto_organization_id = ?",
        id,
        house.organizations.a,
      );
      same("The post", kept, [{ title: "Ours alone", status: "published" }]);
      status("Ada's change", await ada.submit(paths.editPost(id), form), 302);
    },
  },
  {
    title: "A comment cannot be hung on another organization's post, nor be found below one's own.",
    case: "A3",
    async run({ ada, adb, rows }) {
      const theirs = await writePost(ada);
      const comment = await writeComment(ada, theirs);
      const own = await writePost(adb);
      const hung = await adb.submit(paths.newComment(theirs), { body: "Here I am" });
      sameAsNothing(
        "A comment there",
        hung,
        await adb.submit(paths.newComment(never), { body: "Here I am" }),
        theirs,
        never,
      );
      status("Their comment below an own post", await adb.read(paths.comment(own, comment)), 404);
      status("Deleting it", await adb.submit(paths.deleteComment(own, comment)), 404);
      const another = await writePost(ada);
      status("An own comment below another own post", await ada.read(paths.comment(another, comment)), 404);
      status("Deleting it there", await ada.submit(paths.deleteComment(another, comment)), 404);
      status("Where it is", await ada.read(paths.comment(theirs, comment)), 200);
      same("Comments", rows("select count(*) as n from comments where body = 'Here I am'"), [{ n: 0 }]);
      status("Ada's own", await ada.submit(paths.newComment(theirs), { body: "Here I am" }), 302);
    },
  },
  {
    title:
      "Ada's draft is nobody else's: not read, listed, searched, commented or deleted by another Admin of the organization.",
    case: "B5",
    async run({ ada, max, abe, house }) {
      await house.ground.setRoles(house.organizations.a, house.people.abe, "Admin");
      const id = await writePost(ada, { title: "Not yet", status: "draft" });
      const list = `${paths.posts}?status=draft&text=Not+yet`;
      holds("Ada does not find her draft", (await ada.read(list)).text.includes(id));
      status("Ada's draft", await ada.read(paths.post(id)), 200);
      for (const other of [abe, max]) {
        status("Her draft for another", await other.read(paths.post(id)), 404);
        holds("Another finds her draft", !(await other.read(list)).text.includes(id));
        holds("Another sees her draft in the list", !(await other.read(paths.posts)).text.includes(id));
      }
      for (const path of [paths.newComment, paths.deletePost])
        status(path("it"), await abe.submit(path(id), { body: "I saw it" }), 404);
    },
  },
  {
    title:
      "Abe (Collaborator) changes, publishes and deletes nothing of Ada's; Ada (Admin) deletes what Abe wrote, and changes nothing of it.",
    case: "B1",
    async run({ ada, abe, house, rows }) {
      const hers = await writePost(ada, { title: "Hers" });
      const comment = await writeComment(ada, hers, "Her word");
      const form = { title: "Taken", body: "Taken", version: "1" };
      for (const path of [paths.editPost, paths.archivePost, paths.deletePost])
        status(path("hers"), await abe.submit(path(hers), form), 403);
      status("Her comment", await abe.submit(paths.comment(hers, comment), form), 403);
      status("Deleting it", await abe.submit(paths.deleteComment(hers, comment)), 403);
      status("Its form", await abe.read(paths.editPost(hers)), 403);
      same("Her post", rows("select title, status from posts where id = ?", hers), [
        { title: "Hers", status: "published" },
      ]);
      same("Her comment", rows("select body from comments where id = ?", comment), [{ body: "Her word" }]);
      const his = await writePost(abe, { title: "His" });
      status("Ada's change of his", await ada.submit(paths.editPost(his), form), 403);
      status("Ada's deletion of his", await ada.submit(paths.deletePost(his)), 302);
      same(
        "What is left",
        rows("select count(*) as n from posts where id = ? and logto_organization_id = ?", his, house.organizations.a),
        [{ n: 0 }],
      );
    },
  },
  {
    title: "A form cannot say whose a post is, who wrote it, or in which organization it belongs.",
    case: "B3",
    async run({ ada, house, rows }) {
      const [abe] = rows("select id from users where logto_id = ?", house.people.abe.id);
      const foreign = house.organizations.b;
      const answer = await ada.submit(paths.newPost, {
        ...{ title: "Extra", body: "", status: "published" },
        ...{
          authorId: String(abe?.id),
          author_id: String(abe?.id),
          organizationId: foreign,
          logto_organization_id: foreign,
        },
        ...{ id: never, version: "7", __proto__x: "1" },
      });
      status("The form", answer, 302);
      const [ada_] = rows("select id from users where logto_id = ?", house.people.ada.id);
      const written = rows("select author_id, version, logto_organization_id as o from posts where title = 'Extra'");
      same("What was written", written, [{ author_id: ada_?.id ?? null, version: 1, o: house.organizations.a }]);
    },
  },
  {
    title: "A form that is sent twice writes one post, and one comment.",
    case: "J3",
    async run({ ada, rows }) {
      const key = "a-key-of-22-characters";
      const form = { title: "Once", body: "", status: "published", key };
      const answers = await Promise.all([ada.submit(paths.newPost, form), ada.submit(paths.newPost, form)]);
      same("Both lead to the same", new Set(answers.map((answer) => header(answer, "location"))).size, 1);
      const comment = { body: "Once", key: "b-key-of-22-characters" };
      await Promise.all([ada.submit(paths.newComment(key), comment), ada.submit(paths.newComment(key), comment)]);
      same("Posts", rows("select count(*) as n from posts where title = 'Once'"), [{ n: 1 }]);
      same("Comments", rows("select count(*) as n from comments where body = 'Once'"), [{ n: 1 }]);
    },
  },
  {
    title:
      "The same forms, sent in two organizations by somebody of both, write a post and a comment in each, and publish one.",
    case: "A1",
    async run({ bob, house, rows, pass }) {
      const { a, b } = house.organizations;
      const key = "c-key-of-22-characters";
      const into = async (page: string) =>
        status(
          "The way there",
          await bob.submit(paths.switchOrganization, { organization: page }, { page: null }),
          302,
        );
      const send = (page: string, path: string, form: Record<string, string>) => bob.submit(path, form, { page });
      const draft = { title: "In each", body: "", status: "draft", key };
      for (const page of [a, b]) {
        await into(page);
        const written = await send(page, paths.newPost, draft);
        holds("The post is elsewhere", header(written, "location").startsWith(paths.post(key)), written);
        status("The post", await bob.read(paths.post(key)), 200);
      }
      const stand = (of: string) =>
        rows("select title, status from posts where id = ? and logto_organization_id = ?", key, of);
      await send(b, paths.newPost, { ...draft, status: "published" });
      same("The second post", stand(b), [{ title: "In each", status: "published" }]);
      same("The first one", stand(a), [{ title: "In each", status: "draft" }]);
      status(
        "Another title",
        await send(b, paths.editPost(key), { title: "In the second", body: "", version: "1" }),
        302,
      );
      for (const page of [a, b]) {
        await into(page);
        pass(1);
        const sent = await send(page, paths.newComment(key), { body: "In each", key: "d-key-of-22-characters" });
        status("The comment", sent, 302);
      }
      const ofComments =
        "select logto_organization_id as o, target_name as name from audit_events where action = 'comments.create' order by at";
      same("What the logs call it after", rows(ofComments), [
        { o: a, name: "a draft" },
        { o: b, name: "In the second" },
      ]);
      same("Comments", rows("select count(*) as n from comments where body = 'In each'"), [{ n: 2 }]);
    },
  },
  {
    title: "Whoever has written in one organization alone is no author in the other one.",
    case: "A1",
    async run({ ada, adb, bob, house }) {
      await bob.submit(paths.switchOrganization, { organization: house.organizations.a }, { page: null });
      status("Bob in the first", await bob.read(paths.posts), 200);
      await bob.submit(paths.switchOrganization, { organization: house.organizations.b }, { page: null });
      await writePost(bob);
      const list = await ada.read(paths.posts, "data");
      holds("Bob is an author in the first", !list.text.includes('"Bob"'), list);
      holds("Bob is none in the second", (await adb.read(paths.posts, "data")).text.includes('"Bob"'));
    },
  },
  {
    title: "Whoever saves over a version that is not the last one is told so, and nothing is lost.",
    async run({ ada, rows }) {
      const id = await writePost(ada, { title: "First" });
      const form = (title: string) => ({ title, body: "", version: "1" });
      status("The first save", await ada.submit(paths.editPost(id), form("Second")), 302);
      status("The stale save", await ada.submit(paths.editPost(id), form("Third")), 409);
      same("What is kept", rows("select title from posts where id = ?", id), [{ title: "Second" }]);
    },
  },
  {
    title: "No method but POST writes, and reading never does.",
    case: "H1",
    async run({ ada, rows, house, app }) {
      const before = rows("select count(*) as n from posts");
      const headers = {
        Cookie: ada.cookie,
        Origin: "http://localhost:9",
        "Content-Type": "application/x-www-form-urlencoded",
        [organizationHeader]: house.organizations.a,
      };
      const body = `_organization=${house.organizations.a}&title=By+PUT&status=published`;
      for (const method of ["PUT", "PATCH", "DELETE"])
        status(method, await app.ask(paths.newPost, { method, headers, body }), 405);
      same("Posts", rows("select count(*) as n from posts"), before);
      status("The same by POST", await app.ask(paths.newPost, { method: "POST", headers, body }), 302);
    },
  },
];
