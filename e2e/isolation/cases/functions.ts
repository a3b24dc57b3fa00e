// Cases B2 to B5 and J3: permissions, and fields that nobody is asked for.
import { z } from "zod";
import { paths } from "../../../app/paths";
import { createManagementApi } from "../../../scripts/management-api";
import { header } from "../../http/ask";
import { operations, pathOf } from "../../http/operations";
import { transports } from "../../http/visitor";
import { partOf, type CaseFunction } from "./case";

const rolesOfElsewhere: CaseFunction = async ({ cast, claim, control, newcomer }) => {
  const { world, actors } = cast;
  const { resource, ...machine } = world.management;
  const api = createManagementApi({ endpoint: world.logtoEndpoint, machine, resource });
  const adminsAlone = operations.filter(
    ({ method, path, permission }) => method === "GET" && !path.includes(":") && /^(invite|manage)/.test(permission),
  );
  for (const { name, path } of adminsAlone)
    for (const as of transports) {
      const bob = await actors.bobInAcme.visitor.read(path, as);
      claim(`As ${as}: Bob, an Admin of Globex, is no Admin while he is in Acme (${name})`, 403, bob.status);
      control(`As ${as}: he is one in Globex (${name})`, 200, (await actors.bobInGlobex.visitor.read(path, as)).status);
    }
  const scopes = await api.list("/organization-scopes", z.object({ id: z.string(), name: z.string() }));
  const readsPosts = scopes.filter(({ name }) => name === "read:posts").map(({ id }) => id);
  for (const name of ["ADMIN", "admin ", "Administrator"]) {
    await api.write("POST", "/organization-roles", { name, organizationScopeIds: readsPosts });
    const visitor = await newcomer("Pretender", name, "acme");
    const answer = await visitor.read(paths.invitations);
    claim(`A role that is only called "${name}" gives nothing`, 403, answer.status);
    control(`Whoever has the role "${name}" reads posts, as it says`, 200, (await visitor.read(paths.posts)).status);
  }
};

const hiddenFields: CaseFunction = async ({ cast, claim, control }) => {
  const { ada } = cast.actors;
  const { globex, acme } = cast.organizations;
  const greedy = {
    ...{
      orgId: globex.id,
      org_id: globex.id,
      organizationId: globex.id,
      organization_id: globex.id,
      logto_organization_id: globex.id,
    },
    ...{
      id: "of-my-own-making",
      authorId: cast.people.bob.id,
      author_id: cast.people.bob.id,
      createdBy: "x",
      version: "7",
      role: "Admin",
    },
    ...{
      __proto__: "x",
      "__proto__.organizationId": globex.id,
      "constructor.prototype.admin": "1",
      createdAt: "1",
      publishedAt: "1",
    },
  };
  const before = cast.database.checksumOf(globex.id);
  const rowOf = (postId: string) =>
    cast.database.rows(
      "select logto_organization_id, author_id, version, title, status from posts where id = ?",
      postId,
    )[0];
  for (const as of transports) {
    const title = `A post with too much, as ${as}`;
    const write = async (extra: Record<string, string>) => {
      const answer = await ada.visitor.submit(paths.newPost, { title, status: "draft", body: "", ...extra }, { as });
      return /\/posts\/([\w-]+)/.exec(header(answer, "location") || answer.text)?.[1] ?? "";
    };
    const plain = rowOf(await write({}));
    control(`As ${as}: Ada's post is Acme's`, acme.id, plain?.logto_organization_id);
    claim(`As ${as}: fields that the form does not have change nothing of the row`, plain, rowOf(await write(greedy)));
    const twice = await ada.visitor.submit(
      paths.newPost,
      [
        ["title", "One"],
        ["title", "Two"],
        ["status", "draft"],
        ["body", ""],
      ],
      { as },
    );
    claim(`As ${as}: a field that comes twice is refused`, 400, twice.status);
    const both = await ada.visitor.submit(
      `${paths.newPost}?title=FromTheAddress`,
      { title: "", status: "draft", body: "" },
      { as },
    );
    claim(`As ${as}: what the address says does not stand in for a field`, 422, both.status);
  }
  claim("Globex has nothing new", before, cast.database.checksumOf(globex.id));
};

const oneself: CaseFunction = async ({ cast, subjects, claim, control, newcomer }) => {
  const { actors, people, logto, organizations } = cast;
  const role = await subjects.roleId();
  const rolesOf = async (id: string) => (await logto.membersOf(organizations.acme))[id];
  const before = await rolesOf(people.bob.id);
  for (const as of transports) {
    const answer = await actors.bobInAcme.visitor.submit(paths.memberRole(people.bob.id), { role }, { as });
    claim(`As ${as}: Bob cannot make himself an Admin`, 403, answer.status);
  }
  claim("Bob's roles are what they were", before, await rolesOf(people.bob.id));
  const last = await newcomer("Lena", "Admin", "elsewhere");
  const members = async () => (await logto.membersOf(organizations.elsewhere))[last.person.id];
  control("Lena is an Admin", ["Admin"], await members());
  const own = await last.submit(paths.memberRole(last.person.id), { role: await logto.roleId("Collaborator") });
  claim("Nobody gives themselves another role", 409, own.status);
  const eve = actors.eve.visitor;
  const down = await eve.submit(paths.memberRole(last.person.id), { role: await logto.roleId("Collaborator") });
  control("Somebody else does", 302, down.status);
  claim("Eve, who is now the last Admin, cannot leave", 409, (await eve.submit(paths.leave)).status);
  claim("She still is one", ["Admin"], (await logto.membersOf(organizations.elsewhere))[people.eve.id]);
  await logto.removeMember(organizations.elsewhere, last.person.id);
};

const forAdmins: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { ada, bobInAcme, vera } = cast.actors;
  const { address, token, invitationId } = await subjects.invite("acme");
  const secrets = [address, token, invitationId];
  const pages = operations.filter(
    ({ method, path, permission }) =>
      method === "GET" && !path.includes(":") && permission.includes(":") && !path.includes("event"),
  );
  const seen: string[] = [];
  for (const { path } of pages)
    for (const as of transports)
      for (const { visitor } of [bobInAcme, vera]) {
        const { text } = await visitor.read(pathOf("posts.list") === path ? paths.posts : path, as);
        if (secrets.some((one) => text.includes(one))) seen.push(`${visitor.name} ${path} ${as}`);
      }
  claim("No page that a Collaborator can open tells whom Acme has invited", [], seen);
  control("Ada reads it", true, (await ada.visitor.read(paths.invitations)).text.includes(address));
};

const atOnce: CaseFunction = async ({ cast, claim, control, newcomer }) => {
  const { logto, organizations } = cast;
  const [one, other] = [await newcomer("Mia", "Admin", "globex"), await newcomer("Noa", "Admin", "globex")];
  const role = await logto.roleId("Collaborator");
  const answers = await Promise.all([
    one.submit(paths.memberRole(other.person.id), { role }),
    other.submit(paths.memberRole(one.person.id), { role }),
  ]);
  const known: Record<string, string[]> = await logto.membersOf(organizations.globex);
  claim(
    "Two Admins demote each other at once: somebody is still one",
    true,
    Object.values(known).some((roles) => roles.includes("Admin")),
  );
  control(
    "At least one of them was heard",
    true,
    answers.some(({ status }) => status === 302),
  );
  const ada = cast.actors.ada.visitor;
  const title = cast.textOf("acme", "a post that was sent ten times");
  const sent = await Promise.all(
    Array.from({ length: 10 }, () =>
      ada.submit(paths.newPost, { title, body: "", status: "draft", key: "the-same-key-for-all-of-them" }),
    ),
  );
  control(
    "A form that is sent ten times at once is answered each time",
    true,
    sent.every(({ status }) => status === 302 || status === 409),
  );
  for (const { person } of [one, other]) await logto.removeMember(organizations.globex, person.id);
};

export const functions = partOf(
  "functions",
  "A permission counts where it was given, and no form takes what it does not ask for.",
  {
    B2: rolesOfElsewhere,
    B3: hiddenFields,
    B4: oneself,
    B5: forAdmins,
    J3: atOnce,
  },
);
