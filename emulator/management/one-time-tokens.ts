// /one-time-tokens
import { z } from "zod";
import type { Store } from "../database/store";
import {
  type OneTimeToken,
  changeOneTimeTokenStatus,
  consumeOneTimeToken,
  createOneTimeToken,
  oneTimeTokenTable,
} from "../directory/one-time-tokens";
import { notExists, notExistsWithId, notFound } from "../errors";
import { type Route, created, empty, list, ok, route } from "./api";

const NewToken = z.object({
  email: z.string().min(1).max(128),
  context: z
    .object({ jitOrganizationIds: z.array(z.string()).optional(), interactionEvent: z.string().optional() })
    .default({}),
  expiresIn: z.number().min(1).default(600),
});
const Verification = z.object({ token: z.string().min(1), email: z.string().min(1) });
const Status = z.object({ status: z.enum(["active", "consumed", "revoked", "expired"]) });

export function oneTimeTokenRoutes(store: Store): Route[] {
  const path = "/one-time-tokens";
  return [
    route("get", path, { paged: "asked" }, (call) => {
      const conditions = (["email", "status"] as const).filter((key) => call.query.has(key));
      const where = conditions.length === 0 ? "" : `where ${conditions.map((key) => `${key} = ?`).join(" and ")}`;
      const values = conditions.map((key) => call.query.get(key));
      const order = "created_at desc, rowid desc";
      return list(store, call, { table: oneTimeTokenTable, from: `one_time_tokens ${where}`, order, values });
    }),
    route("post", path, { body: NewToken }, ({ body }) => created(createOneTimeToken(store, body))),
    route("post", `${path}/verify`, { body: Verification }, ({ body }) =>
      ok(consumeOneTimeToken(store, body.token, body.email)),
    ),
    route("get", `${path}/:id`, {}, ({ params: { id = "" } }) => {
      const token = store.find<OneTimeToken>(oneTimeTokenTable, "select * from one_time_tokens where id = ?", id);
      if (!token) throw notExistsWithId("one_time_tokens", id);
      return ok(token);
    }),
    route("put", `${path}/:id/status`, { body: Status }, ({ params: { id = "" }, body }) => {
      const token = changeOneTimeTokenStatus(store, id, body.status);
      if (!token) throw notExists("one_time_token");
      return ok(token);
    }),
    route("delete", `${path}/:id`, {}, ({ params: { id = "" } }) => {
      if (store.run("delete from one_time_tokens where id = ?", id) === 0) throw notFound();
      return empty();
    }),
  ];
}
