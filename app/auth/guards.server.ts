// The guards: who is asking, in which organization, may they? They return the person or the member, and throw what is not right.
import { redirect } from "@remix-run/node";
import { type Acting, eq, type GlobalTables, type OrganizationScope, type Reads, type Store } from "../../db";
import type { Kept } from "../http/refusal";
import * as refuse from "../http/responses.server";
import { isAuditAction } from "../models/audit-actions";
import { somebody, writeRefusal } from "../models/audit.server";
import type { Organization, Organizations } from "../models/organizations.server";
import { findRemover } from "../models/whose-doing.server";
import { paths } from "../paths";
import { permissions as permissionWords, type Permission } from "../permissions";
import type { Membership, Refusal } from "./membership.server";
import {
  policy,
  type MemberOperation,
  type Operation,
  type OperationName,
  type PersonOperation,
  type PublicOperation,
} from "./policy";
import type { Answer, SessionRow, Sessions } from "./session.server";

export interface Person {
  id: string;
  logtoId: string;
  name: string;
  email: string;
  /** Themselves, and where this request comes from: for the audit log. */
  acting: Acting;
  session: SessionRow;
}

export interface Member {
  person: Person;
  organization: Organization;
  /** Names, for people to read. */
  roles: string[];
  can(permission: Permission): boolean;
  /** Logto is out of reach and this is its last answer: reads go on for a while, writes do not. */
  readOnly: boolean;
  scope: OrganizationScope;
}

/** What a guard needs to know of a request. */
export interface Asked {
  /** `document` is a page, `data` what a page in the browser asks for by itself. */
  transport: "document" | "data";
  method: string;
  /** The page's path and query, without `.data`. */
  path: string;
  cookie: string | undefined;
  /** Where it comes from: the IP address, and what the browser calls itself. */
  from: Pick<Acting, "address" | "userAgent">;
  /** The organization the page was rendered for, from the header or the form's field. */
  pageOrganization(): Promise<string | undefined>;
  /** What was typed, for the page that refuses it. */
  kept(): Promise<Kept | undefined>;
  /** Told who it was, for the log. */
  identified(person: string, organization: string | null): void;
  denied(operation: OperationName, reason: string): void;
  /** Told what not everybody may do, before it is known whether this one may: whatever refuses it later is written down under its name. */
  guarded(operation: OperationName): void;
  /** Throws when this person has sent too much. */
  consume(person: string): Promise<void>;
}

export interface GuardsOptions {
  store: Store;
  sessions: Sessions;
  membership: Membership;
  organizations: Organizations;
}

export type Guards = ReturnType<ReturnType<typeof createGuards>>;

export function createGuards({ store, sessions, membership, organizations }: GuardsOptions) {
  return (asked: Asked) => {
    const reads = asked.method === "GET" || asked.method === "HEAD";
    // Looked up once for all loaders. An action has a look of its own: it may move the session, and the loaders that run after it must see that.
    const looks = { GET: look(), POST: look() };
    const personFor = (operation: OperationName) => looks[policy[operation].method].person();
    const memberFor = (operation: OperationName) => looks[policy[operation].method].member();

    function look() {
      const person = once(findPerson);
      return { person, member: once(async () => findMember(await person())) };
    }

    async function findPerson(): Promise<Person | undefined> {
      const session = await sessions.read(asked.cookie);
      if (!session) return undefined;
      const { userId: id, logtoId, name, email, organizationId } = session;
      asked.identified(id, organizationId);
      await asked.consume(id);
      return { id, logtoId, name, email, acting: { id, name, email, ...asked.from }, session };
    }

    /** Session, precondition, membership, permission: in this order, and each throws. */
    async function requireMember(operation: MemberOperation): Promise<Member> {
      requireMethod(operation);
      const known = await personFor(operation);
      if (!known) return refuseStranger(operation);
      await requirePage(known, operation, !reads);
      const member = await memberFor(operation);
      if (typeof member === "string") return refuseMember(known, member, operation);
      if (member.readOnly && !reads) return refuseMember(known, "unavailable", operation);
      const { permission } = policy[operation];
      if (member.can(permission)) return member;
      asked.denied(operation, `needs ${permission}`);
      if (!reads) await writeDenied(member, operation);
      throw refuse.forbidden({ permissionWords: permissionWords[permission], kept: await asked.kept() });
    }

    /** By a scope that asks no more: the refusal is written down whatever has changed since. */
    async function writeDenied({ organization, person }: Member, operation: MemberOperation): Promise<void> {
      if (!isAuditAction(operation)) return;
      const target = { type: "page" as const, name: asked.path };
      const scope = store.scope(organization.id, { by: person.acting });
      await writeRefusal(scope, { action: operation, target, reason: "missing-permission" });
    }

    async function requirePerson(operation: PersonOperation): Promise<Person> {
      requireMethod(operation);
      const known = await personFor(operation);
      if (!known) return refuseStranger(operation);
      if (reads) await requirePage(known, operation, false);
      return known;
    }

    /** For what anyone may ask for. With a session it tells whose, and in which organization as far as that is known. */
    async function visitor(operation: PublicOperation): Promise<{ person?: Person; member?: Member; acting: Acting }> {
      requireMethod(operation);
      const known = await personFor(operation);
      if (!known) return { acting: { ...somebody, ...asked.from } };
      const { acting } = known;
      if (policy[operation].method === "POST") return { person: known, acting }; // signing out waits for no answer of Logto
      if (reads) await requirePage(known, operation, false);
      const member = await memberFor(operation);
      return typeof member === "string" ? { person: known, acting } : { person: known, member, acting };
    }

    /** An action runs for PUT, PATCH and DELETE too; the precondition is read from a form that is posted. */
    function requireMethod(operation: OperationName): void {
      const { route, method, permission }: Operation = policy[operation];
      if (permission !== "anyone") asked.guarded(operation);
      if (method === "GET" || asked.method === method) return; // Remix runs loaders to read, and to show what an action answered
      asked.denied(operation, "method");
      throw refuse.unsupportedMethod(methodsOf(route));
    }

    async function refuseStranger(operation: OperationName): Promise<never> {
      asked.denied(operation, "signed out");
      if (reads && asked.transport === "document") throw redirect(paths.signIn(asked.path));
      throw refuse.signedOut({ kept: await asked.kept() });
    }

    /** A page says whose it is, and a session that has moved on refuses it. A form must say so. */
    async function requirePage({ session }: Person, operation: OperationName, mustSay: boolean): Promise<void> {
      const page = await asked.pageOrganization();
      if (page === undefined && !mustSay) return;
      if (page === undefined) throw refuse.preconditionMissing({ kept: await asked.kept() });
      if (page === session.organizationId || session.organizationId === null) return; // with none active, the next step says so
      asked.denied(operation, "the page belongs to another organization");
      const known = await organizations.listOrganizations(session.organizations.map(({ id }) => id));
      const name = (id: string | null) => known.find((organization) => organization.id === id)?.name;
      throw refuse.staleOrganization({
        page: { id: page, name: name(page) },
        session: { id: session.organizationId, name: name(session.organizationId) ?? "another organization" },
        kept: await asked.kept(),
      });
    }

    async function refuseMember(
      { session }: Person,
      why: Refusal | "none-active",
      operation: OperationName,
    ): Promise<never> {
      asked.denied(operation, why);
      const kept = await asked.kept();
      if (why === "unavailable") throw refuse.unavailable({ kept });
      if (why === "signed-out") return refuseStranger(operation);
      const { idHash, organizationId, userId } = session;
      const organizationName = session.organizationName ?? "the organization of this page";
      if (why === "policy") throw refuse.policyRefused({ organizationName, kept });
      const gone = (by?: string) =>
        reads ? redirect(paths.organizations) : refuse.removed({ organizationName, by, kept });
      if (!organizationId) throw gone();
      const by = await findRemover(store.scope(organizationId), userId);
      const lost = `You no longer have access to ${organizationName}.`;
      await sessions.leave(idHash, organizationId, by ? `${lost} ${by} has removed you.` : lost);
      throw gone(by);
    }

    async function findMember(known: Person | undefined): Promise<Member | Refusal | "none-active"> {
      const organizationId = known?.session.organizationId;
      if (!known || !organizationId) return "none-active";
      const checked = await membership.check(known.session, organizationId);
      const readOnly = checked === "unavailable";
      const believed = readOnly ? await membership.lastKnown(known.session.idHash, organizationId) : checked;
      if (!believed) return "unavailable";
      if (typeof believed === "string") return believed;
      const organization =
        activeOf(known.session, organizationId) ??
        (await organizations.findOrganization(organizationId, known.logtoId));
      if (!organization) return "unavailable";

      const { row, answer } = believed;
      const held = new Set<string>(answer.permissions);
      return {
        person: { ...known, session: row },
        organization,
        roles: row.organizations.find(({ id }) => id === organizationId)?.roles ?? [],
        can: (permission) => held.has(permission),
        readOnly,
        scope: store.scope(organizationId, {
          by: known.acting,
          beforeWrite: async (db, tables) => {
            if (readOnly) throw refuse.unavailable({ kept: await asked.kept() });
            await requireUnchanged(db, tables, row.idHash, answer);
          },
        }),
      };
    }

    /** In the transaction of a write: what was allowed a moment ago must not have changed since. */
    async function requireUnchanged(
      db: Reads,
      tables: GlobalTables,
      idHash: string,
      { epoch, organizationId }: Answer,
    ): Promise<void> {
      const [now] = await db
        .select({ epoch: tables.sessions.epoch, organizationId: tables.sessions.organizationId })
        .from(tables.sessions)
        .where(eq(tables.sessions.idHash, idHash));
      if (now?.epoch !== epoch || now.organizationId !== organizationId)
        throw refuse.accessChanged({ kept: await asked.kept() });
    }

    /**
     * For an answer that takes its time: whether whoever asked may have the rest of it. Looked at anew, so a known change counts at once; without one
     * Logto's last answer counts for as long as for any request.
     */
    async function stillMay(operation: MemberOperation): Promise<boolean> {
      const began = await memberFor(operation);
      const session = await sessions.read(asked.cookie);
      if (typeof began === "string" || session?.organizationId !== began.organization.id) return false;
      const member = await findMember({ ...began.person, session });
      return typeof member !== "string" && member.can(policy[operation].permission);
    }

    return { visitor, requirePerson, requireMember, stillMay };
  };
}

/** The active organization as the session's row shows it, if it is known here. */
function activeOf(session: SessionRow, id: string): Organization | undefined {
  const { organizationName: name, organizationColour: colour, organizationDeletesAt: deletesAt } = session;
  return name === null || colour === null ? undefined : { id, name, colour, deletesAt };
}

function methodsOf(route: string): string[] {
  const taken = Object.values<Operation>(policy).flatMap((row) => (row.route === route ? row.method : []));
  return taken.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : method));
}

/** Runs once however many loaders of one request ask. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= run());
}
