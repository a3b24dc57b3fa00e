// Whoever keeps a page open: may they still hear of what happens in its organization? Asked anew after each change, and answered from the row until then.
import { bulkhead } from "cockatiel";
import type { Membership } from "./membership.server";
import { policy } from "./policy";
import type { Sessions } from "./session.server";

export type Watched = { epoch: number } | "removed" | "signed-out" | "switched" | "unavailable";

/** How many may wait for Logto at a time: one change can concern everybody. */
const askingAtOnce = 16;

export function createWatch({ sessions, membership }: { sessions: Sessions; membership: Membership }) {
  const asking = bulkhead(askingAtOnce, Infinity);

  /** @param epoch the one that was seen to be in order; undefined: none yet. */
  async function look(
    { session, organization }: { session: string; organization: string },
    epoch: number | undefined,
  ): Promise<Watched> {
    const row = await sessions.find(session);
    if (!row) return "signed-out";
    if (row.organizationId === null) return "removed";
    if (row.organizationId !== organization) return "switched";
    if (row.epoch === epoch) return { epoch };

    const checked = await asking.execute(() => membership.check(row, organization));
    if (checked === "unavailable" || checked === "signed-out") return checked;
    if (typeof checked === "string") return "removed";
    return checked.answer.permissions.includes(policy["events.listen"].permission)
      ? { epoch: checked.answer.epoch }
      : "removed";
  }

  return { look, glance: sessions.glance };
}
