// The tables. Read by drizzle-kit and by this folder alone: what the app is handed is already an organization's own.
import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

const at = (name: string) => integer(name, { mode: "timestamp_ms" });
const organizationId = () => text("logto_organization_id").notNull();

/** What Logto last said about one organization. `askedAt` (ms) and `epoch` are of the moment of asking. */
export type MembershipAnswer = { organizationId: string; permissions: string[]; askedAt: number; epoch: number };

/** An organization of a person, and the names of their roles there, as Logto's ID token has them. */
export type OrganizationRoles = { id: string; roles: string[] };

export const users = sqliteTable("users", {
  id: text().primaryKey(),
  logtoId: text("logto_id").notNull().unique(),
  email: text().notNull(),
  /** Whether Logto says that the address is theirs. Invitations are for verified addresses alone. */
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  name: text().notNull(),
  createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
  lastOrganizationId: text("last_organization_id"),
});

export const sessions = sqliteTable(
  "sessions",
  {
    idHash: text("id_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    organizationId: text("organization_id"),
    items: text().notNull(),
    organizations: text({ mode: "json" }).$type<OrganizationRoles[]>().notNull().default([]),
    answer: text({ mode: "json" }).$type<MembershipAnswer>(),
    version: integer().notNull().default(1),
    epoch: integer().notNull().default(1),
    grantedPermissions: text("granted_permissions", { mode: "json" }).$type<string[]>().notNull().default([]),
    triedPermissions: text("tried_permissions", { mode: "json" }).$type<string[]>().notNull().default([]),
    reconsentState: text("reconsent_state"),
    notice: text(),
    userAgent: text("user_agent"),
    createdAt: at("created_at").notNull(),
    lastSeenAt: at("last_seen_at").notNull(),
    expiresAt: at("expires_at").notNull(),
  },
  (t) => [
    index("sessions_user").on(t.userId),
    index("sessions_organization").on(t.organizationId),
    index("sessions_expiry").on(t.expiresAt),
  ],
);

/** Only what the switcher shows. `id` is Logto's, `colour` one of the twelve classes of the interface. */
export const organizations = sqliteTable(
  "organizations",
  {
    id: text().primaryKey(),
    name: text().notNull(),
    colour: integer().notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [check("organizations_colour", sql`${t.colour} between 0 and 11`)],
);

/**
 * An organization on its way: written before Logto is asked, so that a retry finishes what a crash began. `key` is the form it was asked for by, or
 * `first`: a second click, or a second sign-in, finds the same row. `leasedUntil` keeps two processes from finishing it at once.
 */
export const newOrganizations = sqliteTable(
  "new_organizations",
  {
    id: text().primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    key: text().notNull(),
    name: text().notNull(),
    organizationId: text("organization_id"),
    leasedUntil: at("leased_until"),
    finishedAt: at("finished_at"),
    createdAt: at("created_at").notNull(),
  },
  (t) => [unique("new_organizations_once").on(t.userId, t.key)],
);

/**
 * Which organization an invitation is from, for whoever holds its link or its address and is in no organization yet. Written by the organization with
 * the invitation itself, read from outside; it says nothing but that.
 */
export const invitationLinks = sqliteTable(
  "invitation_links",
  {
    organizationId: organizationId(),
    id: text().primaryKey(),
    addressKey: text("address_key").notNull(),
  },
  (t) => [
    index("invitation_links_of_address").on(t.addressKey),
    index("invitation_links_of_organization").on(t.organizationId),
  ],
);

/** One change of an organization's members at a time, in whichever process: who is at it, and until when at most. */
export const organizationLocks = sqliteTable("organization_locks", {
  organizationId: text("organization_id").primaryKey(),
  holder: text().notNull(),
  until: at("until").notNull(),
});

/** Who is or was here, under the name they had: authors point to it, so names outlive leaving. */
export const members = sqliteTable(
  "members",
  {
    organizationId: organizationId(),
    userId: text("user_id").notNull(),
    logtoId: text("logto_id").notNull(),
    name: text().notNull(),
    email: text().notNull(),
    joinedAt: at("joined_at").notNull(),
    lastActiveAt: at("last_active_at").notNull(),
    /** Somebody is taking them out of the organization at Logto: whoever comes after a crash finds out whether it was done. */
    leavingAt: at("leaving_at"),
    leftAt: at("left_at"),
    /** The last role that another member gave them here: its name, and the giver's user id. One that was given at Logto is not written down. */
    roleGiven: text("role_given"),
    roleGivenBy: text("role_given_by"),
    roleGivenAt: at("role_given_at"),
    updatedAt: at("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.userId] }),
    unique("members_of_logto").on(t.organizationId, t.logtoId),
  ],
);

export const posts = sqliteTable(
  "posts",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    authorId: text("author_id").notNull(),
    title: text().notNull(),
    body: text().notNull(),
    status: text({ enum: ["draft", "published", "archived"] }).notNull(),
    version: integer().notNull().default(1),
    createdAt: at("created_at").notNull(),
    updatedAt: at("updated_at").notNull(),
    publishedAt: at("published_at"),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    foreignKey({ columns: [t.organizationId, t.authorId], foreignColumns: [members.organizationId, members.userId] }),
    index("posts_newest").on(t.organizationId, t.createdAt, t.id),
    index("posts_by_status").on(t.organizationId, t.status, t.createdAt, t.id),
    index("posts_by_author").on(t.organizationId, t.authorId, t.createdAt, t.id),
    check("posts_status", sql`${t.status} in ('draft', 'published', 'archived')`),
  ],
);

export const comments = sqliteTable(
  "comments",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    postId: text("post_id").notNull(),
    authorId: text("author_id").notNull(),
    body: text().notNull(),
    version: integer().notNull().default(1),
    createdAt: at("created_at").notNull(),
    updatedAt: at("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    foreignKey({
      columns: [t.organizationId, t.postId],
      foreignColumns: [posts.organizationId, posts.id],
    }).onDelete("cascade"),
    foreignKey({ columns: [t.organizationId, t.authorId], foreignColumns: [members.organizationId, members.userId] }),
    index("comments_of_post").on(t.organizationId, t.postId, t.createdAt, t.id),
    index("comments_by_author").on(t.organizationId, t.authorId),
  ],
);

/**
 * An invitation as the organization wishes it. Logto has one of its own behind it, which can move neither its expiry nor its role: when the wish changes,
 * `wanted` goes up, and once Logto's has been made anew for it, `made` says so. A retry finishes what is between the two.
 */
export const invitations = sqliteTable(
  "invitations",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    address: text().notNull(),
    /** In lower case: Logto tells addresses apart by letter case, people do not. */
    addressKey: text("address_key").notNull(),
    roleId: text("role_id").notNull(),
    roleName: text("role_name").notNull(),
    note: text().notNull(),
    /**
     * A pending one whose time is over has expired; that is written down only when another takes its place. `accepting` is held by `acceptedBy` while
     * Logto is asked.
     */
    status: text({ enum: ["pending", "accepting", "accepted", "declined", "revoked", "expired"] }).notNull(),
    /** Raised by a new link, which makes the old one useless. */
    generation: integer().notNull().default(1),
    days: integer().notNull(),
    expiresAt: at("expires_at").notNull(),
    invitedBy: text("invited_by").notNull(),
    /** The form that asked for it: sent twice, it invites once. */
    batch: text().notNull(),
    delivery: text({ enum: ["waiting", "sent", "none", "refused", "limited"] }).notNull(),
    sentCount: integer("sent_count").notNull().default(0),
    lastSentAt: at("last_sent_at"),
    logtoId: text("logto_id"),
    wanted: integer().notNull().default(1),
    made: integer().notNull().default(0),
    acceptedBy: text("accepted_by"),
    claimedAt: at("claimed_at"),
    decidedAt: at("decided_at"),
    createdAt: at("created_at").notNull(),
    updatedAt: at("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    foreignKey({ columns: [t.organizationId, t.invitedBy], foreignColumns: [members.organizationId, members.userId] }),
    uniqueIndex("invitations_open_once")
      .on(t.organizationId, t.addressKey)
      .where(sql`${t.status} in ('pending', 'accepting')`),
    index("invitations_newest").on(t.organizationId, t.createdAt, t.id),
    index("invitations_by_status").on(t.organizationId, t.status, t.createdAt, t.id),
    index("invitations_by_inviter").on(t.organizationId, t.invitedBy),
    index("invitations_to_withdraw")
      .on(t.organizationId, t.status)
      .where(
        sql`${t.status} in ('declined', 'revoked', 'expired') and (${t.logtoId} is not null or ${t.made} < ${t.wanted})`,
      ),
    unique("invitations_of_batch").on(t.organizationId, t.batch, t.addressKey),
    check(
      "invitations_status",
      sql`${t.status} in ('pending', 'accepting', 'accepted', 'declined', 'revoked', 'expired')`,
    ),
  ],
);

/** Somebody asks to be invited: their link could not be used any more, or was for another address of theirs. */
export const invitationRequests = sqliteTable(
  "invitation_requests",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    invitationId: text("invitation_id").notNull(),
    kind: text({ enum: ["unusable-link", "other-address"] }).notNull(),
    address: text().notNull(),
    createdAt: at("created_at").notNull(),
    handledAt: at("handled_at"),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    foreignKey({
      columns: [t.organizationId, t.invitationId],
      foreignColumns: [invitations.organizationId, invitations.id],
    }).onDelete("cascade"),
    unique("invitation_requests_once").on(t.organizationId, t.invitationId, t.kind, t.address),
    index("invitation_requests_open").on(t.organizationId, t.handledAt, t.createdAt),
  ],
);

/** Every table is in exactly one of these. Being in the first is what builds both walls around it. */
export const tenantTables = { members, posts, comments, invitations, invitationRequests };
/** Written by an organization, and only inside it; read from outside. */
export const doorTables = { invitationLinks };
/** What a scope hands out. */
export const scopedTables = { ...tenantTables, ...doorTables };
export const globalTables = { users, sessions, organizations, newOrganizations, organizationLocks };
