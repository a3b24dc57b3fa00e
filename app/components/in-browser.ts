// Whether the page runs in a browser with JavaScript: false on the server and while the browser takes over.
import { useSyncExternalStore } from "react";

export function useInBrowser() {
  return useSyncExternalStore(neverChanges, inBrowser, onServer);
}

const neverChanges = () => () => {};
const inBrowser = () => true;
const onServer = () => false;
