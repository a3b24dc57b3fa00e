import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { invalid, parseForm, readFields } from "./form.server";
import { createLimits } from "./limits.server";
import { appOrigin, raw, serveDoor } from "./serve-in-test";

const PostForm = z.object({
  title: z.string().trim().min(1, "Give the post a title").max(160),
  body: z.string().max(20_000),
});

/** The door with one form behind it, wired as the app wires it. */
function serveForm() {
  return serveDoor({ bodyLimit: 2048 }, (app) => {
    app.post("/posts/new", (request, response, next) => {
      readFields(request.body, request.headers["content-type"])
        .then((fields) => {
          const form = parseForm(fields, PostForm);
          response.status(form.ok ? 200 : 422).json(form.ok ? form.value : invalid(form).data);
        })
        .catch(async (thrown: unknown) => {
          if (!(thrown instanceof Response)) return next(thrown);
          response.status(thrown.status).send(await thrown.text());
        });
    });
  });
}

describe("the door as a whole", () => {
  it("lets Ada's form through to the action behind it", async () => {
    const { url } = await serveForm();
    const headers = { origin: appOrigin, "content-type": "application/x-www-form-urlencoded" };
    const saved = await raw(`${url}/posts/new`, { method: "POST", headers, body: "title=Tea&body=hot" });
    expect(JSON.parse(saved.text)).toEqual({ title: "Tea", body: "hot" });
    const empty = await raw(`${url}/posts/new`, { method: "POST", headers, body: "title=&body=hot" });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain("Give the post a title");
  });

  it("checks in its order: limit before origin, origin before body", async () => {
    const limits = createLimits({ perPersonPerMinute: 9, perAddressPerMinute: 2, signInPerAddressPerMinute: 9 });
    const { url } = await serveDoor({ limits, bodyLimit: 1024 });
    const post = (origin: string) => raw(url, { method: "POST", headers: { origin }, body: Buffer.alloc(2000) });
    expect((await post("https://eve.test")).status).toBe(403);
    expect((await post(appOrigin)).status).toBe(413);
    expect((await post("https://eve.test")).status).toBe(429);
  });

  it("answers every refusal with its request id, the security headers and no cache", async () => {
    const { url } = await serveDoor({ bodyLimit: 10 });
    const refusals = await Promise.all([
      raw(url, { method: "POST" }),
      raw(url, { method: "POST", headers: { origin: appOrigin }, body: "more than ten bytes" }),
      raw(`${url}/%`),
      raw(url, { method: "OPTIONS" }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([403, 413, 400, 405]);
    for (const { headers } of refusals) {
      expect(headers).toMatchObject({ "x-request-id": expect.any(String), "cache-control": "private, no-store" });
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    }
  });

  it("has an answer that is no 500 for any method, address, header and body", async () => {
    const { url, logged } = await serveForm();
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(anyRequest(), async ({ body, ...request }) => {
        const headers = { ...request.headers, "content-length": Buffer.byteLength(body) };
        const answer = await raw(url, { ...request, headers, body });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 1000 },
    );
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 403, 405, 413, 415, 422]));
    expect(logged().filter(({ msg }) => msg === "unexpected error")).toEqual([]);
  });
});

function anyRequest() {
  const text = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  });
  const often = <Value>(value: Value, otherwise: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, otherwise);
  const formType = "application/x-www-form-urlencoded";
  const headers = fc.record(
    {
      origin: often(appOrigin, fc.oneof(fc.constantFrom("null", "https://eve.test"), text)),
      "content-type": often(
        formType,
        fc.oneof(
          fc.constantFrom("multipart/form-data; boundary=x", "multipart/form-data", `${formType};charset=utf-7`),
          text,
        ),
      ),
      host: text,
      accept: text,
      cookie: text,
      "sec-fetch-site": fc.constantFrom("same-origin", "cross-site", "none"),
      "x-forwarded-for": text,
      "x-forwarded-host": text,
      "x-forwarded-proto": text,
      "content-encoding": fc.constantFrom("identity", "gzip", "x"),
      "if-none-match": text,
      range: text,
    },
    { requiredKeys: ["origin", "content-type"] },
  );
  const path = text.map((value) => `/${value.replaceAll(" ", "+")}`);
  const body = fc.oneof(
    fc.constantFrom(
      "title=Tea&body=hot",
      "title=&body=",
      "title=a&title=b",
      "title=%00",
      "title[0].x=1&body=x",
      "b".repeat(3000),
    ),
    fc.string({ unit: "binary" }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  return fc.record({
    method: often("POST", fc.constantFrom("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")),
    target: often("/posts/new", path),
    headers,
    body,
  });
}
