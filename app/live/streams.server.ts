// The open event streams of this process (Server-Sent Events): each is checked before it is told anything, and every few seconds.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { everything, type About } from "./about";
import type { Audience, Feed, News } from "./feed.server";

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
  /** When the page was read: what has been published since is news to it too. */
  readAt?: Date;
}

/** May the listener still hear? `epoch` goes up with each change of what they may do. `unavailable`: nobody can say now, so nothing is said. */
export type Look = { epoch: number } | "removed" | "signed-out" | "switched" | "unavailable";

export interface StreamsOptions {
  feed: Feed;
  /** Where these sessions are and in which epoch, in one read that asks nobody. One that is over is not in it. */
  glance(sessions: string[]): Promise<Map<string, { organization: string | null; epoch: number }>>;
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
/** How many are read and told in one go, before others have their turn. */
const atOnce = 100;

interface Change {
  id: string;
  about: Set<About>;
}

/** What a stream is told after the next look: one change, however much has happened. */
interface Unsaid {
  change: Change | undefined;
  confirmed: Map<string, number>;
  /** Only whoever is shut out is told. */
  because: "deleted" | "suspended" | undefined;
}

interface Stream {
  listener: Listener;
  response: ServerResponse;
  /** Of the last look; undefined until the first has passed. */
  epoch: number | undefined;
  unsaid: Unsaid;
  looking: boolean;
  lookAgain: boolean;
}

export function createStreams({ feed, glance, look, logBug, perPerson = 20, mostUnread = 64 * 1024 }: StreamsOptions) {
  const streams = new Set<Stream>();
  const byUser = new Map<string, Set<Stream>>();
  const byOrganization = new Map<string, Set<Stream>>();
  const due = new Set<Stream>();
  let visiting: Promise<void> | undefined;
  let stopped = false;

  /** Takes over the response and holds it until the client goes or the listener may no longer hear. */
  function open(listener: Listener, response: ServerResponse): void {
    const unheard = { epoch: undefined, unsaid: missedBy(listener), looking: false, lookAgain: false };
    const stream: Stream = { listener, response, ...unheard };
    if (stopped) return endAtOnce(response, "stopping");
    begin(response);
    add(stream);
    response.once("close", () => remove(stream));
    const [oldest, ...others] = byUser.get(listener.user) ?? [];
    if (oldest && others.length >= perPerson) end(oldest, "too-many");
    void check(stream);
  }

  /** What happened between the reading of the page and now. If nobody knows, it reads everything anew. */
  function missedBy(listener: Listener): Unsaid {
    const unsaid = nothing();
    if (!listener.readAt) return unsaid;
    const missed = feed.since(listener.readAt);
    if (!missed) unsaid.change = { id: randomUUID(), about: new Set(everything) };
    for (const news of missed ?? []) if (concerns(news.to, listener)) note(news, unsaid);
    return unsaid;
  }

  function hear(news: News): void {
    for (const stream of addressed(news.to)) {
      note(news, stream.unsaid);
      due.add(stream);
    }
    void visit();
  }

  function addressed(to: Audience): Iterable<Stream> {
    if (!("user" in to)) return byOrganization.get(to.organization) ?? [];
    return [...(byUser.get(to.user) ?? [])].filter(({ listener }) => concerns(to, listener));
  }

  /** Goes round all that are due. What is told at the same moment is told as one. */
  function visit(): Promise<void> {
    return (visiting ??= Promise.resolve().then(visitAll));
  }

  async function visitAll(): Promise<void> {
    while (due.size > 0) {
      const some = [...due].slice(0, atOnce);
      for (const stream of some) due.delete(stream);
      await visitSome(some);
      await new Promise((resolve) => setImmediate(resolve));
    }
    visiting = undefined;
  }

  /** Whose row is as it was is told at once. Who has to ask Logto is not waited for: that holds up nobody else. */
  async function visitSome(some: Stream[]): Promise<void> {
    try {
      const visited = some.map((stream) => ({ stream, unsaid: take(stream) }));
      const rows = await glance([...new Set(some.map(({ listener }) => listener.session))]);
      for (const { stream, unsaid } of visited) {
        const { listener, epoch, looking } = stream;
        const row = rows.get(listener.session);
        const isAsItWas = epoch !== undefined && epoch === row?.epoch && row.organization === listener.organization;
        if (!streams.has(stream)) continue;
        if (isAsItWas && !looking) tell(stream, unsaid);
        else {
          putBack(stream, unsaid);
          void check(stream);
        }
      }
    } catch (error) {
      logBug(error);
      for (const { response } of some) response.destroy(); // the browser tries anew
    }
  }

  /** One look at a time for each stream; whatever happens during one needs another. */
  async function check(stream: Stream): Promise<void> {
    if (stream.looking) return void (stream.lookAgain = true);
    stream.looking = true;
    try {
      do {
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
    const { epoch } = stream;
    const unsaid = take(stream);
    const seen = await look(stream.listener, epoch);
    if (!streams.has(stream)) return;
    if (seen === "unavailable") return putBack(stream, unsaid);
    if (typeof seen === "string") return end(stream, reasonOf(seen, stream.unsaid.because ?? unsaid.because));

    stream.epoch = seen.epoch;
    if (epoch === undefined) send(stream, "ready", {});
    if (seen.epoch !== (epoch ?? stream.listener.seen ?? seen.epoch))
      unsaid.change = merged(unsaid.change, { id: randomUUID(), about: new Set(["membership"]) });
    tell(stream, unsaid);
  }

  function tell(stream: Stream, { change, confirmed }: Unsaid): void {
    if (change) send(stream, "change", { id: change.id, about: [...change.about] });
    for (const [id, pages] of confirmed) send(stream, "confirmed", { change: id, pages });
  }

  function tick(): Promise<void> {
    for (const stream of streams) if (!stream.looking) due.add(stream);
    return visit();
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
    due.delete(stream);
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

function concerns(to: Audience, { user, organization }: Listener): boolean {
  const isTheirs = !("user" in to) || to.user === user;
  return isTheirs && (to.organization === undefined || to.organization === organization);
}

function note(news: News, unsaid: Unsaid): void {
  if (news.kind === "confirmed") return void unsaid.confirmed.set(news.change, news.pages);
  unsaid.because = news.because ?? unsaid.because;
  unsaid.change = merged({ id: news.id, about: new Set(news.about) }, unsaid.change);
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

const nothing = (): Unsaid => ({ change: undefined, confirmed: new Map(), because: undefined });

function take(stream: Stream): Unsaid {
  const { unsaid } = stream;
  stream.unsaid = nothing();
  return unsaid;
}

/** For the next time, with what has come since. */
function putBack(stream: Stream, { change, confirmed, because }: Unsaid): void {
  const since = stream.unsaid;
  stream.unsaid = {
    change: merged(since.change, change),
    confirmed: new Map([...confirmed, ...since.confirmed]),
    because: since.because ?? because,
  };
}

/** Both in one. The id of a change of membership is the one that is waited for; of two, the first. */
function merged(one: Change | undefined, other: Change | undefined): Change | undefined {
  if (!one || !other) return one ?? other;
  const { id } = other.about.has("membership") && !one.about.has("membership") ? other : one;
  return { id, about: new Set([...one.about, ...other.about]) };
}

/** What was heard of is believed only where it fits what was found. */
function reasonOf(found: "removed" | "signed-out" | "switched", because: Unsaid["because"]): End {
  if (because === "deleted" && found === "removed") return because;
  if (because === "suspended" && found === "signed-out") return because;
  return found;
}
