import { describe, expect, it } from "vitest";
import { appOrigin, raw, serveDoor } from "./serve-in-test";

describe("the request line", () => {
  it.each([
    "/posts",
    "/posts?q=%zz\\x%0A%5C",
    "/%00",
    "/posts/%C3%A9%2F%20",
    "/",
    "/?",
    "/a//b",
    "/*",
    "/posts/new.data?_routes=x",
  ])("passes %s on", async (target) => {
    const { url } = await serveDoor();
    expect((await raw(url, { target })).status).toBe(200);
  });

  it.each([
    "//eve.test/x",
    "/\\eve.test",
    "/posts\\x",
    "/posts#x",
    "http://eve.test/posts",
    "*",
    "/%",
    "/%zz",
    "/%c3",
    "/posts/%ED%A0%80",
    "/%5C",
    "/posts/%5cx",
    "/posts/%0A",
    "/%0d",
    "/%E2%80%A8",
  ])("answers 400 with a sentence to %s, which Remix would answer with a 500 or misread", async (target) => {
    const { url } = await serveDoor();
    const answer = await raw(url, { target });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ kind: "bad-request", sentence: expect.stringMatching(/\.$/) });
  });

  it.each(["TRACE", "PROPFIND", "OPTIONS", "QUERY", "PURGE"])("answers 405 to %s", async (method) => {
    const { url } = await serveDoor();
    const answer = await raw(url, { method, headers: { origin: appOrigin } });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE");
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("tells what comes after it the configured host, whatever the request says", async () => {
    const { url } = await serveDoor({}, (app) => {
      app.get("/host", (request, response) => {
        response.json([request.headers.host, request.hostname, request.headers["x-forwarded-host"] ?? null]);
      });
    });
    for (const host of ["eve.test", "bad host", "a:b:c", "[::", ""]) {
      const answer = await raw(`${url}/host`, { headers: { host, "x-forwarded-host": "eve.test" } });
      expect(JSON.parse(answer.text)).toEqual(["app.test", "app.test", null]);
    }
  });
});
