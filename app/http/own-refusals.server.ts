// Remix's build, in which a refusal is ours from first to last: with its own headers, and also where Remix would refuse by itself.
import type {
  ActionFunction,
  ActionFunctionArgs,
  LoaderFunction,
  LoaderFunctionArgs,
  ServerBuild,
} from "@remix-run/node";
import { isRefusal } from "./refusal";
import { refusalPage, wantsPage } from "./refuse.server";
import { notSaved, unsupportedMethod } from "./responses.server";
import { themeOf } from "./theme";

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
        ...(route.module.loader && {
          loader: orNotSaved(route.module.default ? route.module.loader : shownToPeople(route.module.loader)),
        }),
        action: orNotSaved(route.module.action ?? takesNoForm),
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
      const theme = themeOf(request.headers.get("Cookie"));
      return new Response(refusalPage(refusal, request.method, theme), { status: thrown.status, headers: answer });
    }
  };
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
