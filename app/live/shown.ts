// In the browser: what a page shows of its own life. React reads it; it is never changed, only replaced.
import type { News } from "./news";
import type { Typed } from "./typed";

/** Why the page is not its session's any more. */
export type Left =
  | { kind: "signed-out" }
  | { kind: "switched"; /** Where the session is now, as far as another tab has said. */ to?: string; typing: boolean };

export interface Shown {
  line: "starting" | "live" | "down";
  left?: Left;
  /** What was typed stays, though the page that it was typed into cannot be read any more. */
  stranded: boolean;
  news: (News & { id: number })[];
  /** What was being typed in a page that is gone, until its reader lets it go. */
  carried?: Typed;
  /** Waits for a click, since something is being typed. */
  consent?: string;
  /** By the id of a change that was made here: how many open pages of its person follow it. */
  followed: Record<string, number>;
  /** It wants to be read anew, as soon as nothing else is under way. */
  wanted: boolean;
}

export const atFirst: Shown = { line: "starting", stranded: false, news: [], followed: {}, wanted: false };

export function createShown() {
  const listeners = new Set<() => void>();
  let shown = atFirst;
  let told = 0;

  function show(change: Partial<Shown>): void {
    shown = { ...shown, ...change };
    for (const listener of listeners) listener();
  }

  return {
    now: () => shown,
    show,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Beside what was told before, as far as that still holds. */
    withNews(newer: News[]): Shown["news"] {
      return [...withoutOlder(shown.news, newer), ...newer.map((each) => ({ ...each, id: (told += 1) }))];
    },
    dismiss: (id: number) => show({ news: shown.news.filter((news) => news.id !== id) }),
  };
}

/** What somebody may do now is told once, not with all that it was before. */
function withoutOlder(known: Shown["news"], newer: News[]): Shown["news"] {
  const isOfRole = ({ kind }: News) => kind !== "renamed" && kind !== "invited";
  return newer.some(isOfRole) ? known.filter((news) => !isOfRole(news)) : known;
}
