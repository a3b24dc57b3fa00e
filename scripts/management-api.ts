// Logto's Management API as the scripts use it: any path, answers checked by a schema, writes counted.
import { z } from "zod";
import { createLine } from "../app/logto/line.server";
import { LogtoRefused, LogtoUnavailable } from "../app/logto/outcome.server";

export interface Machine {
  appId: string;
  appSecret: string;
}

export interface ManagementApiOptions {
  endpoint: string;
  machine: Machine;
  /** Audience of the Management API. */
  resource: string;
}

export const defaultResource = "https://default.logto.app/api";

const pageSize = 100;
/** Every request has a connection of its own, so that none meets one that Logto is just closing: nothing is tried twice. */
const ownConnection = { Connection: "close" };
const Token = z.object({ access_token: z.string(), expires_in: z.number(), scope: z.string().optional() });

/** The machine application may get a token, but not one for the Management API. */
export class MissingManagementRole extends Error {
  override name = "MissingManagementRole";
}

/**
 * Paths are those below `<endpoint>/api`. Every call throws LogtoRefused (status and code, never Logto's message: it may hold secrets) or
 * LogtoUnavailable. Nothing is tried twice.
 * @see https://openapi.logto.io
 */
export type ManagementApi = ReturnType<typeof createManagementApi>;

export function createManagementApi({ endpoint, machine, resource }: ManagementApiOptions) {
  const line = createLine({ patience: 15_000 });
  const basic = Buffer.from(`${encodeURIComponent(machine.appId)}:${encodeURIComponent(machine.appSecret)}`);
  let token: { value: string; until: number } | undefined;
  let writes = 0;

  async function accessToken(): Promise<string> {
    if (token && token.until > Date.now()) return token.value;
    const answer = await line(`${endpoint}/oidc/token`, {
      method: "POST",
      headers: { ...ownConnection, Authorization: `Basic ${basic.toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource, scope: "all" }),
    });
    const { access_token, expires_in, scope } = parse(Token, answer, "/oidc/token");
    // Logto gives a machine without the role a token all the same, only without the scope.
    if (scope !== "all") throw new MissingManagementRole(`No scope "all" in the token for ${resource}`);
    token = { value: access_token, until: Date.now() + (expires_in - 60) * 1_000 };
    return access_token;
  }

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const authorization = { Authorization: `Bearer ${await accessToken()}`, "Content-Type": "application/json" };
    const headers = { ...ownConnection, ...authorization };
    return line(`${endpoint}/api${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async function get<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
    return parse(schema, await call("GET", path), path);
  }

  return {
    get,

    /** Undefined when Logto says that there is no such thing (404). */
    async find<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T> | undefined> {
      try {
        return await get(path, schema);
      } catch (error) {
        if (error instanceof LogtoRefused && error.status === 404) return undefined;
        throw error;
      }
    },

    /** Every page of a list. */
    async list<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>[]> {
      const all: z.infer<T>[] = [];
      for (let page = 1; ; page += 1) {
        const query = `${path.includes("?") ? "&" : "?"}page=${page}&page_size=${pageSize}`;
        const found = await get(path + query, z.array(schema));
        all.push(...found);
        if (found.length < pageSize) return all;
      }
    },

    async write(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown> {
      writes += 1;
      return call(method, path, body);
    },

    /** How many writes were sent. */
    writes: () => writes,
  };
}

function parse<T extends z.ZodType>(schema: T, answer: unknown, path: string): z.infer<T> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new LogtoUnavailable(`Logto's answer to ${path} has an unexpected shape`);
}
