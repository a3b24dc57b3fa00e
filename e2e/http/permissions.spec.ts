// The table of permissions, asked cell by cell: as a page and as its data, and never a byte of Acme for whoever is not there.
import type { OperationName } from "../../app/auth/policy";
import { paths } from "../../app/paths";
import { header, type Answer } from "./ask";
import { operations, pathOf, rightForm, type Ids } from "./operations";
import { actors, elsewhere, permissionRows, type About, type Actor, type Outcome } from "./permissions";
import { expect, test, writeComment, writePost, type Cast } from "./suite";
import { enter, transports, type Transport, type Visitor } from "./visitor";

test.describe.configure({ mode: "default" });

const methodOf = (operation: OperationName) => operations.find(({ name }) => name === operation)?.method;

/** In every record of Acme. */
const words = "Only Acme reads this";

async function record({ ada, bobInAcme }: Cast, about: About | undefined): Promise<Required<Ids>> {
  if (!about) return { postId: "", commentId: "" };
  const author = about.startsWith("Ada") ? ada : bobInAcme;
  const status = about.endsWith("draft") ? "draft" : "published";
  const postId = await writePost(author, { title: words, body: words, status });
  return { postId, commentId: await writeComment(author, postId, words) };
}

/** These end or move the session, so they get one of their own. */
const spendsSession: OperationName[] = ["auth.sign-out", "organizations.switch"];

async function visitorFor(cast: Cast, baseUrl: string, actor: Actor, operation: OperationName): Promise<Visitor> {
  const visitor = cast[actor];
  if (!spendsSession.includes(operation) || !visitor.organization) return visitor;
  const person = Object.values(cast.people).find(({ name }) => name === visitor.name);
  return person ? enter(baseUrl, person, visitor.organization) : visitor;
}

function asked(visitor: Visitor, operation: OperationName, ids: Ids, as: Transport, cast: Cast): Promise<Answer> {
  const path = operation === "not-found" ? "/no/such/page" : pathOf(operation, ids);
  if (methodOf(operation) === "GET") return visitor.read(path, as);
  const toIndex = operation === "organizations.first" ? paths.firstOrganization : path;
  const form = operation === "organizations.switch" ? { organization: cast.acme.id } : rightForm[operation];
  return visitor.submit(toIndex, form, { as });
}

function outcomeOf(answer: Answer, as: Transport): Outcome | number {
  const { status } = answer;
  const location = header(answer, "location");
  if (status === 401 || (as === "document" && location.startsWith(paths.signIn("/")))) return "sign in";
  if (status === (as === "data" ? 202 : 302)) return "leads on";
  const outcomes: Record<number, Outcome> = { 200: "page", 403: "forbidden", 404: "nothing", 400: "mistaken" };
  return outcomes[status === 422 ? 400 : status] ?? status;
}

test("the table has every operation that asks for anything", () => {
  const inTable = new Set([...permissionRows.map(({ operation }) => operation), ...elsewhere]);
  expect([...inTable].toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
});

for (const { operation, about, outcomes } of permissionRows) {
  const title = about ? `${operation} of ${about} in Acme` : operation;
  test(`${title}: ${actors.map((actor, index) => `${actor} ${outcomes[index]}`).join(", ")}`, async ({
    world,
    cast,
    database,
  }) => {
    let ids = await record(cast, about);
    for (const [index, actor] of actors.entries()) {
      const visitor = await visitorFor(cast, world.baseUrl, actor, operation);
      for (const as of transports) {
        const before = database.checksumBeside({ organizations: [] });
        const answer = await asked(visitor, operation, ids, as, cast);
        const expected = outcomes[index] === "done" ? "leads on" : outcomes[index];
        expect(outcomeOf(answer, as), `${actor}, ${as}: ${answer.text.slice(0, 200)}`).toBe(expected);

        const changes = methodOf(operation) === "POST" && outcomes[index] === "done";
        const after = database.checksumBeside({ organizations: [] });
        if (!changes) expect(after, `${actor} wrote nothing`).toBe(before);
        if (changes && about && !isDoneAlready(operation, about)) expect(after, `${actor} wrote`).not.toBe(before);

        if (changes) ids = await record(cast, about);

        const isOutside = visitor.organization !== cast.acme;
        if (isOutside) expect(answer.text).not.toContain(words);
        if (isOutside && actor !== "bobInGlobex") expect(answer.text).not.toContain(cast.acme.name);
      }
    }
  });
}

const isDoneAlready = (operation: OperationName, about: About) =>
  operation === "posts.publish" && !about.endsWith("draft");

test.describe("whoever is signed out", () => {
  test("is led from every page to the sign-in and, from there, back to it", async ({ cast: { anonymous, ada } }) => {
    const postId = await writePost(ada);
    for (const page of ["/posts?status=draft&text=a%26b", `/posts/${postId}`, "/posts/new", "/organizations"]) {
      const answer = await anonymous.read(page);
      expect(answer.status).toBe(302);
      expect(header(answer, "location")).toBe(paths.signIn(page));
    }
  });

  test("finds what they typed in the refusal, as a page and as data", async ({ cast: { anonymous, acme } }) => {
    const form = { title: "A title <b>that</b> took an hour", body: 'Its "text" & more', status: "draft" };
    for (const as of transports) {
      const answer = await anonymous.submit(paths.newPost, form, { as, page: acme.id });
      expect(answer.status).toBe(401);
      const read = as === "data" ? (text: string) => JSON.stringify(text).slice(1, -1) : escaped;
      for (const text of [form.title, form.body]) expect(answer.text).toContain(read(text));
    }
  });

  test("gets 401 for a route's data alone, which no parent's guard protects", async ({ cast }) => {
    const postId = await writePost(cast.ada, { title: words });
    for (const [path, route] of [
      ["/posts", "routes/posts._index"],
      [`/posts/${postId}`, "routes/posts.$postId._index"],
    ] as const) {
      const address = `${path}?_routes=${encodeURIComponent(route)}`;
      const answer = await cast.anonymous.read(address, "data");
      expect(answer.status).toBe(401);
      for (const word of [words, cast.acme.name, "Ada"]) expect(answer.text).not.toContain(word);
      expect((await cast.ada.read(address, "data")).text, "Ada reads it there").toContain(words);
    }
  });
});

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
