// Cases C1 to C8 and J2: what a session is, and that nothing but the session says where somebody is.
import { organizationHeader, paths } from "../../../app/paths";
import { told, type Answer } from "../../http/ask";
import { createVisitor, enter, transports } from "../../http/visitor";
import { Walker } from "../../walker";
import { partOf, whereTo, type CaseFunction } from "./case";

const isOut = ({ status, headers, text }: Answer) =>
  status === 401 ||
  (status === 302 && headers.some(([name, value]) => name === "location" && value.startsWith(paths.signIn()))) ||
  (status === 202 && text.includes(paths.signIn()));

const chosenFromOutside: CaseFunction = async ({ cast, claim, control }) => {
  const { bobInAcme, ada } = cast.actors;
  const { id } = cast.organizations.globex;
  const host = `${id}.example.com`;
  const headers: Record<string, string>[] = [
    { "X-Org-Id": id, "X-Organization-Id": id, "X-Tenant": id, "X-Tenant-Id": id },
    { "X-Forwarded-Host": host, Forwarded: `host=${host}`, "X-Original-Host": host },
    { "X-Original-URL": paths.organizations, "X-Rewrite-URL": paths.organizations },
    { Cookie: `organization=${id}; ${bobInAcme.visitor.cookie}; org=${id}; tenant=${id}` },
    { Host: host },
  ];
  for (const as of transports) {
    const plain = told(await bobInAcme.visitor.read(paths.posts, as));
    for (const tempting of headers) {
      const answer = await bobInAcme.visitor.read(paths.posts, as, tempting);
      claim(`As ${as}: ${Object.keys(tempting).join(", ")} leave Bob where his session is`, plain, told(answer));
    }
    const before = cast.database.checksumOf(id);
    for (const tempting of headers)
      await bobInAcme.visitor.submit(
        paths.newPost,
        { title: "", status: "draft", organization: id },
        { as, headers: tempting },
      );
    claim(`As ${as}: and write nothing in Globex`, before, cast.database.checksumOf(id));
    const stale = await ada.visitor.read(paths.posts, "data", { [organizationHeader]: id });
    claim(
      `As ${as}: a page that says it is Globex's gets no data of Ada's session`,
      [409, false],
      [stale.status, stale.text.includes("A text ")],
    );
    control(`As ${as}: her own page does`, 200, (await ada.visitor.read(paths.posts, as)).status);
  }
};

const nowhere: CaseFunction = async ({ cast, claim, control, newcomer }) => {
  const { fay } = cast.actors;
  for (const as of transports) {
    for (const path of [paths.posts, paths.members, paths.invitations]) {
      const answer = await fay.visitor.read(path, as);
      claim(
        `As ${as}: without an organization ${path} leads to the choice of one`,
        true,
        (whereTo(answer) || answer.text).includes(paths.organizations),
      );
    }
    const written = await fay.visitor.submit(paths.newPost, { title: "Lost", body: "", status: "draft" }, { as });
    claim(`As ${as}: and a form is refused`, 403, written.status);
  }
  const doomed = await cast.operator.makeOrganization("Doomed");
  const owner = await cast.hire("Otto", "Collaborator", "elsewhere");
  await cast.operator.addMember(doomed, owner, "Admin");
  const otto = await enter(cast.world.baseUrl, owner, doomed);
  control("Otto reads the posts of his organization", 200, (await otto.read(paths.posts)).status);
  await cast.operator.deleteOrganization(doomed);
  const after = await otto.read(paths.posts);
  claim(
    "Once it is deleted he is led to the choice of one, and into no other by itself",
    paths.organizations,
    whereTo(after),
  );
  const written = await otto.submit(paths.newPost, { title: "Lost", body: "", status: "draft" });
  claim("and a form of its pages is refused", 403, written.status);
  const other = await newcomer("Olga", "Collaborator", "elsewhere");
  control(
    "Olga may still write in hers",
    302,
    (await other.submit(paths.newPost, { title: "Found", body: "", status: "draft" })).status,
  );
};

const fixation: CaseFunction = async ({ cast, claim, control }) => {
  const { baseUrl } = cast.world;
  const planted = cast.actors.forged.visitor.cookie;
  const walker = new Walker(baseUrl);
  walker.setCookie(`${planted}; Path=/`);
  await walker.signIn(await cast.hire("Pia", "Collaborator", "acme"));
  const own = walker.cookies(baseUrl);
  control("Pia is signed in", 200, (await walker.get(paths.posts)).status);
  claim("Her session is not the one that was planted", false, own === planted);
  claim(
    "The planted one opens nothing",
    true,
    isOut(await createVisitor(baseUrl, { name: "Nobody", cookie: planted }).read(paths.posts)),
  );
  const again = new Walker(baseUrl);
  again.setCookie(`${own}; Path=/`);
  await again.signIn(cast.people.gita);
  claim("A second sign-in in the same browser gives another session", false, again.cookies(baseUrl) === own);
};

const tampered: CaseFunction = async ({ cast, claim, control }) => {
  const { baseUrl } = cast.world;
  const { cookie } = cast.actors.ada.visitor;
  const [name = "", value = ""] = [cookie.slice(0, cookie.indexOf("=")), cookie.slice(cookie.indexOf("=") + 1)];
  const plain = decodeURIComponent(value);
  const [packed = "", signature = ""] = plain.split(".");
  const flipped = (text: string) => text.slice(0, 5) + (text[5] === "A" ? "B" : "A") + text.slice(6);
  const spoilt: Record<string, string> = {
    "a letter of the id changed": `${flipped(packed)}.${signature}`,
    "a letter of the signature changed": `${packed}.${flipped(signature)}`,
    "cut short": plain.slice(0, -8),
    "without its signature": packed,
    "with an empty signature": `${packed}.`,
    "the id alone": Buffer.from(packed, "base64").toString(),
    nothing: "",
    JSON: '{"user":"ada"}',
    "very long": "A".repeat(7_000),
    twice: `${plain}.${plain}`,
  };
  for (const [what, text] of Object.entries(spoilt))
    for (const as of transports) {
      const visitor = createVisitor(baseUrl, { name: "Nobody", cookie: `${name}=${encodeURIComponent(text)}` });
      claim(`As ${as}: a cookie that is ${what} is no session`, true, isOut(await visitor.read(paths.posts, as)));
    }
  control("Ada's own is one", 200, (await createVisitor(baseUrl, { name: "Ada", cookie }).read(paths.posts)).status);
};

const copied: CaseFunction = async ({ cast, claim, control, newcomer }) => {
  const ruth = await newcomer("Ruth", "Admin", "acme");
  const copy = createVisitor(cast.world.baseUrl, { ...ruth });
  control("A copy of Ruth's cookie opens what she may read", 200, (await copy.read(paths.posts)).status);
  const left = await ruth.submit(paths.signOut);
  control("Ruth signs out", 302, left.status);
  for (const as of transports) {
    claim(`As ${as}: the copy opens nothing any more`, true, isOut(await copy.read(paths.posts, as)));
    const written = await copy.submit(paths.newPost, { title: "Late", body: "", status: "draft" }, { as });
    claim(`As ${as}: and sends nothing`, 401, written.status);
  }
};

const changedMeanwhile: CaseFunction = async ({ cast, claim, control, newcomer }) => {
  const ada = cast.actors.ada.visitor;
  const demoted = await newcomer("Dora", "Admin", "acme");
  control("Dora, an Admin, reads the invitations", 200, (await demoted.read(paths.invitations)).status);
  await ada.submit(paths.memberRole(demoted.person.id), { role: await cast.logto.roleId("Collaborator") });
  claim("Her next request is a Collaborator's, at once", 403, (await demoted.read(paths.invitations)).status);
  claim("and reads what a Collaborator reads", 200, (await demoted.read(paths.posts)).status);

  const removed = await newcomer("Rosa", "Collaborator", "acme");
  control("Rosa reads the posts", 200, (await removed.read(paths.posts)).status);
  await ada.submit(paths.removeMember(removed.person.id));
  const before = cast.database.checksumOf(cast.organizations.acme.id);
  claim(
    "Taken out, her next request leads out, at once",
    paths.organizations,
    whereTo(await removed.read(paths.posts)),
  );
  const written = await removed.submit(paths.newPost, { title: "Late", body: "", status: "published" });
  claim(
    "and her form writes nothing",
    [403, before],
    [written.status, cast.database.checksumOf(cast.organizations.acme.id)],
  );

  const { sue, dan } = cast.actors;
  claim("Sue, suspended in Logto's console, has to sign in", true, isOut(await sue.visitor.read(paths.posts)));
  claim("Dan, demoted in Logto's console, is a Collaborator", 403, (await dan.visitor.read(paths.invitations)).status);
};

const attributes: CaseFunction = async ({ cast, claim, control }) => {
  const { world, people, organizations } = cast;
  const walker = new Walker(world.baseUrl);
  await walker.signIn(people.ada);
  const cookies = walker.setCookies();
  control("Ada has one cookie of the app", 1, cookies.length);
  const [pair = "", ...said] = (cookies[0] ?? "").split("; ");
  const named = said.map((one) => one.toLowerCase());
  claim(
    "No script may read it, no other site sends it",
    [true, true, true],
    ["httponly", "samesite=lax", "path=/"].map((one) => named.includes(one)),
    "broken",
  );
  claim(
    "It is for this host alone",
    false,
    named.some((one) => one.startsWith("domain")),
    "broken",
  );
  const value = decodeURIComponent(pair.slice(pair.indexOf("=") + 1));
  const readable = [value, ...value.split(".").map((part) => Buffer.from(part, "base64").toString("latin1"))].join(" ");
  const secrets = [
    people.ada.id,
    people.ada.email,
    organizations.acme.id,
    organizations.acme.name,
    "Admin",
    "write:posts",
    "eyJ",
  ];
  claim(
    "It says nothing of who she is, where, and what she may",
    [],
    secrets.filter((one) => readable.includes(one)),
  );
};

const moving: CaseFunction = async ({ cast, stage, claim, control }) => {
  const { acme, globex } = cast.organizations;
  const bob = await enter(cast.world.baseUrl, cast.people.bob, acme);
  const rounds = stage.length === "gate" ? 5 : 25;
  let taken = 0;
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const titles = [acme, globex].map((page) => ({ page, title: `${page.id} in round ${round}` }));
    const writes = titles.map(({ page, title }) =>
      bob.submit(paths.newPost, { title, body: "", status: "draft" }, { page: page.id }),
    );
    const reads = [acme, globex].map((page) => bob.read(paths.posts, "data", { [organizationHeader]: page.id }));
    const move = bob.submit(paths.switchOrganization, { organization: (round % 2 ? acme : globex).id });
    const [written, seen] = [await Promise.all(writes), await Promise.all(reads)];
    await move;
    stage.count("probes", 5);
    for (const [index, { page, title }] of titles.entries()) {
      const rows = cast.database.rows("select logto_organization_id as id from posts where title = ?", title);
      if (rows.some(({ id }) => id !== page.id)) wrong.push(`${title} was written elsewhere`);
      if (written[index]?.status === 302) taken += 1;
      const other = page === acme ? globex : acme;
      if (seen[index]?.text.includes(`"${other.id} in round`))
        wrong.push(`a page of ${page.id} showed what is of ${other.id}`);
    }
  }
  claim(
    "Bob moves between Acme and Globex in all tabs at once: each form ends where it says, each answer is of one organization",
    [],
    wrong,
  );
  control("Some of his forms were taken", true, taken > 0);
};

export const sessions = partOf(
  "sessions",
  "The session alone says who and where somebody is, and ends when it should.",
  {
    C1: chosenFromOutside,
    C3: nowhere,
    C4: fixation,
    C5: tampered,
    C6: copied,
    C7: changedMeanwhile,
    C8: attributes,
    J2: moving,
  },
);
