// Before the journeys: one build for all of them. Each worker then starts a world of its own from it (journey.ts).
import { buildIfNeeded } from "../scripts/build.mjs";
import type { World } from "../scripts/world";

export type WorldDescription = World["description"];
export type CastKey = WorldDescription["users"][number]["key"];

export default async function build() {
  await buildIfNeeded();
}
