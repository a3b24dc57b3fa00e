// What a route finds in Remix's load context: the guards of this request, and the services that were built at start.
import "@remix-run/node";
import type { z } from "zod";
import type { Guards } from "./auth/guards.server";
import type { Session } from "./auth/auth.server";
import type { ParsedForm } from "./http/form.server";
import type { Billing } from "./models/billing/billing.server";
import type { Theme } from "./http/theme";
import type { Accounts } from "./models/accounts.server";
import type { Exports } from "./models/exports/exports.server";
import type { Invitations } from "./models/invitations/invitations.server";
import type { MemberChanges } from "./models/member-changes.server";
import type { MemberDirectory } from "./models/member-directory.server";
import type { Organizations } from "./models/organizations.server";
import type { Deletion } from "./models/settings/deletion.server";
import type { Renaming } from "./models/settings/renaming.server";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }

  interface AppLoadContext extends Guards {
    nonce: string;
    /** Whether the browser asks for a document, and not for what a page of it needs. */
    isDocument: boolean;
    /** Whether it has nothing to lose by going elsewhere first: a document that no form was sent for. */
    loadsPage: boolean;
    /** Before anything is read: what happens from then on may not be in the answer. */
    askedAt: Date;
    /** Resolves when what was sent has been taken; false when nobody is there any more. */
    drained(): Promise<boolean>;
    /** Reads this request's form once. Throws 400 and 415; what is merely wrong is in the answer, for the fields. */
    form<Schema extends z.ZodObject>(schema: Schema): Promise<ParsedForm<Schema>>;
    /** What was typed, for a page that keeps it. */
    kept(): Promise<import("./http/refusal").Kept | undefined>;
    /** Signs in and out, and moves the session from one organization to another. */
    session: Session;
    organizations: Organizations;
    members: MemberDirectory & MemberChanges;
    invitations: Invitations;
    billing: Billing;
    accounts: Accounts;
    /** The Set-Cookie header after which this browser shows the theme. */
    themeCookie(theme: Theme): string;
    renaming: Renaming;
    deletion: Deletion;
    exports: Exports;
    /** Writes a bug down once, under this request's id. */
    logBug(error: unknown): void;
  }
}
