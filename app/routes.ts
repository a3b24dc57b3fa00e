// The routes are the files of app/routes; the benchmark's build adds one of its own.
import { flatRoutes } from "@remix-run/fs-routes";
import { route, type RouteConfig } from "@remix-run/route-config";

const posts = "routes/posts._index.tsx";

const routes = await flatRoutes();
// Beside the real one and of its rank: a router that tries the one after the other finds both as soon.
if (process.env.ATRIUM_BUILD === "bench") {
  const at = routes.findIndex(({ file }) => file === posts);
  routes.splice(at, 0, route("plain-posts", posts, { id: "plain-posts", index: true }));
}

export default routes satisfies RouteConfig;
