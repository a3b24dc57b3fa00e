// Somebody who walks through the app over HTTP: cookies, redirects, forms and the real sign-in, without a browser.
import { organizationField, organizationHeader, paths } from "../app/paths";

export interface Credentials {
  email: string;
  password: string;
}

export interface WalkerOptions {
  /** Answers requests to the app itself; by default they are sent over HTTP. */
  app?: (request: Request) => Promise<Response>;
}

interface Cookie {
  value: string;
  path: string;
  /** Milliseconds since the epoch. */
  expires: number;
  /** The header that set it. */
  header: string;
}

export interface SignInOptions {
  returnTo?: string;
  /** Stops before the callback is asked for; `location` of the answer has its address. */
  stopAtCallback?: boolean;
}

/** Every function answers one response and follows no redirect, but `follow` and `signIn`. */
export class Walker {
  readonly #jars = new Map<string, Map<string, Cookie>>();
  readonly #app: (request: Request) => Promise<Response>;

  constructor(
    readonly baseUrl: string,
    { app = fetch }: WalkerOptions = {},
  ) {
    this.#app = app;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(path, { headers });
  }

  /** A form, as a page of that organization sends it. */
  post(path: string, fields: Record<string, string> = {}, organization?: string): Promise<Response> {
    const form = { ...(organization && { [organizationField]: organization }), ...fields };
    return this.send(path, { method: "POST", body: new URLSearchParams(form), headers: this.#ownOrigin() });
  }

  /** What the page of that organization asks for by itself. */
  data(path: string, organization?: string, init: RequestInit = {}): Promise<Response> {
    const { pathname, search } = new URL(path, this.baseUrl);
    const headers = { ...this.#ownOrigin(), ...(organization && { [organizationHeader]: organization }) };
    return this.send((pathname === "/" ? "/_root" : pathname) + ".data" + search, { ...init, headers });
  }

  /** Any request, with the cookies of the place it goes to. */
  async send(target: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(target, this.baseUrl);
    const headers = new Headers(init.headers);
    const cookies = this.cookies(url.href);
    if (cookies) headers.set("Cookie", cookies);
    const request = new Request(url, { ...init, headers, redirect: "manual" });
    const response = await (url.origin === new URL(this.baseUrl).origin ? this.#app(request) : fetch(request));
    for (const header of response.headers.getSetCookie()) this.#keep(url, header);
    return response;
  }

  /** Goes where the response sends the browser, until a page is there, or until `stop` says so of an address. */
  async follow(response: Response, from: string, stop: (url: URL) => boolean = () => false): Promise<Landing> {
    let landed: Landing = { response, url: from };
    for (let hops = 0; hops < 20; hops += 1) {
      const location = landed.response.headers.get("Location");
      if (!location) return landed;
      const url = new URL(location, landed.url);
      if (stop(url)) return { response: landed.response, url: url.href };
      landed = { response: await this.send(url.href), url: url.href };
    }
    throw new Error(`Redirected in circles, last to ${landed.url}`);
  }

  /** By the real door: the app, Logto's sign-in page, and back. Whoever is signed in at Logto already sees no page there. */
  async signIn(person: Credentials, { returnTo, stopAtCallback = false }: SignInOptions = {}): Promise<Landing> {
    const callback = new URL(paths.callback, this.baseUrl);
    const stop = (url: URL) => stopAtCallback && url.origin === callback.origin && url.pathname === callback.pathname;
    const door = new URL(paths.signIn(returnTo), this.baseUrl).href;
    const landed = await this.follow(await this.send(door), door, stop);
    const { origin, searchParams } = new URL(landed.url);
    if (origin === callback.origin) return landed;
    const next = await this.#identify(origin, searchParams.get("app_id") ?? "", person);
    return this.follow(await this.send(next), next, stop);
  }

  /** The cookies that a request to this address carries, as a header's value. */
  cookies(address: string): string {
    const { origin, pathname } = new URL(address, this.baseUrl);
    return [...(this.#jars.get(origin) ?? [])]
      .filter(([, { path, expires }]) => expires > Date.now() && isWithin(path, pathname))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
  }

  /** The Set-Cookie headers that still count at the app. */
  setCookies(): string[] {
    return [...(this.#jars.get(new URL(this.baseUrl).origin)?.values() ?? [])]
      .filter(({ expires }) => expires > Date.now())
      .map(({ header }) => header);
  }

  /** Puts a cookie into this browser: planted, stolen, or spoilt. */
  setCookie(header: string): void {
    this.#keep(new URL(this.baseUrl), header);
  }

  /** Forgets the cookies of an origin, by default the app's. */
  forget(origin = new URL(this.baseUrl).origin): void {
    this.#jars.delete(origin);
  }

  /** The calls that Logto's sign-in page makes. @returns where it then sends the browser. */
  async #identify(origin: string, appId: string, { email, password }: Credentials): Promise<string> {
    const call = async (method: string, path: string, body?: object): Promise<Record<string, string>> => {
      const headers = { "Content-Type": "application/json", "logto-app-id": appId };
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const response = await this.send(`${origin}/api/experience${path}`, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${email} could not sign in: ${response.status} ${text}`);
      return text ? JSON.parse(text) : {};
    };
    await call("PUT", "", { interactionEvent: "SignIn" });
    const identifier = { type: "email", value: email };
    const { verificationId } = await call("POST", "/verification/password", { identifier, password });
    await call("POST", "/identification", { verificationId });
    const { redirectTo } = await call("POST", "/submit");
    if (!redirectTo) throw new Error("The sign-in page does not say where to go on");
    return redirectTo;
  }

  #ownOrigin() {
    return { Origin: new URL(this.baseUrl).origin };
  }

  #keep(url: URL, header: string): void {
    const [pair = "", ...attributes] = header.split(/; */);
    const attribute = (name: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const age = attribute("max-age");
    const date = attribute("expires");
    const expires = age ? Date.now() + Number(age) * 1_000 : date ? Date.parse(date) : Infinity;
    const jar = this.#jars.get(url.origin) ?? new Map<string, Cookie>();
    jar.set(name, { value, path: attribute("path") ?? "/", expires, header });
    this.#jars.set(url.origin, jar);
  }
}

export interface Landing {
  response: Response;
  /** Where the browser is; with `stopAtCallback`, where it would have gone. */
  url: string;
}

/** RFC 6265, section 5.1.4. */
function isWithin(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
