import { describe, expect, it } from "vitest";
import { localsOf, logDenied, type RequestLocals } from "./log.server";
import { appOrigin, logInTest, raw, serveDoor } from "./serve-in-test";

const secret = "s3cr3t-canary";

describe("the log", () => {
  it("has one line for a finished request: who, in which organization, what, how long", async () => {
    const { url, logged } = await serveDoor({}, (app) => {
      app.get("/posts/:id", (_request, response) => {
        Object.assign(localsOf(response), { person: "user-ada", organization: "organization-acme" });
        response.status(404).end();
      });
    });
    const { headers } = await raw(`${url}/posts/17?q=${secret}`);
    await expect.poll(logged).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        requestId: headers["x-request-id"],
        method: "GET",
        path: "/posts/17",
        status: 404,
        ms: expect.any(Number),
        person: "user-ada",
        organization: "organization-acme",
        msg: "request",
      },
    ]);
  });

  it("has a refusal of what was guarded, once, whether the guard refused it or the operation itself", async () => {
    const log = logInTest();
    const { url } = await serveDoor({ log: log.logger }, (app) => {
      app.get("/:status/:by", (request, response) => {
        const locals = Object.assign(localsOf(response), { person: "user-ada", operation: "posts.edit" });
        if (request.params.by === "guard") logDenied(log.logger, locals, { operation: "posts.edit", reason: "method" });
        response.status(Number(request.params.status)).end();
      });
      app.get("/open", (_request, response) => void response.status(404).end());
    });
    for (const path of ["/403/guard", "/403/route", "/404/route", "/200/route", "/open"]) await raw(url + path);
    await expect.poll(() => log.lines().filter(({ msg }) => msg === "request").length).toBe(5);
    const denied = log.lines().filter(({ event }) => event === "authz.denied");
    expect(denied.map(({ person, operation, reason }) => [person, operation, reason])).toEqual([
      ["user-ada", "posts.edit", "method"],
      ["user-ada", "posts.edit", "not theirs"],
      ["user-ada", "posts.edit", "nothing there"],
    ]);
  });

  it("never holds a query, a header, a cookie or a body, not even of a request that fails", async () => {
    const log = logInTest();
    const { url } = await serveDoor({ log: log.logger }, (app) => {
      app.post("/fails", () => {
        throw new Error("a bug");
      });
    });
    const headers = {
      origin: appOrigin,
      cookie: `session=${secret}`,
      authorization: `Bearer ${secret}`,
      "x-request-id": secret,
    };
    for (const path of ["/fails", "/posts"]) {
      const answer = await raw(`${url}${path}?code=${secret}`, { method: "POST", headers, body: `password=${secret}` });
      expect(answer.headers["x-request-id"]).not.toBe(secret);
    }
    await expect.poll(() => log.lines().filter(({ msg }) => msg === "request").length).toBe(2);
    expect(log.text()).not.toContain(secret);
  });

  it("shows a bug's request id to the person and its message only in the log, once", async () => {
    const log = logInTest();
    const { url, logged } = await serveDoor({}, (app) => {
      app.get("/fails", () => {
        throw new Error(secret);
      });
    });
    const answer = await raw(`${url}/fails`, { headers: { accept: "text/html" } });
    expect(answer.status).toBe(500);
    expect(answer.text).toContain(answer.headers["x-request-id"]);
    expect(answer.text).not.toContain(secret);
    expect(log.lines()).toEqual([]);
    const errors = logged().filter(({ msg }) => msg === "unexpected error");
    expect(errors).toMatchObject([{ requestId: answer.headers["x-request-id"], err: { message: secret } }]);
  });

  it("cannot be made to hold a line that nobody wrote", async () => {
    const { url, logged } = await serveDoor();
    await raw(url, { target: '/%0a{"msg":"forged"}"\'' });
    await expect.poll(() => logged().map(({ msg }) => msg)).toEqual(["request"]);
    expect(logged()[0]?.path).toBe('/%0a{"msg":"forged"}"\'');
  });

  it.each([
    ["/join/id.s3cr3t-canary", "/join/:token"],
    ["/join/id.s3cr3t-canary.data?_routes=x", "/join/:token"],
    ["/join/id.s3cr3t-canary/decline", "/join/:token/decline"],
    ["/JOIN//id.s3cr3t-canary", "/join/:token"],
    ["//join/id.s3cr3t-canary", "/join/:token"],
    ["/%6Aoin%2Fid.s3cr3t%2Dcanary/ask", "/join/:token/ask"],
    ["/join/id.s3cr3t-canary%zz", "/join/:token"],
    ["/joiner/id.canary", "/joiner/id.canary"],
  ])("writes nothing down of the link of an invitation: %s", async (target, path) => {
    const { url, logged } = await serveDoor();
    await raw(url, { target });
    await expect.poll(() => logged().map((line) => line.path)).toEqual([path]);
  });

  it("says of a refusal who was refused what, without what was sent", () => {
    const log = logInTest();
    const locals: RequestLocals = { requestId: "r1", nonce: secret, person: "user-eve", organization: null };
    logDenied(log.logger, locals, { operation: "posts.update", reason: "not a member" });
    expect(log.lines()).toMatchObject([
      {
        event: "authz.denied",
        requestId: "r1",
        person: "user-eve",
        organization: null,
        operation: "posts.update",
        reason: "not a member",
      },
    ]);
    expect(log.text()).not.toContain(secret);
  });
});
