// Sign-in: remix-auth and its OAuth2 strategy do the redirect, the state and PKCE; what comes back is verified here.
import { createCookie } from "@remix-run/node";
import { Authenticator } from "remix-auth";
import {
  CodeChallengeMethod,
  OAuth2RequestError,
  OAuth2Strategy,
  UnexpectedErrorResponseBodyError,
  UnexpectedResponseError,
} from "remix-auth-oauth2";
import { allPermissions } from "../permissions";
import { paths } from "../paths";
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import type { Items, LogtoSession } from "./logto-session.server";
import { InvalidToken, type IdTokenClaims, type TokenVerifier } from "./tokens.server";

const organizationsScope = "urn:logto:scope:organizations";

/** Without the organizations resource Logto drops all permissions; without `prompt=consent` it gives no refresh token. */
const authorization = {
  scopes: [
    "openid",
    "offline_access",
    "profile",
    "email",
    organizationsScope,
    "urn:logto:scope:organization_roles",
    ...allPermissions,
  ],
  resource: "urn:logto:resource:organizations",
  prompt: "consent",
};

/** Seconds that a person may take at Logto's pages. */
const attemptAge = 600;
/** How many tabs may be at it: without an end to them the request's header grows until no server takes it. */
const mostAttempts = 8;
/** Milliseconds for the exchange of the code, which is never tried twice: Logto kills the grant of a replayed code. */
const exchangePatience = 5_000;

/** Why a sign-in did not come to its end. */
export type SignInFault =
  "no-state" | "unknown-state" | "spent" | "cancelled" | "refused" | "incomplete" | "unavailable";

export interface SignedIn {
  claims: IdTokenClaims;
  items: Items;
  /** Every scope that was granted, permissions among them. */
  granted: string[];
  returnTo: string | undefined;
}

export type SignInResult = ({ ok: true } & SignedIn) | { ok: false; fault: SignInFault; returnTo: string | undefined };

export interface SignInOptions {
  endpoint: string;
  appId: string;
  appSecret: string;
  /** The app's own origin. */
  origin: string;
  secrets: readonly string[];
  verifier: TokenVerifier;
  logto: LogtoSession;
  now: () => number;
}

export type SignIn = ReturnType<typeof createSignIn>;

export function createSignIn({ endpoint, appId, appSecret, origin, secrets, verifier, logto, now }: SignInOptions) {
  const secure = origin.startsWith("https:") ? { secure: true as const } : {};
  const spent = new Map<string, number>();

  class LogtoStrategy extends OAuth2Strategy<Items> {
    override name = "logto";

    protected override authorizationParams(params: URLSearchParams, { url }: Request) {
      params.set("resource", authorization.resource);
      params.set("prompt", authorization.prompt);
      const asked = new URL(url).searchParams;
      if (asked.get("screen") === "register") params.set("first_screen", "register");
      if (asked.has("switch_account")) params.set("prompt", `login ${authorization.prompt}`); // consent alone returns whoever is there
      const hint = asked.get("login_hint");
      if (hint) params.set("login_hint", hint);
      return params;
    }

    protected override validateAuthorizationCode(code: string, codeVerifier: string) {
      return inTime(super.validateAuthorizationCode(code, codeVerifier), exchangePatience);
    }
  }

  const strategy = new LogtoStrategy(
    {
      clientId: appId,
      clientSecret: appSecret,
      redirectURI: origin + paths.callback,
      authorizationEndpoint: `${endpoint}/oidc/auth`,
      tokenEndpoint: `${endpoint}/oidc/token`,
      codeChallengeMethod: CodeChallengeMethod.S256,
      scopes: authorization.scopes,
      cookie: { name: "oauth2", httpOnly: true, sameSite: "Lax", path: "/auth", maxAge: attemptAge, ...secure },
    },
    async ({ tokens }) => ({
      ...(hasIdToken(tokens.data) && { idToken: tokens.idToken() }),
      ...(tokens.hasRefreshToken() && { refreshToken: tokens.refreshToken() }),
    }),
  );
  const authenticator = new Authenticator<Items>().use(strategy);

  /** Each attempt, in whatever tab, comes back to where it began. */
  const returnCookie = (state: string) =>
    createCookie(returnName(state), {
      secrets: [...secrets],
      httpOnly: true,
      sameSite: "lax",
      path: "/auth",
      maxAge: attemptAge,
      ...secure,
    });

  /**
   * The redirect to Logto's sign-in page. `returnTo` is a local path that was checked. `loginHint` is an address to begin with there; `switchAccount` lets
   * somebody sign in who is not the one that Logto knows already.
   */
  async function begin(
    attempt: Request,
    returnTo: string | undefined,
    { loginHint, switchAccount = false }: { loginHint?: string; switchAccount?: boolean } = {},
  ): Promise<Response> {
    const target = new URL(attempt.url);
    for (const ours of ["state", "login_hint", "switch_account"]) target.searchParams.delete(ours); // with a state the strategy would take this for the callback
    if (loginHint) target.searchParams.set("login_hint", loginHint);
    if (switchAccount) target.searchParams.set("switch_account", "");
    const response = await authenticator.authenticate("logto", new Request(target, { headers: attempt.headers })).then(
      () => Promise.reject(new Error("The strategy did not redirect")),
      (thrown: unknown) => (thrown instanceof Response ? thrown : Promise.reject(thrown)),
    );
    const state = new URL(response.headers.get("Location") ?? "").searchParams.get("state");
    if (returnTo && state) response.headers.append("Set-Cookie", await returnCookie(state).serialize(returnTo));
    const oldest = attemptsOf(attempt).slice(0, 1 - mostAttempts); // browsers send the oldest cookie first
    for (const abandoned of oldest)
      for (const cookie of endOf(abandoned)) response.headers.append("Set-Cookie", cookie);
    return response;
  }

  /** The callback: what Logto sent is exchanged and verified. @returns the result, and the cookies that end this attempt whatever came of it. */
  async function finish(callback: Request): Promise<{ result: SignInResult; cookies: string[] }> {
    const state = new URL(callback.url).searchParams.get("state");
    if (!state) return { result: { ok: false, fault: "no-state", returnTo: undefined }, cookies: [] };
    const attempt = attemptsOf(callback).find((one) => one.state === state);
    if (!attempt) return { result: { ok: false, fault: "unknown-state", returnTo: undefined }, cookies: [] };

    const returnTo = await readReturn(callback, state);
    const signedIn = spend(state) ? await exchange(callback).catch(faultOf) : "spent";
    const result: SignInResult =
      typeof signedIn === "string" ? { ok: false, fault: signedIn, returnTo } : { ok: true, ...signedIn, returnTo };
    return { result, cookies: endOf(attempt) };
  }

  async function exchange(callback: Request): Promise<Omit<SignedIn, "returnTo"> | SignInFault> {
    const items = await authenticator.authenticate("logto", callback);
    if (!items.idToken || !items.refreshToken) return "incomplete";
    const claims = await verifier.idToken(items.idToken);
    if (!claims.organizations) return "incomplete"; // not told is not the same as none
    const granted = await logto.grantedScopes(items.refreshToken);
    return granted.includes(organizationsScope) ? { claims, items, granted } : "incomplete";
  }

  /** True for one caller alone: the same address called twice at once must not replay its code. */
  function spend(state: string): boolean {
    for (const [known, until] of spent) if (until < now()) spent.delete(known);
    if (spent.has(state)) return false;
    spent.set(state, now() + attemptAge * 1_000);
    return true;
  }

  async function readReturn(callback: Request, state: string): Promise<string | undefined> {
    const value: unknown = await returnCookie(state).parse(callback.headers.get("Cookie"));
    return typeof value === "string" ? value : undefined;
  }

  /** The Set-Cookie headers after which the browser knows nothing more of an attempt. */
  function endOf({ cookie, state }: Attempt): string[] {
    const attributes = `Path=/auth; Max-Age=0; HttpOnly; SameSite=Lax${secure.secure ? "; Secure" : ""}`;
    return [cookie, returnName(state)].map((name) => `${name}=; ${attributes}`);
  }

  return { begin, finish };
}

interface Attempt {
  /** Its cookie's name. */
  cookie: string;
  state: string;
}

/** The strategy keeps each attempt in a cookie of its own, `oauth2:<uuid>`, whose value is a query: `state=<state>&<state>=<verifier>`. */
function attemptsOf(request: Request): Attempt[] {
  const cookies = (request.headers.get("Cookie") ?? "").split(/; */);
  return cookies.flatMap((cookie) => {
    const [, name, value] = /^(oauth2:[\w-]+)=(.+)$/.exec(cookie) ?? [];
    const state = new URLSearchParams(value).get("state") ?? "";
    return name && /^[\w-]+$/.test(state) ? [{ cookie: name, state }] : [];
  });
}

const returnName = (state: string) => `return.${state}`;

const hasIdToken = (tokens: object) => "id_token" in tokens && typeof tokens.id_token === "string";

function faultOf(error: unknown): SignInFault {
  if (error instanceof OAuth2RequestError) return error.code === "access_denied" ? "cancelled" : "refused";
  if (error instanceof ReferenceError || error instanceof RangeError) return "refused"; // the strategy's words for a callback that lacks a part
  if (error instanceof InvalidToken || error instanceof LogtoRefused) return "incomplete";
  const unreachable = error instanceof Error && error.cause instanceof TypeError; // as fetch puts it
  if (
    unreachable ||
    [LogtoUnavailable, UnexpectedResponseError, UnexpectedErrorResponseBodyError].some((kind) => error instanceof kind)
  )
    return "unavailable";
  throw error;
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LogtoUnavailable("The exchange of the code took too long")), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
