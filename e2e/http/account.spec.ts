// One's account over HTTP: sessions are ended by their owner alone, and what is confirmed is what goes.
import { paths } from "../../app/paths";
import { header, type Answer } from "./ask";
import { expect, test } from "./suite";
import { enter, transports, type Visitor } from "./visitor";

test.describe.configure({ mode: "default" });

/** Of the sessions on somebody's own page that can be ended. */
async function sessionsOn(visitor: Visitor): Promise<string[]> {
  const { text } = await visitor.read(paths.account);
  return [...text.matchAll(/name="session" value="([\w-]+)"/g)].flatMap(([, id]) => id ?? []);
}

const ledTo = (answer: Answer, as: string) => (as === "data" ? answer.text : header(answer, "location"));

test("Ada's session on another device is ended by Ada, and by nobody else", async ({
  world,
  operator,
  cast,
  database,
}) => {
  const organization = await operator.makeOrganization("Sessions over HTTP");
  const ada = await operator.makePerson("Ada", [organization, "Admin"]);
  const desk = await enter(world.baseUrl, ada, organization);
  for (const as of transports) {
    const phone = await enter(world.baseUrl, ada, organization);
    const [id = ""] = await sessionsOn(desk);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(phone.cookie, "the page tells nothing of the cookie").not.toContain(id);
    const before = database.checksumBeside({ organizations: [] });
    for (const other of [cast.eve, cast.ada, cast.bobInAcme])
      expect(ledTo(await other.submit(paths.endSession, { session: id }, { as }), as)).toContain("session-not-ended");
    expect((await cast.anonymous.submit(paths.endSession, { session: id }, { as })).status).toBe(401);
    expect(database.checksumBeside({ organizations: [] })).toBe(before);
    expect((await phone.read(paths.posts, "data")).status).toBe(200);

    expect(ledTo(await desk.submit(paths.endSession, { session: id }, { as }), as)).toContain("session-ended");
    expect((await phone.read(paths.posts, "data")).status).toBe(401);
    expect((await desk.read(paths.posts)).status).toBe(200);
  }
});

test("signing out everywhere else ends all of one's own other sessions and no one else's", async ({
  world,
  operator,
  cast,
}) => {
  const organization = await operator.makeOrganization("Sessions over HTTP");
  const ada = await operator.makePerson("Ada", [organization, "Admin"]);
  const desk = await enter(world.baseUrl, ada, organization);
  const others = [await enter(world.baseUrl, ada, organization), await enter(world.baseUrl, ada, organization)];
  expect(ledTo(await desk.submit(paths.endOtherSessions), "document")).toContain("sessions-ended");
  for (const other of others) expect((await other.read(paths.posts, "data")).status).toBe(401);
  for (const visitor of [desk, cast.ada, cast.eve]) expect((await visitor.read(paths.posts)).status).toBe(200);
});

test("the theme's cookie holds one of three words, and nothing that a form made up", async ({ cast: { ada } }) => {
  for (const as of transports)
    for (const theme of ["light", "dark"]) {
      const answer = await ada.submit(paths.theme, { theme }, { as });
      expect(header(answer, "set-cookie")).toMatch(
        new RegExp(`^theme=${theme}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`),
      );
    }
  expect(header(await ada.submit(paths.theme, { theme: "system" }), "set-cookie")).toContain("Max-Age=0");
  for (const theme of ["", "blue", "dark; Domain=evil.example", "dark\r\nSet-Cookie: x=y"]) {
    const answer = await ada.submit(paths.theme, { theme });
    expect([answer.status, header(answer, "set-cookie")], theme).toEqual([400, ""]);
  }
});

test("pages, refusals and the door's own answers are in the theme of the cookie, whatever else it holds", async ({
  cast: { ada, anonymous },
}) => {
  for (const [cookie, theme] of [
    ["theme=dark", "dark"],
    ["theme=light", "light"],
    ["theme=%22%3E%3Cscript%3E", "system"],
    ['theme=dark"onload=x', "system"],
  ] as const) {
    const asked = { Cookie: `${ada.cookie}; ${cookie}` };
    for (const [path, status] of [
      [paths.posts, 200],
      ["/no/such/page", 404],
      ["/posts/%zz", 400],
    ] as const) {
      const answer = await ada.read(path, "document", asked);
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(`data-theme="${theme}"`);
      expect(answer.text).not.toMatch(/<script>|onload/);
    }
    expect((await anonymous.read(paths.home, "document", { Cookie: cookie })).text).toContain(`data-theme="${theme}"`);
  }
});

test("an account goes with what its owner confirmed: every other word, and every other organization, changes nothing", async ({
  world,
  operator,
  database,
  cast,
}) => {
  const lone = await operator.makeOrganization("Dora over HTTP");
  const person = await operator.makePerson("Dora", [lone, "Admin"]);
  const dora = await enter(world.baseUrl, person, lone);
  const before = database.checksumBeside({ organizations: [] });
  const refused: [number, Record<string, string>][] = [
    [422, {}],
    [422, { confirmation: "" }],
    [422, { confirmation: "Dora" }],
    [422, { confirmation: cast.people.ada.email, goes: lone.id }],
    [409, { confirmation: dora.email }],
    [409, { confirmation: dora.email, goes: cast.acme.id }],
  ];
  for (const as of transports)
    for (const [status, form] of refused) {
      const answer = await dora.submit(paths.deleteAccount, form, { as });
      expect(answer.status, JSON.stringify(form)).toBe(status);
    }
  expect(database.checksumBeside({ organizations: [] }), "nothing was written").toBe(before);

  const both: [string, string][] = [
    ["confirmation", dora.email],
    ["goes", cast.acme.id],
    ["goes", lone.id],
  ];
  const answer = await dora.submit(paths.deleteAccount, both);
  expect([answer.status, header(answer, "location")]).toEqual([302, "/?done=account-deleted"]);
  expect(header(answer, "set-cookie")).toMatch(/^__session=; .*Max-Age=0/);
  expect(database.rows("select id from users where logto_id = ?", person.id)).toEqual([]);
  expect((await dora.read(paths.account, "data")).status).toBe(401);
  expect((await cast.ada.read(paths.posts)).status, "Acme is there for Ada").toBe(200);
});
