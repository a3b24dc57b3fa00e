// A thousand odd questions: addresses, queries, cookies and headers. Asking changes nothing and finds nothing of others.
import fc from "fast-check";
import { organizationHeader, paths } from "../../../app/paths";
import { header, type Answer } from "../ask";
import { canary } from "../log";
import { operations, pathOf, routeOf, type Ids } from "../operations";
import { expectSafePage } from "../safe-page";
import { expect, test, writeComment, writePost } from "../suite";
import { addressOf, transports, type Visitor } from "../visitor";
import { typeable } from "./texts";

test.describe.configure({ mode: "default", timeout: 300_000 });

/** In every record that the asker must not see. */
const hidden = "Nobody else reads this";

const inRoutes = operations.filter(({ name, route }) => route !== "server" && name !== "root" && name !== "not-found");
const pages = inRoutes.filter(({ method }) => method === "GET");

const words = (text: string) => text.split(" ");
const plain = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
const encoded = fc.oneof(typeable, plain).map((text) => encodeURIComponent(text));

/** What may stand between two slashes, and has broken something somewhere before. */
const segment = fc.oneof(
  encoded.filter((text) => text !== ""),
  fc.constantFrom(...words("%00 .. . %2e%2e %2F %5c \\ %zz % %ff a;b=c x.css .data * :postId __proto__ a%0d%0ab")),
);

const query = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...words(
        "status author text before after from to actor action target result index page done version _routes returnTo screen code state error iss",
      ),
    ),
    fc.oneof(
      encoded,
      fc
        .constantFrom(...operations.map(({ name }) => routeOf(name)), "root", "routes/none", "__proto__", canary)
        .map(encodeURIComponent),
      fc.constantFrom(
        ...words("published draft MTIzIGFiYw %ff % %00 //evil.example a%0d%0aSet-Cookie:x=y 1%20or%201=1"),
      ),
    ),
  ),
  { maxLength: 4 },
);

function addresses(known: Ids[]): fc.Arbitrary<string> {
  const id = fc.oneof(segment, fc.constantFrom(...known.flatMap((ids) => Object.values(ids))));
  const page = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...pages), id, id)
        .map(([{ name }, one, other]) =>
          pathOf(name, { postId: one, commentId: other, memberId: one, invitationId: one, invoiceId: one, token: one }),
        ),
    },
    { weight: 2, arbitrary: fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join("/")}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...words("/__manifest /_root // /posts// /POSTS /assets/x.js /healthz/ /webhooks/logto * /posts#x"),
      ),
    },
  );
  return fc
    .tuple(page, fc.constantFrom(...transports), query)
    .map(
      ([path, as, pairs]) =>
        addressOf(path, as) + (pairs.length > 0 ? `?${pairs.map((pair) => pair.join("=")).join("&")}` : ""),
    );
}

/** A header's value: any of its characters, or many of them. All of them together stay below what Node takes. */
const value = fc.oneof(plain, fc.constantFrom("", "*/*;q=", '"', "\t", "é", "a".repeat(900)));

/** Two in three requests are Ada's own: with an odd cookie nobody gets far. */
const cookies = (cookie: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(cookie) },
    { weight: 1, arbitrary: value.map((text) => `${cookie}; ${text}`) },
    { weight: 1, arbitrary: value.map((text) => `__session=${text}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(cookie.slice(0, -3), cookie.replace("=", "=x"), cookie.replace(/\..*/, "")),
    },
  );

const oddHeaders = fc.record(
  {
    Accept: fc.oneof(value, fc.constantFrom("text/html", "application/json", "text/html;q=0")),
    "Accept-Encoding": fc.constantFrom("gzip", "x", ""),
    "Accept-Language": value,
    Authorization: value.map((text) => `Bearer ${text}`),
    "Content-Type": fc.constantFrom("application/json", "multipart/form-data", ""),
    Host: fc.oneof(value, fc.constantFrom("evil.example", "localhost:1", "[::1]", "a b")),
    "If-Modified-Since": value,
    "If-None-Match": fc.constantFrom("*", '"x"'),
    Origin: fc.oneof(value, fc.constantFrom("https://evil.example", "null")),
    Range: fc.constantFrom("bytes=0-1", "bytes=-1", "x"),
    "Sec-Purpose": fc.constant("prefetch"),
    Upgrade: fc.constantFrom("h2c", "x"),
    "X-Forwarded-For": value,
    "X-Forwarded-Host": value,
    "X-Forwarded-Proto": fc.constantFrom("https", "javascript", ""),
    "X-HTTP-Method-Override": fc.constantFrom("DELETE", "POST"),
    [canary]: value,
  },
  { requiredKeys: [] },
);

async function recordOf(author: Visitor, status = "published", text = hidden) {
  const postId = await writePost(author, { title: text, body: text, status });
  return { postId, commentId: await writeComment(author, postId, text) };
}

test("1,000 odd questions of Ada's get an answer, change nothing, and find nothing of others", async ({
  cast,
  database,
}) => {
  const { ada, bobInGlobex, bobInAcme } = cast;
  const records = [
    await recordOf(bobInGlobex),
    await recordOf(bobInAcme, "draft"),
    await recordOf(ada, "draft", "Hers"),
  ];
  const question = fc.record({
    target: addresses(records),
    method: fc.oneof({ weight: 8, arbitrary: fc.constant("GET") }, { weight: 1, arbitrary: fc.constant("HEAD") }),
    headers: oddHeaders,
    cookie: cookies(ada.cookie),
    page: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.oneof(value, fc.constantFrom(cast.globex.id, "__proto__", "null")) },
    ),
  });
  const before = database.checksumBeside({ organizations: [] });
  const counts: Record<number, number> = {};
  const property = fc.asyncProperty(question, async ({ target, method, headers, cookie, page }) => {
    const named = page !== undefined && { [organizationHeader]: page };
    const answer = await ada.send(target, { method, headers: { ...headers, ...named, Cookie: cookie } });
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    const location = header(answer, "location");
    const tells = [hidden, cast.globex.name].some((text) => answer.text.includes(text));
    const isFine = answer.status < 429 && !tells && placesFor(answer).test(location);
    expect(isFine, `${answer.status} ${location} ${answer.text.slice(0, 300)}`).toBe(true);
    if (method === "GET" && header(answer, "content-type").startsWith("text/html")) expectSafePage(answer);
    expect(database.checksumBeside({ organizations: [] }), "asking wrote").toBe(before);
  });
  await fc.assert(property, { numRuns: 1_000 });
  test.info().annotations.push({ type: "answers", description: JSON.stringify(counts) });
  for (const status of [200, 302, 400, 404]) expect(counts[status], `answers of ${status}`).toBeGreaterThan(20);
});

/** Only the sign-in leads out of the app. */
function placesFor(answer: Answer): RegExp {
  const isSignIn = header(answer, "set-cookie").startsWith("oauth2");
  return isSignIn ? /^http:\/\/127\.0\.0\.1:\d+\/oidc\/auth\?/ : /^$|^\/(?![/\\])/;
}

test("HEAD is GET without a body, for every page and its data", async ({ cast: { ada } }) => {
  const ids = await recordOf(ada);
  const ofOneAnswer = ["date", "x-request-id", "content-length", "transfer-encoding", "set-cookie"];
  const told = ({ status, headers }: Answer) => {
    const kept = headers.filter(([name]) => !ofOneAnswer.includes(name));
    const values = kept.map(([name, text]) => `${name}: ${text.replace(/'nonce-[\w-]+'/, "").replace(/state=.*/, "")}`);
    return [status, ...values];
  };
  const all = [...pages.map(({ name }) => pathOf(name, ids)), "/no/such/page"];
  for (const target of all.flatMap((path) => transports.map((as) => addressOf(path, as)))) {
    const [get, head] = [await ada.send(target), await ada.send(target, { method: "HEAD" })];
    expect(told(head), target).toEqual(told(get));
    expect(head.text, target).toBe("");
  }
});

test("other methods are refused with what the address takes, at every address", async ({
  cast: { ada },
  world,
  database,
}) => {
  const ids = await recordOf(ada);
  const before = database.checksumBeside({ organizations: [] });
  const headers = { Origin: world.baseUrl, "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };
  const body = "title=x&body=x&version=1&status=draft";
  const all = new Set([...inRoutes.map(({ name }) => pathOf(name, ids)), paths.logtoWebhook, "/no/such/page"]);
  for (const target of all)
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]) {
      const answer = await ada.send(target, { method, headers, body });
      expect(answer.status, `${method} ${target}: ${answer.text.slice(0, 200)}`).toBe(405);
      expect(header(answer, "allow"), `${method} ${target}`).not.toBe("");
      expect(answer.text).toContain("This method is not accepted");
    }
  expect(database.checksumBeside({ organizations: [] })).toBe(before);
  expect((await ada.read(paths.post(ids.postId))).status).toBe(200);
});
