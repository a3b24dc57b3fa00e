// A thousand requests to what takes no form of a page: signing out, and Logto's webhook.
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { paths } from "../../../app/paths";
import { header } from "../ask";
import { canary, expect, test } from "../suite";
import { enter, type Visitor } from "../visitor";
import { attemptsAt, type Form } from "./attempts";
import { encode } from "./encoding";
import { fuzz, share } from "./fuzz";
import { typeable } from "./texts";

test.describe.configure({ mode: "default", timeout: 120_000 });

const noForm: Form = { names: [], right: fc.constant({}), ofPage: false, isRead: false };

test("300 forms to sign out, by nobody, change nothing", async ({ world, cast, database }) => {
  const tally = await fuzz(
    {
      operation: "auth.sign-out",
      form: noForm,
      visitor: cast.anonymous,
      baseUrl: world.baseUrl,
      database,
      own: () => ({ organizations: [] }),
      loot: [cast.acme.id],
      foreign: [],
      ids: {},
      taken: (attempt, send) => send(attempt, {}),
    },
    300,
  );
  expect(share(tally, "right", 302, 202)).toBeGreaterThan(0.3);
});

test("Ada is signed out by any form there is, and her session is dead at once", async ({ world, cast, database }) => {
  const sessions = () => database.rows("select count(*) as count from sessions")[0]?.count;
  const forms = fc.sample(attemptsAt(noForm, { loot: [cast.acme.id], foreign: [] }), 40);
  for (const { fields, extras, encoding, as } of forms.filter(({ kind }) => kind === "right").slice(0, 5)) {
    const before = sessions();
    const ada: Visitor = await enter(world.baseUrl, cast.people.ada, cast.acme);
    const { headers, body } = encode([...fields, ...extras], encoding);
    const sent = { method: "POST", headers: { ...headers, Origin: world.baseUrl }, body };
    const answer = await ada.send(as === "data" ? `${paths.signOut}.data` : paths.signOut, sent);
    expect(answer.status).toBe(as === "data" ? 202 : 302);
    expect(header(answer, "set-cookie")).toMatch(/^__session=.*; Max-Age=0;/);
    expect((await ada.read(paths.posts, "data")).status).toBe(401);
    expect(sessions()).toBe(before);
  }
  expect((await cast.ada.read(paths.posts)).status, "her other session goes on").toBe(200);
});

test("700 requests to the webhook are refused, but for those that Logto has signed just now", async ({
  world,
  cast: { anonymous },
  database,
}) => {
  const { signingKey } = world.webhook;
  const sign = (body: Buffer, by = signingKey) => createHmac("sha256", by).update(body).digest("hex");
  const minutes = 60_000;
  const event = fc.record({
    event: fc.constantFrom("PostSignIn", "Organization.Created", "User.Deleted", "x", "__proto__"),
    age: fc.integer({ min: -4 * minutes, max: 4 * minutes }),
    more: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  });
  const fresh = event.map(({ event: name, age, more }) =>
    Buffer.from(
      JSON.stringify({ ...more, note: canary, event: name, createdAt: new Date(Date.now() + age).toISOString() }),
    ),
  );
  const unfit = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    typeable.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(-6, 6, 1e9)
      .map((age) => Buffer.from(JSON.stringify({ event: "User.Created", createdAt: at(age * minutes) }))),
    fc
      .constantFrom(...['{"event":1}', "{", "null", "[]", `{"event":"x","createdAt":"soon"}`])
      .map((text) => Buffer.from(text)),
  );
  const signature = fc.constantFrom<(body: Buffer) => string | undefined>(
    () => undefined,
    () => "",
    () => "0".repeat(64),
    (body) => sign(body).toUpperCase(),
    (body) => sign(body).slice(0, -1),
    (body) => `${sign(body)}0`,
    (body) => sign(body, "another key"),
    (body) => sign(Buffer.concat([body, Buffer.from(" ")])),
  );
  const request = fc.oneof(
    {
      weight: 1,
      arbitrary: fresh.map((body) => ({ body, signed: sign(body) as string | undefined, statuses: [204] })),
    },
    {
      weight: 3,
      arbitrary: unfit.map((body) => ({
        body,
        signed: sign(body) as string | undefined,
        statuses: body.length ? [400] : [401],
      })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.oneof(fresh, unfit), signature)
        .map(([body, by]) => ({ body, signed: by(body), statuses: [401] })),
    },
  );
  const before = database.checksumBeside({ organizations: [] });
  const counts: Record<number, number> = {};
  const property = fc.asyncProperty(request, async ({ body, signed, statuses }) => {
    const headers = {
      "Content-Type": "application/json",
      ...(signed !== undefined && { "logto-signature-sha-256": signed }),
    };
    const answer = await anonymous.send(paths.logtoWebhook, { method: "POST", headers, body });
    expect(statuses, body.toString()).toContain(answer.status);
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  });
  await fc.assert(property, { numRuns: 700 });
  for (const status of [204, 400, 401]) expect(counts[status], `${status}`).toBeGreaterThan(25);
  expect(database.checksumBeside({ organizations: [] }), "an event is a hint, and writes nothing of its own").toBe(
    before,
  );
});

function at(age: number): string {
  return new Date(Date.now() - Math.min(age, 1e11)).toISOString();
}
