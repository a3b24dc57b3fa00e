// Sends webhooks as Logto does: signed, in order of the events, exactly one attempt, nobody waits for it.
import { createHmac } from "node:crypto";
import type { Store, Table } from "../database/store";
import type { Faults } from "../faults/faults";
import { longId } from "../ids";

export interface Hook {
  tenantId: "default";
  id: string;
  name: string;
  event: null;
  events: string[];
  config: { url: string; headers?: Record<string, string> };
  signingKey: string;
  enabled: boolean;
  createdAt: number;
}

export interface WebhookEvent {
  event: string;
  more: Record<string, unknown>;
}

export const hookTable: Table = { name: "hooks", json: ["events", "config"], flags: ["enabled"], tenant: true };
const patience = 10_000;

export type Webhooks = ReturnType<typeof openWebhooks>;

export function openWebhooks(store: Store, faults: Faults) {
  const deliveries = new Set<Promise<void>>();

  /** One signed POST. @throws TypeError when nobody answers */
  async function post(hook: Pick<Hook, "config" | "signingKey">, body: object) {
    const raw = JSON.stringify(body);
    const response = await fetch(hook.config.url, {
      method: "POST",
      headers: {
        ...hook.config.headers,
        "content-type": "application/json",
        "user-agent": "Logto (https://logto.io/)",
        "logto-signature-sha-256": createHmac("sha256", hook.signingKey).update(raw).digest("hex"),
      },
      body: raw,
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, text: await response.text() };
  }

  function log(hook: Hook, event: string, payload: Record<string, unknown>) {
    const key = `TriggerHook.${event}`;
    store.run(
      "insert into hook_logs values (?, ?, ?, ?, ?)",
      longId(),
      hook.id,
      key,
      JSON.stringify({ key, hookId: hook.id, ...payload }),
      Date.now(),
    );
  }

  async function deliver(hook: Hook, event: string, body: object) {
    const hookRequest = { body };
    try {
      const { status, text } = await post(hook, body);
      const response = { statusCode: status, body: readable(text) };
      if (status >= 200 && status < 300) log(hook, event, { result: "Success", response, hookRequest });
      else log(hook, event, { result: "Error", error: `HTTPError: ${JSON.stringify(response)}`, hookRequest });
    } catch (error) {
      if (store.database.open) log(hook, event, { result: "Error", error: String(error), hookRequest });
    }
  }

  function fire({ event, more }: WebhookEvent) {
    const hooks = store
      .list<Hook>(hookTable, "select * from hooks where enabled = 1 order by created_at, rowid")
      .filter((hook) => hook.events.includes(event));
    for (const hook of hooks) {
      const body = { event, createdAt: new Date().toISOString(), ...more, hookId: hook.id };
      faults.onWebhook(event, () => {
        const delivery = deliver(hook, event, body).finally(() => deliveries.delete(delivery));
        deliveries.add(delivery);
      });
    }
  }

  return {
    post,
    /** Events of one call of an API, or of one sign-in. */
    ofCall: (events: readonly WebhookEvent[]) => void events.forEach(fire),
    /** Waits for what is under way, so that a stop loses nothing. */
    settled: async () => void (await Promise.allSettled(deliveries)),
  };
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
