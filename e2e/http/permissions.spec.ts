// The table of permissions, asked cell by cell: as a page and as its data, and never a byte of Acme for whoever is not there.
import type { OperationName } from "../../app/auth/policy";
import { paths } from "../../app/paths";
import type { Operator } from "../operator";
import { header, type Answer } from "./ask";
import type { Logto } from "./logto";
import { formFor, operations, pathOf, type Ids } from "./operations";
import { actors, elsewhere, permissionRows, type About, type Actor, type Outcome } from "./permissions";
import { expect, test, type SubjectFixtures } from "./subjects";
import { writeComment, writePost, type Cast } from "./suite";
import { enter, transports, type Transport, type Visitor } from "./visitor";

test.describe.configure({ mode: "default" });

const methodOf = (operation: OperationName) => operations.find(({ name }) => name === operation)?.method;

/** In every record of Acme. */
const words = "Only Acme reads this";

/** What an operation is about, and what of it nobody outside may read. */
interface Subject {
  ids: Ids;
  hidden: string[];
}

type Fixtures = Omit<SubjectFixtures, "subject"> & { cast: Cast; logto: Logto };

async function record({ cast, logto, ...make }: Fixtures, about: About | undefined): Promise<Subject> {
  const { acme, ada, eve, people } = cast;
  const roleId = await logto.roleId("Admin");
  if (!about) return { ids: { roleId }, hidden: [] };
  if (about === "Ada" || about === "Bob")
    return { ids: { roleId, memberId: about === "Ada" ? people.ada.id : people.bob.id }, hidden: [] };
  if (about === "a colleague") {
    const { id: memberId, email } = await make.colleague(acme);
    return { ids: { roleId, memberId }, hidden: [email] };
  }
  if (about === "an invoice") return { ids: { invoiceId: make.invoiceOf(acme) }, hidden: [] };
  if (about === "an export") return { ids: await make.exported(ada), hidden: [] };
  if (about === "a request") return { ids: await make.requested(ada, eve), hidden: [] };
  if (about === "an invitation") {
    const { address, ...ids } = await make.invite(ada);
    return { ids: { roleId, ...ids }, hidden: [address] };
  }
  const author = about.startsWith("Ada") ? ada : cast.bobInAcme;
  const status = about.endsWith("draft") ? "draft" : "published";
  const postId = await writePost(author, { title: words, body: words, status });
  return { ids: { postId, commentId: await writeComment(author, postId, words) }, hidden: [words] };
}

/** These end or move the session, so they get one of their own. */
const spendsSession: OperationName[] = ["auth.sign-out", "organizations.switch"];
/** After these the person is not in the organization any more, so somebody else in the same place does it. */
const endsMembership: OperationName[] = ["members.leave", "account.delete"];

interface Where {
  cast: Cast;
  baseUrl: string;
  operator: Operator;
}

async function visitorFor(where: Where, actor: Actor, operation: OperationName, outcome?: Outcome): Promise<Visitor> {
  const { cast, baseUrl, operator } = where;
  const visitor = cast[actor];
  const { organization } = visitor;
  if (!organization) return visitor;
  if (endsMembership.includes(operation) && outcome === "done")
    return enter(baseUrl, await operator.makePerson(visitor.name, [organization, "Collaborator"]), organization);
  if (operation === "account.sessions.end-others") {
    const aside = await operator.makeOrganization("Aside"); // the cast's own sessions are still needed
    return enter(baseUrl, await operator.makePerson(visitor.name, [aside, "Admin"]), aside);
  }
  const person = Object.values(cast.people).find(({ name }) => name === visitor.name);
  return person && spendsSession.includes(operation) ? enter(baseUrl, person, organization) : visitor;
}

function asked(visitor: Visitor, operation: OperationName, ids: Ids, as: Transport, cast: Cast): Promise<Answer> {
  const path = operation === "not-found" ? "/no/such/page" : pathOf(operation, ids);
  if (methodOf(operation) === "GET") return visitor.read(path, as);
  const toIndex = operation === "organizations.first" ? paths.firstOrganization : path;
  const form = { ...formFor(operation, ids), ...ofTheirs(operation, visitor, cast) };
  return visitor.submit(toIndex, form, { as });
}

/** What a form says of its sender, or of where the cast is. */
function ofTheirs(operation: OperationName, { email }: Visitor, { acme }: Cast): Record<string, string> {
  if (operation === "organizations.switch") return { organization: acme.id };
  return operation === "account.delete" ? { confirmation: email } : {};
}

function outcomeOf(answer: Answer, as: Transport, operation: OperationName): Outcome | number {
  const { status, text } = answer;
  const leadsOn = status === (as === "data" ? 202 : 302);
  const place = as === "data" ? text : header(answer, "location");
  if (status === 401 || (leadsOn && place.includes(paths.signIn("/")))) return "sign in";
  if (leadsOn) return "leads on";
  if (status === 200 && methodOf(operation) === "POST") return "answered";
  const outcomes: Record<number, Outcome> = {
    200: "page",
    403: "forbidden",
    404: "nothing",
    400: "mistaken",
    409: "refused",
  };
  return outcomes[status === 422 ? 400 : status] ?? status;
}

/** What an answer shows of an outcome. */
const shown: Partial<Record<Outcome, Outcome>> = { done: "leads on", "told so": "answered" };

/** Whoever has the link of an invitation is told whose it is. */
const tellsWhose = (operation: OperationName) => operation.startsWith("join.");

test("the table has every operation that asks for anything", () => {
  const inTable = new Set([...permissionRows.map(({ operation }) => operation), ...elsewhere]);
  expect([...inTable].toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
});

for (const { operation, about, outcomes } of permissionRows) {
  const title = about ? `${operation} of ${about} in Acme` : operation;
  test(`${title}: ${actors.map((actor, index) => `${actor} ${outcomes[index]}`).join(", ")}`, async ({
    world,
    operator,
    cast,
    database,
    logto,
    colleague,
    invite,
    requested,
    invoiceOf,
    exported,
    nameOf,
  }) => {
    const fixtures = { cast, logto, colleague, invite, requested, invoiceOf, exported, nameOf };
    const isOfPeople = /^(members|invitations|requests|join|waiting|account)\./.test(operation);
    const state = async (logOf?: string) => [
      database.checksumBeside({ organizations: [], ...(logOf && { logsOf: [logOf] }) }),
      isOfPeople && (await logto.stateOf(cast.acme)),
    ];
    let { ids, hidden } = await record(fixtures, about);
    for (const [index, actor] of actors.entries()) {
      const outcome = outcomes[index] ?? "nothing";
      for (const as of transports) {
        const visitor = await visitorFor({ cast, baseUrl: world.baseUrl, operator }, actor, operation, outcome);
        const isLogged = ["forbidden", "refused"].includes(outcome) || operation === "settings.export.download";
        const logOf = isLogged ? visitor.organization?.id : undefined;
        const before = await state(logOf);
        const organizationName = nameOf(visitor.organization);
        const answer = await asked(visitor, operation, { ...ids, organizationName }, as, cast);
        const expected = shown[outcome] ?? outcome;
        expect(outcomeOf(answer, as, operation), `${actor}, ${as}: ${answer.text.slice(0, 200)}`).toBe(expected);

        const changes = methodOf(operation) === "POST" && ["done", "answered"].includes(outcome);
        const after = await state(logOf);
        if (!changes) expect(after, `${actor} wrote nothing`).toEqual(before);
        if (changes && about && !isDoneAlready(operation, about)) expect(after, `${actor} wrote`).not.toEqual(before);

        const isOutside = visitor.organization !== cast.acme;
        if (isOutside) for (const secret of hidden) expect(answer.text).not.toContain(secret);
        if (isOutside && actor !== "bobInGlobex" && !tellsWhose(operation))
          expect(answer.text).not.toContain(cast.acme.name);

        if (changes) ({ ids, hidden } = await record(fixtures, about));
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
