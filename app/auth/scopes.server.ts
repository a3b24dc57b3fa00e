// The few places, beside the guard, that may reach an organization's rows: each says why.
import type { Acting, OrganizationScope, Store } from "../../db";

/**
 * `membership`: the names of members are brought up to date when Logto has just said that they are members. `invitation`: somebody who is in no organization
 * yet holds a link or has the address. `member-change`: what was begun for a member is ended, although their own access may have ended by it. `founding`:
 * the first line of the log of an organization that was just made. `retention`: lines of the audit log that have expired go. `billing`: the invoices of every
 * organization are made when they are due, whoever is signed in. `settings`: a rename is ended, whatever happens to whoever asked for it. `export`: a file
 * is made after the request that asked for it. `deletion`: nobody is left who could ask. `account`: somebody ends their account, and with it their membership
 * in each of their organizations.
 */
export type ScopeReason =
  | "membership"
  | "invitation"
  | "member-change"
  | "founding"
  | "retention"
  | "billing"
  | "settings"
  | "export"
  | "deletion"
  | "account";

/** `by`: on whose behalf, for the audit log; Atrium's own when nobody is named. */
export type ScopeFor = (organizationId: string, reason: ScopeReason, by?: Acting) => OrganizationScope;

export function createScopes(store: Store): ScopeFor {
  return (organizationId, _reason, by) => store.scope(organizationId, { by });
}
