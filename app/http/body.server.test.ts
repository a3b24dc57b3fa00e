import { gzipSync } from "node:zlib";
import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { appOrigin, raw, serveDoor } from "./serve-in-test";

const headers = { origin: appOrigin, accept: "text/html" };
const reached = (text: string): unknown => JSON.parse(text);

describe("the body of a request", () => {
  it("arrives whole as one Buffer, whatever its type", async () => {
    const { url } = await serveDoor();
    for (const type of ["application/x-www-form-urlencoded", "application/json", "image/png", ";;"]) {
      const answer = await raw(url, {
        method: "POST",
        headers: { ...headers, "content-type": type },
        body: Buffer.alloc(100_000),
      });
      expect(reached(answer.text)).toMatchObject({ bytes: 100_000 });
    }
  });

  it("is absent when none was sent, and with GET", async () => {
    const { url } = await serveDoor();
    expect(reached((await raw(url, { method: "POST", headers })).text)).toEqual({ reached: "POST", path: "/" });
    expect(
      reached((await raw(url, { method: "GET", headers: { ...headers, "content-length": 1 }, body: "x" })).text),
    ).toEqual({
      reached: "GET",
      path: "/",
    });
  });

  it("may be as long as the limit and not a byte longer", async () => {
    const { url } = await serveDoor({ bodyLimit: 1024 * 1024 });
    const fits = await raw(url, { method: "POST", headers, body: Buffer.alloc(1024 * 1024) });
    expect(reached(fits.text)).toMatchObject({ bytes: 1024 * 1024 });
    const tooLong = await raw(url, { method: "POST", headers, body: Buffer.alloc(1024 * 1024 + 1) });
    expect(tooLong.status).toBe(413);
    expect(tooLong.text).toContain("At most 1 MB can be sent at once. Nothing was changed.");
    expect(tooLong.text).toContain("Go back, make it shorter and send it again.");
  });

  it("is measured, too, when it comes in pieces and does not say how long it is", async () => {
    const { url } = await serveDoor({ bodyLimit: 1024 });
    const pieces = { ...headers, "transfer-encoding": "chunked" };
    expect((await raw(url, { method: "POST", headers: pieces, body: Buffer.alloc(200_000) })).status).toBe(413);
    expect((await raw(url, { method: "POST", headers: pieces, body: Buffer.alloc(1024) })).status).toBe(200);
  });

  it("is not unpacked: a compressed one gets 415", async () => {
    const { url } = await serveDoor();
    for (const encoding of ["gzip", "br", "x-odd"]) {
      const answer = await raw(url, {
        method: "POST",
        headers: { ...headers, "content-encoding": encoding },
        body: gzipSync("x"),
      });
      expect(answer.status).toBe(415);
      expect(answer.text).toContain("compressed");
    }
  });

  it("that ends early never reaches a handler, and the next request is served", async () => {
    const { url, port, logged } = await serveDoor();
    const socket = connect(port, "127.0.0.1");
    socket.write(`POST /posts/new HTTP/1.1\r\nHost: x\r\nOrigin: ${appOrigin}\r\nContent-Length: 100\r\n\r\nhalf`);
    socket.end();
    socket.resume();
    await once(socket, "close");
    expect((await raw(url, { method: "POST", headers, body: "whole" })).status).toBe(200);
    expect(logged().filter(({ status }) => status === 500)).toEqual([]);
  });
});
