// Hands a request to a server in this process, without a socket, and waits for the whole answer.
import { once } from "node:events";
import { IncomingMessage, ServerResponse, type Server } from "node:http";
import { Duplex } from "node:stream";
import type { Answer, Asking } from "../../http/ask";

/** Everything that a connection's other end would hear. */
class Line extends Duplex {
  readonly heard: Buffer[] = [];
  readonly remoteAddress = "127.0.0.1";
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.heard.push(chunk);
    done();
  }
}

export async function inject(server: Server, target: string, asking: Asking = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body } = asking;
  const line = new Line();
  const request = new IncomingMessage(line as never); // of a socket it needs the address alone
  const sent = { ...headers, ...(body && { "content-length": String(Buffer.byteLength(body)) }) };
  Object.assign(request, {
    method,
    url: target,
    httpVersion: "1.0",
    httpVersionMajor: 1,
    httpVersionMinor: 0,
    complete: true,
  });
  for (const [name, value] of Object.entries(sent)) {
    request.headers[name.toLowerCase()] = value;
    request.rawHeaders.push(name, value);
  }
  if (body) request.push(body);
  request.push(null);

  const response = new ServerResponse(request);
  response.sendDate = false;
  response.assignSocket(line as never);
  const finished = once(response, "finish");
  server.emit("request", request, response);
  await finished;
  response.emit("close");
  return read(Buffer.concat(line.heard));
}

function read(whole: Buffer): Answer {
  const end = whole.indexOf("\r\n\r\n");
  const [first = "", ...lines] = whole.subarray(0, end).toString("latin1").split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(" ")[1]), headers, text: whole.subarray(end + 4).toString("utf8") };
}
