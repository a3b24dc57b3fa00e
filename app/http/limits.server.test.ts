import { describe, expect, it } from "vitest";
import { addressKey, createLimits } from "./limits.server";
import type { Kept } from "./refusal";
import { appOrigin, raw, serveDoor } from "./serve-in-test";

const plenty = { perPersonPerMinute: 1000, perAddressPerMinute: 1000, signInPerAddressPerMinute: 1000 };

describe("how often one address may ask", () => {
  it("is refused past the limit with when to come back, while its neighbour is served", async () => {
    const limits = createLimits({ ...plenty, perAddressPerMinute: 3 });
    const { url } = await serveDoor({ limits, trustProxy: ["loopback"] });
    const ask = (address: string) => raw(url, { headers: { "x-forwarded-for": address, accept: "text/html" } });
    for (let count = 0; count < 3; count++) expect((await ask("192.0.2.1")).status).toBe(200);
    const refused = await ask("192.0.2.1");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
    expect(refused.text).toContain(`Wait ${refused.headers["retry-after"]} seconds`);
    expect(refused.text).not.toContain("reload");
    expect((await ask("192.0.2.2")).status).toBe(200);
  });

  it("cannot be escaped by naming another address, unless a proxy that is trusted names it", async () => {
    const { url } = await serveDoor({ limits: createLimits({ ...plenty, perAddressPerMinute: 1 }) });
    expect((await raw(url, { headers: { "x-forwarded-for": "192.0.2.1" } })).status).toBe(200);
    expect((await raw(url, { headers: { "x-forwarded-for": "192.0.2.2" } })).status).toBe(429);
  });

  it("tells whoever sent a form how to send it again without typing it anew", async () => {
    const { url } = await serveDoor({ limits: createLimits({ ...plenty, perAddressPerMinute: 1 }) });
    const headers = { origin: appOrigin, accept: "text/html" };
    expect((await raw(url, { method: "POST", headers, body: "title=Tea" })).status).toBe(200);
    const refused = await raw(url, { method: "POST", headers, body: "title=Tea" });
    expect(refused.text).toContain("If you then reload this page, your browser sends again what you typed.");
  });

  it("never concerns the questions after the app's health", async () => {
    const { url } = await serveDoor({ limits: createLimits({ ...plenty, perAddressPerMinute: 1 }) });
    for (let count = 0; count < 5; count++) expect((await raw(`${url}/healthz`)).status).toBe(200);
  });

  it("is lower for beginning a sign-in, as page or as data", async () => {
    const { url } = await serveDoor({ limits: createLimits({ ...plenty, signInPerAddressPerMinute: 2 }) });
    expect((await raw(`${url}/auth/sign-in`)).status).toBe(200);
    expect((await raw(`${url}/auth/sign-in.data`, { method: "POST", headers: { origin: appOrigin } })).status).toBe(
      200,
    );
    expect((await raw(`${url}/auth/sign-in?returnTo=%2F`)).status).toBe(429);
    expect((await raw(`${url}/posts`)).status).toBe(200);
  });

  it("is lower for answering an invitation too, however the address of its link is spelled", async () => {
    const spellings = ["/join/x", "/%6Aoin/x", "/JOIN/x/decline", "/join//x", "/joi%6e/x.data"];
    for (const spelling of spellings) {
      const { url } = await serveDoor({ limits: createLimits({ ...plenty, signInPerAddressPerMinute: 2 }) });
      const answer = () => raw(`${url}${spelling}`, { method: "POST", headers: { origin: appOrigin } });
      expect([(await answer()).status, (await answer()).status, (await answer()).status], spelling).toEqual([
        200, 200, 429,
      ]);
      expect((await raw(`${url}${spelling}`)).status, "looking at it is no try").toBe(200);
    }
    const { url } = await serveDoor({ limits: createLimits({ ...plenty, signInPerAddressPerMinute: 2 }) });
    for (let count = 0; count < 4; count++)
      expect((await raw(`${url}/joint`, { method: "POST", headers: { origin: appOrigin } })).status).toBe(200);
    expect((await raw(`${url}/auth/%73ign-in`)).status).toBe(200);
    expect((await raw(`${url}/AUTH/sign-in`)).status).toBe(200);
    expect((await raw(`${url}/auth/sign%2Din`)).status).toBe(429);
  });

  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:1:2::7", "2001:db8:1:2"],
    ["2001:0db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["", ""],
  ])("counts %s as %s", (ip, key) => {
    expect(addressKey(ip)).toBe(key);
  });
});

describe("how often one person may ask", () => {
  it("is refused past the limit, while another person is served", async () => {
    const limits = createLimits({ ...plenty, perPersonPerMinute: 2 });
    await limits.consumePerson("ada");
    await limits.consumePerson("ada");
    const kept: Kept = { action: "/posts/new", fields: [["title", "Tea"]] };
    const refused: unknown = await limits.consumePerson("ada", async () => kept).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ status: 429 });
    expect(refused instanceof Response && (await refused.json())).toMatchObject({ kind: "too-many", kept });
    await expect(limits.consumePerson("bob")).resolves.toBeUndefined();
  });
});
