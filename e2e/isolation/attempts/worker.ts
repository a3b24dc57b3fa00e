// A process that performs the attempts, and tells its parent what came of each.
import { buildProbe } from "../probe/build";
import { openHouse } from "../probe/house";
import { attempts } from "./all";
import { openTheatre } from "./attempt";

export type Said = { title: string; broken?: string } | { over: true };

const say = (said: Said) => new Promise<void>((resolve) => process.send?.(said, () => resolve()));

const house = await openHouse((await buildProbe()).file);
const theatre = openTheatre(house);
for (const attempt of attempts) await say({ title: attempt.title, broken: await theatre.perform(attempt) });
await theatre.close();
await house.close();
await say({ over: true });
process.disconnect?.();
