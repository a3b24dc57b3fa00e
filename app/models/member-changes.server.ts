// Changes of who is a member and in which role: made at Logto, one at a time in an organization, so that somebody always looks after it.
import type { OrganizationScope } from "../../db";
import type { Permission } from "../permissions";
import type { MemberRow } from "./member-directory.server";
import type { Actor } from "./member-roles.server";

/**
 * `missing`: no such member. `yourself`: another member has to do it. `beyond-you`: the role, or the member, holds a permission that the actor lacks.
 * `last-manager`: nobody else would hold `manage:members`. `no-longer-allowed`: the actor lost the permission a moment ago. `busy`: other changes are under
 * way for ten seconds already. `unavailable`: Logto gave no answer; the change may have been made or not, and can be asked for again.
 */
export type ChangeRefusal =
  | "missing"
  | "yourself"
  | "unknown-role"
  | "beyond-you"
  | "last-manager"
  | "no-longer-allowed"
  | "busy"
  | "unavailable";

export type RoleChange =
  { ok: true; member: MemberRow; gained: Permission[]; lost: Permission[] } | { ok: false; reason: ChangeRefusal };
export type Removal = { ok: true; name: string } | { ok: false; reason: Exclude<ChangeRefusal, "unknown-role"> };
export type Leaving = { ok: true } | { ok: false; reason: "last-manager" | "busy" | "unavailable" };

export interface MemberChanges {
  /** The role takes the place of all that the member has. */
  change(scope: OrganizationScope, actor: Actor, logtoId: string, roleId: string): Promise<RoleChange>;
  remove(scope: OrganizationScope, actor: Actor, logtoId: string): Promise<Removal>;
  leave(scope: OrganizationScope, actor: Actor): Promise<Leaving>;
  /** What goes with a member, and what stays. */
  whatGoes(
    scope: OrganizationScope,
    logtoId: string,
  ): Promise<{ drafts: number; invitations: number; publishedPosts: number }>;
}
