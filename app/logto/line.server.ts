// The line to Logto: bounded waits and a circuit breaker, shared by everything that talks to it.
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleType } from "cockatiel";
import { LogtoRefused, LogtoUnavailable } from "./outcome.server";

/** Sends one request. Throws LogtoRefused for a 4xx answer (but 429) and LogtoUnavailable for everything else that is no usable answer. */
export type Line = (url: string | URL, init?: LineRequest) => Promise<unknown>;
/** `onHeaders` hears the headers of an answer that is not thrown: a list's length is in one. */
export type LineRequest = RequestInit & { onHeaders?: (headers: Headers) => void };

/** What is a no of Logto's mail, although its status (429, 501) says elsewhere that Logto is in trouble. */
const mailRefusals = ["request.message_rate_limited", "connector.not_found"];

export interface LineOptions {
  /** Milliseconds a try may take. Two tries fit into the 3 s for which Logto takes a rotated refresh token again. */
  patience?: number;
  /** Failures in a row that open the circuit, and milliseconds until one request may try again. */
  failures?: number;
  pause?: number;
}

/** @returns a line that answers parsed JSON, or undefined for an empty body. */
export function createLine({ patience = 1_400, failures = 8, pause = 2_000 }: LineOptions = {}): Line {
  const breaker = circuitBreaker(handleType(LogtoUnavailable), {
    halfOpenAfter: pause,
    breaker: new ConsecutiveBreaker(failures),
  });

  return (url, init) =>
    breaker
      .execute(() => send(url, { ...init, signal: AbortSignal.timeout(patience), redirect: "error" }))
      .catch((error: unknown) => {
        throw error instanceof BrokenCircuitError ? new LogtoUnavailable("The circuit to Logto is open") : error;
      });
}

async function send(url: string | URL, { onHeaders, ...init }: LineRequest): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch (error) {
    throw new LogtoUnavailable("Logto did not answer", { cause: error });
  }
  const body = parse(text);
  const code = codeOf(body);
  if ((response.status === 429 || response.status >= 500) && !mailRefusals.includes(code))
    throw new LogtoUnavailable(`Logto answered ${response.status}`);
  if (!response.ok) throw new LogtoRefused(response.status, code);
  if (body === unreadable) throw new LogtoUnavailable("Logto's answer is not JSON");
  onHeaders?.(response.headers);
  return body;
}

const unreadable = Symbol("unreadable");

function parse(text: string): unknown {
  if (text === "" || text === "Created" || text === "OK") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

/** OIDC endpoints name the fault in `error` (RFC 6749), the Management API in `code`. */
function codeOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  if ("error" in body && typeof body.error === "string") return body.error;
  return "code" in body && typeof body.code === "string" ? body.code : "";
}
