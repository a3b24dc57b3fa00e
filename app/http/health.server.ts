// Two questions of whoever runs the app: is the process alive, and may it be sent requests?
import { Router } from "express";
import { paths } from "../paths";

/** Throws, or answers false, when something that the app needs is not there. */
export type Check = () => Promise<unknown>;

/** Not ready until `started()` and after `stopping()`; between them as long as every check passes within `patience` ms. */
export function createReadiness(checks: Check[], { patience = 2000 }: { patience?: number } = {}) {
  let open = false;
  return {
    started: () => void (open = true),
    stopping: () => void (open = false),
    async isReady(): Promise<boolean> {
      if (!open) return false;
      const passed = await Promise.all(checks.map((check) => inTime(check, patience)));
      return open && passed.every(Boolean);
    },
  };
}

export type Readiness = ReturnType<typeof createReadiness>;

export function healthRoutes(readiness: Readiness): Router {
  const routes = Router({ caseSensitive: true, strict: true });
  routes.get(paths.health, (_request, response) => {
    response.set("Cache-Control", "no-store").type("text").send("ok");
  });
  routes.get(paths.ready, async (_request, response) => {
    const ready = await readiness.isReady();
    response
      .status(ready ? 200 : 503)
      .set("Cache-Control", "no-store")
      .type("text")
      .send(ready ? "ready" : "not ready");
  });
  return routes;
}

async function inTime(check: Check, patience: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, patience, false)));
  const answer = (async () => (await check()) !== false)().catch(() => false);
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
