// Starts the page in the browser, and makes every request for data say which organization the page belongs to.
import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { isFromDoor, refusedForm } from "./http/refused-form";
import { livePage } from "./live/page";
import { organizationHeader } from "./paths";

const plainFetch = window.fetch.bind(window);

window.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.origin !== location.origin || !url.pathname.endsWith(".data")) return plainFetch(input, init);

  const { organization } = document.documentElement.dataset;
  if (organization) request.headers.set(organizationHeader, organization);
  return request.method === "GET" ? fetchData(request) : sendForm(request);
};

/**
 * A page that has gone stale (the session moved to another organization, or ended) must show nothing of the answer: it is loaded anew, whole. So is
 * one that the door refused. The promise that never settles keeps Remix from rendering anything meanwhile.
 */
async function fetchData(request: Request): Promise<Response> {
  const page = pageOf(new URL(request.url));
  const isReread = livePage.isRereading(page.split("?")[0] ?? "");
  if (isReread) return livePage.sift((address) => fetchWhole(new Request(address, request)), request);
  const answer = await fetchWhole(request);
  if (answer.status !== 409 && answer.status !== 401 && !isFromDoor(answer)) return answer;
  if (page === location.pathname + location.search) location.reload();
  else location.assign(page);
  return new Promise<never>(() => {});
}

async function sendForm(request: Request): Promise<Response> {
  const copy = request.clone();
  const answer = await fetchWhole(request);
  return isFromDoor(answer) ? refusedForm(copy, answer, pageOf(new URL(request.url))) : answer;
}

/**
 * No loader promises anything for later. Remix would decode the body while it comes, and leave an error to nobody when something else takes its place
 * before the end.
 */
async function fetchWhole(request: Request): Promise<Response> {
  const answer = await plainFetch(request);
  return new Response(answer.body && (await answer.blob()), answer);
}

/** Remix asks for the data of `/posts` at `/posts.data`, and of `/` at `/_root.data`. */
function pageOf({ pathname, searchParams }: URL): string {
  const path = pathname === "/_root.data" ? "/" : pathname.slice(0, -".data".length);
  const query = new URLSearchParams(searchParams);
  query.delete("_routes");
  return query.size > 0 ? `${path}?${query}` : path;
}

/** Remix throws the promise of the page's data until it is decoded. Were that seen by React, a key pressed meanwhile would break the hydration (#345). */
async function untilDecoded(): Promise<void> {
  try {
    RemixBrowser({});
  } catch (decoding) {
    await decoding;
  }
}

await untilDecoded();
startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  );
});
