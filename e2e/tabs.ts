// What happens to a page while it is open: it is hidden and looked at again, and its line to the server breaks.
import type { Page } from "@playwright/test";

/** As another tab in front of it does; headless browsers show all of theirs. @returns what shows it again */
export async function hide(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(setVisibility, "hidden");
  return () => page.evaluate(setVisibility, "visible");
}

function setVisibility(state: string) {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}

/** As somebody who comes back to the window. */
export function lookAgain(page: Page): Promise<void> {
  return page.evaluate(() => void window.dispatchEvent(new Event("focus")));
}

/** Loads the page anew, and waits until the server has its line: what happens from then on reaches it. */
export async function untilItListens(page: Page): Promise<void> {
  await Promise.all([page.waitForResponse((answer) => new URL(answer.url()).pathname === "/events"), page.reload()]);
}

/** From the next load on. The server is there; its events are not. @returns what mends the line */
export async function withoutLine(page: Page): Promise<() => Promise<void>> {
  const events = (url: URL) => url.pathname === "/events";
  await page.route(events, (route) => route.fulfill({ status: 204 }));
  return () => page.unroute(events);
}

/** From the next load on, as in a browser in which no page hears of anything: it learns of a change by its next request. */
export async function deafen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "EventSource");
    Reflect.deleteProperty(window, "BroadcastChannel");
  });
}
