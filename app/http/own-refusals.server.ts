// Remix's build, in which a refusal is ours from first to last: with its own headers, and also where Remix would refuse by itself.
import type { ActionFunction, ActionFunctionArgs, LoaderFunctionArgs, ServerBuild } from "@remix-run/node";
import { notSaved, unsupportedMethod } from "./responses.server";

/**
 * For data Remix takes the headers of the very route that refused (Retry-After, Allow, X-Atrium-Stale), and drops them where that route exports no
 * `headers`. Those get the root's, which hands them on. A form to a route without an action would be a bug of ours to Remix: logged as one, and
 * answered with the route's name and no Allow. What cannot be written down at the moment is no bug either.
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
        ...(route.module.loader && { loader: orNotSaved(route.module.loader) }),
        action: orNotSaved(route.module.action ?? takesNoForm),
      },
    },
  ]);
  return { ...build, routes: Object.fromEntries(routes) };
}

const takesNoForm: ActionFunction = () => {
  throw unsupportedMethod(["GET", "HEAD"]);
};

type Handler<Arguments> = (args: Arguments) => unknown;

/** A store that takes no write throws an error with the status to answer with. */
function orNotSaved<Arguments extends LoaderFunctionArgs | ActionFunctionArgs>(handler: Handler<Arguments>) {
  return async (args: Arguments) => {
    try {
      return await handler(args);
    } catch (error) {
      const isStores = error instanceof Error && "status" in error && error.status === 503;
      throw isStores ? notSaved({ kept: await args.context.kept() }) : error;
    }
  };
}
