// Apart from vite.config.ts, which would load the Remix plugin.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,db,emulator,scripts,e2e}/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
