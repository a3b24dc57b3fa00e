// In the browser: a page's line to the server. It says that there is something to read anew, never what.
import type { About } from "./about";

export type Why = "removed" | "signed-out" | "switched" | "deleted" | "suspended" | "too-many" | "stopping";

export interface Change {
  id: string;
  about: About[];
}

export interface LineOptions {
  isVisible(): boolean;
  /** Undefined where the browser has no EventSource. */
  openStream?: () => EventSource;
  /** Reads the page anew. Settles when that is done, or cannot be done now. */
  reread(): Promise<void>;
  heardOf(change: Change): void;
  confirmed(change: string, pages: number): void;
  /** The line is dropped by then. Settles when it is known whether the page stays: whoever leaves it closes the line. */
  ended(why: Why): Promise<void>;
  show(state: "live" | "down"): void;
}

export type Line = ReturnType<typeof holdLine>;

/** Milliseconds. Under `grace` a line that is down is nobody's concern. */
const grace = 4_000;
const longestWait = 30_000;
/** At the latest: for a page that hears of nothing this is the bound. */
const pollEvery = 60_000;

/** A visible page holds one stream; a hidden one holds none, and reads itself anew when it is looked at again. */
export function holdLine(options: LineOptions) {
  const { isVisible, openStream, reread, heardOf, confirmed, ended, show } = options;
  let stream: EventSource | undefined;
  let closed = false;
  let opening = false;
  let wasHidden = !isVisible();
  /** Since when there is no line, for a page that is looked at. */
  let downSince: number | undefined;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;
  let sign: ReturnType<typeof setTimeout> | undefined;

  /** Whatever has changed about the page: opens the stream, or closes it. */
  function look(): void {
    if (closed) return;
    if (!isVisible()) {
      wasHidden = true;
      downSince = undefined;
      drop();
      return;
    }
    if (!stream && !opening) void open();
  }

  async function open(): Promise<void> {
    opening = true;
    if (wasHidden) await reread();
    wasHidden = false;
    opening = false;
    if (closed || stream || !isVisible()) return;
    if (!openStream) return goDown({ again: false });
    clearTimeout(retry);
    const opened = openStream();
    stream = opened;
    opened.addEventListener("ready", () => isUp());
    opened.addEventListener("change", (event) => heardOf(read<Change>(event)));
    opened.addEventListener("confirmed", (event) => {
      const { change, pages } = read<{ change: string; pages: number }>(event);
      confirmed(change, pages);
    });
    opened.addEventListener("end", (event) => void isEnded(read<{ why: Why }>(event).why));
    opened.addEventListener("error", () => stream === opened && goDown({ again: true }));
  }

  function isUp(): void {
    const missed = downSince !== undefined;
    downSince = undefined;
    failures = 0;
    rest();
    show("live");
    if (missed) void reread();
  }

  async function isEnded(why: Why): Promise<void> {
    drop();
    if (why === "stopping") return goDown({ again: true });
    if (why === "too-many") return goDown({ again: false });
    await ended(why);
    goDown({ again: true });
  }

  function goDown({ again }: { again: boolean }): void {
    drop();
    if (closed || !isVisible()) return;
    downSince ??= Date.now();
    sign ??= setTimeout(() => show("down"), openStream ? grace : 0);
    poll ??= setInterval(() => void reread(), pollEvery * (0.75 + Math.random() / 4));
    if (!again) return;
    failures += 1;
    retry = setTimeout(look, jittered(Math.min(longestWait, 500 * 2 ** failures)));
  }

  /** Somebody looks at the page, or the network is back. */
  function wake(): void {
    if (closed || downSince === undefined || !isVisible()) return;
    void reread();
    look();
  }

  function drop(): void {
    stream?.close();
    stream = undefined;
    clearTimeout(retry);
    if (downSince === undefined) rest();
  }

  function rest(): void {
    clearTimeout(sign);
    clearInterval(poll);
    sign = poll = undefined;
  }

  return {
    look,
    wake,
    close(): void {
      closed = true;
      downSince = undefined;
      drop();
    },
  };
}

function read<Data>(event: MessageEvent<string>): Data {
  return JSON.parse(event.data) as Data; // our own server's, on our own origin
}

/** Many pages that lost the line at once do not all come back at once. */
function jittered(milliseconds: number): number {
  return milliseconds * (0.75 + Math.random() / 2);
}
