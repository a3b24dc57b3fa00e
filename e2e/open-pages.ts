// Somebody with a page open, on the ground: Atrium's event stream and webhook over real HTTP, beside the guards that their requests pass.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { z } from "zod";
import { eventRoutes } from "../app/events.server";
import { readFields } from "../app/http/form.server";
import { createStreams } from "../app/live/streams.server";
import { webhookDoor } from "../app/logto/webhook.server";
import { createRounds } from "../app/models/rounds.server";
import { paths } from "../app/paths";
import type { App, Ground, Person } from "./ground";
import { listen, type Listener } from "./http/listener";
import { createVisitor } from "./http/visitor";
import type { Walker } from "./walker";

export type OpenPages = Awaited<ReturnType<typeof openPages>>;

const Hook = z.object({ id: z.string(), signingKey: z.string() });

/** The doors of one app. `webhooks: false`: Logto's are all lost. */
export async function openPages(ground: Ground, app: App, { webhooks }: { webhooks: boolean }) {
  const bugs: unknown[] = [];
  const logBug = (error: unknown) => void bugs.push(error);
  const now = () => Date.now() + app.clock.ahead;
  const streams = createStreams({ feed: app.feed, ...app.auth.watch, logBug });
  const rounds = createRounds({ reconciliation: app.reconciliation, watched: streams.organizations, now, logBug });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4_096, resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const wanted = { name: "open pages", events: names, config: { url: baseUrl + paths.logtoWebhook } };
  const hook = webhooks ? Hook.parse(await ground.api.write("POST", "/hooks", wanted)) : undefined;
  const hints = { followed: 0, wake: () => {} };

  const doors = express().use(express.raw({ type: () => true, limit: "2mb" }));
  const follow: App["follow"] = async (hint) => {
    await app.follow(hint);
    hints.followed += 1;
    hints.wake();
  };
  const log = { info() {}, warn() {} };
  if (hook) doors.post(paths.logtoWebhook, webhookDoor({ signingKey: hook.signingKey, log, now, follow }));
  doors.use(
    eventRoutes({
      auth: app.auth,
      streams,
      landed: app.landed,
      requestOf: (request) => ({
        asked: {
          transport: "data",
          method: request.method,
          path: request.path,
          cookie: request.headers.cookie,
          from: { address: "127.0.0.1", userAgent: null },
          pageOrganization: async () => undefined,
          kept: async () => undefined,
          identified: () => {},
          denied: () => {},
          guarded: () => {},
          consume: async () => {},
        },
        fields: () =>
          readFields(request.body instanceof Buffer ? request.body : undefined, request.get("content-type")),
      }),
    }),
  );
  server.on("request", doors);
  const opened: Listener[] = [];

  return {
    streams,
    rounds,
    bugs,
    signingKey: hook?.signingKey ?? "",
    webhookUrl: baseUrl + paths.logtoWebhook,

    /** Does something at Logto, and waits until as many of its webhooks as that fires have been followed. */
    async told(count: number, act: () => Promise<unknown>): Promise<void> {
      const until = hints.followed + count;
      await act();
      if (!hook) return;
      while (hints.followed < until) await new Promise<void>((resolve) => (hints.wake = resolve));
    },

    /** Signs in, goes to that organization, and keeps a page of it open until the listener closes it. */
    async open(person: Person, organization: string): Promise<{ browser: Walker; listener: Listener }> {
      const browser = await app.signIn(person);
      const row = await app.sessionOf(browser);
      await app.auth.sessions.activate(row?.idHash ?? "", organization);
      await app.guards(browser).requireMember("posts.list");
      const visitor = createVisitor(baseUrl, {
        ...person,
        cookie: browser.cookies(ground.origin),
        organization: { id: organization, name: "" },
      });
      const listener = await listen(baseUrl, visitor);
      await listener.next("ready");
      opened.push(listener);
      return { browser, listener };
    },

    async close(): Promise<void> {
      if (hook) await ground.api.write("DELETE", `/hooks/${hook.id}`);
      for (const listener of opened) listener.close();
      streams.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const names = [
  "Organization.Data.Updated",
  "Organization.Deleted",
  "Organization.Membership.Updated",
  "OrganizationRole.Data.Updated",
  "OrganizationRole.Scopes.Updated",
  "OrganizationScope.Created",
  "User.SuspensionStatus.Updated",
  "User.Data.Updated",
  "User.Deleted",
];
