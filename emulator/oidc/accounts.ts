// People as oidc-provider sees them: their claims, read at the moment of asking.
import type { Account, FindAccount } from "oidc-provider";
import type { Store } from "../database/store";
import { organizationsOf, roleClaims } from "../directory/organizations";
import { type StoredUser, findUser } from "../directory/users";
import { organizationRolesScope, organizationsScope } from "./names";

/** Which scope shows which claims, in ID tokens and at /oidc/me. */
export const claimsOfScopes = {
  openid: ["sub"],
  profile: ["name", "preferred_username", "picture", "updated_at", "username", "created_at"],
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
  custom_data: ["custom_data"],
  identities: ["identities"],
  [organizationsScope]: ["organizations", "organization_data"],
  [organizationRolesScope]: ["organization_roles"],
};

/** Undefined for people who were deleted or suspended: their tokens are worth nothing. */
export function accountOf(store: Store, id: string): Account | undefined {
  const user = findUser(store, id);
  if (!user || user.isSuspended) return undefined;
  return { accountId: id, claims: async (use) => ({ sub: id, ...claimsOf(store, user, use) }) };
}

export const findAccount =
  (store: Store): FindAccount =>
  async (_ctx, id) =>
    accountOf(store, id);

function claimsOf(store: Store, user: StoredUser, use: string) {
  const organizations = organizationsOf(store, user.id);
  return {
    name: user.name,
    preferred_username: user.username,
    picture: user.avatar,
    updated_at: user.updatedAt,
    username: user.username,
    created_at: user.createdAt,
    email: user.primaryEmail,
    // Logto says so of every primary address, also of one that the Management API set.
    email_verified: user.primaryEmail !== null,
    phone_number: user.primaryPhone,
    phone_number_verified: user.primaryPhone !== null,
    organizations: organizations.map(({ id }) => id),
    organization_roles: roleClaims(store, user.id),
    ...(use === "userinfo"
      ? {
          custom_data: user.customData,
          identities: user.identities,
          organization_data: organizations.map(({ id, name, description }) => ({ id, name, description })),
        }
      : {}),
  };
}
