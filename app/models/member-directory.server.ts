// Who is in the organization now, as Logto has it, with what is remembered of them here.
import { inArray, type OrganizationScope, type Row } from "../../db";
import type { LogtoPerson, Management } from "../logto/management.server";
import { LogtoRefused, orUnavailable } from "../logto/outcome.server";
import type { Permission } from "../permissions";
import {
  known,
  membersHolding,
  type RoleChoice,
  roleChoices,
  type Standing,
  standingOf,
  standingWith,
} from "./member-roles.server";
import { identityOf } from "./users.server";

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

/** Nobody reads a longer list of names, and nobody types a longer word to look for. */
const mostNames = 10;
const longestText = 128;

export function createMemberDirectory({ management }: { management: Management }): MemberDirectory {
  return {
    page: (scope, { page, text, roleId }) =>
      orUnavailable(async () => {
        const wanted = { number: page, size: membersPerPage, text: text?.trim().slice(0, longestText), roleId };
        const [found, template] = await Promise.all([
          management.membersPage(scope.organizationId, wanted),
          management.organizationRoles(),
        ]);
        const remembered = await rememberedOf(
          scope,
          found.members.map(({ id }) => id),
        );
        const people = found.members.map((member) =>
          memberRow(member, standingWith(template, member.organizationRoles), remembered.get(member.id)),
        );
        return { people, total: found.total, pageSize: membersPerPage, roles: roleChoices(template) };
      }),

    find: (scope, logtoId) =>
      orUnavailable(async () => {
        const template = await management.organizationRoles();
        const member = await memberNow(management, template, scope, logtoId);
        return member && { ...member.row, permissions: known(member.standing.permissions) };
      }),

    roles: () => orUnavailable(async () => roleChoices(await management.organizationRoles())),

    async whoMay(scope, permission) {
      const names = new Map<string, string>();
      const asked = await orUnavailable(async () => {
        const template = await management.organizationRoles();
        for await (const member of membersHolding(management, template, scope.organizationId, permission)) {
          if (!member.isSuspended) names.set(member.id, nameOf(member).name);
          if (names.size >= mostNames) break;
        }
      });
      return asked === "unavailable" ? [] : [...names.values()].sort((one, other) => one.localeCompare(other, "en"));
    },
  };
}

/** A member as Logto and this database have them at this moment; undefined when they are none. Throws as the Management API does. */
export async function memberNow(
  management: Management,
  template: Awaited<ReturnType<Management["organizationRoles"]>>,
  scope: OrganizationScope,
  logtoId: string,
): Promise<{ row: MemberRow; standing: Standing } | undefined> {
  const standing = await standingOf(management, template, scope.organizationId, logtoId);
  const person = standing && (await management.person(logtoId).catch(unlessGone));
  if (!standing || !person) return undefined;
  const remembered = await rememberedOf(scope, [logtoId]);
  return { standing, row: memberRow(person, standing, remembered.get(logtoId)) };
}

export function memberRow(
  person: LogtoPerson,
  { roles, permissions }: Standing,
  remembered: Row<"members"> | undefined,
): MemberRow {
  return {
    logtoId: person.id,
    ...nameOf(person),
    roles,
    joinedAt: remembered && !remembered.leftAt ? remembered.joinedAt : null,
    lastActiveAt: remembered?.lastActiveAt ?? null,
    holdsManage: permissions.has("manage:members"),
  };
}

const nameOf = ({ name, username, primaryEmail }: LogtoPerson) => identityOf({ name, username, email: primaryEmail });

async function rememberedOf(scope: OrganizationScope, logtoIds: string[]): Promise<Map<string, Row<"members">>> {
  if (logtoIds.length === 0) return new Map();
  const rows = await scope.read((db, { members }) =>
    db.select().from(members).where(inArray(members.logtoId, logtoIds)),
  );
  return new Map(rows.map((row) => [row.logtoId, row]));
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof LogtoRefused && error.status === 404)) throw error;
}
