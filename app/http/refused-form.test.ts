import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { isFromDoor, refusedForm } from "./refused-form";
import { refusalResponse, unavailable } from "./responses.server";
import { appOrigin, serveDoor } from "./serve-in-test";
import { tooMany } from "./sentences";

type Decode = (
  body: ReadableStream,
  options: { plugins: unknown[] },
) => Promise<{ value: unknown; done: Promise<void> }>;

// Remix's own copy of the decoder, given what Remix gives it.
const { decode }: { decode: Decode } = createRequire(createRequire(import.meta.url).resolve("@remix-run/react"))(
  "turbo-stream",
);
const errorResponse = (type: string, data: unknown, status: unknown, statusText: unknown) =>
  type === "ErrorResponse" && { value: { data, status, statusText } };

async function readByRemix(answer: Response): Promise<unknown> {
  if (!answer.body) throw new Error("There is no body.");
  const { value, done } = await decode(answer.body, { plugins: [errorResponse] });
  await done;
  return value;
}

describe("a form that the door refuses, sent by the page in the browser", () => {
  it("reaches the page as a thrown refusal with everything that Ada typed", async () => {
    const fields: [string, string][] = [
      ["_organization", "acme"],
      ["title", "Tea & “cake”\n"],
      ["tags", "a"],
      ["tags", "b"],
      ["empty", ""],
    ];
    const sent = new Request(`${appOrigin}/posts/new.data`, { method: "POST", body: new URLSearchParams(fields) });
    const refusal = tooMany({ retryAfter: 7 });
    const answer = await refusedForm(sent, refusalResponse(refusal), "/posts/new");
    expect(answer.status).toBe(429);
    expect(await readByRemix(answer)).toEqual({
      error: { status: 429, statusText: refusal.title, data: { ...refusal, kept: { action: "/posts/new", fields } } },
    });
  });

  it("brings a chosen file along as its text, and leaves out one that is none", async () => {
    const body = new FormData();
    body.append("file", new File(["ann@example.com"], "people.csv"));
    body.append("picture", new File([new Uint8Array([0xff, 0])], "x.png"));
    const sent = new Request(`${appOrigin}/members/invite.data`, { method: "POST", body });
    const answer = await refusedForm(sent, refusalResponse(tooMany({ retryAfter: 7 })), "/members/invite");
    const kept = { action: "/members/invite", fields: [["file", "ann@example.com"]] };
    expect(await readByRemix(answer)).toMatchObject({ error: { data: { kept } } });
  });

  it("is told apart from what Remix itself answers", async () => {
    const { url } = await serveDoor({}, (app) => {
      app.get("/remix.data", (_request, response) => void response.status(503).type("text/x-script").end("[]"));
    });
    expect(isFromDoor(await fetch(`${url}/posts/new.data`, { method: "POST" }))).toBe(true);
    expect(isFromDoor(await fetch(`${url}/remix.data`))).toBe(false);
    expect(isFromDoor(await fetch(`${url}/posts`))).toBe(false);
    expect(isFromDoor(unavailable())).toBe(true);
  });

  it("is an error like any other when the answer says nothing that we know", async () => {
    const sent = new Request(appOrigin, { method: "POST", body: new URLSearchParams() });
    await expect(refusedForm(sent, Response.json({}, { status: 502 }), "/")).rejects.toThrow("answered 502");
  });
});
