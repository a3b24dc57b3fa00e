import { vitePlugin as remix } from "@remix-run/dev";
import tailwind from "@tailwindcss/vite";
import { defineConfig } from "vite";
import remixOptions from "./remix.config.js";

export default defineConfig({
  plugins: [tailwind(), remix(remixOptions)],
  build: { target: "es2022" },
  // All that browsers are sent, made ready at the start: what Vite finds only later makes it load the page anew, and it would look into the server's too.
  optimizeDeps: { include: ["@conform-to/react", "lucide-react"], noDiscovery: true },
  ssr: { external: ["better-sqlite3"] },
});
