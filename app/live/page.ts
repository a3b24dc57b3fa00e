// In the browser: the page and what becomes of it. It follows its line to the server and the other tabs of the same browser, reads itself anew,
// and knows what to tell its reader. It outlives React's tree, which an error makes anew.
import { organizationField, organizationHeader, paths } from "../paths";
import { holdLine, type Change, type Line, type Why } from "./line";
import { newsBetween, type News, type Seen } from "./news";
import { isTyping, typeAgain, typedText, watchTyping, type Typed } from "./typed";

/** Why the page is not its session's any more. */
export type Left =
  | { kind: "signed-out" }
  | { kind: "switched"; /** Where the session is now, as far as another tab has said. */ to?: string; typing: boolean };

/** What is shown of it. Never changed, only replaced. */
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

type Whose = Pick<Seen, "person" | "organization">;

/** What tabs tell each other. */
type Message = { kind: "session"; whose: Whose } | { kind: "change"; change: Change } | { kind: "ended"; why: Why };

/** Text on its way past a whole load of the page. */
interface Carried {
  person: string | null;
  typed?: Typed;
  /** Where it is put back into its form; undefined when it is shown on whatever page comes. */
  path?: string;
  seen?: Seen;
}

/** The browser's own, before entry.client makes it load a page that has gone stale. */
const plainFetch = globalThis.fetch.bind(globalThis);

const carriedKey = "typed";
const patience = 15_000;
const remembered = 100;

export type LivePage = ReturnType<typeof createLivePage>;

/** The one page of this window. Nothing of it runs on the server. */
export const livePage = createLivePage();

function createLivePage() {
  const tab = typeof crypto === "undefined" ? "" : randomId();
  const listeners = new Set<() => void>();
  const heard: string[] = [];
  let shown = atFirst;
  let seen: Seen | undefined;
  let line: Line | undefined;
  let channel: BroadcastChannel | undefined;
  let started = false;
  /** The browser is on its way to another page, and nothing may come between. */
  let leaving = false;
  /** The page that is being read anew, while it is. */
  let rereading: string | undefined;
  let waiters: (() => void)[] = [];
  let toConfirm: string[] = [];
  let newsIds = 0;
  /** Where another tab says that the session is now. */
  let movedTo: string | undefined;
  /** What was typed into a form that was refused, while the refusal is shown. */
  let kept: Typed | undefined;

  const show = (change: Partial<Shown>) => {
    shown = { ...shown, ...change };
    for (const listener of listeners) listener();
  };

  function start(): void {
    if (started) return;
    started = true;
    watchTyping();
    channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("atrium");
    channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => void listen(data));
    document.addEventListener("visibilitychange", () => line?.look());
    for (const event of ["focus", "online"]) window.addEventListener(event, () => line?.wake());
    window.addEventListener("pageshow", stay);
    window.addEventListener("beforeunload", () => {
      leaving = true;
      setTimeout(stay, patience);
    });
  }

  /** The browser was on its way, and is still here: what came was a file, or nothing. Or it has come back. */
  function stay(): void {
    if (!leaving) return;
    leaving = false;
    void reread();
  }

  /** The page was read, whole or anew. */
  function meet(now: Seen): void {
    start();
    const before = seen ?? bringBack(now);
    if (!seen) show({ carried: carriedText(now) });
    seen = now;
    const news = before ? newsBetween(before, now).map((each) => ({ ...each, id: (newsIds += 1) })) : [];
    movedTo = undefined;
    show({ left: undefined, stranded: false, news: [...withoutOlder(shown.news, news), ...news] });
    finishReading();
    if (before?.person !== now.person || before.organization?.id !== now.organization?.id || !line) {
      tell({ kind: "session", whose: whoseOf(now) });
      reconnect();
    }
    consentTo(now.needsConsent);
  }

  function reconnect(): void {
    line?.close();
    line = undefined;
    const organization = seen?.organization?.id;
    if (!seen?.person) return;
    const address = () => {
      const since = String(seen?.standing?.seen ?? "");
      return `${paths.events}?${new URLSearchParams({ page: organization ?? "", tab, seen: since })}`;
    };
    line = holdLine({
      isVisible: () => document.visibilityState === "visible",
      openStream:
        organization === undefined || typeof EventSource === "undefined" ? undefined : () => new EventSource(address()),
      reread,
      heardOf: (change) => {
        tell({ kind: "change", change });
        hearOf(change);
      },
      confirmed: (change, pages) => show({ followed: { ...shown.followed, [change]: pages } }),
      ended: isEnded,
      show: (state) => show({ line: organization === undefined ? "starting" : state }),
    });
    line.look();
  }

  /** The other tabs of this browser are its session's too. Whether they, and this one, show what may not be shown any more is found out by reading them anew. */
  async function isEnded(why: Why): Promise<void> {
    if (leaving) return;
    tell({ kind: "ended", why });
    await listen({ kind: "ended", why });
  }

  function hearOf({ id, about }: Change): void {
    if (heard.includes(id)) return;
    heard.push(id);
    if (heard.length > remembered) heard.shift();
    if (about.includes("membership")) toConfirm.push(id);
    void reread();
  }

  async function listen(message: Message): Promise<void> {
    if (!seen?.person || leaving) return;
    if (message.kind === "change") return hearOf(message.change);
    if (message.kind === "ended") return message.why === "signed-out" ? signedOut() : reread();
    const { person, organization } = message.whose;
    if (person !== seen.person) return signedOut();
    if (!seen.organization) return; // a page that shows nothing of any
    if (shown.left?.kind === "switched" && organization) show({ left: { ...shown.left, to: organization.name } });
    const same = organization?.id === seen.organization?.id;
    if (same && !shown.left) return;
    await reread(same ? undefined : organization?.name);
  }

  /** Settles when the page has been read anew, or when it is known that it cannot be now. */
  function reread(to?: string): Promise<void> {
    movedTo = to ?? movedTo;
    if (leaving) return Promise.resolve();
    if (kept) return probe();
    const done = new Promise<void>((resolve) => waiters.push(resolve));
    show({ wanted: true });
    return Promise.race([done, new Promise<void>((resolve) => setTimeout(resolve, patience))]);
  }

  /** A page that shows a refusal with what was typed is not read anew, or the text would be gone. It is only asked whether it may still be shown. */
  async function probe(): Promise<void> {
    const organization = seen?.organization?.id;
    const headers = organization ? { [organizationHeader]: organization } : undefined;
    const answer = await plainFetch(`${paths.posts}.data`, { headers }).catch(() => undefined);
    if (answer) judge(answer);
    finishReading();
  }

  /** React begins to read the page anew. */
  function beginReading(): void {
    rereading = location.pathname;
    show({ wanted: false });
  }

  function finishReading(): void {
    rereading = undefined;
    if (shown.wanted) return; // there is more to read, and that has yet to begin
    for (const resolve of waiters.splice(0)) resolve();
    for (const change of toConfirm.splice(0)) void confirm(change);
  }

  async function confirm(change: string): Promise<void> {
    const organization = seen?.organization?.id;
    if (!organization) return;
    const body = new URLSearchParams({ change, tab, [organizationField]: organization });
    await fetch(paths.confirmEvent, { method: "POST", body, keepalive: true }).catch(() => undefined);
  }

  /**
   * What React gets of an answer to reading the page anew; nothing, for ever, when there is nothing to show. `ask` sends the request. While something is
   * being typed only the frame may be asked for, which says nothing of the page inside it, so that is asked beside it.
   */
  async function sift(ask: (address: URL) => Promise<Response>, { url, signal }: Request): Promise<Response> {
    const whole = new URL(url);
    whole.searchParams.delete("_routes");
    const isPart = whole.href !== url;
    try {
      const [answer, ofWhole] = await Promise.all([ask(new URL(url)), isPart ? ask(whole) : undefined]);
      const mayShow = judge(answer) && (!ofWhole || ofWhole.status === 403 || judge(ofWhole));
      if (mayShow) return answer;
    } catch (error) {
      if (signal.aborted) throw error; // something else has taken its place
    }
    finishReading();
    return new Promise<never>(() => {});
  }

  /**
   * Of an answer to reading the page anew, whether the page may show it. What is refused for a moment is not shown, a page that is not its session's any
   * more is left, and nothing takes away what is being typed.
   */
  function judge(answer: Response): boolean {
    if (leaving) return false;
    const typing = kept !== undefined || isTyping();
    if (answer.status === 401) signedOut();
    else if (answer.status === 409) leave({ kind: "switched", to: movedTo, typing });
    else if (answer.status === redirected) goElsewhere();
    else if (isRefused(answer) && typing) show({ stranded: !kept });
    else return !isForAMoment(answer);
    return false;
  }

  function leave(left: Left): void {
    line?.close();
    line = undefined;
    show({ left, line: "starting", news: [] });
  }

  /** Never by loading the same page: that would sign in again where nobody wants to. */
  function signedOut(): void {
    if (kept !== undefined || isTyping()) return leave({ kind: "signed-out" });
    leaving = true;
    line?.close();
    location.replace(paths.home);
  }

  /** The server leads to another page, most often since the person was taken out of the organization. Loaded whole, so that nothing of this one is left. */
  function goElsewhere(): void {
    carry({ typed: kept ?? typedText() });
    leaving = true;
    line?.close();
    location.reload();
  }

  async function switchBack(): Promise<void> {
    const organization = seen?.organization?.id;
    if (!organization) return;
    const body = new URLSearchParams({ organization, returnTo: location.pathname });
    const answer = await fetch(paths.switchOrganization, { method: "POST", body, redirect: "manual" }).catch(
      () => undefined,
    );
    if (answer?.type === "opaqueredirect" && seen) tell({ kind: "session", whose: whoseOf(seen) });
    await reread();
    if (!shown.left) reconnect();
  }

  /** Logto's page for it shows nothing, and leads back here. What is being typed comes along, but nobody is taken away from it. */
  function consentTo(address: string | null): void {
    if (address === null || !isTyping()) {
      show({ consent: undefined });
      if (address !== null) goForConsent(address);
    } else show({ consent: address });
  }

  function goForConsent(address: string): void {
    carry({ typed: typedText(), path: location.pathname, seen });
    leaving = true;
    location.assign(address);
  }

  function tell(message: Message): void {
    channel?.postMessage(message);
  }

  function carry(carried: Omit<Carried, "person">): void {
    if (!seen || !(carried.typed || carried.seen)) return;
    sessionStorage.setItem(carriedKey, JSON.stringify({ ...carried, person: seen.person } satisfies Carried));
  }

  /** @returns what was seen before the page was loaded whole, where it was carried along. */
  function bringBack(now: Seen): Seen | undefined {
    const carried = carriedHere();
    if (!carried) return undefined;
    if (carried.person !== now.person) letGo();
    if (carried.person !== now.person || carried.path === undefined) return undefined;
    if (carried.typed && carried.path === location.pathname) typeAgain(carried.typed);
    letGo();
    return carried.seen;
  }

  /** Text of a page that is gone, to be read and copied. */
  function carriedText({ person }: Seen): Typed | undefined {
    const carried = carriedHere();
    return carried?.path === undefined && carried?.person === person ? carried?.typed : undefined;
  }

  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    shown: () => shown,
    meet,
    beginReading,
    /** Whether it is this page that is being read anew, by the path of what is asked for. */
    isRereading: (path: string) => rereading === path,
    sift,
    switchBack,
    giveConsent: () => shown.consent !== undefined && goForConsent(shown.consent),
    letGo: () => (letGo(), show({ carried: undefined })),
    dismiss: (id: number) => show({ news: shown.news.filter((news) => news.id !== id) }),
    /** While a refusal with a text is shown. */
    keep: (typed: Typed | undefined) => void (kept = typed),
  };
}

/** Remix's status for a redirect in an answer to a request for data. */
const redirected = 202;
const isRefused = ({ status }: Response) => status === 403 || status === 404;
const isForAMoment = ({ status }: Response) => status === 429 || status >= 500;

const whoseOf = ({ person, organization }: Seen): Whose => ({ person, organization });

/** What somebody may do now is told once, not with all that it was before. */
function withoutOlder(known: Shown["news"], newer: Shown["news"]): Shown["news"] {
  const isOfRole = ({ kind }: News) => kind !== "renamed" && kind !== "invited";
  return newer.some(isOfRole) ? known.filter((news) => !isOfRole(news)) : known;
}

function carriedHere(): Carried | undefined {
  const text = typeof sessionStorage === "undefined" ? null : sessionStorage.getItem(carriedKey);
  return text === null ? undefined : (JSON.parse(text) as Carried); // written by nobody else
}

function letGo(): void {
  sessionStorage.removeItem(carriedKey);
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
