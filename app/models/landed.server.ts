// Where a new role has landed: how many of its person's open pages have read it, told to whoever gave it.
import { newId } from "../../db";
import type { Feed } from "../live/feed.server";

export interface LandedChange {
  changeId: string;
  /** Whose role it is. */
  name: string;
  role: string;
  /** Open pages of theirs that have said so. */
  pages: number;
}

export interface LandedOptions {
  feed: Feed;
  now: () => number;
}

export type Landed = ReturnType<typeof createLanded>;

interface Given extends Omit<LandedChange, "pages"> {
  organizationId: string;
  giver: string;
  /** The app's id of whose role it is; undefined for somebody who was never here. */
  user: string | undefined;
  at: number;
  pages: Set<string>;
}

/** Nobody waits for longer, milliseconds, and nobody has more pages open. */
const worthTelling = 2 * 60_000;
const mostPages = 50;
const mostKept = 1_000;

/** Kept in memory, and for a moment: it is a courtesy, and a process that knows nothing of it tells nothing. */
export function createLanded({ feed, now }: LandedOptions) {
  const kept = new Map<string, Given>();

  function sweep(): void {
    for (const [id, { at }] of kept) {
      if (now() - at < worthTelling && kept.size <= mostKept) return;
      kept.delete(id);
    }
  }

  return {
    /** @returns the id under which pages are told of it, and confirm it */
    begin(given: Pick<Given, "organizationId" | "giver" | "user" | "name" | "role">): string {
      const changeId = newId();
      kept.set(changeId, { ...given, changeId, at: now(), pages: new Set() });
      sweep();
      return changeId;
    },

    /** The last role that somebody gave in an organization, for a while. */
    latestOf(giver: string, organizationId: string): LandedChange | null {
      sweep();
      const latest = [...kept.values()].findLast(
        (given) => given.giver === giver && given.organizationId === organizationId,
      );
      return latest
        ? { changeId: latest.changeId, name: latest.name, role: latest.role, pages: latest.pages.size }
        : null;
    },

    /** A page of the person whose role it is has read it. Anything else that is said to be confirmed is none of ours. */
    confirm(
      changeId: string,
      { user, organizationId, page }: { user: string; organizationId: string; page: string },
    ): void {
      const given = kept.get(changeId);
      if (!given || given.user !== user || given.organizationId !== organizationId) return;
      if (given.pages.has(page) || given.pages.size >= mostPages) return;
      given.pages.add(page);
      const to = { user: given.giver, organization: organizationId };
      feed.publish({ kind: "confirmed", to, change: changeId, pages: given.pages.size });
    },
  };
}
