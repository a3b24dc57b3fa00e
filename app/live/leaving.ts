// Whether the browser is on its way to another page. It can be so before anything of ours runs, so the document's head takes note of it.

declare global {
  interface Window {
    leftBefore?: boolean;
  }
}

/** A script for the head. */
export const noteLeaving = `addEventListener("beforeunload",()=>{window.leftBefore=true})`;

/** Asked once, when the page begins: from then on it listens itself. */
export const wasLeftBefore = (): boolean => window.leftBefore === true;
