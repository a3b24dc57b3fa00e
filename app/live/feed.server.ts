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

/** Hearing of something is a hint to look, and never a reason to believe it: news may come twice, late, or not at all. */
export interface Feed {
  publish(news: News): void;
  /** @returns what ends it */
  subscribe(hear: (news: News) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(news: News) => void>();
  return {
    publish(news) {
      for (const hear of listeners) hear(news);
    },
    subscribe(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
}
