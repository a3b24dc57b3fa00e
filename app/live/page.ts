// In the browser: the page and what becomes of it. It follows its line to the server and the other tabs of the same browser, reads itself anew,
// and knows what to tell its reader. It outlives React's tree, which an error makes anew.
import { organizationField, organizationHeader, paths } from "../paths";
import { isShownOn } from "./about";
import { askFor, meaningOf } from "./answers";
import { bringBack, carriedText, carry, letGo } from "./carried";
import { wasLeftBefore } from "./leaving";
import { holdLine, type Change, type Line, type Why } from "./line";
import { newsBetween, type Seen } from "./news";
import { joinTabs, type Message } from "./other-tabs";
import { createShown, type Left } from "./shown";
import { isTyping, typedText, watchTyping, type Typed } from "./typed";

/** The browser's own, before entry.client makes it load a page that has gone stale. */
const plainFetch = globalThis.fetch.bind(globalThis);

const patience = 15_000;
const remembered = 100;

export type LivePage = ReturnType<typeof createLivePage>;

/** The one page of this window. Nothing of it runs on the server. */
export const livePage = createLivePage();

function createLivePage() {
  const tab = typeof crypto === "undefined" ? "" : randomId();
  const page = createShown();
  const { show } = page;
  const heard: string[] = [];
  let seen: Seen | undefined;
  let line: Line | undefined;
  let tell: (message: Message) => void = () => {};
  let started = false;
  /** The browser is on its way to another page, and nothing may come between. */
  let leaving = false;
  /** The page that is being read anew, while it is. */
  let rereading: string | undefined;
  let waiters: (() => void)[] = [];
  let toConfirm: string[] = [];
  /** Where another tab says that the session is now. */
  let movedTo: string | undefined;
  /** What was typed into a form that was refused, while the refusal is shown. */
  let kept: Typed | undefined;

  function start(): void {
    if (started) return;
    started = true;
    watchTyping();
    tell = joinTabs((message) => void listen(message));
    document.addEventListener("visibilitychange", () => line?.look());
    for (const event of ["focus", "online"]) window.addEventListener(event, () => line?.wake());
    window.addEventListener("pageshow", ({ persisted }) => persisted && stay()); // not the first time
    window.addEventListener("beforeunload", setOut);
    if (wasLeftBefore()) setOut();
  }

  function setOut(): void {
    leaving = true;
    setTimeout(stay, patience);
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
    movedTo = undefined;
    show({ left: undefined, stranded: false, news: page.withNews(before ? newsBetween(before, now) : []) });
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
      const { seen: epoch = "", readAt } = seen?.standing ?? {};
      const since = { seen: String(epoch), readAt: String(readAt?.getTime() ?? "") };
      return `${paths.events}?${new URLSearchParams({ page: organization ?? "", tab, ...since })}`;
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
      confirmed: (change, pages) => show({ followed: { ...page.now().followed, [change]: pages } }),
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
    if (!isShownOn(location.pathname, about)) return;
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
    const { left } = page.now();
    if (left?.kind === "switched" && organization) show({ left: { ...left, to: organization.name } });
    const same = organization?.id === seen.organization.id;
    if (same && !left) return;
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
    if (answer) obey(answer);
    finishReading();
  }

  /** React begins to read the page anew. */
  function beginReading(): void {
    rereading = location.pathname;
    show({ wanted: false });
  }

  function finishReading(): void {
    rereading = undefined;
    if (page.now().wanted) return; // there is more to read, and that has yet to begin
    for (const resolve of waiters.splice(0)) resolve();
    for (const change of toConfirm.splice(0)) void confirm(change);
  }

  async function confirm(change: string): Promise<void> {
    const organization = seen?.organization?.id;
    if (!organization) return;
    const body = new URLSearchParams({ change, tab, [organizationField]: organization });
    await fetch(paths.confirmEvent, { method: "POST", body, keepalive: true }).catch(() => undefined);
  }

  /** What React gets of an answer to reading the page anew; nothing, for ever, when there is nothing to show. `ask` sends the request. */
  async function sift(ask: (address: URL) => Promise<Response>, { url, signal }: Request): Promise<Response> {
    try {
      const { answer, judgedBy } = await askFor(url, ask);
      if (judgedBy.every(obey)) return answer;
    } catch (error) {
      if (signal.aborted) throw error; // something else has taken its place
    }
    finishReading();
    return new Promise<never>(() => {});
  }

  /** Does what an answer means for the page. @returns whether it may be shown */
  function obey(answer: Response): boolean {
    if (leaving) return false;
    const typing = kept !== undefined || isTyping();
    const meaning = meaningOf(answer, typing);
    if (meaning === "signed-out") signedOut();
    if (meaning === "switched") leave({ kind: "switched", to: movedTo, typing });
    if (meaning === "elsewhere") goElsewhere();
    if (meaning === "stranded") show({ stranded: !kept });
    return meaning === "show";
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
    carry({ person: seen?.person ?? null, typed: kept ?? typedText() });
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
    if (!page.now().left) reconnect();
  }

  /** Logto's page for it shows nothing, and leads back here. What is being typed comes along, but nobody is taken away from it. */
  function consentTo(address: string | null): void {
    if (address === null || !isTyping()) {
      show({ consent: undefined });
      if (address !== null) goForConsent(address);
    } else show({ consent: address });
  }

  function goForConsent(address: string): void {
    carry({ person: seen?.person ?? null, typed: typedText(), path: location.pathname, seen });
    leaving = true;
    location.assign(address);
  }

  return {
    subscribe: page.subscribe,
    shown: page.now,
    meet,
    beginReading,
    /** Whether it is this page that is being read anew, by the path of what is asked for. */
    isRereading: (path: string) => rereading === path,
    sift,
    switchBack,
    giveConsent(): void {
      const { consent } = page.now();
      if (consent !== undefined) goForConsent(consent);
    },
    letGo: () => (letGo(), show({ carried: undefined })),
    dismiss: page.dismiss,
    /** While a refusal with a text is shown. */
    keep: (typed: Typed | undefined) => void (kept = typed),
  };
}

const whoseOf = ({ person, organization }: Seen) => ({ person, organization });

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
