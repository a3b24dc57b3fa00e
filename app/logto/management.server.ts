// The part of Logto's Management API that the app uses, as a machine-to-machine application.
import { z } from "zod";
import type { Line } from "./line.server";
import { LogtoRefused, LogtoUnavailable } from "./outcome.server";

const Organization = z.object({ id: z.string(), name: z.string() });
const RoleReference = z.object({ id: z.string(), name: z.string() });
const Role = RoleReference.extend({ type: z.string(), scopes: z.array(RoleReference) });
const Token = z.object({ access_token: z.string(), expires_in: z.number() });

export type LogtoOrganization = z.infer<typeof Organization>;
export type LogtoRole = z.infer<typeof Role>;

export interface ManagementOptions {
  endpoint: string;
  /** Audience of the Management API, `https://default.logto.app/api` unless Logto is configured otherwise. */
  resource: string;
  appId: string;
  appSecret: string;
  line: Line;
}

/**
 * Every function throws LogtoRefused (a status and a code) or LogtoUnavailable. Reads are tried twice, writes once: a write that got no answer may
 * have happened, and only its caller knows how to find out.
 * @see https://openapi.logto.io
 */
export type Management = ReturnType<typeof createManagement>;

export function createManagement({ endpoint, resource, appId, appSecret, line }: ManagementOptions) {
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

  async function call(
    method: string,
    path: string,
    body?: unknown,
    tries = method === "GET" ? 2 : 1,
  ): Promise<unknown> {
    const Authorization = `Bearer ${await accessToken()}`;
    const used = held;
    try {
      return await line(`${endpoint}/api${path}`, {
        method,
        headers: { Authorization, "Content-Type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const rejected = error instanceof LogtoRefused && error.status === 401; // the secret was rotated, or Logto set up anew
      if (rejected) forget(used);
      const worthAnother = rejected || (error instanceof LogtoUnavailable && tries > 1);
      if (!worthAnother || tries < 1) throw error;
      return call(method, path, body, rejected ? 0 : tries - 1);
    }
  }

  return {
    /** Organizations whose name is exactly `name`. Names need not be unique, and `q` alone is a pattern over parts of names. */
    async organizationsNamed(name: string): Promise<LogtoOrganization[]> {
      const found = read(
        z.array(Organization),
        await call("GET", `/organizations?${new URLSearchParams({ q: name })}`),
      );
      return found.filter((organization) => organization.name === name);
    },

    async createOrganization(name: string): Promise<LogtoOrganization> {
      return read(Organization, await call("POST", "/organizations", { name }));
    },

    async renameOrganization(organizationId: string, name: string): Promise<LogtoOrganization> {
      return read(Organization, await call("PATCH", `/organizations/${segment(organizationId)}`, { name }));
    },

    /** Its members, roles and invitations go with it. True also when it was gone already. */
    async deleteOrganization(organizationId: string): Promise<void> {
      await call("DELETE", `/organizations/${segment(organizationId)}`).catch(unlessMissing);
    },

    /** Can be repeated: a member stays one. */
    async addMember(organizationId: string, logtoUserId: string): Promise<void> {
      await call("POST", `/organizations/${segment(organizationId)}/users`, { userIds: [logtoUserId] });
    },

    /** Can be repeated: roles are added to those that are held. */
    async giveRoles(organizationId: string, logtoUserId: string, organizationRoleIds: string[]): Promise<void> {
      const path = `/organizations/${segment(organizationId)}/users/${segment(logtoUserId)}/roles`;
      await call("POST", path, { organizationRoleIds });
    },

    /** The person's organizations, in no order. Throws LogtoRefused 404 for an unknown person. */
    async organizationsOf(logtoUserId: string): Promise<LogtoOrganization[]> {
      return read(z.array(Organization), await call("GET", `/users/${segment(logtoUserId)}/organizations`));
    },

    /** The roles of the organization template, with the permissions (Logto calls them scopes) of each. */
    async organizationRoles(): Promise<LogtoRole[]> {
      return read(z.array(Role), await call("GET", "/organization-roles?page_size=100"));
    },
  };
}

/** An answer of another shape is no answer: nothing is decided on it. */
function read<T extends z.ZodType>(schema: T, answer: unknown): z.infer<T> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new LogtoUnavailable("Logto's answer has an unexpected shape");
  return parsed.data;
}

const segment = encodeURIComponent;

function unlessMissing(error: unknown): void {
  if (!(error instanceof LogtoRefused && error.status === 404)) throw error;
}
