// A page knows whose it is, and the session alone says where somebody is: what a request names is compared, and selects nothing.
import { randomBytes } from "node:crypto";
import { organizationField, organizationHeader, paths } from "../../app/paths";
import type { Organization } from "../operator";
import { header, told, type Answer } from "./ask";
import { formFor, operations, pathOf, rightForm, type Ids } from "./operations";
import { expect, test } from "./subjects";
import { writePost, type Cast } from "./suite";
import { enter, transports, type Visitor } from "./visitor";

test.describe.configure({ mode: "default" });

/** Those of Remix: events.spec.ts has what pages listen to. */
const inOrganization = operations.filter(({ permission, route }) => permission.includes(":") && route !== "server");
const forms = inOrganization.filter(({ method }) => method === "POST");
const never = (like: Organization) => randomBytes(16).toString("hex").slice(0, like.id.length);

const typed = "A text that took an hour";
const isTyped = (name: string) => name === "body" || name === "note";
const fieldsOf = (operation: (typeof forms)[number]["name"], ids: Ids) =>
  Object.entries(formFor(operation, ids)).map(([name, value]): [string, string] => [
    name,
    isTyped(name) ? typed : value,
  ]);

for (const { name: operation } of forms) {
  test(`a form of another organization's page writes nothing, by ${operation}`, async ({
    cast,
    database,
    logto,
    subject,
  }) => {
    const { acme, globex, bobInGlobex } = cast;
    const ids = await subject(bobInGlobex, operation);
    const path = pathOf(operation, ids);
    const state = async () => [database.checksumBeside({ organizations: [] }), await logto.stateOf(globex)];
    const before = await state();
    const fields = fieldsOf(operation, ids);
    const isKept = fields.some(([name]) => isTyped(name));
    const field = (page: Organization): [string, string][] => [[organizationField, page.id], ...fields];
    const named = (page: Organization) => ({ [organizationHeader]: page.id });

    const stale: Record<string, Promise<Answer>> = {
      "in the field": bobInGlobex.submit(path, fields, { page: acme.id }),
      "in the field, as data": bobInGlobex.submit(path, field(acme), { page: null, as: "data" }),
      "in the header": bobInGlobex.submit(path, fields, { page: null, as: "data", headers: named(acme) }),
      "in both": bobInGlobex.submit(path, fields, { page: acme.id, as: "data" }),
    };
    for (const [where, sent] of Object.entries(stale)) {
      const answer = await sent;
      expect(answer.status, where).toBe(409);
      expect(header(answer, "x-atrium-stale"), where).toBe("organization");
      expect(answer.text, where).toContain(globex.name);
      if (isKept) expect(answer.text, `${where}: what was typed is kept`).toContain(typed);
    }
    for (const as of transports) {
      const answer = await bobInGlobex.submit(path, fields, { page: null, as });
      expect(answer.status, `said nowhere, ${as}`).toBe(428);
      if (isKept) expect(answer.text, "what was typed is kept").toContain(typed);
    }
    const both: Record<string, Promise<Answer>> = {
      "a stale field": bobInGlobex.submit(path, field(acme), { page: null, as: "data", headers: named(globex) }),
      "a stale header": bobInGlobex.submit(path, field(globex), { page: null, as: "data", headers: named(acme) }),
      "a second field": bobInGlobex.submit(path, [...field(globex), [organizationField, acme.id]], { page: null }),
    };
    for (const [what, sent] of Object.entries(both))
      expect((await sent).status, `${what} beside the right one`).toBe(400);
    expect(await state(), "nothing was written, here or at Logto").toEqual(before);
  });
}

for (const { name: operation } of inOrganization.filter(({ method }) => method === "GET")) {
  test(`the data of another organization's page is refused whole, by ${operation}`, async ({
    cast: { acme, bobInGlobex },
    subject,
    invite,
  }) => {
    await writePost(bobInGlobex, { title: typed });
    await invite(bobInGlobex, { note: typed });
    const ids = await subject(bobInGlobex, operation);
    const nothing = Object.fromEntries(Object.keys(ids).map((name) => [name, never(acme)]));
    const [stale, staler] = await Promise.all(
      [ids, nothing].map((of) => bobInGlobex.read(pathOf(operation, of), "data", { [organizationHeader]: acme.id })),
    );
    if (!stale || !staler) throw new Error("There is no answer");
    expect(stale.status).toBe(409);
    expect(header(stale, "x-atrium-stale")).toBe("organization");
    expect(stale.text).not.toContain(typed);
    const { organizationName: _own, ...asked } = ids; // of the session's own organization, which the refusal names
    const { organizationName: _none, ...askedFor } = nothing;
    expect(told(stale, ...Object.values(asked)), "not even whether it is there").toBe(
      told(staler, ...Object.values(askedFor)),
    );
    expect((await bobInGlobex.read(pathOf(operation, ids), "data")).status, "the page of Globex gets it").toBe(200);
  });
}

test("Bob is told whose page it was and where he is; Ada is told no name of an organization that is not hers", async ({
  cast: { acme, globex, ada, bobInAcme },
}) => {
  const random = never(globex);
  for (const as of transports) {
    const bobs = await bobInAcme.submit(paths.newPost, rightForm["posts.create"], { page: globex.id, as });
    for (const { name } of [acme, globex]) expect(bobs.text).toContain(name);
    const foreign = await ada.submit(paths.newPost, rightForm["posts.create"], { page: globex.id, as });
    const unknown = await ada.submit(paths.newPost, rightForm["posts.create"], { page: random, as });
    expect(foreign.status).toBe(409);
    expect(foreign.text).not.toContain(globex.name);
    expect(told(foreign, globex.id)).toBe(told(unknown, random));
  }
});

test.describe("switching", () => {
  async function whereIs(visitor: Visitor): Promise<string | undefined> {
    return /data-organization="([\w-]+)"/.exec((await visitor.read(paths.posts)).text)?.[1];
  }

  const freshBob = ({ people, acme }: Cast, baseUrl: string) => enter(baseUrl, people.bob, acme);

  test("moves Bob to his other organization, and back", async ({ world, cast }) => {
    const bob = await freshBob(cast, world.baseUrl);
    for (const [to, as] of [
      [cast.globex, "document"],
      [cast.acme, "data"],
    ] as const) {
      const answer = await bob.submit(paths.switchOrganization, { organization: to.id }, { as });
      expect(answer.status).toBe(as === "data" ? 202 : 302);
      expect(await whereIs(bob)).toBe(to.id);
    }
  });

  test("to an organization that is not his is the same as to one that never was, and moves nobody", async ({
    cast: { acme, elsewhere, bobInAcme, eve },
    database,
  }) => {
    const random = never(elsewhere);
    const before = database.checksumBeside({ organizations: [] });
    for (const as of transports) {
      const foreign = await bobInAcme.submit(paths.switchOrganization, { organization: elsewhere.id }, { as });
      const unknown = await bobInAcme.submit(paths.switchOrganization, { organization: random }, { as });
      expect(foreign.status).toBe(404);
      expect(told(foreign, elsewhere.id)).toBe(told(unknown, random));
    }
    expect(database.checksumBeside({ organizations: [] })).toBe(before);
    expect(await whereIs(bobInAcme)).toBe(acme.id);
    expect((await eve.submit(paths.switchOrganization, { organization: elsewhere.id })).status, "Eve may").toBe(302);
  });

  test("needs to be told where to, once", async ({ cast: { acme, globex, bobInAcme } }) => {
    for (const fields of [[], [["organization", ""]], ...twice(globex, acme)] as [string, string][][])
      expect((await bobInAcme.submit(paths.switchOrganization, fields)).status).toBe(400);
    expect(await whereIs(bobInAcme)).toBe(acme.id);
  });

  const twice = (one: Organization, other: Organization): [string, string][][] => [
    [
      ["organization", one.id],
      ["organization", other.id],
    ],
  ];

  test("leads nowhere but into the app", async ({ cast: { acme, bobInAcme } }) => {
    for (const returnTo of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example/",
      "javascript:alert(1)",
      "/%2fx",
    ]) {
      const answer = await bobInAcme.submit(paths.switchOrganization, { organization: acme.id, returnTo });
      expect(header(answer, "location"), returnTo).toBe(paths.posts);
    }
  });
});

test("no address, header, cookie or field selects an organization", async ({ cast, database }) => {
  const { acme, globex, bobInAcme } = cast;
  const { id } = globex;
  await writePost(cast.bobInGlobex, { title: "Only Globex reads this" });
  const query = `?${new URLSearchParams({ org: id, organization: id, organizationId: id, logto_organization_id: id })}`;
  const headers = {
    "X-Org-Id": id,
    "X-Organization-Id": id,
    "X-Tenant": id,
    Host: `${id}.example.com`,
    "X-Forwarded-Host": `${id}.example.com`,
    Forwarded: `host=${id}.example.com`,
    Cookie: `organization=${id}; ${bobInAcme.cookie}; org=${id}`,
  };
  for (const as of transports) {
    const plain = await bobInAcme.read(paths.posts, as);
    const tempted = await bobInAcme.read(paths.posts + query, as, headers);
    expect(tempted.status).toBe(200);
    expect(told(tempted, query)).toBe(told(plain, query));
    const before = database.checksumOf(globex.id);
    const fields = { ...rightForm["posts.create"], organizationId: id, organization: id, logto_organization_id: id };
    const written = await bobInAcme.submit(paths.newPost + query, fields, { as, headers });
    const postId = /^\/posts\/([\w-]+)/.exec(header(written, "location"))?.[1] ?? "";
    const [row] = database.rows("select logto_organization_id from posts where id = ?", postId);
    expect(row).toEqual({ logto_organization_id: acme.id });
    expect(database.checksumOf(globex.id)).toBe(before);
  }
});
