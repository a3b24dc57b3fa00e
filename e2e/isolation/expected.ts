// What each actor is to get for each operation: read from expected.json, which is kept by hand. A wider permission is a visible change there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { policy, type OperationName } from "../../app/auth/policy";
import { actorKeys, type ActorKey } from "./cast";
import { outcomes, type Outcome } from "./requests";

/** Of Acme. */
export const abouts = [
  "Ada's",
  "Bob's",
  "Ada's draft",
  "Bob's draft",
  "a colleague",
  "Ada",
  "Bob",
  "an invitation",
  "a request",
  "an invoice",
  "an export",
] as const;
export type About = (typeof abouts)[number];

export interface Row {
  operation: OperationName;
  about?: About;
  outcomes: Record<ActorKey, Outcome>;
}

const isOperation = (name: unknown): name is OperationName => typeof name === "string" && name in policy;

const Rows = z.array(
  z.strictObject({
    operation: z.custom<OperationName>(isOperation, "is no operation of app/auth/policy.ts"),
    about: z.enum(abouts).optional(),
    /** Who gets what: every actor once. */
    outcomes: z.partialRecord(z.enum(outcomes), z.array(z.enum(actorKeys))),
  }),
);

export const expectedFile = join(import.meta.dirname, "expected.json");

/** @throws with a sentence for a row that leaves somebody out, or names somebody twice. */
export function readExpected(): Row[] {
  return Rows.parse(JSON.parse(readFileSync(expectedFile, "utf8"))).map(({ operation, about, outcomes: said }) => {
    const named = Object.entries(said).flatMap(([outcome, keys]) => keys.map((key) => [key, outcome] as const));
    const row = `${operation}${about ? ` of ${about}` : ""}`;
    for (const key of actorKeys) {
      const times = named.filter(([name]) => name === key).length;
      if (times !== 1) throw new Error(`expected.json, ${row}: ${key} is named ${times} times`);
    }
    return { operation, about, outcomes: Object.fromEntries(named) as Record<ActorKey, Outcome> }; // all are named: just checked
  });
}
