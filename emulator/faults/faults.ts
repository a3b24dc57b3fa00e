// The faults that are switched on now. Off by default; a real Logto has them too, only not when a test needs one.
import { setTimeout as sleep } from "node:timers/promises";
import { longId } from "../ids";
import { type ActiveRule, type Asked, type Kind, type Rule, isOfRequests, matches } from "./rules";

export type Faults = ReturnType<typeof openFaults>;

export function openFaults() {
  let rules: ActiveRule[] = [];
  const held: (() => void)[] = [];

  /** The first rule of these kinds that is for what is asked and has its turn; counts it. */
  function take(kinds: (kind: Kind) => boolean, asked: Asked): ActiveRule | undefined {
    for (const rule of rules) {
      if (!kinds(rule.kind) || !matches(rule, asked)) continue;
      rule.seen += 1;
      if (rule.seen <= rule.after || (rule.times !== undefined && rule.applied >= rule.times)) continue;
      rule.applied += 1;
      return rule;
    }
    return undefined;
  }

  /** Sends what `webhook-out-of-order` held back, newest first. */
  function release() {
    for (const send of held.splice(0).reverse()) send();
  }

  return {
    list: () => rules,
    add(added: readonly Rule[]): ActiveRule[] {
      const active = added.map((rule) => ({ ...rule, id: longId(), seen: 0, applied: 0 }));
      rules = [...rules, ...active];
      return active;
    },
    clear() {
      rules = [];
      release();
    },

    /** Whether any rule needs to know the body of requests. */
    readsBodies: () => rules.some(({ match }) => match.grantType !== undefined || match.body !== undefined),
    ofRequest: (asked: Asked) => (rules.length === 0 ? undefined : take(isOfRequests, asked)),

    /** Sends a webhook once, or as the faults will have it. */
    onWebhook(event: string, send: () => void) {
      const rule = take((kind) => kind.startsWith("webhook-"), { event });
      if (rule?.kind === "webhook-lost") return;
      if (rule?.kind === "webhook-doubled") send();
      if (rule?.kind !== "webhook-out-of-order") return send();
      held.push(send);
      // Two at a time change places; one that stays alone is sent late.
      if (held.length > 1) release();
      else setTimeout(release, rule.delayMs ?? 2000).unref();
    },

    mailFails: (mail: { to: string }) => take((kind) => kind === "mail-failure", mail) !== undefined,

    /** True when the change of an invitation's status should believe the status that was read before a pause. */
    async invitationRace(): Promise<boolean> {
      const rule = take((kind) => kind === "invitation-race", {});
      if (!rule) return false;
      await sleep(rule.delayMs ?? 100);
      return true;
    },
  };
}
