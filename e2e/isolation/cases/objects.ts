// Cases A3 to A8: what is another organization's, asked for by detours.
import { paths } from "../../../app/paths";
import { told } from "../../http/ask";
import { everyAnswer, never } from "../../http/every-answer";
import { chosen } from "../../http/subjects";
import { transports } from "../../http/visitor";
import { foreignIn, partOf, type CaseFunction } from "./case";

const foreignChild: CaseFunction = async ({ cast, subjects, claim, control, state }) => {
  const { actors, organizations, database } = cast;
  const gita = actors.gita.visitor;
  const theirs = await subjects.post("acme", actors.ada.visitor, "published");
  const mine = await subjects.post("globex", gita, "published");
  const before = state();
  for (const operation of ["comments.edit", "comments.update", "comments.delete"] as const) {
    const unknown = { ...mine, commentId: never() };
    const mixed = { ...mine, commentId: theirs.commentId };
    const missing = (await everyAnswer(gita, operation, unknown)).map((one) => told(one, unknown.commentId));
    const found = (await everyAnswer(gita, operation, mixed)).map((one) => told(one, mixed.commentId ?? ""));
    claim(`Acme's comment under a post of Globex's is nothing to Gita, by ${operation}`, missing, found);
  }
  claim("Nothing was written by that", before, state());
  const own = await everyAnswer(gita, "comments.edit", mine);
  control(
    "Gita reaches her own comment under her own post",
    [200, 200, 200],
    own.map(({ status }) => status),
  );
  const [row] = database.rows("select logto_organization_id as id from comments where id = ?", theirs.commentId ?? "");
  claim("Acme's comment is still Acme's", { id: organizations.acme.id }, row);
};

const bulk: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const gita = cast.actors.gita.visitor;
  const statusOf = (id: string) => cast.database.rows("select status from invitations where id = ?", id)[0]?.status;
  for (const as of transports) {
    const theirs = await subjects.invite("acme");
    const [one, other] = [await subjects.invite("globex"), await subjects.invite("globex")];
    const unknown = never();
    const mixed = await gita.submit(paths.revokeInvitations, chosen([one.invitationId, theirs.invitationId]), { as });
    const missing = await gita.submit(paths.revokeInvitations, chosen([other.invitationId, unknown]), { as });
    const shown = ({ status, headers, text }: typeof mixed) => {
      const notices = [...text.matchAll(/role="(?:status|alert)"[^>]*>(.*?)<\/div>/gs)].map(([, notice]) => notice);
      return [
        status,
        headers.find(([name]) => name === "location")?.[1]?.replaceAll(/[\w-]{22}/g, "<id>"),
        notices.length,
      ];
    };
    claim(
      `As ${as}: revoking her own invitation and one of Acme's is answered as with one that never was`,
      shown(missing),
      shown(mixed),
    );
    claim(
      `As ${as}: and the answer says nothing of Acme's`,
      false,
      mixed.text.includes(theirs.address) || mixed.text.includes(theirs.note),
    );
    claim(`As ${as}: Acme's invitation still waits`, "pending", statusOf(theirs.invitationId));
    control(`As ${as}: Gita's own was revoked by the same form`, "revoked", statusOf(one.invitationId));
  }
};

const lists: CaseFunction = async (ground) => {
  const { cast, subjects, claim, control } = ground;
  const { ada, gita, eve } = cast.actors;
  const { postId = "" } = await subjects.post("acme", ada.visitor, "published");
  const [row] = cast.database.rows("select title from posts where id = ?", postId);
  const [, word = ""] = /A text (\w+)/.exec(String(row?.title)) ?? [];
  const nothing = `${word.slice(0, -4)}zzzz`;
  for (const as of transports) {
    const search = (text: string) => `${paths.posts}?${new URLSearchParams({ text })}`;
    for (const actor of [gita, eve]) {
      const [found, missing] = [
        await actor.visitor.read(search(word), as),
        await actor.visitor.read(search(nothing), as),
      ];
      const name = actor.visitor.name.split(" ")[0] ?? "";
      claim(
        `As ${as}: ${name}'s search for a word of Acme's is a search for nothing`,
        told(missing, nothing),
        told(found, word),
      );
      for (const path of [paths.posts, `${paths.posts}?status=draft`, paths.members, paths.invitations, paths.requests])
        claim(
          `As ${as}: ${path} holds nothing of Acme's for ${name}`,
          [],
          foreignIn(ground, actor.reader, await actor.visitor.read(path, as), word),
        );
    }
    const adas = await ada.visitor.read(search(word), as);
    control(`As ${as}: Ada finds her post by the same word`, true, adas.text.includes(postId));
  }
};

const parameters: CaseFunction = async ({ cast, claim, control }) => {
  const { gita } = cast.actors;
  const { id } = cast.organizations.acme;
  const tempting: Record<string, string>[] = [
    { organization: id, organizationId: id, organization_id: id, logto_organization_id: id, org: id },
    {
      include: "organization,members,invitations",
      expand: "organization",
      fields: "*",
      select: "logto_organization_id",
    },
    { sort: "logto_organization_id", order: "desc", groupBy: "logto_organization_id" },
    { filter: `logto_organization_id eq ${id}`, where: `{"organizationId":"${id}"}`, all: "true", scope: "global" },
  ];
  for (const path of [paths.posts, paths.members, paths.invitations])
    for (const as of transports) {
      const plain = withoutQuery((await gita.visitor.read(`${path}?x=y`, as)).text);
      for (const query of tempting) {
        const tempted = await gita.visitor.read(`${path}?${new URLSearchParams(query)}`, as);
        const [name = ""] = Object.keys(query);
        claim(
          `As ${as}: ${path} shows Gita the same with "${name}" and its like in the address`,
          plain,
          withoutQuery(tempted.text),
        );
      }
      control(`As ${as}: ${path} is there for Gita`, 200, (await gita.visitor.read(path, as)).status);
    }
};

/** A page says at which address it is, and when it was made. */
function withoutQuery(text: string): string {
  return text
    .replaceAll(/nonce(=|":)"[\w-]+"/g, "")
    .replaceAll(/[\w-]{22}(?=[\\"'])/g, "<id>")
    .replaceAll(/\d{13}/g, "<now>")
    .replaceAll(/(\?|%3F)[^"'<>\\\s]*(\\u0026[^"'<>\\\s]*)*/g, "");
}

const elsewhere: CaseFunction = async ({ cast, claim, control, state }) => {
  const { eve, ivan } = cast.actors;
  const { acme, elsewhere: own } = cast.organizations;
  const unknown = never().replaceAll(/\W/g, "").toLowerCase().slice(0, acme.id.length);
  const before = state();
  for (const { visitor } of [eve, ivan])
    for (const as of transports) {
      const foreign = await visitor.submit(paths.switchOrganization, { organization: acme.id }, { as });
      const missing = await visitor.submit(paths.switchOrganization, { organization: unknown }, { as });
      const name = visitor.name.split(" ")[0] ?? "";
      claim(
        `As ${as}: ${name} is told the same of Acme as of an organization that never was`,
        told(missing, unknown),
        told(foreign, acme.id),
      );
      claim(`As ${as}: and that is 404`, 404, foreign.status);
    }
  claim("Nobody was moved by that", before, state());
  const moved = await eve.visitor.submit(paths.switchOrganization, { organization: own.id });
  control("Eve may enter her own organization by the same form", 302, moved.status);
};

export const objects = partOf("objects", "No detour leads to what is another organization's.", {
  A3: foreignChild,
  A4: bulk,
  A6: lists,
  A7: parameters,
  A8: elsewhere,
});
