// Is the person of this session a member of that organization, and what may they do there? Logto decides; its answer counts for a minute.
import { StoreUnavailable } from "../../db";
import { LogtoRefused } from "../logto/outcome.server";
import { isLogtos, type Items, type LogtoSession, type OrganizationRoles, type Renewed } from "./logto-session.server";
import type { Answer, SessionRow, Sessions } from "./session.server";

/**
 * `removed`: Logto does not name the organization among the person's own. `policy`: it does, and refuses all the same (it may ask for a second
 * factor). `signed-out`: the session is over. `unavailable`: nothing is known, so nothing is allowed.
 */
export type Refusal = "removed" | "policy" | "signed-out" | "unavailable";

export type Check = { row: SessionRow; answer: Answer };

/** `lost`: somebody else wrote the row first, and that answer counts. */
type Outcome = Refusal | "renewed" | "lost";

interface Flight {
  organizationId: string | undefined;
  epoch: number;
  outcome: Promise<Outcome>;
}

export interface MembershipOptions {
  sessions: Sessions;
  logto: LogtoSession;
  /** Milliseconds for which an answer counts, from the moment it was asked for. */
  maxAge: number;
  /** Milliseconds for which it still serves reads while Logto is away. */
  outageAge?: number;
  now: () => number;
  /** Told of each yes before it is written down, so that the names that go with it are known by then. */
  onAnswer: (row: SessionRow, renewed: Renewed, organizationId: string) => Promise<void>;
}

export type Membership = ReturnType<typeof createMembership>;

/** The rules behind this module, and what each prevents, are in the README under "How tenancy works". */
export function createMembership({ sessions, logto, maxAge, outageAge = 300_000, now, onAnswer }: MembershipOptions) {
  const flights = new Map<string, Flight>();

  /** Counts only if it was asked for in this epoch or a later one: an answer from before a known change is worth nothing. */
  const holds = (
    row: SessionRow,
    organizationId: string,
    epoch: number,
    age: number,
  ): row is SessionRow & { answer: Answer } => {
    if (row.answer?.organizationId !== organizationId || row.answer.epoch < epoch) return false;
    const passed = now() - row.answer.askedAt;
    return passed >= 0 && passed < age; // a clock that was set back must not make it last
  };

  /** @param row the session as it was just read. */
  async function check(row: SessionRow, organizationId: string): Promise<Check | Refusal> {
    if (holds(row, organizationId, row.epoch, maxAge)) return { row, answer: row.answer };
    const { epoch, idHash } = row;
    for (let round = 0; round < 3; round += 1) {
      const outcome = await renewal(idHash, epoch, organizationId);
      if (outcome !== "renewed" && outcome !== "lost") return outcome;
      const written = await sessions.find(idHash);
      if (!written) return "signed-out";
      // A row just written was asked for just now: with a maxAge of 0 it counts for this one request.
      if (holds(written, organizationId, epoch, Math.max(maxAge, 5_000)))
        return { row: written, answer: written.answer };
    }
    return "unavailable";
  }

  /** For reads while Logto is away: the last answer, unless a change is known since. Read anew, for much can happen while one waits for Logto. */
  async function lastKnown(idHash: string, organizationId: string): Promise<Check | undefined> {
    const row = await sessions.find(idHash);
    return row && holds(row, organizationId, row.epoch, outageAge) ? { row, answer: row.answer } : undefined;
  }

  /** The person's organizations, asked for now. */
  async function organizations(idHash: string): Promise<OrganizationRoles[] | Refusal> {
    const row = await sessions.find(idHash);
    const outcome = row ? await renewal(idHash, row.epoch) : "signed-out";
    if (outcome !== "renewed" && outcome !== "lost") return outcome;
    const renewed = await sessions.find(idHash);
    return renewed ? renewed.organizations : "signed-out";
  }

  /** One renewal at a time per session. Joins the one under way only if it asks the same, and was not begun before a change that is known now. */
  async function renewal(idHash: string, epoch: number, organizationId?: string): Promise<Outcome> {
    for (let flight = flights.get(idHash); flight; flight = flights.get(idHash)) {
      const same = flight.organizationId === organizationId && flight.epoch >= epoch;
      const outcome = await flight.outcome;
      if (same || outcome === "unavailable") return outcome;
    }
    const outcome = renewInTwoTries(idHash, organizationId).finally(() => flights.delete(idHash));
    flights.set(idHash, { organizationId, epoch, outcome });
    return outcome;
  }

  async function renewInTwoTries(idHash: string, organizationId: string | undefined): Promise<Outcome> {
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        return await renew(idHash, organizationId);
      } catch (error) {
        if (error instanceof StoreUnavailable) return "unavailable"; // it has waited long enough, and reads go on with the last answer
        if (!isLogtos(error)) throw error;
      }
    }
    return "unavailable";
  }

  /** Asks Logto and writes the row. The refresh token is read just before it is sent, and remembered nowhere else. */
  async function renew(idHash: string, organizationId: string | undefined): Promise<Outcome> {
    const row = await sessions.find(idHash);
    if (!row) return "signed-out";
    const items = await sessions.openItems(row);
    if (!items) return ended(row); // sealed with a secret that is gone
    const askedAt = now();
    try {
      const renewed = await logto.renew(items, row.logtoId, organizationId);
      return await keep(row, renewed, organizationId, askedAt);
    } catch (error) {
      if (!(error instanceof LogtoRefused)) throw error;
      if (error.code === "invalid_grant" || error.code === "insufficient_scope") return ended(row);
      if (error.code !== "access_denied" || !organizationId) throw error;
      return reasonOf(row, items, organizationId);
    }
  }

  /** Only if nobody has renewed it meanwhile: then the refresh token that Logto does not know any more is not the session's. */
  async function ended({ idHash, version }: SessionRow): Promise<Outcome> {
    return (await sessions.drop(idHash, version)) ? "signed-out" : "lost";
  }

  async function keep(
    row: SessionRow,
    renewed: Renewed,
    organizationId: string | undefined,
    askedAt: number,
  ): Promise<Outcome> {
    const { items, permissions, organizations: theirs } = renewed;
    const answer = organizationId ? { organizationId, permissions, askedAt, epoch: row.epoch } : row.answer;
    if (organizationId) await onAnswer(row, renewed, organizationId); // first, so that whoever finds the answer finds the names too
    return (await sessions.save(row, { items, organizations: theirs, answer })) ? "renewed" : "lost";
  }

  /** A no for one organization: the list that Logto answers next tells whether the person was removed. No earlier yes may outlive it. */
  async function reasonOf(row: SessionRow, items: Items, organizationId: string): Promise<Outcome> {
    await sessions.markStale({ session: row.idHash });
    const renewed = await logto.renew(items, row.logtoId);
    await sessions.save(row, { items: renewed.items, organizations: renewed.organizations, answer: null });
    return renewed.organizations.some(({ id }) => id === organizationId) ? "policy" : "removed";
  }

  return { check, lastKnown, organizations };
}
