// What the routes work with, built once: from the store, the line to Logto, and the settings.
import type { Store } from "../db";
import { createAuth } from "./auth/auth.server";
import { createScopes } from "./auth/scopes.server";
import { createFeed } from "./live/feed.server";
import type { Line } from "./logto/line.server";
import { createManagement } from "./logto/management.server";
import { createChanges } from "./models/changes.server";
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
  now: () => number;
}

export type Composition = ReturnType<typeof compose>;

export function compose({ store, line, mailLine, logto, app, secrets, maxAge, now }: CompositionOptions) {
  const { system } = store;
  const management = createManagement({ ...logto.management, endpoint: logto.endpoint, line, mailLine });
  const organizations = createOrganizations({ system, management, now });
  const scopeFor = createScopes(store);
  const forInvitations = (organizationId: string) => scopeFor(organizationId, "invitation");
  const forMembers = (organizationId: string) => scopeFor(organizationId, "member-change");

  const waiting = createWaiting({ system, organizations, scopeOf: forInvitations, now });
  const auth = createAuth({ store, line, organizations, waiting, logto, app, secrets, maxAge, now });
  const { markStale } = auth.sessions;
  const feed = createFeed();
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
    ...createMemberChanges({ system, management, locks, scopeOf: forMembers, changes, landed, withdraw, now }),
  };
  const { retry: retryConsent } = auth.sessions;
  const reconciliation = createReconciliation({ system, management, organizations, changes, retryConsent, now });
  const follow = createHints({ system, management, changes, reconciliation, markStale });
  return { auth, organizations, members, invitations, feed, landed, changes, reconciliation, follow };
}
