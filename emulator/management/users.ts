// /users: people, their sessions and grants.
import { z } from "zod";
import type { Store } from "../database/store";
import { memberRoles, organizationsOf } from "../directory/organizations";
import {
  type StoredUser,
  createUser,
  deleteUser,
  findUser,
  publicUser,
  setPassword,
  updateUser,
  userTable,
  userWithPassword,
} from "../directory/users";
import { notFound } from "../errors";
import type { Tokens } from "../oidc/tokens";
import { type Route, empty, list, ok, route } from "./api";
import { searchCondition } from "./search";
import { refuseNothing } from "./validation";

const json = z.record(z.string(), z.unknown());
const username = z
  .string()
  .regex(/^[A-Z_a-z]\w*$/)
  .max(128);
const NewUser = z.object({
  primaryEmail: z.email().nullish(),
  primaryPhone: z.string().regex(/^\d+$/).nullish(),
  username: username.nullish(),
  password: z.string().min(1).optional(),
  name: z.string().max(128).nullish(),
  avatar: z.url().nullish(),
  customData: json.optional(),
  profile: json.optional(),
});
const ChangedUser = NewUser.omit({ password: true });

export function userRoutes(store: Store, tokens: Tokens): Route[] {
  function require(id = ""): StoredUser {
    const user = findUser(store, id);
    if (!user) throw notFound();
    return user;
  }
  const found = (user: StoredUser | undefined): StoredUser => {
    if (!user) throw notFound();
    return user;
  };

  return [
    route("get", "/users", { paged: "always" }, (call) => {
      const columns = ["id", "primaryEmail", "primaryPhone", "username", "name"];
      const { sql, values } = searchCondition(call.query, columns);
      const query = { table: userTable, from: `users where ${sql}`, order: "created_at desc, rowid desc", values };
      return list<StoredUser>(store, call, query, userWithPassword);
    }),
    route("post", "/users", { body: NewUser }, async ({ body }) => ok(userWithPassword(await createUser(store, body)))),
    route("get", "/users/:userId", {}, ({ params }) => ok(userWithPassword(require(params.userId)))),
    route("patch", "/users/:userId", { body: ChangedUser }, ({ params, body }) => {
      const { id } = require(params.userId);
      refuseNothing(body);
      return ok(userWithPassword(found(updateUser(store, id, body))));
    }),
    route("delete", "/users/:userId", {}, ({ params }) => {
      const user = require(params.userId);
      tokens.revokeUser(user.id);
      deleteUser(store, user.id);
      return { ...empty(), event: publicUser(user) };
    }),
    route("get", "/users/:userId/custom-data", {}, ({ params }) => ok(require(params.userId).customData)),
    route("patch", "/users/:userId/custom-data", { body: z.object({ customData: json }) }, ({ params, body }) => {
      const { id, customData } = require(params.userId);
      return ok(found(updateUser(store, id, { customData: { ...customData, ...body.customData } })).customData);
    }),
    route("get", "/users/:userId/profile", {}, ({ params }) => ok(require(params.userId).profile)),
    route("patch", "/users/:userId/profile", { body: z.object({ profile: json }) }, ({ params, body }) => {
      const { id, profile } = require(params.userId);
      return ok(found(updateUser(store, id, { profile: { ...profile, ...body.profile } })).profile);
    }),
    route("patch", "/users/:userId/password", { body: z.object({ password: z.string().min(1) }) }, async (call) => {
      const { id } = require(call.params.userId);
      return ok(userWithPassword(found(await setPassword(store, id, call.body.password))));
    }),
    route("get", "/users/:userId/has-password", {}, ({ params }) =>
      ok({ hasPassword: require(params.userId).password !== null }),
    ),
    route("patch", "/users/:userId/is-suspended", { body: z.object({ isSuspended: z.boolean() }) }, (call) => {
      const { id } = require(call.params.userId);
      const user = found(updateUser(store, id, { isSuspended: call.body.isSuspended }));
      if (call.body.isSuspended) tokens.revokeUser(id);
      return ok(userWithPassword(user));
    }),
    route("get", "/users/:userId/organizations", {}, ({ params }) => {
      const { id } = require(params.userId);
      return ok(
        organizationsOf(store, id).map((organization) => ({
          ...organization,
          organizationRoles: memberRoles(store, organization.id, id),
        })),
      );
    }),
    route("get", "/users/:userId/sessions", {}, ({ params }) =>
      ok({ sessions: tokens.sessionsOf(require(params.userId).id) }),
    ),
    route("delete", "/users/:userId/sessions/:sessionId", {}, ({ params, query }) => {
      const { id } = require(params.userId);
      const grants = query.get("revokeGrantsTarget") === "all";
      if (!tokens.endSession(id, params.sessionId ?? "", grants)) throw notFound();
      return empty();
    }),
    route("get", "/users/:userId/grants", {}, ({ params }) =>
      ok({ grants: tokens.grantsOf(require(params.userId).id) }),
    ),
    route("delete", "/users/:userId/grants/:grantId", {}, ({ params }) => {
      const { id } = require(params.userId);
      if (!tokens.revokeGrant(id, params.grantId ?? "")) throw notFound();
      return empty();
    }),
  ];
}
