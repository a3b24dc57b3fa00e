// The open event streams of this process (Server-Sent Events): each is checked before it is told anything, and every few seconds.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { About, Audience, Feed, News } from "./feed.server";

/** Why a stream ends. Only after `stopping` does the page come back. */
export type End = "removed" | "signed-out" | "switched" | "deleted" | "suspended" | "too-many" | "stopping";

export interface Listener {
  /** What finds the session, as the look takes it. */
  session: string;
  user: string;
  /** The organization that the page was rendered for. */
  organization: string;
  /** The epoch that the page was rendered in, if it says so: what has happened since is news to it. */
  seen?: number;
}

/** May the listener still hear? `epoch` goes up with each change of what they may do. `unavailable`: nobody can say now, so nothing is said. */
export type Look = { epoch: number } | "removed" | "signed-out" | "switched" | "unavailable";

export interface StreamsOptions {
  feed: Feed;
  /** As long as the epoch is the one that is given, it asks nobody. */
  look(listener: Listener, epoch: number | undefined): Promise<Look>;
  logBug(error: unknown): void;
  /** Streams of one person; a further one ends the oldest. */
  perPerson?: number;
  /** Bytes that may wait for a reader who does not read. */
  mostUnread?: number;
}

export type Streams = ReturnType<typeof createStreams>;

/** Milliseconds between two looks at a stream, and between two signs of life. */
const tickEvery = 4_000;
const beatEvery = 15_000;
/** Milliseconds after which a browser comes back to a server that has stopped, and as much again by chance: not all come at once. */
const comeBackAfter = 1_000;
/** How many are looked at before others have their turn. */
const atOnce = 100;

interface Change {
  id: string;
  about: Set<About>;
}

interface Stream {
  listener: Listener;
  response: ServerResponse;
  /** Of the last look; undefined until the first has passed. */
  epoch: number | undefined;
  /** What is told after the next look: one change, however much has happened. */
  change: Change | undefined;
  confirmed: Map<string, number>;
  because: "deleted" | "suspended" | undefined;
  looking: boolean;
  lookAgain: boolean;
}

export function createStreams({ feed, look, logBug, perPerson = 20, mostUnread = 64 * 1024 }: StreamsOptions) {
  const streams = new Set<Stream>();
  const byUser = new Map<string, Set<Stream>>();
  const byOrganization = new Map<string, Set<Stream>>();
  let stopped = false;

  /** Takes over the response and holds it until the client goes or the listener may no longer hear. */
  function open(listener: Listener, response: ServerResponse): void {
    const unheard = { epoch: undefined, change: undefined, because: undefined, looking: false, lookAgain: false };
    const stream: Stream = { listener, response, confirmed: new Map(), ...unheard };
    if (stopped) return endAtOnce(response, "stopping");
    begin(response);
    add(stream);
    response.once("close", () => remove(stream));
    const [oldest, ...others] = byUser.get(listener.user) ?? [];
    if (oldest && others.length >= perPerson) end(oldest, "too-many");
    void check(stream);
  }

  function hear(news: News): void {
    for (const stream of addressed(news.to)) {
      if (news.kind === "confirmed") stream.confirmed.set(news.change, news.pages);
      else {
        stream.because = news.because ?? stream.because;
        stream.change = merged({ id: news.id, about: new Set(news.about) }, stream.change);
      }
      void check(stream);
    }
  }

  function addressed(to: Audience): Iterable<Stream> {
    if (!("user" in to)) return byOrganization.get(to.organization) ?? [];
    const theirs = [...(byUser.get(to.user) ?? [])];
    return theirs.filter(({ listener }) => to.organization === undefined || listener.organization === to.organization);
  }

  /** One look at a time for each stream; whatever happens during one needs another. */
  async function check(stream: Stream): Promise<void> {
    if (stream.looking) return void (stream.lookAgain = true);
    stream.looking = true;
    try {
      do {
        await undefined; // what is told at the same moment is told as one
        stream.lookAgain = false;
        await checkOnce(stream);
      } while (stream.lookAgain && streams.has(stream));
    } catch (error) {
      logBug(error);
      stream.response.destroy(); // whoever cannot be checked hears nothing more; the browser tries anew
    } finally {
      stream.looking = false;
    }
  }

  async function checkOnce(stream: Stream): Promise<void> {
    const { change, confirmed, because, epoch } = stream;
    Object.assign(stream, { change: undefined, confirmed: new Map() });
    const seen = await look(stream.listener, epoch);
    if (!streams.has(stream)) return;
    if (seen === "unavailable") {
      stream.change = merged(stream.change, change);
      for (const [id, pages] of confirmed) if (!stream.confirmed.has(id)) stream.confirmed.set(id, pages);
      return;
    }
    if (typeof seen === "string") return end(stream, reasonOf(seen, because));

    stream.epoch = seen.epoch;
    stream.because = undefined;
    if (epoch === undefined) send(stream, "ready", {});
    const hasChanged = seen.epoch !== (epoch ?? stream.listener.seen ?? seen.epoch);
    const told = hasChanged ? merged(change, { id: randomUUID(), about: new Set(["membership"]) }) : change;
    if (told) send(stream, "change", { id: told.id, about: [...told.about] });
    for (const [id, pages] of confirmed) send(stream, "confirmed", { change: id, pages });
  }

  /** Not awaited: a look that waits for Logto holds up no other. */
  async function tick(): Promise<void> {
    const all = [...streams];
    for (let from = 0; from < all.length; from += atOnce) {
      for (const stream of all.slice(from, from + atOnce)) if (!stream.looking) void check(stream);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function beat(): void {
    for (const stream of streams) write(stream, ": still here\n\n");
  }

  function send(stream: Stream, event: string, data: object): void {
    write(stream, written(event, data));
  }

  function write(stream: Stream, text: string): void {
    stream.response.write(text);
    if (stream.response.writableLength > mostUnread) stream.response.destroy();
  }

  function end(stream: Stream, why: End): void {
    send(stream, "end", { why });
    stream.response.end();
    remove(stream);
  }

  function add(stream: Stream): void {
    streams.add(stream);
    const { user, organization } = stream.listener;
    for (const [index, key] of indexes(user, organization)) index.set(key, (index.get(key) ?? new Set()).add(stream));
  }

  function remove(stream: Stream): void {
    streams.delete(stream);
    const { user, organization } = stream.listener;
    for (const [index, key] of indexes(user, organization)) {
      index.get(key)?.delete(stream);
      if (index.get(key)?.size === 0) index.delete(key);
    }
  }

  const indexes = (user: string, organization: string) =>
    [
      [byUser, user],
      [byOrganization, organization],
    ] as const;

  const unsubscribe = feed.subscribe(hear);
  const timers = [setInterval(() => void tick(), tickEvery), setInterval(beat, beatEvery)];
  for (const timer of timers) timer.unref();

  return {
    open,
    /** Looks at every stream; the clock does so every four seconds. */
    tick,
    /** Of which somebody keeps a page open. */
    organizations: () => [...byOrganization.keys()],
    count: () => streams.size,
    /** Ends every stream, and takes no other. */
    stop(): void {
      stopped = true;
      unsubscribe();
      for (const timer of timers) clearInterval(timer);
      for (const stream of [...streams]) end(stream, "stopping");
    },
  };
}

/** For whoever may not listen at all. */
export function endAtOnce(response: ServerResponse, why: End): void {
  begin(response);
  response.end(written("end", { why }));
}

function begin(response: ServerResponse): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "private, no-store, no-transform",
    "X-Accel-Buffering": "no", // nginx would keep events back
  });
  response.write(`retry: ${Math.round(comeBackAfter * (1 + Math.random()))}\n\n`);
}

const written = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Both in one. The id of a change of membership is the one that is waited for; of two, the first. */
function merged(one: Change | undefined, other: Change | undefined): Change | undefined {
  if (!one || !other) return one ?? other;
  const { id } = other.about.has("membership") && !one.about.has("membership") ? other : one;
  return { id, about: new Set([...one.about, ...other.about]) };
}

/** What was heard of is believed only where it fits what was found. */
function reasonOf(found: "removed" | "signed-out" | "switched", because: Stream["because"]): End {
  if (because === "deleted" && found === "removed") return because;
  if (because === "suspended" && found === "signed-out") return because;
  return found;
}
