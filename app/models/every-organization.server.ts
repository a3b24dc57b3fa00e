// All organizations that are known here, for work that goes through them one by one.
import { setImmediate } from "node:timers/promises";
import { asc, gt, type System } from "../../db";

/** How many are looked up at a time. */
const atOnce = 500;

/** In an order of their own. Between two of them others have their turn. */
export async function* everyOrganization(system: System): AsyncGenerator<{ id: string; name: string }> {
  for (let last = ""; ;) {
    const some = await system.read((db, { organizations }) =>
      db
        .select({ id: organizations.id, name: organizations.name })
        .from(organizations)
        .where(gt(organizations.id, last))
        .orderBy(asc(organizations.id))
        .limit(atOnce),
    );
    for (const organization of some) {
      yield organization;
      await setImmediate();
    }
    const end = some.at(-1);
    if (!end || some.length < atOnce) return;
    last = end.id;
  }
}
