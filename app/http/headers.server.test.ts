import { describe, expect, it } from "vitest";
import { raw, serveDoor } from "./serve-in-test";
import { localsOf } from "./log.server";

describe("the headers of every answer", () => {
  it("tell browsers to run only this answer's scripts, and to stay out of frames", async () => {
    const { url } = await serveDoor({}, (app) => {
      app.get("/nonce", (_request, response) => void response.send(localsOf(response).nonce));
    });
    const [first, second] = [await raw(`${url}/nonce`), await raw(`${url}/nonce`)];
    expect(first.headers["content-security-policy"]).toBe(
      `default-src 'self'; script-src 'strict-dynamic' 'nonce-${first.text}'; style-src 'self'; img-src 'self' data: https:; ` +
        "connect-src 'self'; form-action 'self' https://logto.test; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    );
    expect(first.text).toMatch(/^[\w-]{22}$/);
    expect(second.text).not.toBe(first.text);
    expect(first.headers).toMatchObject({
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
      "strict-transport-security": "max-age=31536000",
    });
    expect(first.headers["x-powered-by"]).toBeUndefined();
  });

  it("promise https only where the app has https", async () => {
    const { url } = await serveDoor({ appOrigin: "http://localhost:3000" });
    expect((await raw(url)).headers["strict-transport-security"]).toBeUndefined();
  });

  it("allow styles in the page only while developing", async () => {
    const { url } = await serveDoor({ development: true });
    expect((await raw(url)).headers["content-security-policy"]).toContain("style-src 'self' 'unsafe-inline';");
  });

  it("keep every answer out of every cache, refusals too", async () => {
    const { url } = await serveDoor({}, (app) => {
      app.get("/fails", () => {
        throw new Error("a bug");
      });
    });
    for (const [path, method] of [
      ["/posts", "GET"],
      ["/posts", "HEAD"],
      ["/posts", "POST"],
      ["/%", "GET"],
      ["/fails", "GET"],
    ] as const) {
      const { headers } = await raw(url + path, { method });
      expect(headers["cache-control"]).toBe("private, no-store");
      expect(headers.vary).toContain("Cookie");
      expect(headers.etag).toBeUndefined();
    }
  });

  it("let a handler name another cache rule, which then stands alone", async () => {
    const { url } = await serveDoor({}, (app) => {
      app.get("/appended", (_request, response) => {
        response.append("Cache-Control", "public, max-age=60").append("Vary", "Accept").end("x"); // as Remix sends its headers
      });
      app.get("/written", (_request, response) => {
        response.writeHead(200, "Fine", { "Cache-Control": "no-cache" }).end("x"); // as an event stream does
      });
    });
    expect((await raw(`${url}/appended`)).headers).toMatchObject({
      "cache-control": "public, max-age=60",
      vary: "Accept, Cookie",
    });
    expect((await raw(`${url}/written`)).headers).toMatchObject({ "cache-control": "no-cache", vary: "Cookie" });
  });

  it("leave the assets before them alone", async () => {
    const { url } = await serveDoor({
      assets: [
        (request, response, next) =>
          request.path === "/assets/x.js" ? void response.set("Cache-Control", "public").end("x") : next(),
      ],
    });
    const { headers } = await raw(`${url}/assets/x.js`);
    expect(headers).toMatchObject({ "cache-control": "public", "x-request-id": expect.any(String) });
    expect(headers["content-security-policy"]).toBeUndefined();
    expect((await raw(`${url}/posts`)).headers["content-security-policy"]).toBeDefined();
  });
});
