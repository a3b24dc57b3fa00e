// What the app does by itself, with nobody asking: kept by hand. A job or a timer that is not here fails the run.

/** The app's jobs, by their names in app/server.ts: in whose organization each works, and the tests that look at it. */
export const jobs: Record<string, { works: string; tests: string[] }> = {
  renames: {
    works: "in the organization whose name was changed and not yet told to Logto",
    tests: ["app/models/settings/renaming.server.test.ts"],
  },
  deletions: {
    works: "in the organization whose last day is over",
    tests: ["app/models/settings/deletion.server.test.ts"],
  },
  exports: {
    works: "in the organization that somebody asked for an export of",
    tests: ["app/models/exports/exports.server.test.ts"],
  },
  accounts: {
    works: "in the organizations of whoever deletes their account",
    tests: ["app/models/accounts.server.test.ts"],
  },
  members: {
    works: "in the organization in which a change of a role or a removal was broken off",
    tests: ["app/models/member-changes.server.test.ts"],
  },
  audit: { works: "in each organization by itself", tests: ["app/models/audit-log.server.test.ts"] },
  invoices: { works: "in each organization by itself", tests: ["app/models/billing/billing.server.test.ts"] },
};

/** Server files that do something again and again. */
export const clocks: Record<string, string> = {
  "app/jobs.server.ts": "the jobs",
  "app/models/rounds.server.ts": "asks Logto who is in the organizations of open pages, one by one",
  "app/live/streams.server.ts": "looks whether each listener may still hear, and says that the stream is alive",
  "app/http/close.server.ts": "closes idle connections while the server stops",
};
