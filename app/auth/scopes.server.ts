// The few places, beside the guard, that may reach an organization's rows: each says why.
import type { OrganizationScope, Store } from "../../db";

/**
 * `membership`: the names of members are brought up to date when Logto has just said that they are members. `invitation`: somebody who is in no organization
 * yet holds a link or has the address. `member-change`: what was begun for a member is ended, although their own access may have ended by it. `account`:
 * somebody ends their account, and with it their membership in each of their organizations.
 */
export type ScopeReason = "membership" | "invitation" | "member-change" | "account";

export type ScopeFor = (organizationId: string, reason: ScopeReason) => OrganizationScope;

export function createScopes(store: Store): ScopeFor {
  return (organizationId, _reason) => store.scope(organizationId);
}
