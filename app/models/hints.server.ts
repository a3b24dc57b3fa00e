// What a hint of Logto's makes us read again. Hints may come twice, late or in any order: each only asks for the truth of this moment.
import { eq, type Store } from "../../db";
import type { Hint } from "../logto/webhook.server";
import { LogtoRefused, LogtoUnavailable } from "../logto/outcome.server";
import type { Management } from "../logto/management.server";
import type { Changes } from "./changes.server";
import { coalesced } from "./coalesced.server";
import type { Reconciliation } from "./reconciliation.server";

export interface HintsOptions {
  system: Store["system"];
  management: Management;
  changes: Changes;
  reconciliation: Reconciliation;
  markStale: (whose: { organization: string } | "everybody") => Promise<void>;
}

/** @returns a function that ends when nothing counts any more that was believed before the hint came */
export function createHints({ system, management, changes, reconciliation, markStale }: HintsOptions) {
  /** Logto may be away just then: whoever it could concern has to ask again. */
  const orElse = (read: () => Promise<unknown>, whose: { organization: string } | "everybody") =>
    read().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof LogtoUnavailable || error instanceof LogtoRefused) return markStale(whose);
        throw error;
      },
    );

  const template = coalesced(() => orElse(reconciliation.template, "everybody"));
  const members = coalesced((id) => orElse(() => reconciliation.organization(id), { organization: id }));
  const organization = coalesced((id) => orElse(() => organizationChanged(id), { organization: id }));
  const person = coalesced(personChanged);
  const membership = coalesced((logtoId) => membershipChanged(logtoId));

  /** Its rules may be others too, such as a second factor, which only a member's own question finds out. */
  async function organizationChanged(id: string): Promise<void> {
    if ((await reconciliation.organizationItself(id)) === "gone") return;
    const to = { organization: id };
    await changes.known(to, { to, about: ["membership"] });
  }

  /** Who was taken in or out: their list of organizations is another one, wherever they are. */
  async function membershipChanged(logtoId: string): Promise<void> {
    const user = await userOf(logtoId);
    if (user) await changes.known({ user }, { to: { user }, about: ["membership", "organizations"] });
  }

  /** Renamed, suspended, deleted. The next question of each session tells which; why they are shut out is for their pages to say. */
  async function personChanged(logtoId: string): Promise<void> {
    const user = await userOf(logtoId);
    if (!user) return;
    const found = await management.person(logtoId).catch(ifNotTold);
    const because = found?.isSuspended ? ("suspended" as const) : undefined;
    await changes.known({ user }, { to: { user }, about: ["membership"], because });
  }

  async function userOf(logtoId: string): Promise<string | undefined> {
    const [user] = await system.read((db, { users }) =>
      db.select({ id: users.id }).from(users).where(eq(users.logtoId, logtoId)),
    );
    return user?.id;
  }

  return async ({ event, organization: id, people }: Hint): Promise<void> => {
    if (/^Organization(Role|Scope)\./.test(event)) return template("");
    if (/^User\.(Data|SuspensionStatus)\.|^User\.Deleted$/.test(event))
      return people ? void (await Promise.all(people.map(person))) : markStale("everybody");
    if (/^Organization\.(Data\.|Deleted$)/.test(event)) return id ? organization(id) : markStale("everybody");
    if (!event.startsWith("Organization.Membership.")) return;
    if (!id) return markStale("everybody");
    if (people) await Promise.all(people.map(membership));
    else await members(id);
    changes.tell({ to: { organization: id }, about: ["members"] });
  };
}

function ifNotTold(error: unknown): undefined {
  if (!(error instanceof LogtoUnavailable || error instanceof LogtoRefused)) throw error;
}
