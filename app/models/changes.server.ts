// A change of what people may do: nothing that Logto said before it, or while it was made, counts afterwards, and open pages are told to look.
import { newId } from "../../db";
import type { About } from "../live/about";
import type { Audience, Feed } from "../live/feed.server";

export interface Told {
  to: Audience;
  /** What pages confirm it by; drawn when nobody waits for that. */
  id?: string;
  about: About[];
  because?: "deleted" | "suspended";
}

export interface ChangesOptions {
  markStale: (whose: Audience) => Promise<void>;
  feed: Feed;
}

export type Changes = ReturnType<typeof createChanges>;

export function createChanges({ markStale, feed }: ChangesOptions) {
  /** For what matters to pages but changes nobody's rights, such as a longer list. */
  function tell(...told: Told[]): void {
    for (const { id = newId(), ...rest } of told) feed.publish({ kind: "change", id, ...rest });
  }

  return {
    tell,

    /** For a change that was made elsewhere and has become known. */
    async known(whose: Audience, ...told: Told[]): Promise<void> {
      await markStale(whose);
      tell(...told);
    },

    /** For a change that is made here, at Logto. Also one that fails may have happened. */
    async around<T>(whose: Audience, make: () => Promise<T>, told: () => Told[]): Promise<T> {
      await markStale(whose);
      return make().finally(async () => {
        await markStale(whose);
        tell(...told());
      });
    },
  };
}
