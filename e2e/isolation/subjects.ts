// What operations are about: posts, colleagues, invitations and requests of Acme, each with words that Acme alone may read.
import { randomBytes } from "node:crypto";
import { paths } from "../../app/paths";
import { formFor, newAddress, type Ids } from "../http/operations";
import { chosen } from "../http/subjects";
import { writeComment, writePost } from "../http/suite";
import type { Visitor } from "../http/visitor";
import type { Cast, Place } from "./cast";
import type { About } from "./expected";

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

  async function requested(place: Place): Promise<Ids> {
    const { invitationId, token } = await invite(place);
    await (place === "elsewhere" ? actors.ada : actors.eve).visitor.submit(paths.askForInvitation(token));
    const [row] = database.rows("select id from invitation_requests where invitation_id = ?", invitationId);
    if (!row) throw new Error("Nobody could ask for an invitation");
    return { requestId: String(row.id), invitationId };
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
      default: {
        const author = about.startsWith("Ada") ? actors.ada : actors.bobInAcme;
        return { ids: await post("acme", author.visitor, about.endsWith("draft") ? "draft" : "published") };
      }
    }
  }

  return {
    make,
    invite,
    colleague,
    requested,
    post,
    roleId,

    async tidy(): Promise<void> {
      for (const [visitor, ids] of waiting)
        for (let from = 0; from < ids.length; from += mostAtOnce)
          await visitor.submit(paths.revokeInvitations, chosen(ids.slice(from, from + mostAtOnce)));
      waiting.clear();
      for (const { place, id } of hired.splice(0))
        if (id in (await logto.membersOf(organizations[place]))) await logto.removeMember(organizations[place], id);
    },
  };
}

const mostAtOnce = 50;

/** Ids as the app and Logto make them, of nothing, for each that is there. */
export function neverLike(ids: Ids): Ids {
  const id = () => randomBytes(16).toString("base64url");
  const shapes: { [Name in keyof Required<Ids>]: () => string } = {
    postId: id,
    commentId: id,
    memberId: () => randomBytes(6).toString("hex"),
    invitationId: id,
    token: () => `${id()}.${id()}`,
    requestId: id,
    roleId: () => ids.roleId ?? "",
  };
  return Object.fromEntries(Object.keys(ids).map((name) => [name, shapes[name as keyof Ids]()]));
}
