// The tests of what is mutated; all of them use real stores and the emulator.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "app/auth/{guards,membership,session}.server.test.ts",
      "app/logto/webhook.server.test.ts",
      "app/models/invitation-link.server.test.ts",
      "app/models/invitations/*.test.ts",
      "db/{scoped,walls,store}.test.ts",
    ],
    environment: "node",
    runner: "e2e/isolation/stryker/runner.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
