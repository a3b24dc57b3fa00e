// One cast for all parts that share the stage's world.
import { gather, type Cast } from "./cast";
import type { Stage } from "./part";
import type { WorldDescription } from "../world";

const casts = new WeakMap<WorldDescription, Promise<Cast>>();

export function openCast({ world, seed }: Pick<Stage, "world" | "seed">): Promise<Cast> {
  const known = casts.get(world);
  if (known) return known;
  const made = gather(world, seed);
  casts.set(world, made);
  return made;
}
