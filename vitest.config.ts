// Apart from vite.config.ts, which would load the Remix plugin.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,db,emulator,scripts,e2e}/**/*.test.{ts,tsx}"],
    environment: "node",
    maxWorkers: "100%", // its own choice is one fewer, which leaves a core idle where there are two
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
