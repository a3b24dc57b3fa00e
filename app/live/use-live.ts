// The page's own life in React: tells it what was read, and reads anew when it asks for that and nothing else is under way.
import { useFetchers, useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useSyncExternalStore } from "react";
import type { Seen } from "./news";
import { livePage } from "./page";
import { atFirst, type Shown } from "./shown";

const onServer = () => atFirst;

export function useLivePage(): Shown {
  return useSyncExternalStore(livePage.subscribe, livePage.shown, onServer);
}

/** Once, in the frame of every page. `read` is what the page was read with, and another object each time; nothing when it could not be read. */
export function useFollowing<Read>(read: Read | null | undefined, seenIn: (read: Read) => Seen): Shown {
  const shown = useLivePage();
  const { revalidate } = useRevalidator();
  const navigation = useNavigation();
  const fetchers = useFetchers();
  const isBusy = navigation.state !== "idle" || fetchers.some(({ state }) => state === "submitting");

  useEffect(() => {
    if (read) livePage.meet(seenIn(read));
  }, [read, seenIn]);

  const { wanted } = shown;
  useEffect(() => {
    if (!wanted || isBusy) return;
    livePage.beginReading();
    revalidate();
  }, [wanted, isBusy, revalidate]);

  return shown;
}
