// What operations are about: posts, colleagues, invitations and requests of Acme, each with words that Acme alone may read.
import { randomBytes } from "node:crypto";
import { paths } from "../../app/paths";
import { formFor, newAddress, type Ids } from "../http/operations";
import { chosen } from "../http/subjects";
import { writeComment, writePost } from "../http/suite";
import { enter, type Visitor } from "../http/visitor";
import type { Cast, Place } from "./cast";
import type { About } from "./expected";
import { learnIds } from "./known-ids";

export interface Subject {
  ids: Ids;
  /** Tokens that whoever asks for this may read all the same: an open invitation says who invites where. */
  tells?: string;
}

export interface Invited {
  invitationId: string;
  token: string;
  address: string;
  note: string;
}

export type Subjects = ReturnType<typeof createSubjects>;

/** Makes them one by one. `tidy` takes back what would stand in the way of the next: invitations that wait, and colleagues. */
export function createSubjects(cast: Cast) {
  const { actors, people, logto, database, organizations } = cast;
  const waiting = new Map<Visitor, string[]>();
  const hired: { place: Place; id: string }[] = [];
  let asker: ReturnType<typeof findAsker> | undefined;
  let adminRole: Promise<string> | undefined;
  const roleId = () => (adminRole ??= logto.roleId("Admin"));
  const inviterIn = { acme: actors.ada, globex: actors.gita, elsewhere: actors.eve };

  async function invite(
    place: Place,
    address = newAddress(),
    role: "Admin" | "Collaborator" = "Collaborator",
  ): Promise<Invited> {
    const { visitor } = inviterIn[place];
    const note = cast.textOf(place, "the note of an invitation");
    const form = { ...formFor("invitations.send", { roleId: await logto.roleId(role) }), addresses: address, note };
    const answer = await visitor.submit(paths.invite, form);
    const [, token = "", invitationId = ""] = /\/join\/(([\w-]{22})\.[\w-]{22})/.exec(answer.text) ?? [];
    if (!token) throw new Error(`${visitor.name} could not invite: ${answer.status} ${answer.text.slice(0, 400)}`);
    waiting.set(visitor, [...(waiting.get(visitor) ?? []), invitationId]);
    return { invitationId, token, address, note };
  }

  async function colleague(place: Place): Promise<string> {
    const { id } = await cast.hire("Colleague", "Collaborator", place);
    hired.push({ place, id });
    return id;
  }

  async function findAsker() {
    const person = await cast.hire("Asker", "Collaborator", "elsewhere");
    const visitor = await enter(cast.world.baseUrl, person, organizations.elsewhere);
    learnIds(database, cast.canaries);
    return { person, visitor };
  }

  async function requested(place: Place): Promise<Ids> {
    const { invitationId, token } = await invite(place);
    const { visitor, person } = await (asker ??= findAsker());
    await visitor.submit(paths.askForInvitation(token));
    const [user] = database.rows("select id from users where logto_id = ?", person.id);
    cast.canaries.tell(`${person.name} ${person.email} ${user?.id}`, organizations[place].id); // who asks says who they are
    const [row] = database.rows("select id from invitation_requests where invitation_id = ?", invitationId);
    if (!row) throw new Error("Nobody could ask for an invitation");
    return { requestId: String(row.id), invitationId };
  }

  /** Ada's: asked for once, and made in the background. */
  async function exported(): Promise<string> {
    const { visitor } = actors.ada;
    await visitor.submit(paths.exports);
    const ready = /\/settings\/export\/([\w-]{22})/;
    for (const until = Date.now() + 30_000; Date.now() < until;) {
      const id = ready.exec((await visitor.read(paths.exports)).text)?.[1];
      if (id) return id;
    }
    throw new Error("The export was not made in half a minute");
  }

  async function post(place: Place, author: Visitor, status: string): Promise<Ids> {
    const words = { title: cast.textOf(place, "the title of a post"), body: cast.textOf(place, "the body of a post") };
    const postId = await writePost(author, { ...words, status });
    return { postId, commentId: await writeComment(author, postId, cast.textOf(place, "a comment")) };
  }

  /** Something that this operation is about, in Acme. */
  async function make(about: About | undefined): Promise<Subject> {
    const role = await roleId();
    switch (about) {
      case undefined:
        return { ids: { roleId: role } };
      case "Ada":
      case "Bob":
        return { ids: { roleId: role, memberId: about === "Ada" ? people.ada.id : people.bob.id } };
      case "a colleague":
        return { ids: { roleId: role, memberId: await colleague("acme") } };
      case "a request":
        return { ids: await requested("acme") };
      case "an invitation": {
        const { note, address: _, ...ids } = await invite("acme");
        return { ids: { roleId: role, ...ids }, tells: [note, people.ada.name, organizations.acme.name].join(" ") };
      }
      case "an invoice":
        return { ids: { invoiceId: cast.invoices.acme } };
      case "an export":
        return { ids: { exportId: await exported() } };
      default: {
        const author = about.startsWith("Ada") ? actors.ada : actors.bobInAcme;
        return { ids: await post("acme", author.visitor, about.endsWith("draft") ? "draft" : "published") };
      }
    }
  }

  /** Takes back what an Admin has set: a name, a deletion. */
  async function settle(place: Place): Promise<void> {
    const { visitor } = inviterIn[place];
    const { id, name } = organizations[place];
    const waits =
      "select deletes_at from organization_settings where logto_organization_id = ? and deletes_at is not null";
    if (database.rows(waits, id).length > 0) await visitor.submit(paths.undoDeletion);
    if (nameNow(cast, id) !== name) await visitor.submit(paths.organizationName, { name });
    if (nameNow(cast, id) !== name) throw new Error(`${name} could not get its name back`);
  }

  return {
    make,
    invite,
    colleague,
    requested,
    post,
    roleId,

    async tidy(): Promise<void> {
      for (const place of ["acme", "globex", "elsewhere"] as const) await settle(place);
      for (const [visitor, ids] of waiting)
        for (let from = 0; from < ids.length; from += mostAtOnce)
          await visitor.submit(paths.revokeInvitations, chosen(ids.slice(from, from + mostAtOnce)));
      waiting.clear();
      for (const { place, id } of hired.splice(0))
        if (id in (await logto.membersOf(organizations[place]))) await logto.removeMember(organizations[place], id);
    },
  };
}

/** What an organization is called in the app. */
export function nameNow({ database }: Cast, organization: string): string {
  return String(database.rows("select name from organizations where id = ?", organization)[0]?.name ?? "");
}

const mostAtOnce = 50;

/** Ids as the app and Logto make them, of nothing, for each that is there. */
export function neverLike(ids: Ids): Ids {
  const id = () => randomBytes(16).toString("base64url");
  const shapes: Partial<Record<keyof Ids, () => string>> = {
    postId: id,
    commentId: id,
    memberId: () => randomBytes(6).toString("hex"),
    invitationId: id,
    token: () => `${id()}.${id()}`,
    requestId: id,
    invoiceId: id,
    exportId: id,
  };
  return Object.fromEntries(Object.entries(ids).map(([name, value]) => [name, shapes[name as keyof Ids]?.() ?? value]));
}
