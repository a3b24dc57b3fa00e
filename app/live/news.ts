// What has changed for a page's person between two readings of the page.
import type { Permission } from "../permissions";

/** What a page knew when it was read. */
export interface Seen {
  person: string | null;
  organization: { id: string; name: string; /** Null when it is not known. */ renamedBy: string | null } | null;
  standing: {
    roles: string[];
    permissions: Permission[];
    /** Null when it is not known. */
    roleGivenBy: string | null;
    /** What the page's line begins from: it tells of what has happened since this epoch, and since this moment. */
    seen: number;
    readAt: Date;
  } | null;
  waiting: { id: string; organizationName: string; inviterName: string; roleName: string }[];
  /** Where to go so that what the role allows counts here too; null when it does. */
  needsConsent: string | null;
}

export type News =
  | { kind: "promoted" | "demoted" | "another-role"; organization: string; roles: string[]; by: string | null }
  | { kind: "allows-more" | "allows-less"; organization: string; permissions: Permission[] }
  | { kind: "renamed"; before: string; now: string; by: string | null }
  | { kind: "invited"; organization: string; by: string; role: string };

/** Nothing, unless both were read by the same person in the same organization. */
export function newsBetween(before: Seen, now: Seen): News[] {
  if (before.person !== now.person) return [];
  return [...newsOfOrganization(before, now), ...newsOfInvitations(before, now)];
}

function newsOfOrganization(before: Seen, now: Seen): News[] {
  if (!before.organization || !now.organization || before.organization.id !== now.organization.id) return [];
  const organization = now.organization.name;
  const renamed: News[] =
    before.organization.name === organization
      ? []
      : [{ kind: "renamed", before: before.organization.name, now: organization, by: now.organization.renamedBy }];
  return [...renamed, ...newsOfRole(organization, before.standing, now.standing)];
}

function newsOfRole(organization: string, before: Seen["standing"], now: Seen["standing"]): News[] {
  if (!before || !now) return [];
  const gained = now.permissions.filter((permission) => !before.permissions.includes(permission));
  const lost = before.permissions.filter((permission) => !now.permissions.includes(permission));
  if (before.roles.join("\n") !== now.roles.join("\n")) {
    const kind = lost.length > 0 ? "demoted" : gained.length > 0 ? "promoted" : "another-role";
    return [{ kind, organization, roles: now.roles, by: now.roleGivenBy }];
  }
  const less: News[] = lost.length > 0 ? [{ kind: "allows-less", organization, permissions: lost }] : [];
  const more: News[] = gained.length > 0 ? [{ kind: "allows-more", organization, permissions: gained }] : [];
  return [...less, ...more];
}

function newsOfInvitations(before: Seen, now: Seen): News[] {
  return now.waiting
    .filter(({ id }) => !before.waiting.some((known) => known.id === id))
    .map(({ organizationName, inviterName, roleName }) => ({
      kind: "invited",
      organization: organizationName,
      by: inviterName,
      role: roleName,
    }));
}
