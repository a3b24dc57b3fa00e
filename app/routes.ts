// The routes are the files of app/routes; the benchmark's build adds one of its own.
import { flatRoutes } from "@remix-run/fs-routes";
import { route, type RouteConfig } from "@remix-run/route-config";

const routes = await flatRoutes();
if (process.env.ATRIUM_BUILD === "bench")
  routes.push(route("bench/posts", "routes/posts._index.tsx", { id: "bench/posts" }));

export default routes satisfies RouteConfig;
