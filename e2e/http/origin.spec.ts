// Changes are taken from pages of the app alone, at every address, before anything else looks at them; Logto's webhook proves itself.
import { createHmac } from "node:crypto";
import { paths } from "../../app/paths";
import { header, type Answer } from "./ask";
import { never } from "./every-answer";
import { formFor, operations, pathOf } from "./operations";
import { expect, test } from "./subjects";
import { addressOf, type Visitor } from "./visitor";

test.describe.configure({ mode: "default" });

const own = "the app's own";

/** What a browser says of where a form came from. `own` stands for the app's origin. */
const believed: Record<string, string>[] = [
  { Origin: own },
  { Origin: own, "Sec-Fetch-Site": "same-origin" },
  { "Sec-Fetch-Site": "same-origin" },
];
const refused: Record<string, string>[] = [
  { Origin: "https://evil.example" },
  { Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" },
  { Origin: "http://localhost" },
  { Origin: `${own}.evil.example` },
  { Origin: `${own}/` },
  { Origin: `${own}, https://evil.example` },
  { Origin: "" },
  { Origin: "null" },
  { Origin: "null", "Sec-Fetch-Site": "same-origin" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "none" },
  { "Sec-Fetch-Site": "" },
  {},
  { Referer: `${own}/posts` },
  { Host: "evil.example", Origin: "http://evil.example" },
  { Origin: "https://evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" },
];

const filled = (headers: Record<string, string>, origin: string) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(own, origin)]));

function isRefusal(answer: Answer): boolean {
  return answer.status === 403 && answer.text.includes("This request did not come from our pages");
}

const asForm = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };

function send(visitor: Visitor, method: string, target: string, from: Record<string, string>, body = "") {
  return visitor.send(target, { method, headers: { ...asForm, ...from }, body });
}

const forms = operations.filter(({ method, name }) => method === "POST" && name !== "webhooks.logto");

for (const { name: operation } of forms) {
  test(`${operation} is taken from the app's own pages alone`, async ({ cast, world, database, logto, subject }) => {
    const { ada, anonymous, acme } = cast;
    const ids = await subject(ada, operation);
    const body = new URLSearchParams({ _organization: acme.id, ...formFor(operation, ids) }).toString();
    const everyTarget = (path: string) => [path, addressOf(path, "data"), `${path}?index`];
    const state = async () => [database.checksumBeside({ organizations: [] }), await logto.stateOf(acme)];
    const before = await state();
    for (const target of everyTarget(pathOf(operation, ids)))
      for (const headers of refused) {
        const answer = await send(ada, "POST", target, filled(headers, world.baseUrl), body);
        expect(isRefusal(answer), `${target} ${JSON.stringify(headers)}: ${answer.status}`).toBe(true);
      }
    // Whoever has a link may use it without a session, so this one leads nowhere.
    for (const target of everyTarget(pathOf(operation, { ...ids, token: never() })))
      for (const headers of believed) {
        const answer = await send(anonymous, "POST", target, filled(headers, world.baseUrl), body);
        expect([302, 202, 401, 405], `${target} ${JSON.stringify(headers)}`).toContain(answer.status);
      }
    expect(await state(), "nothing was written, here or at Logto").toEqual(before);
  });
}

test("the rule holds for addresses that are none of ours, and for every method that changes things", async ({
  cast: { ada, anonymous },
  world,
}) => {
  const addresses = [
    "/",
    "/no/such/page",
    paths.health,
    paths.posts,
    "/assets/none.js",
    "/__manifest",
    "/posts.data",
    "/*",
  ];
  const foreign: Record<string, string>[] = [{ Origin: "https://evil.example" }, { Origin: "null" }, {}];
  for (const target of addresses)
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      for (const headers of foreign) {
        const answer = await send(ada, method, target, filled(headers, world.baseUrl));
        expect(isRefusal(answer), `${method} ${target} ${JSON.stringify(headers)}: ${answer.status}`).toBe(true);
      }
      const ours = await send(anonymous, method, target, { Origin: world.baseUrl });
      expect(isRefusal(ours), `${method} ${target}`).toBe(false);
      expect(ours.status).toBeLessThan(500);
    }
});

test("reading changes nothing, whatever method it pretends to be", async ({
  cast: { ada, acme },
  database,
  logto,
  subject,
}) => {
  for (const { name } of forms) {
    const ids = await subject(ada, name);
    const path = pathOf(name, ids);
    const form = new URLSearchParams({ _organization: acme.id, ...formFor(name, ids) });
    const state = async () => [database.checksumBeside({ organizations: [] }), await logto.stateOf(acme)];
    const before = await state();
    for (const method of ["GET", "HEAD"]) {
      const answer = await ada.send(`${path}?_method=POST&${form}`, {
        method,
        headers: { "X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE", Accept: "text/html" },
      });
      expect(answer.status, `${method} ${path}`).toBeLessThan(500);
      expect(header(answer, "content-type"), `${method} ${path}`).toContain("text/html");
    }
    expect(await state(), name).toEqual(before);
  }
});

test.describe("Logto's webhook", () => {
  const event = () => JSON.stringify({ event: "User.Data.Updated", createdAt: new Date().toISOString() });
  const signed = (body: string, key: string) => ({
    "Content-Type": "application/json",
    "logto-signature-sha-256": createHmac("sha256", key).update(body).digest("hex"),
  });

  test("is taken from anywhere if its signature fits, and never without", async ({ cast: { anonymous }, world }) => {
    const { url, signingKey } = world.webhook;
    const { pathname } = new URL(url);
    const places: Record<string, string>[] = [
      {},
      { Origin: "https://evil.example" },
      { "Sec-Fetch-Site": "cross-site" },
    ];
    for (const from of places) {
      const body = event();
      const fits = await send(anonymous, "POST", pathname, { ...from, ...signed(body, signingKey) }, body);
      expect(fits.status).toBe(204);
      for (const key of ["", "another key", signingKey.toUpperCase()]) {
        const answer = await send(anonymous, "POST", pathname, { ...from, ...signed(body, key) }, body);
        expect(answer.status).toBe(401);
      }
      expect((await send(anonymous, "POST", pathname, from, body)).status, "unsigned").toBe(401);
      const altered = `${body} `;
      expect((await send(anonymous, "POST", pathname, { ...from, ...signed(body, signingKey) }, altered)).status).toBe(
        401,
      );
    }
  });

  test("excepts its own address alone, letter by letter", async ({ cast: { anonymous }, world }) => {
    const body = event();
    for (const target of [
      "/Webhooks/logto",
      "/webhooks/logto/",
      "/webhooks/logto.data",
      "/webhooks//logto",
      "/webhooks",
    ]) {
      const answer = await send(anonymous, "POST", target, signed(body, world.webhook.signingKey), body);
      expect(isRefusal(answer), `${target}: ${answer.status}`).toBe(true);
    }
  });

  test("is posted: no other method is excepted", async ({ cast: { anonymous }, world }) => {
    const body = event();
    for (const method of ["PUT", "PATCH", "DELETE"])
      for (const Origin of ["https://evil.example", "null", "no origin at all"]) {
        const headers = { ...signed(body, world.webhook.signingKey), Origin };
        const answer = await send(anonymous, method, new URL(world.webhook.url).pathname, headers, body);
        expect(isRefusal(answer), `${method} ${Origin}: ${answer.status}`).toBe(true);
      }
  });
});
