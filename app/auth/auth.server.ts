// Builds what the guards and the sign-in routes need, once at start, from the store and the line to Logto.
import { redirect } from "@remix-run/node";
import type { Store } from "../../db";
import type { Line } from "../logto/line.server";
import * as refuse from "../http/responses.server";
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import { rememberMember } from "../models/members.server";
import type { Waiting } from "../models/invitations/waiting.server";
import type { Founder, Founding, Organizations } from "../models/organizations.server";
import {
  findPerson,
  isLeaving,
  rememberOrganization,
  rememberPerson,
  verifiedIdentityOf,
} from "../models/users.server";
import { isJoin, paths } from "../paths";
import { allPermissions } from "../permissions";
import { createGuards, type Person } from "./guards.server";
import { createLogtoSession, organizationRoles, type OrganizationRoles, type Renewed } from "./logto-session.server";
import { createMembership } from "./membership.server";
import { createOwnSessions } from "./own-sessions.server";
import { createScopes } from "./scopes.server";
import { createSeal } from "./seal.server";
import { createSessions, type SessionRow } from "./session.server";
import { createSignIn, type SignInFault, type SignInResult } from "./sign-in.server";
import { createTokenVerifier } from "./tokens.server";
import { createWatch } from "./watch.server";

export interface AuthOptions {
  store: Store;
  line: Line;
  organizations: Organizations;
  /** The invitations that wait for somebody. */
  waiting: Waiting;
  logto: { endpoint: string; appId: string; appSecret: string };
  app: { origin: string; secure: boolean };
  secrets: readonly string[];
  /** Milliseconds for which an answer of Logto counts. */
  maxAge: number;
  now: () => number;
}

export type Auth = ReturnType<typeof createAuth>;
export type Session = Auth["session"];

export type SignInOutcome =
  | { ok: true; cookies: string[]; /** Where the browser goes. */ landing: string }
  | { ok: false; cookies: string[]; returnTo: string | undefined; fault: SignInFault };

export function createAuth(options: AuthOptions) {
  const { store, line, organizations, waiting, logto, app, secrets, maxAge, now } = options;
  const { system } = store;
  const verifier = createTokenVerifier(logto);
  const logtoSession = createLogtoSession({ ...logto, line, verifier });
  const sessions = createSessions({ system, seal: createSeal(secrets), secrets, secure: app.secure, now });
  const signIn = createSignIn({ ...logto, origin: app.origin, secrets, verifier, logto: logtoSession, now });
  const scopeFor = createScopes(store);
  const membership = createMembership({ sessions, logto: logtoSession, maxAge, now, onAnswer: learn });

  /** Names are decoration: they are known before the answer that needs them, if Logto tells them, and no answer is refused for want of one. */
  async function learn(row: SessionRow, { claims, organizations: theirs }: Renewed, organizationId: string) {
    await learnNames(row.logtoId, theirs);
    const { userId, logtoId } = row;
    const identity = verifiedIdentityOf(claims);
    const { name, email, emailVerified } = identity;
    const known = await findPerson(system, userId);
    const same = known?.name === name && known.email === email && known.emailVerified === emailVerified;
    if (known && !same) await rememberPerson(system, { logtoId, ...identity }, new Date(now()));
    const member = { userId, logtoId, name, email };
    await rememberMember(scopeFor(organizationId, "membership"), member, new Date(now()));
  }

  async function learnNames(logtoId: string, theirs: OrganizationRoles[]): Promise<void> {
    const known = await organizations.listOrganizations(theirs.map(({ id }) => id));
    if (known.length < theirs.length) await organizations.learnNames(logtoId).catch(unlessLogto);
  }

  /** The callback. What the browser's former session was is forgotten here, not revoked at Logto: both may share one grant there. */
  async function finishSignIn(request: Request): Promise<SignInOutcome> {
    const { result, cookies } = await signIn.finish(request);
    const former = await sessions.read(request.headers.get("Cookie"));
    if (former?.consentState && former.consentState === new URL(request.url).searchParams.get("state")) {
      await finishConsent(former, result);
      return { ok: true, cookies, landing: result.returnTo ?? paths.posts };
    }
    if (!result.ok) return { ok: false, cookies, returnTo: result.returnTo, fault: result.fault };
    const { claims, items, granted, returnTo } = result;

    if (former) await sessions.drop(former.idHash);

    const identity = { logtoId: claims.sub, ...verifiedIdentityOf(claims) };
    const person = await rememberPerson(system, identity, new Date(now()));
    const theirs = organizationRoles(claims);
    const ids = theirs.map(({ id }) => id);
    const leaving = await isLeaving(system, person.id);
    const organizationId = leaving || (await isInvited(person, ids, returnTo)) ? null : await firstActive(person, ids);
    const userAgent = request.headers.get("User-Agent") ?? undefined;
    const cookie = await sessions.start({
      userId: person.id,
      items,
      organizations: theirs,
      organizationId,
      granted,
      userAgent,
    });
    const mayReturn = organizationId !== null || (returnTo && isJoin(returnTo));
    const landing = mayReturn ? (returnTo ?? paths.posts) : paths.organizations;
    return { ok: true, cookies: [...cookies, cookie], landing: leaving ? paths.deleteAccount : landing };
  }

  /**
   * The session goes on under its id, in its organization. What Logto says about somebody else, who is signed in there in this browser, is not taken; and
   * the tokens that are replaced are not revoked: they share their grant with the new ones.
   */
  async function finishConsent({ idHash, logtoId }: SessionRow, result: SignInResult): Promise<void> {
    if (!result.ok || result.claims.sub !== logtoId) return sessions.endConsent(idHash);
    const { items, claims, granted } = result;
    await sessions.endConsent(idHash, { items, granted, organizations: organizationRoles(claims) });
  }

  /** Whoever is new and was invited is given no organization of their own: first they see what waits for them. */
  async function isInvited(person: Pick<Person, "id">, ids: string[], returnTo: string | undefined): Promise<boolean> {
    if (ids.length > 0) return false;
    return (returnTo !== undefined && isJoin(returnTo)) || (await waiting.waitingFor(person)).length > 0;
  }

  /** Where somebody begins who has just signed in: where they were last, or their only organization, or a new one if they have none. */
  async function firstActive(
    person: Founder & { lastOrganizationId: string | null },
    ids: string[],
  ): Promise<string | null> {
    if (ids.length === 0) return foundFirst(person);
    await organizations.learnNames(person.logtoId).catch(unlessLogto); // they may have been renamed since
    if (person.lastOrganizationId && ids.includes(person.lastOrganizationId)) return person.lastOrganizationId;
    return ids.length === 1 ? (ids[0] ?? null) : null;
  }

  /** Logto may be away half-way: the page where one chooses an organization then offers to go on. */
  async function foundFirst(person: Founder): Promise<string | null> {
    const founding = await organizations.foundFirst(person);
    if (!founding.ok) return null;
    await sessions.markStale({ user: person.id });
    return founding.organization.id;
  }

  const own = createOwnSessions({
    system,
    sessions,
    revoke: (items) => logtoSession.revoke(items).catch(unlessLogto),
    now,
  });

  const isLogtoThere = (): Promise<boolean> =>
    line(`${logto.endpoint}/api/status`).then(
      () => true,
      () => false,
    );

  const session = {
    own,
    beginSignIn: signIn.begin,
    finishSignIn,

    /** Where a page goes to get permissions that came into being since the session was granted its own; null when there is no need, or it was tried. */
    consentFor: ({ session: row }: Person, page: string): string | null =>
      missingOf(row).length > 0 ? paths.consent(page) : null,

    /** The redirect to Logto, which shows no page as long as the person is signed in there; straight back when nothing is missing. */
    async beginConsent({ session: row, email }: Person, request: Request, returnTo: string): Promise<Response> {
      const missing = missingOf(row);
      if (missing.length === 0) return redirect(returnTo);
      const response = await signIn.begin(request, returnTo, { loginHint: email });
      await sessions.tryConsent(row, missing, stateOf(response));
      return (await isLogtoThere()) ? response : redirect(returnTo);
    },

    /** Whether there is any use in sending the browser to Logto. */
    isLogtoThere,

    /** @returns the cookie that makes the browser forget, and where it goes next: through Logto's end-session page, if Logto is there. */
    async signOut(request: Request): Promise<{ cookie: string; next: string }> {
      const cookie = await sessions.forget();
      const home = `${app.origin}/`;
      const row = await sessions.read(request.headers.get("Cookie"));
      if (!row) return { cookie, next: home };
      const items = await sessions.openItems(row);
      await sessions.drop(row.idHash);
      const revoked = await logtoSession.revoke(items ?? {}).then(() => true, unlessLogto);
      return { cookie, next: revoked ? logtoSession.endSession(home) : home };
    },

    /** The cookie that makes the browser forget a session whose row is gone. */
    forget: sessions.forget,

    /** Moves the session to an organization that Logto names among the person's own; every other is `not-theirs`. */
    async activate(
      { session: row, id }: Person,
      organizationId: string,
    ): Promise<"active" | "not-theirs" | "unavailable"> {
      if (!has(row.organizations, organizationId)) {
        const theirs = await membership.organizations(row.idHash); // they may have become a member since the last renewal
        if (theirs === "unavailable") return theirs;
        if (typeof theirs === "string" || !has(theirs, organizationId)) return "not-theirs";
      }
      await sessions.activate(row.idHash, organizationId);
      await rememberOrganization(system, id, organizationId);
      return "active";
    },

    /** The person's organizations as Logto has them now, or as it had them when it last answered. */
    async organizationsOf({ session: row, logtoId }: Person): Promise<OrganizationRoles[]> {
      const theirs = await membership.organizations(row.idHash);
      if (theirs === "signed-out") throw refuse.signedOut();
      if (typeof theirs === "string") return row.organizations;
      await learnNames(logtoId, theirs);
      return theirs;
    },

    /** The first organization, for somebody of whom Logto has just said that they have none. */
    async foundFirst(person: Person): Promise<Founding | { ok: false; reason: "has-some" }> {
      const theirs = await membership.organizations(person.session.idHash);
      if (typeof theirs === "string") return { ok: false, reason: "unavailable" };
      return theirs.length > 0 ? { ok: false, reason: "has-some" } : organizations.foundFirst(person);
    },

    /** The person has just founded or joined it: nothing that was asked before counts. */
    async enter({ session: row, id }: Person, organizationId: string): Promise<void> {
      await sessions.markStale({ user: id });
      await sessions.activate(row.idHash, organizationId);
      await rememberOrganization(system, id, organizationId);
    },

    /** The person has just left the organization that they work in. The next page tells them so. */
    async depart({ session: { idHash, organizationId } }: Person): Promise<void> {
      if (!organizationId) return;
      const [left] = await organizations.listOrganizations([organizationId]);
      const notice = left ? `You have left ${left.name}.` : "You have left the organization.";
      await sessions.leave(idHash, organizationId, notice);
    },
  };

  const guards = createGuards({ store, sessions, membership, organizations });
  return { session, sessions, membership, guards, watch: createWatch({ sessions, membership }) };
}

const has = (organizations: OrganizationRoles[], id: string) =>
  organizations.some((organization) => organization.id === id);

/** Permissions that the session lacks and that Logto was not asked for since they could be had. */
function missingOf({ granted, tried }: SessionRow): string[] {
  return allPermissions.filter((permission) => !granted.includes(permission) && !tried.includes(permission));
}

const stateOf = (response: Response) => new URL(response.headers.get("Location") ?? "").searchParams.get("state") ?? "";

/** Logto's being away, or its no, is answered on the next page; a bug is not. */
function unlessLogto(error: unknown): undefined {
  if (!(error instanceof LogtoUnavailable || error instanceof LogtoRefused)) throw error;
}
