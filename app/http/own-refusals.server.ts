// Remix's build, in which a refusal is ours from first to last: with its own headers, and also where Remix would refuse by itself.
import type { ActionFunction, ServerBuild } from "@remix-run/node";
import { unsupportedMethod } from "./responses.server";

/**
 * For data Remix takes the headers of the very route that refused (Retry-After, Allow, X-Atrium-Stale), and drops them where that route exports no
 * `headers`. Those get the root's, which hands them on. A form to a route without an action would be a bug of ours to Remix: logged as one, and
 * answered with the route's name and no Allow.
 */
export function withOwnRefusals(build: ServerBuild): ServerBuild {
  const headers = build.routes.root?.module.headers;
  const routes = Object.entries(build.routes).map(([id, route]) => [
    id,
    route && {
      ...route,
      module: {
        ...route.module,
        headers: route.module.headers ?? headers,
        action: route.module.action ?? takesNoForm,
      },
    },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}

const takesNoForm: ActionFunction = () => {
  throw unsupportedMethod(["GET", "HEAD"]);
};
