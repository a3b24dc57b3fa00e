// The tests of what is mutated; all of them use real stores and the emulator. MUTANT_TESTS names fewer, for the mutants of one file: Stryker's own
// `--testFiles` wakes a mutant too late for what runs while a file is loaded.
import { defineConfig } from "vitest/config";

const tests = [
  "app/auth/{consent,guards,membership,own-sessions,session,sign-in}.server.test.ts",
  "app/auth/policy.test.ts",
  "app/logto/webhook.server.test.ts",
  "app/models/{audit,invitation-link}.server.test.ts",
  "app/models/billing/billing.server.test.ts",
  "app/models/invitations/*.test.ts",
  "db/{context,door,migrate,scoped,store,walls}.test.ts",
];

export default defineConfig({
  test: {
    include: process.env.MUTANT_TESTS?.split(",") ?? tests,
    environment: "node",
    runner: "e2e/isolation/stryker/runner.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
