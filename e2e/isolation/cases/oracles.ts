// Cases F2, F4 and F5: what could be told apart without being read.
import { randomUUID } from "node:crypto";
import { paths } from "../../../app/paths";
import type { Answer } from "../../http/ask";
import { formFor, newAddress } from "../../http/operations";
import { writePost } from "../../http/suite";
import { transports } from "../../http/visitor";
import { partOf, type CaseFunction } from "./case";

const collisions: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { ada, gita } = cast.actors;
  const roleId = await cast.logto.roleId("Collaborator");
  const form = { ...formFor("invitations.send", { roleId }), batch: randomUUID(), addresses: newAddress() };
  const first = await ada.visitor.submit(paths.invite, form);
  control("Acme invites somebody", 200, first.status);
  const second = await gita.visitor.submit(paths.invite, form);
  claim(
    "Globex invites the same address by a form with the same key, and it is new there",
    [200, true],
    [second.status, second.text.includes("/join/")],
  );
  const rows = cast.database.rows(
    "select logto_organization_id as id from invitations where address_key = ?",
    form.addresses,
  );
  claim("Each has its own", 2, new Set(rows.map(({ id }) => id)).size);
  const title = `The same title ${randomUUID()}`;
  const ids = [await writePost(ada.visitor, { title }), await writePost(gita.visitor, { title })];
  claim("A title that Acme has is free in Globex", 2, new Set(ids).size);
  for (const { id, invitation } of cast.database.rows(
    "select logto_organization_id as id, id as invitation from invitations where address_key = ?",
    form.addresses,
  ))
    await (id === cast.organizations.acme.id ? ada : gita).visitor.submit(paths.revokeInvitations, {
      invitation: String(invitation),
    });
  await subjects.tidy();
};

const ordered: CaseFunction = async ({ cast, stage, claim, control }) => {
  const { ada, gita } = cast.actors;
  const ids: string[] = [];
  const many = stage.length === "gate" ? 60 : 400;
  for (let turn = 0; turn < many; turn += 1)
    ids.push(await writePost((turn % 2 ? ada : gita).visitor, { title: `Number ${turn}`, status: "draft" }));
  control(`${many} posts are written in two organizations in turn`, many, new Set(ids).size);
  const rising = ids.slice(1).filter((id, index) => id > (ids[index] ?? "")).length;
  claim("Their ids do not rise with time", true, rising > many * 0.25 && rising < many * 0.75);
  claim(
    "They are of 128 bits or more",
    true,
    ids.every((id) => Buffer.from(id, "base64url").length >= 16),
  );
  const begins = new Set(ids.map((id) => id.slice(0, 3)));
  claim("and have no beginning in common", true, begins.size > many * 0.9);
};

const inside =
  /SQLITE_|better-sqlite3|drizzle|node_modules|\bat .+\.(ts|js):\d+|\/(dev|home|work|tmp|app)\/[\w/]+\.(ts|js)|stack trace/i;

const errors: CaseFunction = async ({ cast, claim, control }) => {
  const { ada } = cast.actors;
  const odd = [
    "%00",
    "%ff",
    "'",
    '" or 1=1 --',
    "a".repeat(3_000),
    "__proto__",
    "..%2f..%2fetc",
    "%F0%9F%90%A4",
    "-1",
    "NaN",
  ];
  const requests: [what: string, () => Promise<Answer>][] = [
    ...odd.flatMap((id): typeof requests => {
      const name = encodeURI(decodeURI(id.replaceAll("%", "%25")));
      return transports.map((as) => [
        `the post "${id.slice(0, 20)}" as ${as}`,
        () => ada.visitor.read(paths.post(name), as),
      ]);
    }),
    [
      "a body that is cut off",
      () => ada.visitor.submit(paths.newPost, {}, { headers: { "Content-Type": "multipart/form-data; boundary=x" } }),
    ],
    ["JSON", () => ada.visitor.submit(paths.newPost, {}, { headers: { "Content-Type": "application/json" } })],
    ["a page number of no kind", () => ada.visitor.read(`${paths.posts}?page=-1&after=%00&status=nothing`)],
    ["an unknown method", () => ada.visitor.send(paths.posts, { method: "PROPFIND" })],
    [
      "a field that is far too long",
      () => ada.visitor.submit(paths.newPost, { title: "x".repeat(900_000), status: "draft", body: "" }),
    ],
    ["an address that cannot be decoded", () => ada.visitor.send("/posts/%zz")],
  ];
  for (const [what, request] of requests) {
    const answer = await request();
    claim(
      `${what} is answered by a sentence, not by the inside`,
      [true, false],
      [answer.status < 500, inside.test(answer.text)],
      "broken",
    );
  }
  control("What is right is answered", 200, (await ada.visitor.read(paths.posts)).status);
};

export const oracles = partOf("oracles", "Nothing that can be counted, made or broken tells of another organization.", {
  F2: collisions,
  F4: ordered,
  F5: errors,
});
