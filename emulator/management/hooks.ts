// /hooks: webhooks, their keys and the log of their deliveries.
import { z } from "zod";
import type { Store, Table } from "../database/store";
import { LogtoError, notExists, notExistsWithId, notFound } from "../errors";
import { longId, secret } from "../ids";
import { type Hook, type Webhooks, hookTable } from "../webhooks/webhooks";
import { type Route, created, empty, list, ok, route } from "./api";
import { refuseNothing } from "./validation";

const suffixes: Record<string, readonly string[]> = {
  User: ["Created", "Deleted", "Data.Updated", "SuspensionStatus.Updated"],
  Role: ["Created", "Deleted", "Data.Updated", "Scopes.Updated"],
  Scope: ["Created", "Deleted", "Data.Updated"],
  Organization: ["Created", "Deleted", "Data.Updated", "Membership.Updated"],
  OrganizationRole: ["Created", "Deleted", "Data.Updated", "Scopes.Updated"],
  OrganizationScope: ["Created", "Deleted", "Data.Updated"],
};
export const eventNames = [
  ...["PostRegister", "PostSignIn", "PostSignInAdaptiveMfaTriggered", "PostResetPassword"],
  ...["Identifier.Lockout", "Grant.Revoked"],
  ...Object.entries(suffixes).flatMap(([noun, names]) => names.map((name) => `${noun}.${name}`)),
];

const Events = z
  .array(z.enum(eventNames as [string, ...string[]]))
  .min(1)
  .transform((events) => [...new Set(events)]);
const Config = z.object({ url: z.string(), headers: z.record(z.string(), z.string()).optional() });
const NewHook = z.object({
  name: z.string().max(256).optional(),
  events: Events.optional(),
  config: Config,
  enabled: z.boolean().optional(),
});
const logTable: Table = { name: "hook_logs", json: ["payload"] };
const day = 24 * 60 * 60 * 1000;

export function hookRoutes(store: Store, webhooks: Webhooks): Route[] {
  const find = (id: string) => store.find<Hook>(hookTable, "select * from hooks where id = ?", id);
  const since = () => Date.now() - day;

  function withStats(hook: Hook) {
    const count = (condition: string) =>
      store.value<number>(
        `select count(*) from hook_logs where hook_id = ? and created_at > ? and ${condition}`,
        hook.id,
        since(),
      );
    const successCount = count("json_extract(payload, '$.result') = 'Success'");
    return { ...hook, executionStats: { successCount, requestCount: count("1") } };
  }

  return [
    route("get", "/hooks", { paged: "asked" }, (call) => {
      const query = { table: hookTable, from: "hooks", order: "created_at desc, rowid desc" };
      const stats = ["1", "true"].includes(call.query.get("includeExecutionStats") ?? "");
      return stats ? list<Hook>(store, call, query, withStats) : list(store, call, query);
    }),
    route("post", "/hooks", { body: NewHook }, ({ body }) => {
      if (!body.events) throw new LogtoError(400, "hook.missing_events");
      const made = { name: "", ...body, id: longId(), signingKey: secret(), createdAt: Date.now() };
      return created(store.insert<Hook>(hookTable, made));
    }),
    route("get", "/hooks/:id", {}, ({ params: { id = "" } }) => {
      const hook = find(id);
      if (!hook) throw notExistsWithId("hooks", id);
      return ok(hook);
    }),
    route("patch", "/hooks/:id", { body: NewHook.partial() }, ({ params: { id = "" }, body }) => {
      refuseNothing(body);
      const hook = store.update<Hook>(hookTable, id, body);
      if (!hook) throw notExists("hook");
      return ok(hook);
    }),
    route("delete", "/hooks/:id", {}, ({ params: { id = "" } }) => {
      if (store.run("delete from hooks where id = ?", id) === 0) throw notFound();
      return empty();
    }),
    route("patch", "/hooks/:id/signing-key", {}, ({ params: { id = "" } }) => {
      const hook = store.update<Hook>(hookTable, id, { signingKey: secret() });
      if (!hook) throw notExists("hook");
      return ok(hook);
    }),
    route("get", "/hooks/:id/recent-logs", { paged: "always" }, (call) => {
      const key = call.query.get("logKey");
      const query = {
        table: logTable,
        columns: "id, key, payload, created_at",
        from: `hook_logs where hook_id = ? and created_at > ?${key ? " and key = ?" : ""}`,
        order: "created_at desc, rowid desc",
        values: [call.params.id ?? "", since(), ...(key ? [key] : [])],
      };
      return list(store, call, query);
    }),
    route(
      "post",
      "/hooks/:id/test",
      { body: z.object({ events: Events, config: Config }) },
      async ({ params, body }) => {
        const hook = find(params.id ?? "");
        if (!hook) throw notExistsWithId("hooks", params.id ?? "");
        for (const event of body.events)
          await sendTest(webhooks, { ...hook, config: body.config as Hook["config"] }, event);
        return empty();
      },
    ),
  ];
}

async function sendTest(webhooks: Webhooks, hook: Hook, event: string) {
  const payload = { event, createdAt: new Date().toISOString(), data: { test: true }, hookId: hook.id };
  const answer = await webhooks.post(hook, payload).catch((error: unknown) => {
    throw new LogtoError(422, "hook.send_test_payload_failed", {
      message: `Failed to send test payload. ${String(error)}`,
    });
  });
  if (answer.status >= 300) {
    const data = { responseStatus: answer.status, responseBody: answer.text };
    throw new LogtoError(422, "hook.endpoint_responded_with_error", { data });
  }
}
