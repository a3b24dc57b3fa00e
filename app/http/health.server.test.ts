import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { closeGracefully } from "./close.server";
import { createReadiness, type Check } from "./health.server";
import { raw, serve, serveDoor } from "./serve-in-test";

describe("the app's health", () => {
  it("is ok as long as the process answers, and says nothing else", async () => {
    const { url } = await serveDoor();
    expect(await raw(`${url}/healthz`)).toMatchObject({ status: 200, text: "ok" });
  });

  it("is ready between start and stop", async () => {
    const { url, readiness } = await serveDoor();
    const status = async () => (await raw(`${url}/readyz`)).status;
    expect(await status()).toBe(503);
    readiness.started();
    expect(await status()).toBe(200);
    readiness.stopping();
    expect(await status()).toBe(503);
  });

  it.each<[string, Check]>([
    ["fails", async () => Promise.reject(new Error("the database is gone"))],
    ["answers no", async () => false],
    ["does not answer", () => new Promise(() => {})],
    [
      "throws at once",
      () => {
        throw new Error("the database is gone");
      },
    ],
  ])("is not ready while a check %s, and does not say which", async (_what, check) => {
    const readiness = createReadiness([async () => {}, check], { patience: 20 });
    readiness.started();
    const { url } = await serveDoor({ readiness });
    expect(await raw(`${url}/readyz`)).toMatchObject({ status: 503, text: "not ready" });
    expect((await raw(`${url}/healthz`)).status).toBe(200);
  });
});

describe("stopping", () => {
  it("lets Ada's request end, closes what is idle and takes nothing new", async () => {
    let letEnd = () => {};
    const { server, url } = await serve((app) => {
      app.get("/slow", (_request, response) => {
        letEnd = () => void response.end("saved");
      });
      app.get("/quick", (_request, response) => void response.end("quick"));
    });
    expect(await (await fetch(`${url}/quick`)).text()).toBe("quick"); // stays open, idle
    const slow = fetch(`${url}/slow`).then((answer) => answer.text());
    await once(server, "request");
    const closed = closeGracefully(server);
    await expect(fetch(`${url}/quick`)).rejects.toThrow("fetch failed");
    letEnd();
    expect(await slow).toBe("saved");
    await closed;
    expect(server.listening).toBe(false);
  });

  it("cuts what does not end in time", async () => {
    const { server, url } = await serve((app) => void app.get("/never", () => {}));
    const never = fetch(`${url}/never`).catch((error: unknown) => error);
    await once(server, "request");
    await closeGracefully(server, { timeoutMs: 50 });
    expect(await never).toBeInstanceOf(Error);
  });
});
