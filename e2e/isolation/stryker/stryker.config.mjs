// The command `npm run test:isolation:stryker`: changes what decides who may do what, operator by operator, and lets its unit tests notice.
/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [
    "app/auth/guards.server.ts",
    "app/auth/membership.server.ts",
    "app/auth/policy.ts",
    "app/auth/scopes.server.ts",
    "app/auth/session.server.ts",
    "app/logto/webhook.server.ts",
    "app/models/invitation-link.server.ts",
    "app/models/invitations/*.server.ts",
    "db/context.ts",
    "db/scoped.ts",
    "db/walls.ts",
  ],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "e2e/isolation/stryker/vitest.config.ts" },
  coverageAnalysis: "perTest",
  // The types are not checked: a mutant that does not compile is noticed by its tests all the same.
  disableTypeChecks: true,
  ignorePatterns: ["build*", "reports", "docs", ".data"],
  tempDirName: "reports/stryker",
  reporters: ["clear-text", "progress-append-only", "html", "json"],
  htmlReporter: { fileName: "reports/isolation/stryker.html" },
  jsonReporter: { fileName: "reports/isolation/stryker.json" },
  // Of a hundred mutants three may be equivalent; README.md beside this file lists them.
  thresholds: { high: 100, low: 99, break: 97 },
  concurrency: 2,
  timeoutMS: 20_000,
};
