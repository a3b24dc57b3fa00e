// The app's own way into Logto's Management API: a machine's token, kept while it is good, and calls that say when there is no answer.
import { z } from "zod";
import type { Line } from "./line.server";
import { LogtoRefused, LogtoUnavailable } from "./outcome.server";

const Token = z.object({ access_token: z.string(), expires_in: z.number() });

export interface MachineOptions {
  endpoint: string;
  /** Audience of the Management API, `https://default.logto.app/api` unless Logto is configured otherwise. */
  resource: string;
  appId: string;
  appSecret: string;
  line: Line;
  /** For the calls that end when a mail has been handed over, which takes longer than anything else. */
  mailLine?: Line;
}

/** Calls throw LogtoRefused (a status and a code) or LogtoUnavailable. Paths are those below `<endpoint>/api`. */
export type Machine = ReturnType<typeof createMachine>;

export function createMachine({ endpoint, resource, appId, appSecret, line, mailLine = line }: MachineOptions) {
  const basic = Buffer.from(`${encodeURIComponent(appId)}:${encodeURIComponent(appSecret)}`).toString("base64");
  let held: Promise<{ token: string; until: number }> | undefined;

  /** The machine's own access token: an hour long, so it is kept, and asked for once however many need it. */
  async function accessToken(): Promise<string> {
    const asked = (held ??= fetchToken());
    const answer = await asked.catch((error: unknown) => {
      forget(asked);
      throw error;
    });
    if (answer.until > Date.now()) return answer.token;
    forget(asked);
    return accessToken();
  }

  async function fetchToken(tries = 2): Promise<{ token: string; until: number }> {
    try {
      const answer = await line(`${endpoint}/oidc/token`, {
        method: "POST",
        headers: { Authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource, scope: "all" }),
      });
      const { access_token, expires_in } = read(Token, answer);
      return { token: access_token, until: Date.now() + Math.max(expires_in - 60, 1) * 1_000 };
    } catch (error) {
      if (!(error instanceof LogtoUnavailable) || tries === 1) throw error;
      return fetchToken(tries - 1);
    }
  }

  function forget(asked: typeof held) {
    if (held === asked) held = undefined;
  }

  /** Reads are tried twice, writes once. */
  async function call(method: string, path: string, options: Call = {}): Promise<unknown> {
    const { body, mails = false, onHeaders, tries = method === "GET" ? 2 : 1 } = options;
    const Authorization = `Bearer ${await accessToken()}`;
    const used = held;
    try {
      return await (mails ? mailLine : line)(`${endpoint}/api${path}`, {
        method,
        headers: { Authorization, "Content-Type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(onHeaders && { onHeaders }),
      });
    } catch (error) {
      const rejected = error instanceof LogtoRefused && error.status === 401; // the secret was rotated, or Logto set up anew
      if (rejected) forget(used);
      const worthAnother = rejected || (error instanceof LogtoUnavailable && tries > 1);
      if (!worthAnother || tries < 1) throw error;
      return call(method, path, { ...options, tries: rejected ? 0 : tries - 1 });
    }
  }

  /** One page of a list, and how long the list is. */
  async function page<T extends z.ZodType>(path: string, query: Record<string, string>, schema: T) {
    let total: string | null = null;
    const onHeaders = (headers: Headers) => (total = headers.get("Total-Number"));
    const rows = read(z.array(schema), await call("GET", `${path}?${new URLSearchParams(query)}`, { onHeaders }));
    return { rows, total: read(z.coerce.number().int(), total ?? undefined) };
  }

  return { call, page };
}

interface Call {
  body?: unknown;
  /** Whether it ends when a mail has been handed over. */
  mails?: boolean;
  onHeaders?: (headers: Headers) => void;
  tries?: number;
}

/** An answer of another shape is no answer: nothing is decided on it. */
export function read<T extends z.ZodType>(schema: T, answer: unknown): z.infer<T> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new LogtoUnavailable("Logto's answer has an unexpected shape");
  return parsed.data;
}
