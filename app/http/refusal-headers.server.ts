// A refusal's own headers (Retry-After, Allow, X-Atrium-Stale) also for whoever asks for a page's data.
import type { ServerBuild } from "@remix-run/node";

/**
 * For data Remix takes the headers of the very route that refused, and drops them where that route exports no `headers`. Those get the root's, which hands
 * them on.
 */
export function withRefusalHeaders(build: ServerBuild): ServerBuild {
  const headers = build.routes.root?.module.headers;
  const routes = Object.entries(build.routes).map(([id, route]) => [
    id,
    route && { ...route, module: { ...route.module, headers: route.module.headers ?? headers } },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}
