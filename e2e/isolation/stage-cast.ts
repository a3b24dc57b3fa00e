// One cast for all parts that share the stage's world, with canaries planted in everything that is theirs.
import type { WorldDescription } from "../world";
import { gather, type Cast } from "./cast";
import type { Stage } from "./part";
import { plant, type Planted } from "./planting";

const casts = new WeakMap<WorldDescription, Promise<Cast>>();
const plantings = new WeakMap<Cast, Planted[]>();

export function openCast({ world, seed }: Pick<Stage, "world" | "seed">): Promise<Cast> {
  const known = casts.get(world);
  if (known) return known;
  const made = gatherAndPlant(world, seed);
  casts.set(world, made);
  return made;
}

async function gatherAndPlant(world: WorldDescription, seed: number): Promise<Cast> {
  const cast = await gather(world, seed);
  plantings.set(cast, plant(cast));
  return cast;
}

export const plantedIn = (cast: Cast): Planted[] => plantings.get(cast) ?? [];
