// What the routes work with, built once: from the store, the line to Logto, and the settings.
import type { ScopeOf, Store } from "../db";
import { createAuth } from "./auth/auth.server";
import { createScopes, type ScopeReason } from "./auth/scopes.server";
import { createFeed } from "./live/feed.server";
import type { Line } from "./logto/line.server";
import { createManagement } from "./logto/management.server";
import { createAccounts } from "./models/accounts.server";
import { createAuditRetention } from "./models/audit-retention.server";
import { createBilling } from "./models/billing/billing.server";
import { createInvoicing } from "./models/billing/invoicing.server";
import { bankTransfer } from "./models/billing/payment";
import { createChanges } from "./models/changes.server";
import { createExports } from "./models/exports/exports.server";
import { createHints } from "./models/hints.server";
import { createInvitationLinks } from "./models/invitation-link.server";
import { createInvitations } from "./models/invitations/invitations.server";
import { createLookup } from "./models/invitations/lookup.server";
import { createMirror } from "./models/invitations/mirror.server";
import { createWaiting } from "./models/invitations/waiting.server";
import { createLanded } from "./models/landed.server";
import { createMemberChanges } from "./models/member-changes.server";
import { createMemberDirectory } from "./models/member-directory.server";
import { createLocks } from "./models/organization-lock.server";
import { createReconciliation } from "./models/reconciliation.server";
import { createOrganizations } from "./models/organizations.server";
import { createDeletion } from "./models/settings/deletion.server";
import { createRenaming } from "./models/settings/renaming.server";

export interface CompositionOptions {
  store: Store;
  line: Line;
  /** For the calls that end when a mail has been handed over. */
  mailLine: Line;
  logto: {
    endpoint: string;
    appId: string;
    appSecret: string;
    management: { resource: string; appId: string; appSecret: string };
  };
  app: { origin: string; secure: boolean };
  secrets: readonly string[];
  /** Milliseconds for which an answer of Logto about a membership counts. */
  maxAge: number;
  /** For how many days a line of the audit log is kept. */
  auditDays: number;
  /** Who sends the invoices, line by line. */
  payee: readonly string[];
  exports: {
    folder: string;
    /** Exports wait to be made. */
    wake: () => void;
  };
  now: () => number;
}

export type Composition = ReturnType<typeof compose>;

export function compose(options: CompositionOptions) {
  const { store, line, mailLine, logto, app, secrets, maxAge, now } = options;
  const { system } = store;
  const management = createManagement({ ...logto.management, endpoint: logto.endpoint, line, mailLine });
  const scopeFor = createScopes(store);
  const reach =
    (reason: ScopeReason): ScopeOf =>
    (organizationId, by) =>
      scopeFor(organizationId, reason, by);
  const forInvitations = reach("invitation");
  const organizations = createOrganizations({ system, management, scopeOf: reach("founding"), now });

  const waiting = createWaiting({ system, organizations, scopeOf: forInvitations, now });
  const auth = createAuth({ store, line, organizations, waiting, logto, app, secrets, maxAge, now });
  const { markStale } = auth.sessions;
  const feed = createFeed({ now });
  const changes = createChanges({ markStale, feed });
  const landed = createLanded({ feed, now });

  const links = createInvitationLinks({ origin: app.origin, secrets });
  const mirror = createMirror({ management, links, now });
  const invitations = createInvitations({
    ...{ system, management, organizations, links, mirror, waiting, changes, now },
    lookup: createLookup({ system, links, scopeOf: forInvitations }),
    scopeOf: forInvitations,
  });
  const locks = createLocks({ system, now });
  const { withdraw } = mirror;
  const members = {
    ...createMemberDirectory({ management }),
    ...createMemberChanges({
      system,
      management,
      locks,
      scopeOf: reach("member-change"),
      changes,
      landed,
      withdraw,
      now,
    }),
  };
  const auditRetention = createAuditRetention({ system, scopeOf: reach("retention"), days: options.auditDays, now });
  const payment = bankTransfer(options.payee);
  const billing = createBilling({ management, members, payment, now });
  const invoicing = createInvoicing({ system, management, payment, scopeOf: reach("billing"), now });
  const renaming = createRenaming({
    ...{ system, management, organizations, locks, changes },
    scopeOf: reach("settings"),
  });
  const exports = createExports({
    ...{ system, organizations, ...options.exports, now },
    scopeOf: reach("export"),
  });
  const deletion = createDeletion({
    ...{ system, management, changes, now },
    forgetOrganization: auth.sessions.forgetOrganization,
    removeFiles: exports.removeFiles,
    scopeOf: reach("deletion"),
  });
  const accounts = createAccounts({
    ...{ system, management, organizations, members, locks, now },
    scopeOf: reach("account"),
    offBoard: deletion.eraseNow,
  });
  const administration = { auditRetention, billing, invoicing, renaming, deletion, exports, accounts };
  const { retry: retryConsent } = auth.sessions;
  const reconciliation = createReconciliation({ system, management, organizations, changes, retryConsent, now });
  const follow = createHints({ system, management, changes, reconciliation, markStale });
  const live = { feed, landed, changes, reconciliation, follow };
  return { auth, organizations, members, invitations, ...administration, ...live };
}
