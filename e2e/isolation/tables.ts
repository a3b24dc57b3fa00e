// Whose each table is, and what of it cannot hold a word that tells whose it is. Kept by hand: a table that is not here fails the run.

/** Every row has `logto_organization_id`. */
export const ofOrganizations: string[] = [
  "members",
  "posts",
  "comments",
  "invitations",
  "invitation_requests",
  "invitation_links",
];

/** The global ones: who may see a row. */
export const global: Record<string, string> = {
  users: "the person themselves; others see what members has of them",
  sessions: "the person alone",
  organizations: "the members of the organization: its name and its colour",
  new_organizations: "the person who asked for one",
  organization_locks: "nobody: who changes the members of an organization just now",
  __drizzle_migrations: "nobody: which migrations were run",
};

/** What a planted row has in a column that takes no free text, and why. */
export const fixed: Record<string, { value: string | number | null; because: string }> = {
  "posts.status": { value: "published", because: "one of three words" },
  "invitations.status": { value: "accepted", because: "one of six words; an open one would be sent" },
  "invitations.delivery": { value: "sent", because: "one of five words" },
  "invitations.logto_id": { value: null, because: "of Logto's own making: Logto would be asked about it" },
  "invitation_requests.kind": { value: "unusable-link", because: "one of two words" },
};
