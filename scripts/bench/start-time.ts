// How long the app's process takes from its start until it may be sent requests, with everything built.
import { startWorld } from "../world";

const times = 5;

/** @returns the median in milliseconds. */
export async function startTime(): Promise<number> {
  const world = await startWorld();
  try {
    const measured: number[] = [];
    for (let index = 0; index < times; index += 1) measured.push(await world.restartApp());
    return measured.toSorted((one, other) => one - other)[Math.floor(times / 2)] ?? NaN;
  } finally {
    await world.stop();
  }
}
