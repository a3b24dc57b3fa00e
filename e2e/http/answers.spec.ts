// What every answer carries, whatever kind it is: the headers of the door, an id of its own, and a page for people.
import { readFileSync } from "node:fs";
import { organizationHeader, paths } from "../../app/paths";
import { header, nonceOf, type Answer } from "./ask";
import { linesOf } from "./log";
import { expectSafePage } from "./safe-page";
import { canary, expect, test, writePost, type Cast } from "./suite";
import { transports } from "./visitor";

test.describe.configure({ mode: "default" });

const right = { title: "A post", body: "", status: "draft" };

/** One request for each kind of answer there is, and its status. 429 and 503 have worlds of their own. */
function everyKind({ ada, bobInAcme, anonymous, globex }: Cast, baseUrl: string, postId: string) {
  const own = { Origin: baseUrl, Accept: "text/html" };
  const kinds: [what: string, status: number, answer: () => Promise<Answer>][] = [
    ["a page", 200, () => ada.read(paths.posts)],
    ["a page's data", 200, () => ada.read(paths.posts, "data")],
    ["a page for everybody", 200, () => anonymous.read(paths.home)],
    ["the way to the sign-in", 302, () => anonymous.read(paths.posts)],
    ["the way to Logto", 302, () => anonymous.read(paths.signIn())],
    ["a form that was taken", 302, () => ada.submit(paths.newPost, right)],
    ["the same as data", 202, () => ada.submit(paths.newPost, right, { as: "data" })],
    ["a callback without a state", 400, () => anonymous.read(paths.callback)],
    ["a form sent twice over", 400, () => ada.submit(paths.newPost, [...Object.entries(right), ["title", "Another"]])],
    ["an address that cannot be read", 400, () => ada.read("/posts/%zz")],
    ["signed out", 401, () => anonymous.submit(paths.newPost, right)],
    ["signed out, as data", 401, () => anonymous.read(paths.posts, "data")],
    ["an unsigned webhook", 401, () => anonymous.submit(paths.logtoWebhook)],
    ["no permission", 403, () => bobInAcme.read(paths.editPost(postId))],
    ["no permission, as data", 403, () => bobInAcme.submit(paths.publishPost(postId), {}, { as: "data" })],
    ["no permission, of a form", 403, () => bobInAcme.submit(paths.publishPost(postId))],
    [
      "another site's form",
      403,
      () => ada.submit(paths.newPost, right, { headers: { Origin: "https://evil.example" } }),
    ],
    ["nothing there", 404, () => ada.read("/no/such/page")],
    ["nothing there, of a form", 404, () => ada.submit(paths.archivePost("none"))],
    ["nothing there, signed out", 404, () => anonymous.read("/no/such/page")],
    ["nothing there, as data", 404, () => ada.read(paths.post("none"), "data")],
    [
      "a method that we do not take",
      405,
      () => ada.send(paths.posts, { method: "TRACE", headers: { Accept: "text/html" } }),
    ],
    ["a method that the page does not take", 405, () => ada.send(paths.newPost, { method: "PUT", headers: own })],
    ["a form to a page that takes none", 405, () => ada.submit(paths.posts, right)],
    ["the same, as data", 405, () => ada.submit(paths.posts, right, { as: "data" })],
    ["a stale page", 409, () => bobInAcme.submit(paths.newPost, right, { page: globex.id })],
    ["a stale page's data", 409, () => bobInAcme.read(paths.posts, "data", { [organizationHeader]: globex.id })],
    ["too large", 413, () => ada.submit(paths.newPost, { ...right, body: "x".repeat(1_100_000) })],
    ["no form", 415, () => ada.submit(paths.newPost, {}, { headers: { "Content-Type": "application/json" } })],
    ["compressed", 415, () => ada.submit(paths.newPost, right, { headers: { "Content-Encoding": "gzip" } })],
    ["not valid", 422, () => ada.submit(paths.newPost, { ...right, title: "" })],
    ["not valid, as data", 422, () => ada.submit(paths.newPost, { ...right, title: "" }, { as: "data" })],
    ["whose page?", 428, () => ada.submit(paths.newPost, right, { page: null })],
  ];
  return kinds;
}

test("every kind of answer has the door's headers, an id of its own, and fresh nonces", async ({ cast, world }) => {
  const postId = await writePost(cast.ada);
  const [ids, nonces] = [new Set<string>(), new Set<string>()];
  const kinds = everyKind(cast, world.baseUrl, postId);
  for (const [what, status, request] of kinds) {
    await test.step(`${status} ${what}`, async () => {
      const answer = await request();
      expect(answer.status, answer.text.slice(0, 200)).toBe(status);
      const policy = header(answer, "content-security-policy");
      expect(policy).toMatch(/script-src 'strict-dynamic' 'nonce-[\w-]{20,}';/);
      expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; object-src 'none'");
      expect(policy).not.toContain("unsafe");
      expect(header(answer, "cache-control")).toMatch(/^(private, )?no-store$/);
      expect(header(answer, "vary")).toMatch(/\bCookie\b/);
      expect(header(answer, "x-content-type-options")).toBe("nosniff");
      expect(header(answer, "x-frame-options")).toBe("DENY");
      expect(header(answer, "referrer-policy")).toBe("same-origin");
      expect(header(answer, "strict-transport-security"), "only https can promise it").toBe("");
      expect(header(answer, "x-powered-by")).toBe("");
      expect(answer.headers.filter(([name]) => name.startsWith("access-control-"))).toEqual([]);
      const names = answer.headers.map(([name]) => name).filter((name) => name !== "set-cookie");
      expect(new Set(names).size, "no header comes twice").toBe(names.length);
      if (header(answer, "content-type").startsWith("text/html")) expectSafePage(answer);
      expect(answer.text).not.toMatch(/at .*\.[jt]sx?:\d+|SQLITE_|node_modules/);
      ids.add(header(answer, "x-request-id"));
      nonces.add(nonceOf(answer));
    });
  }
  expect(ids.size).toBe(kinds.length);
  expect(nonces.size).toBe(kinds.length);
});

test("whoever reads pages gets a page for every refusal, with a way out", async ({ cast, world }) => {
  const postId = await writePost(cast.ada);
  for (const [what, status, request] of everyKind(cast, world.baseUrl, postId).filter(
    ([name]) => !/data|webhook/.test(name),
  )) {
    const answer = await request();
    if (status < 400 || header(answer, "content-type") === "") continue;
    expect(header(answer, "content-type"), what).toBe("text/html; charset=utf-8");
    expect(answer.text, what).toMatch(/<h1[^>]*>[^<]+<\/h1>/);
    expect(answer.text, what).toMatch(/<a [^>]*href="\/|<button/);
  }
});

test("whoever sends a form to a page that takes none is told what it takes, and nothing of what is inside", async ({
  cast: { ada },
}) => {
  for (const path of [paths.home, paths.posts, paths.signIn(), paths.post("none")])
    for (const as of transports) {
      const answer = await ada.submit(path, right, { as });
      expect([answer.status, header(answer, "allow")], `${path} ${as}`).toEqual([405, "GET, HEAD"]);
      expect(answer.text).toContain("This method is not accepted");
      expect(answer.text).not.toMatch(/action` for route|on our side/);
    }
});

test("a request's id is ours, and leads to its line in the log", async ({
  cast: { ada, acme, anonymous },
  world,
  database,
}) => {
  const answer = await ada.read(`/posts?text=${canary}`, "document", {
    "X-Request-Id": "0".repeat(36),
    "User-Agent": canary,
    Referer: `${world.baseUrl}/posts?text=${canary}`,
  });
  const requestId = header(answer, "x-request-id");
  expect(requestId).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(requestId).not.toBe("0".repeat(36));
  const refused = await anonymous.submit(paths.newPost, { title: canary });
  const forged = await anonymous.read(`/posts/"},%0a{"level":60,"msg":"forged"}`);

  const lineOf = async (asked: Answer) => {
    const mine = () =>
      linesOf(readFileSync(world.logFile, "utf8")).filter((line) => line.requestId === header(asked, "x-request-id"));
    await expect.poll(() => mine().map(({ msg }) => msg)).toContain("request");
    return mine();
  };
  const [person] = database.rows("select id from users where email = ?", ada.email);
  expect(await lineOf(answer)).toEqual([
    expect.objectContaining({ method: "GET", path: "/posts", status: 200, person: person?.id, organization: acme.id }),
  ]);
  expect(await lineOf(refused)).toEqual([
    expect.objectContaining({ event: "authz.denied", operation: "posts.create", reason: "signed out" }),
    expect.objectContaining({ method: "POST", path: paths.newPost, status: 401 }),
  ]);
  expect(await lineOf(forged)).toEqual([expect.objectContaining({ msg: "request", status: 400 })]);
});

test("the app says that it lives and is ready, to whoever asks", async ({ cast: { anonymous } }) => {
  for (const [path, text] of [
    [paths.health, "ok"],
    [paths.ready, "ready"],
  ] as const) {
    const answer = await anonymous.send(path);
    expect([answer.status, answer.text, header(answer, "cache-control")]).toEqual([200, text, "no-store"]);
    const head = await anonymous.send(path, { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
  }
});

test("the build's files may be kept for a year, tell no sources and list nothing", async ({ cast: { anonymous } }) => {
  const page = await anonymous.read(paths.home);
  const files = new Set([...page.text.matchAll(/\/assets\/[\w./-]+\.(?:js|css|woff2)/g)].map(([file]) => file));
  expect(files.size).toBeGreaterThan(3);
  for (const file of files) {
    const answer = await anonymous.send(file);
    expect(answer.status, file).toBe(200);
    expect(header(answer, "cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.text).not.toContain("sourceMappingURL");
    expect((await anonymous.send(`${file}.map`)).status).toBe(404);
  }
  for (const path of [
    "/assets/",
    "/assets/../server.js",
    "/assets/%2e%2e/server/index.js",
    "/server.js",
    "/.env",
    "/package.json",
  ])
    expect((await anonymous.send(path)).status, path).toBeGreaterThanOrEqual(400);
});
