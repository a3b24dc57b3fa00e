import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createLine } from "./line.server";
import { LogtoRefused, LogtoUnavailable } from "./outcome.server";

let server: Server | undefined;
afterEach(() => void server?.close().closeAllConnections());

async function logtoThat(answers: RequestListener): Promise<string> {
  server = createServer(answers);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("an answer is its JSON, and an empty one is nothing", async () => {
  const url = await logtoThat(
    (request, response) =>
      void response.writeHead(request.method === "GET" ? 200 : 204).end(request.method === "GET" ? '{"id":1}' : ""),
  );
  const line = createLine();
  expect(await line(url)).toEqual({ id: 1 });
  expect(await line(url, { method: "DELETE" })).toBeUndefined();
});

test("Logto's no keeps its status and its code, and drops its message", async () => {
  const url = await logtoThat(
    (_request, response) =>
      void response.writeHead(422).end('{"code":"entity.not_found","message":"Authorization: Bearer secret"}'),
  );
  const refused = await createLine()(url).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LogtoRefused);
  expect(refused).toMatchObject({ status: 422, code: "entity.not_found" });
  expect(String(refused)).not.toContain("secret");
});

test.each([
  ["429", (response: Parameters<RequestListener>[1]) => void response.writeHead(429).end("{}")],
  ["500", (response: Parameters<RequestListener>[1]) => void response.writeHead(500).end("{}")],
  ["broken JSON", (response: Parameters<RequestListener>[1]) => void response.writeHead(200).end('{"id":')],
  ["a cut connection", (response: Parameters<RequestListener>[1]) => void response.destroy()],
  [
    "a redirect",
    (response: Parameters<RequestListener>[1]) => void response.writeHead(302, { location: "/elsewhere" }).end(),
  ],
])("%s is no answer", async (_name, answer) => {
  const url = await logtoThat((_request, response) => answer(response));
  await expect(createLine()(url)).rejects.toBeInstanceOf(LogtoUnavailable);
});

test("a Logto that does not answer is not waited for", async () => {
  const url = await logtoThat(() => {});
  await expect(createLine({ patience: 50 })(url)).rejects.toBeInstanceOf(LogtoUnavailable);
});

test("after failures in a row nothing is sent any more, until one request may try again and finds Logto back", async () => {
  let sent = 0;
  let broken = true;
  const url = await logtoThat((_request, response) => {
    sent += 1;
    response.writeHead(broken ? 503 : 200).end("{}");
  });
  const line = createLine({ failures: 3, pause: 20 });
  for (let round = 0; round < 3; round += 1) await expect(line(url)).rejects.toBeInstanceOf(LogtoUnavailable);
  await expect(line(url)).rejects.toBeInstanceOf(LogtoUnavailable);
  expect(sent).toBe(3);
  broken = false;
  await expect.poll(() => line(url).catch(() => "still away")).toEqual({});
});

test("a no is an answer: it opens no circuit", async () => {
  let sent = 0;
  const url = await logtoThat((_request, response) => {
    sent += 1;
    response.writeHead(403).end("{}");
  });
  const line = createLine({ failures: 3 });
  for (let round = 0; round < 6; round += 1) await expect(line(url)).rejects.toBeInstanceOf(LogtoRefused);
  expect(sent).toBe(6);
});
