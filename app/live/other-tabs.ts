// In the browser: what the tabs of one browser tell each other. They are one session's.
import type { Change, Why } from "./line";
import type { Seen } from "./news";

export type Whose = Pick<Seen, "person" | "organization">;

export type Message =
  { kind: "session"; whose: Whose } | { kind: "change"; change: Change } | { kind: "ended"; why: Why };

/** @returns what tells the others. Nobody hears themselves. */
export function joinTabs(hear: (message: Message) => void): (message: Message) => void {
  if (typeof BroadcastChannel === "undefined") return () => {};
  const channel = new BroadcastChannel("atrium");
  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => hear(data));
  return (message) => channel.postMessage(message);
}
