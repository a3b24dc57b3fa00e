// Who is in the organization now, as Logto has it, with what is remembered of them here.
import type { OrganizationScope } from "../../db";
import type { Permission } from "../permissions";
import type { RoleChoice } from "./member-roles.server";

export const membersPerPage = 20;

export interface MemberRow {
  /** Logto's id of the person: what a page's address names a member by. */
  logtoId: string;
  name: string;
  /** Empty when Logto knows none. */
  email: string;
  roles: { id: string; name: string }[];
  /** Null for somebody who was made a member at Logto and was never seen here. */
  joinedAt: Date | null;
  lastActiveAt: Date | null;
  /** Holds `manage:members`. */
  holdsManage: boolean;
}

export type MemberDetail = MemberRow & { permissions: Permission[] };

export interface MemberDirectory {
  /** One page, and the roles to choose from. `page` counts from 1; one past the end is empty, with the full total. */
  page(
    scope: OrganizationScope,
    wanted: { page: number; text?: string; roleId?: string },
  ): Promise<{ people: MemberRow[]; total: number; pageSize: number; roles: RoleChoice[] } | "unavailable">;
  /** Undefined: no member of this organization has that id. */
  find(scope: OrganizationScope, logtoId: string): Promise<MemberDetail | undefined | "unavailable">;
  /** The roles that can be given, by name. */
  roles(): Promise<RoleChoice[] | "unavailable">;
  /** Names of those who hold a permission, for "Ask Ana or Ben". Empty when Logto does not answer. */
  whoMay(scope: OrganizationScope, permission: Permission): Promise<string[]>;
}
