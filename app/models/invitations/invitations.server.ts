// Invitations: what an organization asks of people, and what people answer.
import { z } from "zod";
import { type Acting, and, eq, inArray, type OrganizationScope, type ScopeOf, sql, type System } from "../../../db";
import type { Management } from "../../logto/management.server";
import type { Permission } from "../../permissions";
import type { InvitationLinks } from "../invitation-link.server";
import { actingOf, somebody } from "../audit.server";
import type { Actor } from "../member-roles.server";
import type { Organizations } from "../organizations.server";
import { findPerson } from "../users.server";
import { createAccept } from "./accept.server";
import type { NotAdmitted } from "./admission.server";
import { createAsk } from "./ask.server";
import { type ClaimsOptions, createClaims } from "./claim.server";
import { createClose } from "./close.server";
import { addressKey } from "./invitation.server";
import { createList } from "./list.server";
import type { Found, Lookup } from "./lookup.server";
import type { Mirror } from "./mirror.server";
import { createOpen } from "./open.server";
import { createSend } from "./send.server";
import type { Waiting } from "./waiting.server";
import { createWishes } from "./wish.server";

export const invitationsPerPage = 20;
export const addressesPerBatch = 50;
/** How many may wait in one organization. */
export const mostPending = 100;
export const noteLimit = 500;
export const daysByDefault = 7;
export const mostDays = 30;

/** What a form may say of it. */
export const InvitationDays = z
  .number("Write a number of days.")
  .int("Write a whole number of days.")
  .min(1, "An invitation is valid for at least 1 day.")
  .max(mostDays, `An invitation is valid for at most ${mostDays} days.`);

export type InvitationStatus = "pending" | "accepted" | "declined" | "revoked" | "expired";

/** What became of the last mail: `none`: Logto has no way to send mail. `refused`, `limited`: its mail server, or its limit of ten mails in ten minutes. */
export type Delivery = "waiting" | "sent" | "none" | "refused" | "limited";

export interface Batch {
  /** Drawn when the form was shown: the same batch sent again invites nobody twice. */
  batch: string;
  entries: { address: string; roleId: string }[];
  note: string;
  /** For how many days the invitations are valid, 1 to 30. */
  days: number;
}

/**
 * `made-no-mail`, `mail-refused`, `mail-limited`: invited, but without a mail; the link can be passed on. `already-invited`: `invitationId` is the one that
 * waits. `too-many`: beyond 50 in a batch, or 100 that wait. `no-seat`: members and open invitations use every seat of the plan. `unavailable`: Logto gave no answer; sending the batch again goes on where it stopped.
 */
export type SendResult =
  | "sent"
  | "made-no-mail"
  | "mail-refused"
  | "mail-limited"
  | "already-member"
  | "already-invited"
  | "not-an-address"
  | "twice"
  | "too-many"
  | "no-seat"
  | "unknown-role"
  | "beyond-you"
  | NotAdmitted
  | "unavailable";

export interface Sent {
  /** As typed. */
  address: string;
  result: SendResult;
  invitationId?: string;
  link?: string;
}

export interface ListedInvitation {
  id: string;
  address: string;
  roleId: string;
  roleName: string;
  note: string;
  status: InvitationStatus;
  /** Of whoever invited last: a resend and a new role are theirs who asked for it. */
  inviterName: string;
  createdAt: Date;
  expiresAt: Date;
  /** How often a mail went out, and when the last one did. */
  sentCount: number;
  lastSentAt: Date | null;
  delivery: Delivery;
  decidedAt: Date | null;
  /** Only while it is pending. */
  link?: string;
  /** What people asked for at its link and nobody has answered yet. */
  requests: InvitationRequest[];
}

export interface InvitationRequest {
  kind: "unusable-link" | "other-address";
  address: string;
  createdAt: Date;
}

/** `closed`: accepted, declined or revoked. `busy`: somebody is accepting it at this moment. */
export type InvitationRefusal = "missing" | "closed" | "busy";

/** `result` says what became of the mail. */
export type Resent =
  | { id: string; ok: true; address: string; result: MailResult; expiresAt: Date; link: string }
  | {
      id: string;
      ok: false;
      address?: string;
      /** `already-member`: they have joined otherwise. */
      reason:
        | InvitationRefusal
        | NotAdmitted
        | "already-member"
        | "unknown-role"
        | "beyond-you"
        | "too-many"
        | "no-seat"
        | "unavailable";
    };
export type MailResult = "sent" | "made-no-mail" | "mail-refused" | "mail-limited" | "unavailable";

export type Revoked =
  { id: string; ok: true; address: string } | { id: string; ok: false; address?: string; reason: InvitationRefusal };

export type InvitationRoleChange =
  | { ok: true; address: string; roleName: string }
  /** `too-many`, `no-seat`: it has expired at this very moment, and would have to come back. */
  | { ok: false; reason: Exclude<Extract<Resent, { ok: false }>["reason"], "already-member"> | "expired" };

/** Somebody who is signed in. A guard's person fits. */
export interface Reader {
  id: string;
  logtoId: string;
  name: string;
  email: string;
  /** With where their request came from. */
  acting?: Acting;
}

/** What a link leads to. `address` is never sent to the browser, unless it is the reader's own: `isFor` tells. */
export type Opened =
  | {
      kind: "usable";
      invitationId: string;
      organizationId: string;
      organizationName: string;
      /** Of the interface's twelve colour classes. */
      organizationColour: number;
      inviterName: string;
      roleName: string;
      /** Empty when Logto does not answer. */
      rolePermissions: Permission[];
      note: string;
      expiresAt: Date;
      maskedAddress: string;
      address: string;
      /** Why nobody can join by it at the moment, though it waits. */
      notAdmitted?: NotAdmitted;
    }
  | { kind: "unusable" };

/**
 * `other-address`: the person's address is another one. `unverified`: it is the same, but Logto does not say that it is theirs. `no-seat`: members use every
 * seat of the organization's plan; the invitation goes on waiting.
 */
export type Acceptance =
  | { ok: true; organizationId: string; organizationName: string; roleName: string }
  | { ok: false; reason: "unusable" | "other-address" | "unverified" | "no-seat" | NotAdmitted | "unavailable" };

export type Declining = { ok: true } | { ok: false; reason: "unusable" };

export interface WaitingInvitation {
  id: string;
  organizationId: string;
  organizationName: string;
  organizationColour: number;
  inviterName: string;
  roleName: string;
  expiresAt: Date;
  /** Why it cannot be accepted at the moment. */
  notAdmitted?: NotAdmitted;
}

export interface Invitations {
  /** An answer for each entry, in their order. */
  send(scope: OrganizationScope, actor: Actor, batch: Batch): Promise<Sent[]>;
  /** How far a batch is that is being sent. */
  progress(scope: OrganizationScope, batch: string): Promise<{ of: number; done: number }>;
  /** Newest first. `page` counts from 1. */
  list(
    scope: OrganizationScope,
    wanted: { status?: InvitationStatus; page: number },
  ): Promise<{ invitations: ListedInvitation[]; total: number; pageSize: number; pending: number }>;
  find(scope: OrganizationScope, id: string): Promise<ListedInvitation | undefined>;
  /** Sends each again under the same link, valid for as many days as before from now on. Also those that have expired. */
  resend(scope: OrganizationScope, actor: Actor, ids: string[]): Promise<Resent[]>;
  /** The same under a new link: the old one can no longer be used. */
  renewLink(scope: OrganizationScope, actor: Actor, id: string): Promise<Resent>;
  changeRole(scope: OrganizationScope, actor: Actor, id: string, roleId: string): Promise<InvitationRoleChange>;
  revoke(scope: OrganizationScope, actor: Actor, ids: string[]): Promise<Revoked[]>;

  open(token: string): Promise<Opened>;
  accept(token: string, person: Reader): Promise<Acceptance>;
  /** Needs no account: whoever holds the link may decline. */
  decline(token: string, acting?: Acting): Promise<Declining>;
  /** Answers nothing, so that it tells nothing. `other-address` is the asking person's own. */
  ask(
    token: string,
    request: { kind: "unusable-link" } | { kind: "other-address"; person: Reader },
    acting?: Acting,
  ): Promise<void>;

  /** Those that can be accepted by this person, for their verified address; the first to expire first. */
  waitingFor(person: Reader): Promise<WaitingInvitation[]>;
  acceptWaiting(person: Reader, invitationId: string): Promise<Acceptance>;
  declineWaiting(person: Reader, invitationId: string): Promise<Declining>;
}

export interface InvitationsOptions {
  system: System;
  management: Management;
  organizations: Organizations;
  links: InvitationLinks;
  mirror: Mirror;
  waiting: Waiting;
  lookup: Lookup;
  /** The way into an organization for somebody who is in none yet, or whose own access may end meanwhile. */
  scopeOf: ScopeOf;
  changes: ClaimsOptions["changes"];
  now: () => number;
}

export function createInvitations(options: InvitationsOptions): Invitations {
  const { system, lookup, waiting, changes } = options;
  const claims = createClaims(options);
  const accept = createAccept({ ...options, claims });
  const close = createClose({ ...options, claims });
  const send = createSend(options);

  /** Whoever has such an address and a page open sees at once that an invitation waits. */
  async function tellInvited(addressKeys: string[]): Promise<void> {
    const people = await system.read((db, { users }) =>
      db
        .select({ user: users.id })
        .from(users)
        .where(and(eq(users.emailVerified, true), inArray(sql`lower(${users.email})`, addressKeys))),
    );
    for (const to of people) changes.tell({ to, about: ["invitations"] });
  }

  const onBehalfOf = (acting: Acting, { scope }: Found) => options.scopeOf(scope.organizationId, acting);

  /** Without a link, only the address shows that it is theirs: any other is not there. */
  async function addressedTo(person: Reader, invitationId: string): Promise<Found | undefined> {
    const found = await lookup.byId(invitationId);
    const reader = await findPerson(options.system, person.id);
    return found && reader?.emailVerified && found.invitation.addressKey === addressKey(reader.email)
      ? found
      : undefined;
  }

  return {
    ...createList(options),
    ...createWishes({ ...options, claims }),
    async send(scope, actor, batch) {
      const sent = await send(scope, actor, batch);
      const invited = sent.filter(({ result, invitationId }) => invitationId && result !== "already-invited");
      await tellInvited(invited.map(({ address }) => addressKey(address)));
      changes.tell({ to: { organization: scope.organizationId }, about: ["members"] });
      return sent;
    },
    revoke: (scope, _actor, ids) => close.revoke(scope, ids),

    open: createOpen(options),
    ask: createAsk(options),
    async accept(token, person) {
      const found = await lookup.byToken(token);
      return found
        ? accept(onBehalfOf(actingOf(person), found), found.invitation, person)
        : { ok: false, reason: "unusable" };
    },
    async decline(token, acting = somebody) {
      const found = await lookup.byToken(token);
      return found ? close.decline(onBehalfOf(acting, found), found.invitation) : { ok: false, reason: "unusable" };
    },

    waitingFor: waiting.waitingFor,
    async acceptWaiting(person, invitationId) {
      const found = await addressedTo(person, invitationId);
      return found
        ? accept(onBehalfOf(actingOf(person), found), found.invitation, person)
        : { ok: false, reason: "unusable" };
    },
    async declineWaiting(person, invitationId) {
      const found = await addressedTo(person, invitationId);
      return found
        ? close.decline(onBehalfOf(actingOf(person), found), found.invitation)
        : { ok: false, reason: "unusable" };
    },
  };
}

/** Whether an invitation is for this reader, whatever the case of the letters. Whether the address is verified, `accept` asks. */
export function isFor(opened: { address: string }, reader: { email: string }): boolean {
  return addressKey(opened.address) === addressKey(reader.email);
}
