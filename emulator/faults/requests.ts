// Faults of requests, applied around the whole server: what listens behind it does not know of them.
import { IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Faults } from "./faults";
import type { ActiveRule } from "./rules";
import type { Resign } from "./tokens";
import { carriedOut } from "./carried-out";

interface Parts {
  faults: Faults;
  /** Signs the tokens of an answer anew, wrongly. */
  resign: Resign;
  /** Nothing listens on the port for so many milliseconds. */
  stopListening(milliseconds: number): void;
}

const largestBody = 1_000_000;

/** Reads a body and gives a request that can be read again. @throws Error with status 413 beyond a megabyte */
export async function readAhead(request: IncomingMessage): Promise<{ body: Buffer; request: IncomingMessage }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > largestBody) throw Object.assign(new Error("The body is too large."), { status: 413 });
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  return { body, request: again(request, body, request.headers) };
}

/** The same request with another body and other headers. */
export function again(request: IncomingMessage, body: Buffer, headers: IncomingMessage["headers"]): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders } = request;
  Object.assign(copy, { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders, complete: true });
  copy.headers = { ...headers, "content-length": String(body.length) };
  delete copy.headers["transfer-encoding"];
  copy.push(body);
  copy.push(null);
  return copy;
}

export function withFaults({ faults, resign, stopListening }: Parts, serve: RequestListener) {
  return async (original: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = original.url ?? "/";
    // The controls must work whatever is switched on.
    if (path.startsWith("/emulator") || faults.list().length === 0) return serve(original, response);
    const { request, body } = faults.readsBodies() ? await readAhead(original) : { request: original, body: undefined };
    const text = body?.toString();
    const asked = { method: request.method, path, body: text, grantType: grantTypeOf(text) };
    const rule = faults.ofRequest(asked);
    if (!rule) return serve(request, response);
    await apply(rule, request, response);
  };

  async function apply(rule: ActiveRule, request: IncomingMessage, response: ServerResponse) {
    const changesAnswer = ["malformed", "wrong-key", "skew"].includes(rule.kind);
    if (rule.kind === "slow" && rule.when === "before") {
      await sleep(rule.delayMs ?? 1000);
      return serve(request, response);
    }
    if (rule.when === "before" && !changesAnswer) return spoil(rule, response);
    const { body, send } = await carriedOut(serve, request, response);
    if (rule.kind === "slow") await sleep(rule.delayMs ?? 1000);
    if (rule.kind === "slow") return send(body);
    if (rule.kind === "malformed") return send(body.subarray(0, Math.max(1, Math.floor(body.length / 2))));
    if (rule.kind === "wrong-key") return send(await resign(body, { wrongKey: true }));
    if (rule.kind === "skew") return send(await resign(body, { seconds: rule.seconds }));
    return spoil(rule, response);
  }

  async function spoil(rule: ActiveRule, response: ServerResponse) {
    if (rule.kind !== "refused" && rule.delayMs) await sleep(rule.delayMs);
    if (rule.kind === "hang") return;
    if (rule.kind === "refused") stopListening(rule.delayMs ?? 1000);
    if (rule.kind !== "status") return void response.socket?.resetAndDestroy();
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    const answer = rule.answer ?? { message: rule.status === 429 ? "Too many requests." : "Internal server error." };
    response.statusCode = rule.status;
    for (const [name, value] of Object.entries(rule.headers)) response.setHeader(name, value);
    if (typeof answer === "string") response.end(answer);
    else response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  }
}

function grantTypeOf(body: string | undefined): string | undefined {
  if (!body) return undefined;
  const match = /(?:^|&)grant_type=([^&]*)|"grant_type"\s*:\s*"([^"]*)"/.exec(body);
  return match ? decodeURIComponent(match[1] ?? match[2] ?? "") : undefined;
}
