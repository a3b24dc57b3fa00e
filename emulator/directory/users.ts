// People: as the Management API shows them, and what the sign-in needs to know of them.
import type { Store, Table } from "../database/store";
import { LogtoError } from "../errors";
import { shortId } from "../ids";
import { hashPassword } from "./passwords";

/** A user as Logto's API shows it (without `hasPassword`, which only some routes add). Times are epoch milliseconds. */
export interface User {
  id: string;
  username: string | null;
  primaryEmail: string | null;
  primaryPhone: string | null;
  name: string | null;
  avatar: string | null;
  customData: Record<string, unknown>;
  identities: Record<string, unknown>;
  lastSignInAt: number | null;
  createdAt: number;
  updatedAt: number;
  profile: Record<string, unknown>;
  applicationId: string | null;
  cimdClientId: null;
  isSuspended: boolean;
}

export interface StoredUser extends Omit<User, "cimdClientId"> {
  password: string | null;
}

/** What may be set on a user; `password` in clear. */
export interface UserInput extends Partial<
  Pick<
    User,
    "username" | "primaryEmail" | "primaryPhone" | "name" | "avatar" | "customData" | "profile" | "applicationId"
  >
> {
  password?: string | undefined;
}

export const userTable: Table = {
  name: "users",
  json: ["customData", "identities", "profile"],
  flags: ["isSuspended"],
};

export function publicUser(user: StoredUser): User {
  const { id, username, primaryEmail, primaryPhone, name, avatar, customData, identities, profile } = user;
  const { lastSignInAt, createdAt, updatedAt, applicationId, isSuspended } = user;
  return {
    ...{ id, username, primaryEmail, primaryPhone, name, avatar, customData, identities },
    ...{ lastSignInAt, createdAt, updatedAt, profile, applicationId, cimdClientId: null, isSuspended },
  };
}

export const userWithPassword = (user: StoredUser) => ({ ...publicUser(user), hasPassword: user.password !== null });

export const findUser = (store: Store, id: string) =>
  store.find<StoredUser>(userTable, "select * from users where id = ?", id);

/** Any letter case, as at the sign-in. */
export const findUserByEmail = (store: Store, email: string) =>
  store.find<StoredUser>(userTable, "select * from users where lower(primary_email) = lower(?)", email);

export const findUserByUsername = (store: Store, username: string) =>
  store.find<StoredUser>(userTable, "select * from users where username = ?", username);

type Identifiers = Pick<UserInput, "primaryEmail" | "username" | "primaryPhone">;

/** @throws LogtoError 422 when somebody else has the address, the user name or the phone number. */
function refuseTaken(store: Store, { primaryEmail, username, primaryPhone }: Identifiers, except = "") {
  const taken = (condition: string, value: string) =>
    store.value(`select 1 from users where ${condition} and id <> ?`, value, except) !== undefined;
  if (username && taken("username = ?", username)) throw new LogtoError(422, "user.username_already_in_use");
  if (primaryEmail && taken("lower(primary_email) = lower(?)", primaryEmail)) {
    throw new LogtoError(422, "user.email_already_in_use");
  }
  if (primaryPhone && taken("primary_phone = ?", primaryPhone)) throw new LogtoError(422, "user.phone_already_in_use");
}

/** @throws LogtoError 422 `user.…_already_in_use` */
export async function createUser(store: Store, { password, ...input }: UserInput): Promise<StoredUser> {
  return insertUser(store, input, password === undefined ? null : await hashPassword(password));
}

/** The same with a hash. @throws LogtoError 422 `user.…_already_in_use` */
export function insertUser(store: Store, input: Omit<UserInput, "password">, password: string | null): StoredUser {
  refuseTaken(store, input);
  const [id, createdAt] = [shortId(), Date.now()];
  return store.insert<StoredUser>(userTable, { id, ...input, password, createdAt, updatedAt: createdAt });
}

/** Undefined when there is no such user. @throws LogtoError 422 `user.…_already_in_use` */
export function updateUser(
  store: Store,
  id: string,
  changes: Partial<Omit<StoredUser, "id" | "createdAt">>,
): StoredUser | undefined {
  refuseTaken(store, changes, id);
  return store.update<StoredUser>(userTable, id, { ...changes, updatedAt: Date.now() });
}

export async function setPassword(store: Store, id: string, password: string): Promise<StoredUser | undefined> {
  return updateUser(store, id, { password: await hashPassword(password) });
}

export const deleteUser = (store: Store, id: string) => store.run("delete from users where id = ?", id) === 1;
