// Remix's build, in which a refusal is ours from first to last: with its own headers, and also where Remix would refuse by itself.
import type { ActionFunction, LoaderFunction, ServerBuild } from "@remix-run/node";
import { isRefusal } from "./refusal";
import { refusalPage, wantsPage } from "./refuse.server";
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
        ...(!route.module.default && route.module.loader && { loader: shownToPeople(route.module.loader) }),
      },
    },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}

/** A route that is no page, such as a file's, has no boundary to show a refusal in: whoever followed a link there gets the small page of the door. */
function shownToPeople(loader: LoaderFunction): LoaderFunction {
  return async (given) => {
    try {
      return await loader(given);
    } catch (thrown) {
      const { request, context } = given;
      if (!(thrown instanceof Response) || !context.isDocument || !wantsPage(request.headers.get("Accept")))
        throw thrown;
      const refusal: unknown = await thrown
        .clone()
        .json()
        .catch(() => undefined);
      if (!isRefusal(refusal)) throw thrown;
      const answer = new Headers(thrown.headers);
      answer.set("Content-Type", "text/html; charset=utf-8");
      return new Response(refusalPage(refusal, request.method), { status: thrown.status, headers: answer });
    }
  };
}

const takesNoForm: ActionFunction = () => {
  throw unsupportedMethod(["GET", "HEAD"]);
};
