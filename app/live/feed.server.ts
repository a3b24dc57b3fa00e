// What has happened, told to whoever keeps a page open. In memory: another process learns of it by the epochs that its streams compare.
import type { About } from "./about";

/** Whose pages: a person's (by the app's own id), an organization's, or a person's in one organization. */
export type Audience = { user: string; organization?: string } | { organization: string };

export type News =
  | {
      kind: "change";
      to: Audience;
      id: string;
      about: About[];
      /** Why a page that finds itself shut out is shut out, where it cannot know this by itself. */
      because?: "deleted" | "suspended";
    }
  | {
      kind: "confirmed";
      to: Audience;
      /** The change whose effect was seen. */
      change: string;
      /** On how many pages. */
      pages: number;
    };

export type ChangeNews = Extract<News, { kind: "change" }>;

/** Hearing of something is a hint to look, and never a reason to believe it: news may come twice, late, or not at all. */
export interface Feed {
  publish(news: News): void;
  /** A moment by the clock that `since` goes by. */
  now(): Date;
  /** The changes since then, or at that very moment; undefined when that was too long ago to know them all. */
  since(moment: Date): ChangeNews[] | undefined;
  /** @returns what ends it */
  subscribe(hear: (news: News) => void): () => void;
}

/** A page begins to listen a moment after it was read; what happens in between is remembered this far back. */
const remembered = 1_000;

export function createFeed({ now = Date.now }: { now?: () => number } = {}): Feed {
  const listeners = new Set<(news: News) => void>();
  const recent: { at: number; news: ChangeNews }[] = [];
  /** From here on all are known. */
  let knownFrom = now();

  return {
    publish(news) {
      if (news.kind === "change") recent.push({ at: now(), news });
      if (recent.length > remembered) knownFrom = (recent.shift()?.at ?? 0) + 1;
      for (const hear of listeners) hear(news);
    },
    now: () => new Date(now()),
    since(moment) {
      const began = moment.getTime();
      if (began < knownFrom || began > now()) return undefined;
      return recent.flatMap(({ at, news }) => (at >= began ? news : []));
    },
    subscribe(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
}
