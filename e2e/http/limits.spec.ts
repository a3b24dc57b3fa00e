// How often one address and one person may ask, in a world with low limits and one trusted proxy, so that each request can come from an address of its own.
import { paths } from "../../app/paths";
import type { Organization, Person } from "../operator";
import { Walker } from "../walker";
import { header, type Answer } from "./ask";
import { expect, test } from "./suite";
import { createVisitor, transports, type Visitor } from "./visitor";

const [perPerson, perAddress, signIns] = [20, 30, 4];

test.describe.configure({ mode: "default" });
test.use({
  environment: {
    TRUST_PROXY: "1",
    RATE_LIMIT_PER_PERSON_PER_MINUTE: String(perPerson),
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: String(perAddress),
    RATE_LIMIT_SIGN_IN_PER_ADDRESS_PER_MINUTE: String(signIns),
  },
});

let given = 0;

/** One that nobody has asked from. */
function newAddress(): string {
  given += 1;
  return `198.51.${given >> 8}.${given & 255}`;
}

/** What the proxy says of where a request came from. */
const from = (...way: string[]) => ({ "X-Forwarded-For": way.join(", ") });

/** Signed in through the real door, from an address of their own. */
async function arrive(baseUrl: string, person: Person, organization: Organization): Promise<Visitor> {
  const address = newAddress();
  const proxy = (request: Request) => {
    request.headers.set("X-Forwarded-For", address);
    return fetch(request);
  };
  const walker = new Walker(baseUrl, { app: proxy });
  await walker.signIn(person);
  return createVisitor(baseUrl, { ...person, cookie: walker.cookies(baseUrl), organization });
}

/** Asks until it is refused. @returns how often it was answered, and the refusal */
async function untilRefused(request: () => Promise<Answer>, limit: number): Promise<[answered: number, Answer]> {
  for (let answered = 0; ; answered += 1) {
    const answer = await request();
    if (answer.status === 429) return [answered, answer];
    expect(answered, "it should have been refused by now").toBeLessThan(limit);
  }
}

function expectRefusal(answer: Answer): void {
  expect(answer.status).toBe(429);
  const wait = Number(header(answer, "retry-after"));
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(60);
  expect(header(answer, "cache-control")).toMatch(/no-store/);
}

test("one address that asks too much is told when to come back, and its neighbour is served", async ({ world }) => {
  const nobody = createVisitor(world.baseUrl, { name: "Nobody" });
  const [busy, neighbour] = [newAddress(), newAddress()];
  const ask = (...way: string[]) => nobody.read(paths.home, "document", from(...way));

  const [answered, refusal] = await untilRefused(() => ask(busy), perAddress);
  expect(answered).toBe(perAddress);
  expectRefusal(refusal);
  expect(refusal.text).toContain("Too many requests");
  expectRefusal(await ask(newAddress(), busy)); // whatever it claims to pass on
  for (const method of ["POST", "PUT", "HEAD"])
    expectRefusal(await nobody.send("/no/such/page", { method, headers: from(busy) }));
  for (const path of [paths.health, paths.ready])
    expect((await nobody.send(path, { headers: from(busy) })).status, "never limited").toBe(200);
  expect((await ask(neighbour)).status).toBe(200);
  expect((await ask(busy, neighbour)).status, "whoever it passes on").toBe(200);
});

test("beginning a sign-in is limited on its own, as a page and as data", async ({ world }) => {
  const nobody = createVisitor(world.baseUrl, { name: "Nobody" });
  const address = newAddress();
  let turn = 0;
  const begin = () => nobody.read(paths.signIn(), transports[turn++ % 2], from(address));
  const [answered, refusal] = await untilRefused(begin, signIns);
  expect(answered).toBe(signIns);
  for (const answer of [refusal, await begin()]) expectRefusal(answer);
  expect((await nobody.read(paths.home, "document", from(address))).status, "other pages go on").toBe(200);
});

test("one person who asks too much waits, wherever they ask from, and nobody else does", async ({
  world,
  operator,
  database,
}) => {
  const acme = await operator.makeOrganization("Acme within limits");
  const ada = await arrive(world.baseUrl, await operator.makePerson("Ada", [acme, "Admin"]), acme);
  const bob = await arrive(world.baseUrl, await operator.makePerson("Bob", [acme, "Collaborator"]), acme);

  const ask = () => ada.read(paths.posts, "document", from(newAddress()));
  const [answered, refusal] = await untilRefused(ask, perPerson);
  expect(answered).toBeGreaterThan(0);
  expectRefusal(refusal);
  expect(header(refusal, "content-type")).toContain("text/html");

  const before = database.checksumBeside({ organizations: [] });
  const typed = { title: "What Ada typed", body: "for an hour", status: "published" };
  for (const as of transports) {
    const kept = await ada.submit(paths.newPost, typed, { as, headers: from(newAddress()) });
    expectRefusal(kept);
    for (const text of [typed.title, typed.body]) expect(kept.text).toContain(text);
  }
  expect(database.checksumBeside({ organizations: [] }), "nothing was written").toBe(before);
  expect((await bob.submit(paths.newPost, typed, { headers: from(newAddress()) })).status, "Bob goes on").toBe(302);
});
