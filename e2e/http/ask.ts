// One request over HTTP, written as it is given, and the whole answer: nothing is followed, tidied or kept.
import { request } from "node:http";

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  /** As they came: names in lower case, in their order, and as often as they were sent. */
  headers: [name: string, value: string][];
  text: string;
}

/** Every request has a connection of its own, so that none meets one that the server is just closing. */
export function ask(baseUrl: string, target: string, { method = "GET", headers = {}, body }: Asking = {}) {
  const { port, host } = new URL(baseUrl);
  return new Promise<Answer>((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      path: target,
      method,
      // Node does not say the length of what DELETE and its like send, and a body of no length is the next request.
      headers: { Host: host, ...(body && { "Content-Length": String(Buffer.byteLength(body)) }), ...headers },
      agent: false,
    };
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: answer.statusCode ?? 0, headers: pairsOf(answer.rawHeaders), text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The first value, or "" when the header did not come. */
export function header({ headers }: Answer, name: string): string {
  return headers.find(([known]) => known === name)?.[1] ?? "";
}

/** Of the answer's content security policy; "" when it has none. */
export function nonceOf(answer: Answer): string {
  return /'nonce-([\w-]+)'/.exec(header(answer, "content-security-policy"))?.[1] ?? "";
}

/** A page says when it was read, to the millisecond. */
export function withoutMoment(page: string): string {
  return page.replace(/(?<=readAt\\?",\[\\?"D\\?",)\d{13}/, "<then>");
}

const ofTheMoment = new Set(["date", "x-request-id"]);

/** Everything that an answer tells, without the moment it was made in: its nonce, when it was read and what the request asked for have stand-ins. */
export function told(answer: Answer, ...asked: string[]): string {
  const headers = answer.headers.filter(([name]) => !ofTheMoment.has(name)).map(([name, value]) => `${name}: ${value}`);
  const whole = [answer.status, ...headers, "", withoutMoment(answer.text)].join("\n");
  const standIns = [nonceOf(answer), ...asked].filter(Boolean).entries();
  return [...standIns].reduce((text, [index, value]) => text.replaceAll(value, `<${index}>`), whole);
}

function pairsOf(raw: string[]): [string, string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""]] : []));
}
