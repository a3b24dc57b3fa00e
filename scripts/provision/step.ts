// One line of the plan: what a Logto has, or what would be done to it.
import type { ManagementApi } from "../management-api";

export interface Step {
  /**
   * `ok`: as it should be. `create`, `change`: what apply() does. `drift`: differs, and only a flag changes it. `warn`: works, but somebody should
   * know. `refuse`: nothing at all is written.
   */
  kind: "ok" | "create" | "change" | "drift" | "warn" | "refuse";
  /** What the line is about, e.g. `role Admin`. */
  what: string;
  why?: string;
  apply?: (api: ManagementApi) => Promise<unknown>;
}

export interface PlanFlags {
  /** Takes away redirect URIs, webhook events and permissions of our roles that Atrium does not know. */
  prune?: boolean;
  /** Makes a new application secret. The old ones stay valid until somebody deletes them in Logto. */
  rotate?: boolean;
  /** May replace an e-mail connector and an invitation text that somebody else made. */
  replaceMail?: boolean;
  /** Sets sign-up to a verified e-mail address and a password. */
  signIn?: boolean;
}

export const ok = (what: string, why?: string): Step => ({ kind: "ok", what, why });
export const warn = (what: string, why: string): Step => ({ kind: "warn", what, why });
export const drift = (what: string, why: string): Step => ({ kind: "drift", what, why });
export const refuse = (what: string, why: string): Step => ({ kind: "refuse", what, why });
export const create = (what: string, apply: Step["apply"], why?: string): Step => ({
  kind: "create",
  what,
  why,
  apply,
});
export const change = (what: string, why: string, apply: Step["apply"]): Step => ({ kind: "change", what, why, apply });

/** `existing` with `wanted` added to it, or `wanted` alone when the rest is to be pruned. */
export function merged(existing: string[], wanted: string[], prune = false): string[] {
  return prune ? wanted : [...existing, ...wanted.filter((value) => !existing.includes(value))];
}

/** Whether two lists hold the same values, in whatever order. */
export function sameValues(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((value) => right.includes(value));
}
