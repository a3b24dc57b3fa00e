// Starts the page in the browser, and makes every request for data say which organization the page belongs to.
import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { organizationHeader } from "./paths";

const plainFetch = window.fetch.bind(window);

/**
 * A page that has gone stale (the session moved to another organization, or ended) must show nothing of the answer: it is loaded anew, whole. The
 * promise that never settles keeps Remix from rendering anything meanwhile.
 */
window.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.origin !== location.origin || !url.pathname.endsWith(".data")) return plainFetch(input, init);

  const { organization } = document.documentElement.dataset;
  if (organization) request.headers.set(organizationHeader, organization);
  const response = await plainFetch(request);
  if (request.method !== "GET" || (response.status !== 409 && response.status !== 401)) return response;
  location.assign(pageOf(url));
  return new Promise<never>(() => {});
};

/** Remix asks for the data of `/posts` at `/posts.data`, and of `/` at `/_root.data`. */
function pageOf({ pathname, searchParams }: URL): string {
  const path = pathname === "/_root.data" ? "/" : pathname.slice(0, -".data".length);
  const query = new URLSearchParams(searchParams);
  query.delete("_routes");
  return query.size > 0 ? `${path}?${query}` : path;
}

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  );
});
