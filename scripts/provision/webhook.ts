// The plan for the webhook by which Logto tells the app of changes.
import type { Found } from "./found";
import type { Manifest } from "./manifest";
import { change, create, merged, ok, refuse, sameValues, warn, type PlanFlags, type Step } from "./step";

export function planWebhook({ hooks, deliveries }: Found, manifest: Manifest, { prune }: PlanFlags): Step[] {
  const what = `webhook ${manifest.webhookUrl}`;
  const [hook, ...others] = hooks;
  if (others.length > 0) return [refuse(what, `${hooks.length} webhooks could be it: delete all but one in Logto`)];
  if (!hook) {
    const { name, events, webhookUrl } = manifest;
    const wanted = { name, events, config: { url: webhookUrl }, enabled: true };
    return [create(what, (api) => api.write("POST", "/hooks", wanted), `${events.length} events`)];
  }

  const events = merged(hook.events, manifest.events, prune);
  const differences: string[] = [];
  if (!sameValues(events, hook.events)) differences.push(`${events.length} events`);
  if (hook.config.url !== manifest.webhookUrl) differences.push(`it went to ${hook.config.url ?? "nowhere"}`);
  if (!hook.enabled) differences.push("switched on");
  if (differences.length > 0) {
    const wanted = { events, config: { ...hook.config, url: manifest.webhookUrl }, enabled: true };
    return [change(what, differences.join("; "), (api) => api.write("PATCH", `/hooks/${hook.id}`, wanted))];
  }
  const results = deliveries.map(({ payload }) => payload.result);
  const failing = results.length > 0 && results.every((result) => result === "Error");
  return [
    ok(what, hook.id),
    ...(failing ? [warn(what, `the last ${results.length} deliveries failed: can Logto reach this address?`)] : []),
  ];
}
