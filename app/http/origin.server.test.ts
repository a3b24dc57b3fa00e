import { describe, expect, it } from "vitest";
import { appOrigin, raw, serveDoor } from "./serve-in-test";

const unsafe = ["POST", "PUT", "PATCH", "DELETE"];
const ours = { origin: appOrigin };

describe("the origin check", () => {
  it.each(unsafe)("lets Ada's %s through from a page of the app", async (method) => {
    const { url } = await serveDoor();
    expect((await raw(`${url}/posts/new`, { method, headers: ours })).status).toBe(200);
    expect((await raw(`${url}/posts/new`, { method, headers: { "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  it.each(unsafe)("refuses a %s that Eve's page makes Ada's browser send", async (method) => {
    const { url } = await serveDoor();
    const attempts: Record<string, string>[] = [
      {},
      { origin: "null" },
      { origin: "https://eve.test" },
      { origin: "https://eve.app.test" },
      { origin: "https://app.test.eve.test" },
      { origin: "http://app.test" },
      { origin: "https://app.test:8443" },
      { origin: "https://APP.test" },
      { origin: `${appOrigin}, https://eve.test` },
      { origin: "" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "same-origin", origin: "null" },
      { referer: `${appOrigin}/posts` },
    ];
    for (const headers of attempts) {
      const answer = await raw(`${url}/posts/new`, { method, headers: { ...headers, cookie: "session=ada" } });
      expect({ headers, status: answer.status }).toEqual({ headers, status: 403 });
    }
  });

  it.each([
    "/",
    "/posts/new.data",
    "/healthz",
    "/readyz",
    "/assets/x.js",
    "/webhooks/logto/",
    "/webhooks/logto.data",
    "/Webhooks/logto",
    "/no-such-page",
    "/webhooks/x?/webhooks/logto",
  ])("refuses it at %s too", async (path) => {
    const { url } = await serveDoor();
    expect((await raw(url + path, { method: "POST", headers: { origin: "https://eve.test" } })).status).toBe(403);
    expect((await raw(url + path, { method: "POST", headers: ours })).status).toBe(200);
  });

  it("refuses it whatever kind of body it has, and before reading it", async () => {
    const { url } = await serveDoor({ bodyLimit: 10 });
    const types = [
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain",
      "application/json",
      "text/x-script",
    ];
    for (const type of types) {
      const headers = { "content-type": type, origin: "https://eve.test" };
      expect((await raw(`${url}/posts/new`, { method: "POST", headers, body: "more than ten bytes" })).status).toBe(
        403,
      );
    }
  });

  it("does not believe what a request says of its host", async () => {
    const { url } = await serveDoor({ trustProxy: 1 });
    const claims = {
      host: "eve.test",
      "x-forwarded-host": "eve.test",
      "x-forwarded-proto": "https",
      forwarded: "host=eve.test",
    };
    expect(
      (await raw(`${url}/posts/new`, { method: "POST", headers: { ...claims, origin: "https://eve.test" } })).status,
    ).toBe(403);
    expect((await raw(`${url}/posts/new`, { method: "POST", headers: { ...claims, ...ours } })).status).toBe(200);
  });

  it("lets Logto's webhook through, which has a signature of its own", async () => {
    const { url } = await serveDoor();
    const answer = await raw(`${url}/webhooks/logto?x=1`, { method: "POST", body: "{}" });
    expect(JSON.parse(answer.text)).toEqual({ reached: "POST", path: "/webhooks/logto", bytes: 2 });
  });

  it.each(["PUT", "PATCH", "DELETE"])("refuses a %s there, which no webhook is", async (method) => {
    const { url } = await serveDoor();
    const answer = await raw(`${url}/webhooks/logto`, { method, headers: { origin: "https://eve.test" } });
    expect(answer.status).toBe(403);
  });

  it("lets everybody read, and takes no other method for the one that was sent", async () => {
    const { url } = await serveDoor();
    const overrides = { "x-http-method-override": "DELETE", "x-http-method": "DELETE", "x-method-override": "DELETE" };
    const answer = await raw(`${url}/posts/1?_method=DELETE`, {
      headers: { ...overrides, origin: "https://eve.test" },
    });
    expect(JSON.parse(answer.text)).toEqual({ reached: "GET", path: "/posts/1" });
    const refused = await raw(`${url}/posts/1?_method=GET`, {
      method: "POST",
      headers: { "x-http-method-override": "GET" },
    });
    expect(refused.status).toBe(403);
  });

  it("is the last that looks at the origin: what comes after finds none to stumble over", async () => {
    const { url } = await serveDoor({}, (app) => {
      app.use("/seen", (request, response) => void response.json({ origin: request.headers.origin ?? "none" }));
    });
    const asked: [method: string, origin: string][] = [
      ["GET", "https://eve.test"],
      ["GET", "no origin at all"],
      ["POST", appOrigin],
    ];
    for (const [method, origin] of asked) {
      const answer = await raw(`${url}/seen`, { method, headers: { origin } });
      expect(JSON.parse(answer.text)).toEqual({ origin: "none" });
    }
  });

  it("tells a person in words why, and what to do", async () => {
    const { url } = await serveDoor();
    const page = await raw(`${url}/posts/new`, { method: "POST", headers: { accept: "text/html,*/*;q=0.8" } });
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.text).toContain("Changes are accepted only from pages of https://app.test.");
    expect(page.text).toContain("Open https://app.test and do it there.");
    expect(page.text).not.toMatch(/<script|<style|style=/);
    const json = await raw(`${url}/posts/new.data`, { method: "POST", headers: { accept: "*/*" } });
    expect(JSON.parse(json.text)).toMatchObject({ kind: "foreign-origin", status: 403 });
  });
});
