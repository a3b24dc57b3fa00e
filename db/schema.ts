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

/**
 * An account on its way out: written before anything is given up, so that a retry finishes what a crash began. `goes`: the organizations that go with it,
 * as its owner confirmed, and no other is deleted; `leaves`: those that go on.
 */
export const accountDeletions = sqliteTable("account_deletions", {
  userId: text("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  goes: text({ mode: "json" }).$type<string[]>().notNull(),
  leaves: text({ mode: "json" }).$type<string[]>().notNull(),
  askedAt: at("asked_at").notNull(),
});

/**
 * What was set for an organization, and what must be known of it from outside: its colour, how it invites, and that it waits to be deleted. No row: all as
 * it was made. `wantedName` is asked of Logto at this moment: whoever comes after a crash finds out there whether it was done. Once `erasingAt` is set there
 * is no way back, and the row goes last, so that a retry finds what is left to do.
 */
export const organizationSettings = sqliteTable(
  "organization_settings",
  {
    organizationId: organizationId().primaryKey(),
    colour: integer(),
    wantedName: text("wanted_name"),
    invitationRoleId: text("invitation_role_id"),
    invitationDays: integer("invitation_days"),
    deletionAskedBy: text("deletion_asked_by"),
    deletionAskedAt: at("deletion_asked_at"),
    deletesAt: at("deletes_at"),
    erasingAt: at("erasing_at"),
    updatedAt: at("updated_at").notNull(),
  },
  (t) => [
    index("organization_settings_to_delete").on(t.deletesAt),
    index("organization_settings_to_rename").on(t.wantedName),
    check("organization_settings_colour", sql`${t.colour} between 0 and 11`),
  ],
);

/**
 * An export that somebody has asked for: only they may have its file, for an hour. Read from outside by whatever makes the files, also after a crash.
 * `total` and `done` count rows, `bytes` is the size of the file. `leasedUntil` keeps two processes from making it at once.
 */
export const exportFiles = sqliteTable(
  "export_files",
  {
    organizationId: organizationId(),
    id: text().primaryKey(),
    userId: text("user_id").notNull(),
    status: text({ enum: ["waiting", "ready", "failed"] }).notNull(),
    total: integer(),
    done: integer().notNull().default(0),
    bytes: integer(),
    attempts: integer().notNull().default(0),
    leasedUntil: at("leased_until"),
    createdAt: at("created_at").notNull(),
    /** When its file goes; also when one that waits or failed is forgotten. */
    expiresAt: at("expires_at").notNull(),
  },
  (t) => [
    index("export_files_of_organization").on(t.organizationId, t.userId, t.createdAt),
    index("export_files_by_status").on(t.status, t.createdAt),
    index("export_files_expiry").on(t.expiresAt),
    check("export_files_status", sql`${t.status} in ('waiting', 'ready', 'failed')`),
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

/** Whose addresses may be invited: those of these domains. None: every address. */
export const invitationDomains = sqliteTable(
  "invitation_domains",
  {
    organizationId: organizationId(),
    /** As mail is sent to it: in lower case, and in ASCII. */
    domain: text().notNull(),
    /** A user's id. */
    addedBy: text("added_by").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.domain] })],
);

/**
 * What was done in the organization, by whom: rows are added and never changed. Names are as they were at that moment, so no row points to another table.
 * Without an `actorId` it was Atrium itself, or somebody who needs no account.
 */
export const auditEvents = sqliteTable(
  "audit_events",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    at: at("at").notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    actorEmail: text("actor_email"),
    action: text().notNull(),
    targetType: text("target_type"),
    targetId: text("target_id"),
    targetName: text("target_name"),
    from: text("from_value"),
    to: text("to_value"),
    result: text({ enum: ["done", "failed", "asked", "refused"] }).notNull(),
    /** Why it was refused or failed, in one word of the code. */
    reason: text(),
    /** How often: refusals that follow close upon each other share a row. */
    times: integer().notNull().default(1),
    address: text(),
    userAgent: text("user_agent"),
    /** The same in what was asked of Logto and in what became of it. */
    correlationId: text("correlation_id"),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index("audit_events_newest").on(t.organizationId, t.at, t.id),
    index("audit_events_by_actor").on(t.organizationId, t.actorId, t.at, t.id),
    index("audit_events_by_action").on(t.organizationId, t.action, t.at, t.id),
    index("audit_events_by_result").on(t.organizationId, t.result, t.at, t.id),
    index("audit_events_of_target").on(t.organizationId, t.targetType, t.targetId, t.at, t.id),
    check("audit_events_result", sql`${t.result} in ('done', 'failed', 'asked', 'refused')`),
  ],
);

/** Refusals that were not written down one by one: how many since the last row of the log for the same actor and action. */
export const auditRefusals = sqliteTable(
  "audit_refusals",
  {
    organizationId: organizationId(),
    /** Of the actor and the action. */
    id: text().notNull(),
    actorId: text("actor_id"),
    action: text().notNull(),
    writtenAt: at("written_at").notNull(),
    held: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.id] })],
);

/** A line of an invoice. `unit` is a price in minor units of the invoice's currency, for one of `quantity`. */
export type InvoiceLine = { kind: "plan" | "seats"; quantity: number; unit: number };

/** Whom an invoice is for, as it was written down when the invoice was made. */
export type BillTo = {
  company: string;
  line1: string;
  line2: string;
  postalCode: string;
  city: string;
  /** ISO 3166-1 alpha-2; empty when nobody has said. */
  country: string;
  taxId: string;
  email: string;
  purchaseOrder: string;
};

/** From which day on which plan counts, a row for each choice. Whoever has never chosen is on Free. Days are days in UTC, as YYYY-MM-DD. */
export const planChoices = sqliteTable(
  "plan_choices",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    plan: text({ enum: ["free", "team", "business"] }).notNull(),
    startsOn: text("starts_on").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique("plan_choices_of_day").on(t.organizationId, t.startsOn),
    check("plan_choices_plan", sql`${t.plan} in ('free', 'team', 'business')`),
  ],
);

/** Whom invoices are for, a row for each time that it was saved: the highest version counts. */
export const billingDetails = sqliteTable(
  "billing_details",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    version: integer().notNull(),
    company: text().notNull(),
    line1: text().notNull(),
    line2: text().notNull(),
    postalCode: text("postal_code").notNull(),
    city: text().notNull(),
    country: text().notNull(),
    taxId: text("tax_id").notNull(),
    email: text().notNull(),
    purchaseOrder: text("purchase_order").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique("billing_details_version").on(t.organizationId, t.version),
  ],
);

/** An invoice as it was made: whom it is for and what it is about do not change any more. Its total is the sum of its lines. */
export const invoices = sqliteTable(
  "invoices",
  {
    organizationId: organizationId(),
    id: text().notNull(),
    /** 1, 2, 3 … in each organization. */
    number: integer().notNull(),
    plan: text({ enum: ["free", "team", "business"] }).notNull(),
    /** The first day of the period, and the first day after it. */
    startsOn: text("starts_on").notNull(),
    endsOn: text("ends_on").notNull(),
    currency: text().notNull(),
    lines: text({ mode: "json" }).$type<InvoiceLine[]>().notNull(),
    billTo: text("bill_to", { mode: "json" }).$type<BillTo>().notNull(),
    status: text({ enum: ["open", "paid", "void"] }).notNull(),
    issuedOn: text("issued_on").notNull(),
    dueOn: text("due_on").notNull(),
    settledAt: at("settled_at"),
    createdAt: at("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique("invoices_number").on(t.organizationId, t.number),
    unique("invoices_once").on(t.organizationId, t.startsOn),
    check("invoices_status", sql`${t.status} in ('open', 'paid', 'void')`),
  ],
);

/** Every table is in exactly one of these. Being in the first is what builds both walls around it. */
export const tenantTables = {
  members,
  posts,
  comments,
  invitations,
  invitationRequests,
  invitationDomains,
  auditEvents,
  auditRefusals,
  planChoices,
  billingDetails,
  invoices,
};
/** Written by an organization, and only inside it; read from outside. */
export const doorTables = { invitationLinks, organizationSettings, exportFiles };
/** Rows are added, and taken away by one function of the store alone. */
export const appendOnlyTables = { auditEvents };
/** What a scope hands out. */
export const scopedTables = { ...tenantTables, ...doorTables };
export const globalTables = { users, sessions, organizations, newOrganizations, organizationLocks, accountDeletions };
