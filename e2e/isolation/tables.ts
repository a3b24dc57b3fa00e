// Whose each table is, and what of it cannot hold a word that tells whose it is. Kept by hand: a table that is not here fails the run.

/** Every row has `logto_organization_id`. */
export const ofOrganizations: string[] = [
  "members",
  "posts",
  "comments",
  "invitations",
  "invitation_requests",
  "invitation_links",
  "invitation_domains",
  "audit_events",
  "audit_refusals",
  "plan_choices",
  "billing_details",
  "invoices",
  "organization_settings",
  "export_files",
];

/** The global ones: who may see a row. */
export const global: Record<string, string> = {
  users: "the person themselves; others see what members has of them",
  sessions: "the person alone",
  organizations: "the members of the organization: its name and its colour",
  new_organizations: "the person who asked for one",
  organization_locks: "nobody: who changes the members of an organization just now",
  account_deletions: "the person who deletes their account",
  __drizzle_migrations: "nobody: which migrations were run",
};

/** What a planted row has in a column that takes no free text, and why. */
/** A `{canary}` in a value is where its word goes. */
export const fixed: Record<string, { value: string | number | null; because: string }> = {
  "posts.status": { value: "published", because: "one of three words" },
  "invitations.status": { value: "accepted", because: "one of six words; an open one would be sent" },
  "invitations.delivery": { value: "sent", because: "one of five words" },
  "invitations.logto_id": { value: null, because: "of Logto's own making: Logto would be asked about it" },
  "plan_choices.plan": { value: "business", because: "one of three words" },
  "plan_choices.starts_on": { value: "2021-04-02", because: "a day" },
  "billing_details.version": { value: 0, because: "a number: the newest counts, and this is none" },
  "invoices.number": { value: 9_001, because: "a number" },
  "invoices.plan": { value: "business", because: "one of three words" },
  "invoices.starts_on": { value: "2021-04-02", because: "a day" },
  "invoices.ends_on": { value: "2021-05-02", because: "a day" },
  "invoices.issued_on": { value: "2021-05-02", because: "a day" },
  "invoices.due_on": { value: "2021-06-02", because: "a day" },
  "invoices.currency": { value: "EUR", because: "one of a few words" },
  "invoices.lines": { value: '[{"kind":"plan","quantity":1,"unit":4900}]', because: "kinds and numbers alone" },
  "invoices.bill_to": {
    value:
      '{"company":"{canary}","line1":"12 Mill Lane","line2":"","postalCode":"LS1","city":"Leeds","country":"GB","taxId":"","email":"","purchaseOrder":""}',
    because: "",
  },
  "invoices.status": { value: "paid", because: "one of three words" },
  "organization_settings.wanted_name": { value: null, because: "a wish: Logto would be asked for it at once" },
  "export_files.expires_at": { value: 4_102_444_800_000, because: "a moment: what has expired is removed" },
  "export_files.status": { value: "failed", because: "one of three words; one that waits would be made" },
  "audit_events.action": { value: "posts.create", because: "one of a list of words" },
  "audit_events.target_type": { value: "post", because: "one of a list of words" },
  "audit_events.result": { value: "done", because: "one of four words" },
  "audit_events.reason": { value: null, because: "one of a list of words" },
  "audit_refusals.action": { value: "posts.create", because: "one of a list of words" },
  "invitation_requests.kind": { value: "unusable-link", because: "one of two words" },
};
